/** What runs in the thread of an in-process kernel: the language, served on a port. See thread.ts. */
import { AsyncLocalStorage } from "node:async_hooks";
import vm from "node:vm";
import { type MessagePort, workerData } from "node:worker_threads";
import { serveLanguage } from "../core/serve.ts";
import type { Cell } from "../language/language.ts";
import { TypeScriptLanguage } from "../language/typescript/typescript.ts";
import { importFrom } from "./modules.ts";
import { NodePort } from "./nodeport.ts";
import { playerScript } from "./playerscript.ts";

export interface ThreadData {
  folder: string;
  port: MessagePort;
}

const { folder, port } = workerData as ThreadData;
const context = new AsyncLocalStorage<Cell>();
const language = new TypeScriptLanguage({
  importModule: importFrom(folder),
  evaluate: (script, filename) => vm.runInThisContext(script, { filename }),
  context,
  playerScript,
});
const reportError = (error: unknown) => language.reportError(error);
process.on("uncaughtException", reportError);
process.on("unhandledRejection", reportError);
const value = serveLanguage(new NodePort(port), language, { context, reportError });
Object.defineProperty(globalThis, "Jupyter", { value, configurable: true, writable: true });
