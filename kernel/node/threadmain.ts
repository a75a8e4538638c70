/** What runs in the thread of an in-process kernel: the language, served on a port. See thread.ts. */
import { AsyncLocalStorage } from "node:async_hooks";
import vm from "node:vm";
import { type MessagePort, workerData } from "node:worker_threads";
import type { Port } from "../core/execution.ts";
import { serveLanguage } from "../core/serve.ts";
import type { Cell } from "../language/language.ts";
import { TypeScriptLanguage } from "../language/typescript/typescript.ts";
import { importFrom } from "./modules.ts";

export interface ThreadData {
  folder: string;
  port: MessagePort;
}

const { folder, port } = workerData as ThreadData;
const language = new TypeScriptLanguage({
  importModule: importFrom(folder),
  evaluate: (script, filename) => vm.runInThisContext(script, { filename }),
  context: new AsyncLocalStorage<Cell>(),
});
process.on("uncaughtException", (error) => language.reportError(error));
process.on("unhandledRejection", (reason) => language.reportError(reason));
serveLanguage(port as unknown as Port, language);
