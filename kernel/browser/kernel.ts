import type { Kernel } from "@jupyterlab/services";
import { LocalServer, type StartKernel } from "../client/connection.ts";
import { hostKernel } from "../client/host.ts";
import type { Port } from "../core/execution.ts";
import { kernelName } from "../implementation.ts";
import { typescriptInfo } from "../language/typescript/info.ts";

/** What happens to a page's kernel outside the Jupyter protocol. */
export interface KernelEvents {
  /** An interrupt had to replace the worker: the variables are gone, the kernel goes on. */
  onLost(): void;
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

function hostWorker(events: KernelEvents): StartKernel {
  return (send) => {
    let current = startWorker(fail);
    const kernel = hostKernel(send, {
      port: current.port,
      language: typescriptInfo,
      interrupt() {
        // A worker that spins takes no messages: all that can be done is to end it and start another.
        current.worker.terminate();
        current = startWorker(fail);
        events.onLost();
        return current.port;
      },
      end: () => current.worker.terminate(),
    });
    function fail(reason: string): void {
      kernel.fail(reason);
      events.onDied(reason);
    }
    return kernel;
  };
}

function startWorker(fail: (reason: string) => void): { worker: Worker; port: Port } {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "hmap kernel" });
  const { port1, port2 } = new MessageChannel();
  // Errors of cells stay in the worker (worker.ts): what arrives here is the worker's own end.
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    fail(event.message ? `The kernel crashed: ${event.message}.` : "The kernel could not be loaded.");
  });
  worker.postMessage({ port: port2 }, [port2]);
  return { worker, port: port1 };
}
