// Loaded before the tests of the project "unit, without WebAssembly": a platform that runs no WebAssembly, as a page's
// content security policy can be. Everything must work there too, by the TypeScript of engine/map.

WebAssembly.Module = class {
  constructor() {
    throw new WebAssembly.CompileError("WebAssembly.Module(): refused");
  }
} as unknown as typeof WebAssembly.Module;
