import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { ProtocolClient } from "../client/protocolclient.ts";
import type { Channel, JsonObject } from "../core/message.ts";
import { KernelClient } from "./client.ts";
import { kernelCommand } from "./command.ts";
import { loopPrelude, loops } from "./loops.ts";

let kernel: KernelClient;

beforeAll(async () => {
  kernel = await KernelClient.start({ argv: kernelCommand() });
  await kernel.execute(loopPrelude);
});

afterAll(async () => {
  await kernel.kill();
});

async function count(): Promise<unknown> {
  // Timers and file callbacks have to work afterwards as well.
  const { outputs } = await kernel.execute(
    'await new Promise((r) => setTimeout(r, 1)); await new Promise((r) => stat(".", r)); count',
  );
  return (outputs[0]!.content.data as Record<string, unknown>)["text/plain"];
}

describe("an interrupt stops, and the session goes on with its variables,", () => {
  test.for(Object.entries(loops).map(([name, code], index) => ({ name, code, index })))(
    "$name",
    async ({ code, index }) => {
      const cell = kernel.begin(code);
      await cell.output("display_data");
      await kernel.interrupt();
      expect((await cell.reply).content).toMatchObject({ status: "error", ename: "Interrupted" });
      await cell.idle;
      expect(await count()).toBe(String(index + 1));
    },
  );

  test("a loop that a finished cell left behind in a timer", async () => {
    const cell = kernel.begin("setTimeout(spin, 5); 1");
    const spinning = cell.output("display_data");
    await cell.idle;
    await spinning;
    await kernel.interrupt();
    expect(await count()).toBe(String(Object.keys(loops).length + 1));
  });
});

test("an interrupt stops a loop and then the one that it left behind in a microtask", async () => {
  // Several times: whether the thread comes to a message between the two loops is a matter of chance.
  const rounds = 10;
  for (let round = 0; round < rounds; round++) {
    const cell = kernel.begin("(async () => { await 0; for (;;) await 0 })(); begun(); while (true) {}");
    await cell.output("display_data");
    await kernel.interrupt();
    expect((await cell.reply).content).toMatchObject({ status: "error", ename: "Interrupted" });
  }
  expect(await count()).toBe(String(Object.keys(loops).length + 1 + rounds));
});

test("while a cell computes, everything but cells is answered, and subshells wait for it", async () => {
  const { content } = await kernel.request("create_subshell_request", {}, "control");
  const client = new ProtocolClient((message) => kernel.send(message));
  kernel.onMessage = (message) => client.receive(message);
  const spinning = client.run("begun(); while (true) {}");
  await spinning.message("display_data");
  const subshell = client.run("'subshell'", {}, { subshell: String(content.subshell_id) });

  const status = async (type: string, content: JsonObject = {}, channel: Channel = "shell") =>
    (await client.ask(type, content, { channel })).reply.status;
  expect(await status("kernel_info_request")).toBe("ok");
  expect(await status("complete_request", { code: "Math.", cursor_pos: 5 })).toBe("ok");
  expect(await status("inspect_request", { code: "Math", cursor_pos: 4 })).toBe("ok");
  expect(await status("is_complete_request", { code: "1" })).toBe("unknown");
  expect(await status("history_request", { hist_access_type: "tail", n: 1 })).toBe("ok");
  expect(await status("comm_info_request")).toBe("ok");
  expect(await status("usage_request", {}, "control")).toBe("ok");
  expect(await status("list_subshell_request", {}, "control")).toBe("ok");
  expect(await kernel.heartbeat()).toBeGreaterThan(0);

  await client.ask("interrupt_request", {}, { channel: "control" });
  expect((await spinning.done).reply.ename).toBe("Interrupted");
  // It had not begun, so there was nothing of it to interrupt.
  expect((await subshell.done).reply.status).toBe("ok");
  kernel.onMessage = undefined;
});

describe("an interrupt", () => {
  test("of an idle kernel does nothing, and no message sent with it is lost", async () => {
    for (let round = 0; round < 20; round++) {
      const interrupted = kernel.interrupt();
      const complete = kernel.request("is_complete_request", { code: "1" });
      await interrupted;
      expect((await complete).content.status).toBe("complete");
    }
  });

  test("drops the cells that wait behind the running one", async () => {
    const running = kernel.begin("begun(); while (true) {}");
    const waiting = kernel.begin("1");
    await running.output("display_data");
    // Behind what waits, on the same socket: the interrupt comes on another.
    await kernel.request("kernel_info_request");
    await kernel.interrupt();
    expect((await waiting.reply).content.status).toBe("aborted");
    await Promise.all([running.reply, running.idle, waiting.idle]);
  });
});

test("an interrupt at the very beginning of a session's first cells loses neither types nor imports", async () => {
  const cells = [
    "const n: number = 1; n",
    'import { Runtime } from "hmap"; new Runtime({ seed: 1 }).make("map[int]int").len',
  ];
  // Where it arrives is a matter of chance.
  for (let round = 0; round < 6; round++) {
    const fresh = await KernelClient.start({ argv: kernelCommand() });
    onTestFinished(() => fresh.kill());
    await fresh.execute("0");
    for (const code of cells) {
      const cell = fresh.begin(code);
      await fresh.interrupt();
      await Promise.all([cell.reply, cell.idle]);
      expect((await fresh.execute(code)).reply.status).toBe("ok");
    }
  }
});
