import type { KernelMessage } from "@jupyterlab/services";
import { expect, test } from "vitest";
import { LocalServer } from "../client/connection.ts";
import { threadKernels } from "./thread.ts";

test("a busy loop is interrupted, and the kernel goes on in a new thread", async () => {
  const server = new LocalServer(threadKernels(import.meta.dirname));
  const manager = server.connect();
  const kernel = await manager.startNew({ name: "hmap" });
  await kernel.requestExecute({ code: "const kept = 1" }).done;

  const spinning = kernel.requestExecute({ code: "console.log('spinning'); display(1); for (;;);" });
  await new Promise<void>((resolve) => {
    spinning.onIOPub = ({ header }: KernelMessage.IIOPubMessage) => {
      if (header.msg_type === "display_data") resolve();
    };
  });
  // kernel_info is answered by the router while the cell spins.
  expect((await kernel.requestKernelInfo())?.content.status).toBe("ok");
  await kernel.interrupt();
  expect((await spinning.done).content).toMatchObject({
    ename: "Interrupted",
    evalue: "the cell was stopped and the session started anew: run the earlier cells again",
  });

  const { content } = await kernel.requestExecute({ code: "if (typeof kept !== 'undefined') throw 1" }).done;
  expect(content).toMatchObject({ status: "ok", execution_count: 3 });
  await kernel.shutdown();
  kernel.dispose();
  manager.dispose();
  server.dispose();
});
