/**
 * The Web Worker that cells run in. The page sends a MessagePort first; the kernel's messages use that port alone, so
 * a cell that posts messages of its own disturbs nothing.
 */
import * as diagram from "../../engine/diagram/index.ts";
import * as hmap from "../../engine/index.ts";
import type { Port } from "../core/execution.ts";
import { serveLanguage } from "../core/serve.ts";
import { TypeScriptLanguage } from "../language/typescript/typescript.ts";
import { closeScope } from "./cage.ts";

/** What cells may import: part of this bundle, so that nothing is fetched when a cell runs. */
const modules: Record<string, object> = { hmap, "hmap/diagram": diagram };

// Called by another name, it runs code in the global scope: what a cell declares, the next ones see.
// biome-ignore lint/security/noGlobalEval: running code from text is what a kernel is for, and this worker is its cage
const globalEval = globalThis.eval;

const language = new TypeScriptLanguage({
  async importModule(specifier) {
    const found = Object.hasOwn(modules, specifier) ? modules[specifier] : undefined;
    if (found) return found;
    const known = Object.keys(modules)
      .map((name) => `"${name}"`)
      .join(" and ");
    throw new Error(`There is no module "${specifier}" in this page: cells can import ${known}.`);
  },
  evaluate: (script, filename) => globalEval(`${script}\n//# sourceURL=${filename}`),
});
closeScope(globalThis);
// A worker that closes itself tells nobody: the cell would run for ever.
Object.defineProperty(globalThis, "close", {
  value: () => {
    throw new Error("A cell cannot close the kernel. Restart starts it anew.");
  },
});

addEventListener("error", (event) => {
  event.preventDefault();
  language.reportError(event.error ?? event.message);
});
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  language.reportError(event.reason);
});
addEventListener(
  "message",
  (event: MessageEvent<{ port: MessagePort }>) => serveLanguage(event.data.port as Port, language),
  { once: true },
);
