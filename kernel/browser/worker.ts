/**
 * The Web Worker that cells run in. The page sends a MessagePort first; the kernel's messages use that port alone, so
 * a cell that posts messages of its own disturbs nothing.
 */
import * as hmap from "../../engine/index.ts";
import type { CellContext, Port } from "../core/execution.ts";
import { serveLanguage } from "../core/serve.ts";
import type { Cell } from "../language/language.ts";
import { TypeScriptLanguage } from "../language/typescript/typescript.ts";
import { closeScope } from "./cage.ts";
import { beforeRun, beforeText, diagramModule, withParts } from "./parts.ts";
import { pollName, StopPoll, type WorkerData } from "./stopping.ts";

/** What cells may import. */
const modules: Record<string, () => object | Promise<object>> = {
  hmap: () => hmap,
  "hmap/diagram": diagramModule,
};

// Called by another name, it runs code in the global scope: what a cell declares, the next ones see.
// biome-ignore lint/security/noGlobalEval: running code from text is what a kernel is for, and this worker is its cage
const globalEval = globalThis.eval;

const stop = new StopPoll();

/** The cell that code belongs to while it runs, so far as that can be known here: up to its first `await`. */
let current: Cell | undefined;
let latest: Cell | undefined;
const context: CellContext = {
  run(cell, callback) {
    stop.reset();
    const before = current;
    latest = cell;
    current = cell;
    try {
      return callback();
    } finally {
      current = before;
    }
  },
  getStore: () => current ?? latest,
};
Object.defineProperty(globalThis, pollName, { value: stop.poll });

const language = new TypeScriptLanguage({
  async importModule(specifier) {
    const found = Object.hasOwn(modules, specifier) ? modules[specifier] : undefined;
    if (found) return found();
    const known = Object.keys(modules)
      .map((name) => `"${name}"`)
      .join(" and ");
    throw new Error(`There is no module "${specifier}" in this page: cells can import ${known}.`);
  },
  evaluate: (script, filename) => globalEval(`${script}\n//# sourceURL=${filename}`),
  context,
  beforeRun,
  beforeText,
  // Without shared memory nobody could ask, and it takes time.
  ...(globalThis.crossOriginIsolated && { poll: `${pollName}()` }),
});
const served = withParts(language);
const { interrupt } = served;
served.interrupt = () => {
  stop.reset();
  interrupt.call(served);
};
closeScope(globalThis);
// A worker that closes itself tells nobody: the cell would run for ever.
Object.defineProperty(globalThis, "close", {
  value: () => {
    throw new Error("A cell cannot close the kernel. Restart starts it anew.");
  },
});

async function report(error: unknown): Promise<void> {
  await beforeText(error);
  language.reportError(error);
}

addEventListener("error", (event) => {
  event.preventDefault();
  void report(event.error ?? event.message);
});
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  void report(event.reason);
});
addEventListener(
  "message",
  ({ data }: MessageEvent<WorkerData>) => {
    stop.listen(data);
    const value = serveLanguage(data.port as Port, served, {
      context,
      reportError: (error) => void report(error),
    });
    Object.defineProperty(globalThis, "Jupyter", { value, configurable: true, writable: true });
  },
  { once: true },
);
