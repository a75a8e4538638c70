import type { Kernel } from "@jupyterlab/services";
import { LocalServer, type StartKernel } from "../client/connection.ts";
import { hostKernel } from "../client/host.ts";
import type { Port } from "../core/execution.ts";
import { kernelName } from "../implementation.ts";
import { typescriptInfo } from "../language/typescript/info.ts";
import { type Replay, Replayer } from "./replay.ts";
import { WorkerStop } from "./stopping.ts";

/** What happens to a page's kernel outside the Jupyter protocol. */
export interface KernelEvents {
  /**
   * An interrupt had to replace the worker: the variables are gone, the kernel goes on. `replay` can bring them back,
   * by running the cells that had succeeded again.
   */
  onLost(replay: Replay): void;
  /** The worker could not be loaded or crashed: nothing runs until a restart. `reason` is a sentence. */
  onDied(reason: string): void;
}

/**
 * Starts the page's kernel and connects to it. The router and its client are in the page, where they answer while a cell
 * keeps the Web Worker busy; cells run in the worker, out of reach of the page's document and local storage.
 */
export async function startKernel(events: KernelEvents): Promise<Kernel.IKernelConnection> {
  const manager = new LocalServer(hostWorker(events)).connect();
  return manager.startNew({ name: kernelName.name });
}

/**
 * How long code may take to stop before its worker is replaced, in milliseconds. Where it polls, every few microseconds,
 * only a regular expression or a busy machine takes long; elsewhere only code that waits stops at all.
 */
const stopPatienceMs = globalThis.crossOriginIsolated ? 2000 : 500;

/**
 * Starts a kernel whose cells run in a Web Worker. An interrupt keeps the variables when the cell only waits, and, in a
 * page that is cross-origin isolated, also when it computes: code then looks, in every loop and function, whether it is
 * to stop. What cannot be stopped so (a regular expression, or any loop in a page that is not isolated) loses the
 * worker, and with it the variables.
 */
export function hostWorker(events: KernelEvents): StartKernel {
  return (send) => {
    let current = startWorker(fail);
    const replayer = new Replayer((message) => kernel.handle(message));
    const kernel = hostKernel(
      (message) => {
        if (replayer.sent(message)) send(message);
      },
      {
        port: current.port,
        language: typescriptInfo,
        async interrupt() {
          if (await current.stop.stop(stopPatienceMs)) return undefined;
          current.worker.terminate();
          current = startWorker(fail);
          // When the cell that was stopped has been answered.
          setTimeout(() => events.onLost(replayer.replay()));
          return current.port;
        },
        end: () => current.worker.terminate(),
      },
    );
    function fail(reason: string): void {
      kernel.fail(reason);
      events.onDied(reason);
    }
    return {
      ...kernel,
      handle(message) {
        replayer.asked(message);
        kernel.handle(message);
      },
    };
  };
}

function startWorker(fail: (reason: string) => void): { worker: Worker; port: Port; stop: WorkerStop } {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "hmap kernel" });
  const { port1, port2 } = new MessageChannel();
  // Errors of cells stay in the worker (worker.ts): what arrives here is the worker's own end.
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    fail(event.message ? `The kernel crashed: ${event.message}.` : "The kernel could not be loaded.");
  });
  const stop = new WorkerStop(port2);
  worker.postMessage(stop.data, [port2, stop.data.pings]);
  return { worker, port: port1, stop };
}
