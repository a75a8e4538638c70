/**
 * The kernel's process, as the kernelspec starts it (by way of start.cjs): one argument, a connection file. Cells run
 * on the main thread, because only there can V8's inspector stop them from another thread; everything that talks
 * to Jupyter is in protocol.ts, on a thread of its own.
 */
import { writeSync } from "node:fs";
import v8 from "node:v8";
import { MessageChannel, Worker } from "node:worker_threads";
import type { ProtocolData, ToMain, ToProtocolThread } from "./host.ts";
import { NodePort } from "./nodeport.ts";
import { parentFromEnvironment } from "./parent.ts";

/** How long the end of the process may wait for the sockets to close, in milliseconds. */
const closePatienceMs = 3000;

/** How much the protocol thread may have of what dies young, in MiB: its messages do, and more only takes memory. */
const protocolYoungMiB = 4;

// A cell may replace it, and for cells it is replaced.
const exit: (code: number) => never = process.exit.bind(process);
const { port1, port2 } = new MessageChannel();

/**
 * Starts the protocol thread, which starts what runs cells on this one.
 *
 * @param protocol the file of that thread
 */
export function startKernel(protocol: string): void {
  const path = process.argv[2];
  if (path === undefined) {
    quit(
      "Give the path of a connection file: this program is started by Jupyter. For people there is the command hmap.",
    );
  }
  startProtocol(path, protocol);
  // Ctrl-C in the terminal that JupyterLab was started from reaches the kernel too, and must not end it: Jupyter
  // interrupts with a message.
  process.on("SIGINT", () => {});
}

function startProtocol(file: string, protocol: string): void {
  const data: ProtocolData = {
    file,
    port: port2,
    parent: parentFromEnvironment(process.env.JPY_PARENT_PID),
    closed: new Int32Array(new SharedArrayBuffer(4)),
    works: new Int32Array(new SharedArrayBuffer(4)),
    heapLimit: v8.getHeapStatistics().heap_size_limit,
  };
  const worker = new Worker(protocol, {
    workerData: data,
    transferList: [port2],
    resourceLimits: { maxYoungGenerationSizeMb: protocolYoungMiB },
  });
  worker.on("message", (message: ToMain) => {
    switch (message.type) {
      case "bound":
        // Not before: kernel_info is answered without it, and the two threads would get in each other's way.
        void import("./cells.ts").then(({ serveCells }) => serveCells(new NodePort(port1), data.works));
        return;
      case "ping":
        worker.postMessage({ type: "pong" } satisfies ToProtocolThread);
        return;
      case "exit":
        exit(message.code);
    }
  });
  // However the process comes to its end.
  process.on("exit", () => {
    worker.postMessage({ type: "close" } satisfies ToProtocolThread);
    Atomics.wait(data.closed, 0, 0, closePatienceMs);
  });
  worker.on("error", (error) => quit(`the protocol thread failed: ${error.stack ?? error}`));
}

/** Says why on the real standard error, whatever has become of process.stderr, and ends the process. */
function quit(sentence: string): never {
  writeSync(2, `hmap kernel: ${sentence}\n`);
  exit(1);
}
