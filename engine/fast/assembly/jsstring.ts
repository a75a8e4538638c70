// JavaScript's strings as WebAssembly sees them: of the built-in module `wasm:js-string`, whose functions the platform's
// compiler puts in place of the calls (WebAssembly 3.0, "JS String Builtins"). What is no string traps.

/** The number of a string's UTF-16 units. */
export declare function length(s: externref): u32;

/** One of them; traps beyond the last. */
export declare function charCodeAt(s: externref, i: u32): u32;
