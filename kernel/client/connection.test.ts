import vm from "node:vm";
import type { Kernel, KernelManager, KernelMessage } from "@jupyterlab/services";
import { afterEach, expect, test } from "vitest";
import type { Port } from "../core/execution.ts";
import { serveLanguage } from "../core/serve.ts";
import { TypeScriptLanguage } from "../language/typescript/typescript.ts";
import { LocalServer, type StartKernel } from "./connection.ts";
import { hostKernel } from "./host.ts";

/** How many kernels were started and ended. */
let started = 0;
let ended = 0;
let server: LocalServer;
let manager: KernelManager;

/** Kernels in this very thread: what they share of the global scope does not matter to these tests. */
const startKernel: StartKernel = (send) => {
  started++;
  const { port1, port2 } = new MessageChannel();
  const language = new TypeScriptLanguage({
    importModule: (specifier) => import(specifier),
    evaluate: (script, filename) => vm.runInThisContext(script, { filename }),
  });
  serveLanguage(port2 as Port, language);
  return hostKernel(send, {
    port: port1 as Port,
    language: language.info,
    end: () => {
      ended++;
      language.dispose();
      port1.close();
    },
  });
};

async function connect(): Promise<Kernel.IKernelConnection> {
  started = 0;
  ended = 0;
  server = new LocalServer(startKernel);
  manager = server.connect();
  const kernel = await manager.startNew({ name: "hmap" });
  // A connection that is disposed of while it still asks who the kernel is leaves a rejected promise behind.
  await kernel.info;
  return kernel;
}

afterEach(() => {
  manager.dispose();
  server.dispose();
});

/** Runs a cell; gives the messages it published, as "type text", and its reply. */
async function run(kernel: Kernel.IKernelConnection, code: string, onShown?: () => void) {
  const shown: string[] = [];
  const future = kernel.requestExecute({ code, stop_on_error: true });
  future.onIOPub = ({ header, content }: KernelMessage.IIOPubMessage) => {
    const { text, data, execution_state } = content as {
      text?: string;
      data?: object;
      execution_state?: string;
    };
    const detail = text ?? execution_state ?? (data && JSON.stringify(data)) ?? "";
    shown.push(`${header.msg_type} ${detail}`.trim());
    if (header.msg_type === "stream") onShown?.();
  };
  const { content } = await future.done;
  return { shown, content };
}

test("a kernel starts, tells who it is and runs cells", async () => {
  const kernel = await connect();
  expect((await kernel.info).implementation).toBe("hmap");
  const { shown, content } = await run(kernel, "console.log('hello');\n6 * 7");
  expect(shown).toEqual(
    ["status busy", "execute_input", "stream hello", 'execute_result {"text/plain":"42"}', "status idle"].map(
      (line) => (line === "stream hello" ? "stream hello\n".trim() : line),
    ),
  );
  expect(content).toMatchObject({ status: "ok", execution_count: 1 });
});

test("ten thousand printed lines arrive complete, in few messages, before the cell ends", async () => {
  const kernel = await connect();
  let text = "";
  let messages = 0;
  const future = kernel.requestExecute({ code: "for (let i = 0; i < 10_000; i++) console.log('line', i);" });
  future.onIOPub = ({ header, content }: KernelMessage.IIOPubMessage) => {
    if (header.msg_type !== "stream") return;
    text += (content as { text: string }).text;
    messages++;
  };
  await future.done;
  const lines = text.split("\n");
  expect([lines.length, lines[0], lines[9999]]).toEqual([10_001, "line 0", "line 9999"]);
  expect(messages).toBeLessThanOrEqual(100);
});

test("cells sent together run in order, and a failing one stops those behind it", async () => {
  const kernel = await connect();
  const results = await Promise.all(["1", "throw new Error('no')", "3"].map((code) => run(kernel, code)));
  expect(results.map(({ content }) => content.status)).toEqual(["ok", "error", "aborted"]);
});

test("an interrupt ends a cell that waits", async () => {
  const kernel = await connect();
  const { promise: running, resolve } = Promise.withResolvers<void>();
  const waiting = run(kernel, "console.log('waiting'); await new Promise(() => {})", resolve);
  await running;
  await kernel.interrupt();
  expect((await waiting).content).toMatchObject({ status: "error", ename: "Interrupted" });
});

test("a restart gives a new kernel under the same id, and counts from one again", async () => {
  const kernel = await connect();
  const { id } = kernel;
  await run(kernel, "1");
  await kernel.restart();
  expect(kernel.id).toBe(id);
  expect((await run(kernel, "2")).content.execution_count).toBe(1);
  expect([started, ended]).toEqual([2, 1]);
});

test("a shutdown ends the kernel and takes it off the list", async () => {
  const kernel = await connect();
  await manager.refreshRunning();
  expect(manager.runningCount).toBe(1);
  await kernel.shutdown();
  await manager.refreshRunning();
  expect([manager.runningCount, started, ended]).toEqual([0, 1, 1]);
});

test("two clients of one kernel both see what it shows, and each gets its own replies", async () => {
  const first = await connect();
  const second = manager.connectTo({ model: first.model });
  await second.info;
  const seen: string[] = [];
  const other = new Promise<void>((resolve) => {
    second.iopubMessage.connect((_, message) => {
      if (message.header.msg_type === "execute_result") resolve();
    });
  });
  second.anyMessage.connect((_, { msg, direction }) => {
    if (direction === "recv") seen.push(msg.header.msg_type);
  });
  await run(first, "'for both'");
  await other;
  expect(seen).toContain("execute_result");
  expect(seen).not.toContain("execute_reply");
});

test("completion, inspection, history and comm info are answered", async () => {
  const kernel = await connect();
  expect((await kernel.requestComplete({ code: "a", cursor_pos: 1 })).content.status).toBe("ok");
  expect((await kernel.requestInspect({ code: "a", cursor_pos: 1, detail_level: 0 })).content).toMatchObject({
    found: false,
  });
  expect(
    (await kernel.requestHistory({ hist_access_type: "tail", n: 1, output: false, raw: true })).content,
  ).toMatchObject({ history: [] });
  expect((await kernel.requestCommInfo({})).content).toMatchObject({ comms: {} });
  expect((await kernel.requestIsComplete({ code: "f(" })).content.status).toBe("incomplete");
});

test("a kernel of another name is refused with the name to ask for", async () => {
  await connect();
  await expect(manager.startNew({ name: "python3" })).rejects.toThrow(
    'There is no kernel "python3" here: ask for "hmap".',
  );
});

test("the specs name the kernel", async () => {
  const kernel = await connect();
  expect(await kernel.spec).toMatchObject({
    name: "hmap",
    display_name: "TypeScript (hmap)",
    language: "typescript",
  });
});
