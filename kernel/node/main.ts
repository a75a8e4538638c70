/**
 * The kernel's process, as the kernelspec starts it (by way of start.mjs): one argument, a connection file. Cells run on this, the main
 * thread, because only there can V8's inspector stop them from another thread; everything that talks to Jupyter is
 * in protocol.ts, on a thread of its own.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { writeSync } from "node:fs";
import vm from "node:vm";
import { MessageChannel, Worker } from "node:worker_threads";
import type { Port } from "../core/execution.ts";
import type { Cell } from "../language/language.ts";
import { ConnectionFileError, readConnectionFile } from "./connection.ts";
import type { ProtocolData, ToMain, ToProtocolThread } from "./host.ts";
import { parentFromEnvironment } from "./parent.ts";

/** How long the end of the process may wait for the sockets to close, in milliseconds. */
const closePatienceMs = 1000;

const path = process.argv[2];
if (path === undefined) {
  quit(
    "Give the path of a connection file: this program is started by Jupyter. For people there is the command hmap.",
  );
}
const { port1, port2 } = new MessageChannel();
startProtocol(path);

// Ctrl-C in the terminal that JupyterLab was started from reaches the kernel too, and must not end it: Jupyter
// interrupts with a message.
process.on("SIGINT", () => {});

const storage = new AsyncLocalStorage<Cell>();
let latest: Cell | undefined;
const context = {
  run<T>(cell: Cell, callback: () => T): T {
    latest = cell;
    return storage.run(cell, callback);
  },
  getStore: () => storage.getStore() ?? latest,
};

// While the protocol thread starts, this one loads the language.
const [{ TypeScriptLanguage }, { serveLanguage }, { importFrom }] = await Promise.all([
  import("../language/typescript/typescript.ts"),
  import("../core/serve.ts"),
  import("./modules.ts"),
]);
const language = new TypeScriptLanguage({
  importModule: importFrom(process.cwd()),
  evaluate: (script, filename) =>
    vm.runInThisContext(script, {
      filename,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }),
  context,
});
process.on("uncaughtException", (error) => language.reportError(error));
process.on("unhandledRejection", (reason) => language.reportError(reason));
captureOutput("stdout");
captureOutput("stderr");
serveLanguage(port1 as unknown as Port, language);

function startProtocol(file: string): void {
  let data: ProtocolData;
  try {
    data = {
      connection: readConnectionFile(file),
      port: port2,
      parent: parentFromEnvironment(process.env.JPY_PARENT_PID),
      closed: new Int32Array(new SharedArrayBuffer(4)),
    };
  } catch (error) {
    if (!(error instanceof ConnectionFileError)) {
      throw error;
    }
    quit(error.message);
  }
  const worker = new Worker(new URL("./protocol.ts", import.meta.url), {
    workerData: data,
    transferList: [port2],
  });
  worker.on("message", (message: ToMain) => {
    if (message.type === "exit") {
      process.exit(message.code);
    }
    worker.postMessage({ type: "pong" } satisfies ToProtocolThread);
  });
  // However the process comes to its end, a cell's process.exit() included.
  process.on("exit", () => {
    worker.postMessage({ type: "close" } satisfies ToProtocolThread);
    Atomics.wait(data.closed, 0, 0, closePatienceMs);
  });
  worker.on("error", (error) => quit(`the protocol thread failed: ${error.stack ?? error}`));
}

/** Sends what user code writes to a standard stream to the cell it belongs to. */
function captureOutput(name: "stdout" | "stderr"): void {
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

/** Says why on the real standard error, whatever has become of process.stderr, and ends the process. */
function quit(sentence: string): never {
  writeSync(2, `hmap kernel: ${sentence}\n`);
  process.exit(1);
}
