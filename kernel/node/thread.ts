import { MessageChannel, Worker } from "node:worker_threads";
import type { StartKernel } from "../client/connection.ts";
import { hostKernel } from "../client/host.ts";
import { typescriptInfo } from "../language/typescript/info.ts";
import { NodePort } from "./nodeport.ts";
import type { ThreadData } from "./threadmain.ts";

/**
 * Starts kernels in this process: the router here, cells in a worker thread with globals of its own, so that each
 * kernel is a fresh one. For `hmap run` and tests; what Jupyter starts is main.ts. An interrupt starts a new thread, so
 * unlike there the variables are lost.
 *
 * @param folder where cells import from: the notebook's folder, absolute
 */
export function threadKernels(folder: string): StartKernel {
  return (send) => {
    let thread = startThread();
    const kernel = hostKernel(send, {
      port: thread.port,
      language: typescriptInfo,
      interrupt: () => {
        void thread.worker.terminate();
        thread = startThread();
        return thread.port;
      },
      end: () => void thread.worker.terminate(),
    });
    function startThread() {
      const { port1, port2 } = new MessageChannel();
      const workerData: ThreadData = { folder, port: port2 };
      const worker = new Worker(new URL("./threadstart.cjs", import.meta.url), {
        workerData,
        transferList: [port2],
      });
      // Only of the thread in use: one that an interrupt ended may still report.
      worker.on("error", (error) => {
        if (worker === thread.worker) kernel.fail(`the thread that runs the cells failed: ${String(error)}`);
      });
      worker.on("exit", () => {
        if (worker === thread.worker) kernel.fail("the thread that runs the cells has ended (process.exit?)");
      });
      return { worker, port: new NodePort(port1) };
    }
    return kernel;
  };
}
