/** What runs on the main thread of the kernel: the language, and the globals of the process as cells see them. */
import { AsyncLocalStorage } from "node:async_hooks";
import { createRequire } from "node:module";
import { join } from "node:path";
import { types } from "node:util";
import vm from "node:vm";
import type { CellContext, Port } from "../core/execution.ts";
import { serveLanguage } from "../core/serve.ts";
import type { Cell } from "../language/language.ts";
import { TypeScriptLanguage } from "../language/typescript/typescript.ts";
import type { ProtocolData } from "./host.ts";
import { uninterrupted } from "./interrupts.ts";
import { importFrom } from "./modules.ts";
import { playerScript } from "./playerscript.ts";

/** Runs the cells that come through `port`, also those that have come already. `works`: see {@link ProtocolData}. */
export function serveCells(port: Port, works: ProtocolData["works"]): void {
  const context = cellContext();
  const stoppedLater = <T>(work: () => Promise<T>) => uninterrupted(works, work);
  const language = new TypeScriptLanguage({
    importModule: importFrom(process.cwd(), stoppedLater),
    evaluate: (script, filename) =>
      vm.runInThisContext(script, {
        filename,
        importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      }),
    context,
    uninterrupted: stoppedLater,
    isProxy: types.isProxy,
    playerScript,
    playsRecordings: true,
  });
  const reportError = (error: unknown) => language.reportError(error);
  process.on("uncaughtException", reportError);
  process.on("unhandledRejection", reportError);
  captureOutput("stdout", context);
  captureOutput("stderr", context);
  process.exit = refuseExit;
  // CommonJS has it in every file, and so have cells.
  offer("require", createRequire(join(process.cwd(), "notebook.ts")));
  const value = serveLanguage(port, language, { context, reportError });
  offer("Jupyter", value);
}

/** Makes a global that cells may declare again. */
function offer(name: string, value: unknown): void {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}

/** The cell that code belongs to; where that is not known, the one that began last. */
function cellContext(): CellContext {
  const storage = new AsyncLocalStorage<Cell>();
  let latest: Cell | undefined;
  return {
    run(cell, callback) {
      latest = cell;
      return storage.run(cell, callback);
    },
    getStore: () => storage.getStore() ?? latest,
  };
}

/** Sends what user code writes to a standard stream to the cell it belongs to. */
function captureOutput(name: "stdout" | "stderr", context: CellContext): void {
  const stream = process[name];
  const decoder = new TextDecoder();
  stream.write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
    const text = typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    context.getStore()?.emit({ type: "stream", name, text });
    const callback = typeof encoding === "function" ? encoding : done;
    if (typeof callback === "function") {
      process.nextTick(callback);
    }
    return true;
  };
}

/** A library that ends its process when it finds a mistake would take the session with it. */
class ProcessExit extends Error {
  override name = "ProcessExit";
}

function refuseExit(code?: number | string | null): never {
  throw new ProcessExit(
    `process.exit(${code ?? ""}) ends the cell and not the kernel: to end that, shut it down or restart it`,
  );
}
