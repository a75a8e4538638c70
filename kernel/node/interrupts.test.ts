import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KernelClient } from "./client.ts";
import { kernelCommand } from "./command.ts";

/**
 * Every way in which JavaScript can keep a thread, or wait for ever. Each calls `begun()` when it is under way.
 * A loop in a callback leaves its cell waiting: that is the state to interrupt.
 */
const forms: Record<string, string> = {
  "a loop": "begun(); while (true) {}",
  "a loop in try, catch and finally": "begun(); try { while (true) {} } catch {} finally { while (true) {} }",
  "a regular expression": 'begun(); /^(a+)+$/.test("a".repeat(50) + "b")',
  "Atomics.wait": "begun(); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  "a loop after an await": "await 0; begun(); while (true) {}",
  "a loop of microtasks": "begun(); while (true) await 0",
  "an await of nothing": "begun(); await new Promise(() => {})",
  "a loop in setTimeout": "setTimeout(spin, 0); await new Promise(() => {})",
  "a loop in setInterval": "setInterval(spin, 1); await new Promise(() => {})",
  "a loop in setImmediate": "setImmediate(spin); await new Promise(() => {})",
  "a loop in process.nextTick": "process.nextTick(spin); await new Promise(() => {})",
  "a loop in queueMicrotask": "queueMicrotask(spin); await new Promise(() => {})",
  "a loop in a file callback": 'stat(".", spin); await new Promise(() => {})',
};

let kernel: KernelClient;

beforeAll(async () => {
  kernel = await KernelClient.start({ argv: kernelCommand() });
  await kernel.execute(`
    import { stat } from "node:fs";
    let count = 0;
    const begun = () => { count++; display("begun"); };
    const spin = () => { begun(); while (true) {} };
  `);
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
  test.for(Object.entries(forms).map(([name, code], index) => ({ name, code, index })))(
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
    expect(await count()).toBe(String(Object.keys(forms).length + 1));
  });
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
    await kernel.interrupt();
    expect((await waiting.reply).content.status).toBe("aborted");
    await Promise.all([running.reply, running.idle, waiting.idle]);
  });
});
