import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Subscriber } from "zeromq";
import type { Message } from "../core/message.ts";
import { KernelClient } from "./client.ts";
import { kernelCommand } from "./command.ts";
import { endpoint } from "./connection.ts";
import { Wire } from "./wire.ts";

/** A real kernel process, spoken to over real ZeroMQ. */
let kernel: KernelClient;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hmap-notebook-"));
  kernel = await KernelClient.start({ argv: kernelCommand(), cwd: folder });
});

afterAll(async () => {
  await kernel.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** Type and content of each output. */
const shown = (outputs: Message[]) => outputs.map((output) => [output.header.msg_type, output.content]);

/** The text of all stream output with this name. */
const printed = (outputs: Message[], name: string) =>
  outputs
    .filter((output) => output.header.msg_type === "stream" && output.content.name === name)
    .map((output) => output.content.text)
    .join("");

/** text/plain of the one result. */
async function resultOf(code: string): Promise<unknown> {
  const { outputs, reply } = await kernel.execute(code);
  expect(reply.status).toBe("ok");
  const result = outputs.find((output) => output.header.msg_type === "execute_result");
  return (result?.content.data as Record<string, unknown> | undefined)?.["text/plain"];
}

describe("the kernel over ZeroMQ", () => {
  test("welcomes a subscriber before it publishes anything else to it", () => {
    const [first] = kernel.published;
    expect(first?.header.msg_type).toBe("iopub_welcome");
    expect(first?.content).toEqual({ subscription: "" });
    expect(first?.parent_header).toEqual({});
  });

  test("welcomes one that wants only streams with what it asked for, and sends it those alone", async () => {
    const wire = new Wire(kernel.connection.key);
    const socket = new Subscriber({ linger: 0 });
    socket.connect(endpoint(kernel.connection, "iopub"));
    socket.subscribe("stream");
    const receive = async () => wire.decode(await socket.receive(), "iopub").content;
    expect(await receive()).toEqual({ subscription: "stream" });
    await kernel.execute("console.log('one'); display(1); console.log('two')");
    expect(await receive()).toEqual({ name: "stdout", text: "one\n" });
    expect(await receive()).toEqual({ name: "stdout", text: "two\n" });
    socket.close();
  });

  test("welcomes one that comes while a cell prints just the same", async () => {
    const cell = kernel.begin(
      'while (!globalThis.enough) { console.log("more"); await new Promise(setImmediate); }',
    );
    await cell.output("stream");
    const wire = new Wire(kernel.connection.key);
    for (let i = 0; i < 10; i++) {
      const late = new Subscriber({ linger: 0 });
      late.connect(endpoint(kernel.connection, "iopub"));
      late.subscribe();
      const first = wire.decode(await late.receive(), "iopub");
      late.close();
      expect(first.header.msg_type).toBe("iopub_welcome");
    }
    await kernel.interrupt();
    await Promise.all([cell.reply, cell.idle]);
    await kernel.execute("globalThis.enough = true");
  });

  test("says what it is, on shell and on control", async () => {
    for (const channel of ["shell", "control"] as const) {
      const { content, header } = await kernel.request("kernel_info_request", {}, channel);
      expect(header.msg_type).toBe("kernel_info_reply");
      expect(content).toMatchObject({
        status: "ok",
        protocol_version: "5.5",
        implementation: "hmap",
        language_info: { name: "typescript", file_extension: ".ts" },
      });
    }
  });

  test("answers a request with a busy and an idle around it, all with the request as parent", async () => {
    const { reply, idle } = kernel.begin("1 + 1");
    const [message] = await Promise.all([reply, idle]);
    const mine = kernel.published.filter((m) => m.parent_header.msg_id === message.parent_header.msg_id);
    expect(mine.map((m) => [m.header.msg_type, m.content.execution_state])).toEqual([
      ["status", "busy"],
      ["execute_input", undefined],
      ["execute_result", undefined],
      ["status", "idle"],
    ]);
  });

  test("shows the last expression's value, awaits at the top level, and lets names be declared again", async () => {
    expect(await resultOf("const a: number = 20; a + 1")).toBe("21");
    expect(
      await resultOf("const a = await Promise.resolve(5); let b = a; class C { x = b }; new C().x"),
    ).toBe("5");
    expect(await resultOf("class C { x = a + 1 }; new C().x")).toBe("6");
    expect(await resultOf("let nothing = 1;")).toBeUndefined();
  });

  test("sends what is written to stdout and stderr, whichever way it is written", async () => {
    const { outputs } = await kernel.execute(
      'console.log("one"); process.stdout.write("two\\n"); console.error("three"); process.stderr.write(Buffer.from("vier ✓\\n"))',
    );
    expect(printed(outputs, "stdout")).toBe("one\ntwo\n");
    expect(printed(outputs, "stderr")).toBe("three\nvier ✓\n");
  });

  test("sends 10,000 lines complete and in order, in few messages, before idle", async () => {
    const { outputs } = await kernel.execute('for (let i = 0; i < 10_000; i++) console.log("line", i)');
    const expected = Array.from({ length: 10_000 }, (_, i) => `line ${i}\n`).join("");
    expect(printed(outputs, "stdout")).toBe(expected);
    expect(outputs.length).toBeLessThanOrEqual(20);
  });

  test("reports a thrown error in the reply and as the one output", async () => {
    const { reply, outputs } = await kernel.execute('const x = 1;\nthrow new RangeError("too far")');
    expect(reply).toMatchObject({ status: "error", ename: "RangeError", evalue: "too far" });
    expect(shown(outputs)).toEqual([
      ["error", { ename: "RangeError", evalue: "too far", traceback: reply.traceback }],
    ]);
    expect((reply.traceback as string[]).join("\n")).toMatch(/In \[\d+\]:2:7/);
  });

  test("reports a syntax error with its place in the cell", async () => {
    const { reply, outputs } = await kernel.execute("const ok = 1;\nconst = 2;");
    expect(reply).toMatchObject({ status: "error", ename: "SyntaxError" });
    expect(String(reply.evalue)).toMatch(/In \[\d+\]:2:7/);
    expect(outputs).toHaveLength(1);
  });

  test("knows a whole cell from one that goes on", async () => {
    const status = async (code: string) =>
      (await kernel.request("is_complete_request", { code })).content.status;
    expect(await status("1 + 1")).toBe("complete");
    expect(await status("for (const x of [1]) {")).toBe("incomplete");
    expect(await status("const = 1")).toBe("invalid");
  });

  test("shows an object by its own representation, a map of hmap by its diagram", async () => {
    const { outputs } = await kernel.execute(`
      import { Runtime } from "hmap";
      const go = new Runtime({ seed: 1 });
      const m = go.make("map[string]int", 10);
      m.set("fig", 1);
      m
    `);
    const data = outputs[0]?.content.data as Record<string, string>;
    expect(data["image/svg+xml"]).toMatch(/^<svg [\s\S]*<\/svg>\s*$/);
    expect(data["text/plain"]).toContain("fig");
  });

  test("imports Node's modules and files next to the notebook, and names a package that is not there", async () => {
    mkdirSync(join(folder, "lib"), { recursive: true });
    writeFileSync(join(folder, "lib", "five.ts"), "export const five: number = 5;");
    expect(await resultOf('import { five } from "./lib/five.ts"; five')).toBe("5");
    expect(await resultOf('import { sep } from "node:path"; sep.length')).toBe("1");
    const { reply } = await kernel.execute('import nothing from "a-package-nobody-has"');
    expect(reply.evalue).toBe(
      `Cannot find the package "a-package-nobody-has": run "npm install a-package-nobody-has" in ${folder}.`,
    );
  });

  test("reports a rejected promise and an error in a timer, and lives on", async () => {
    const error = kernel.awaitPublished("the error of a timer", (m) => m.content.evalue === "in a timer");
    const lost = kernel.awaitPublished("the error of a promise", (m) => m.content.evalue === "nobody awaits");
    const { reply } = await kernel.execute(
      'Promise.reject(new Error("nobody awaits")); setTimeout(() => { throw new Error("in a timer") }, 0); 1',
    );
    expect(reply.status).toBe("ok");
    for (const message of await Promise.all([error, lost])) {
      expect(message.parent_header.msg_type).toBe("execute_request");
    }
    expect(await resultOf("1 + 1")).toBe("2");
  });

  test("asks for a line of input on the stdin channel of whoever runs the cell", async () => {
    kernel.onInput = (prompt) => `answer to ${prompt}`;
    try {
      expect(await resultOf('await input("name?")')).toBe("'answer to name?'");
    } finally {
      kernel.onInput = undefined;
    }
  });

  test("does not run what waits behind a failing cell, unless told to go on", async () => {
    // The cell fails when it has been answered, and by then what waits has come: this is behind it on the same socket.
    kernel.onInput = async () => {
      await kernel.request("kernel_info_request");
      return "";
    };
    try {
      const code = 'await input(); throw new Error("first")';
      const failing = kernel.begin(code);
      const dropped = kernel.begin("globalThis.ran = true");
      expect((await dropped.reply).content.status).toBe("aborted");
      await Promise.all([failing.reply, failing.idle, dropped.idle]);
      const tolerated = kernel.begin(code, { stop_on_error: false });
      const next = kernel.begin("globalThis.ran");
      expect((await next.reply).content.status).toBe("ok");
      await Promise.all([tolerated.reply, tolerated.idle]);
      expect(await next.idle).toEqual([]);
    } finally {
      kernel.onInput = undefined;
    }
  });

  test("answers kernel_info and the heartbeat while a cell spins", async () => {
    const cell = kernel.begin("display(0); while (true) {}");
    await cell.output("display_data");
    expect((await kernel.request("kernel_info_request")).content.status).toBe("ok");
    expect(await kernel.heartbeat()).toBeGreaterThan(0);
    await kernel.interrupt();
    expect((await cell.reply).content.status).toBe("error");
    await cell.idle;
  });

  test("drops a wrongly signed message, a replay and frames that are none, says so in its log, and lives", async () => {
    const message = kernel.message("execute_request", { code: "globalThis.intruder = 1" }, "shell");
    const wire = new Wire(kernel.connection.key);
    await kernel.sendFrames("shell", new Wire("another key").encode(message));
    await kernel.sendFrames("shell", [randomBytes(30), randomBytes(3)]);
    const info = wire.encode(kernel.message("kernel_info_request", {}, "shell"));
    await kernel.sendFrames("shell", info);
    await kernel.sendFrames("shell", info);
    expect(await resultOf("globalThis.intruder")).toBeUndefined();
    await kernel.logged(/dropped a message on shell: the signature is wrong/);
    await kernel.logged(/dropped a message on shell: there is no <IDS\|MSG> frame/);
    await kernel.logged(/dropped a message on shell: the signature was seen before: this is a replay/);
  });

  test("a Ctrl-C that reaches the process does not end it", async () => {
    kernel.process.kill("SIGINT");
    expect(await resultOf("1 + 1")).toBe("2");
  });
});

describe("a kernel that has just started", () => {
  test("runs the first cell when somebody listens, so that a client that is slow to connect misses nothing", async () => {
    const started = await KernelClient.start({ argv: kernelCommand(), listen: false });
    try {
      const cell = started.begin("6 * 7");
      // Behind the cell on the same socket: when this is answered, the cell has arrived.
      await started.request("kernel_info_request");
      await started.listen();
      expect(shown(await cell.idle).map(([type]) => type)).toEqual(["execute_result"]);
    } finally {
      await started.kill();
    }
  });

  test("runs it all the same when nobody ever does", async () => {
    const started = await KernelClient.start({ argv: kernelCommand(), listen: false });
    try {
      expect((await started.begin("6 * 7").reply).content.status).toBe("ok");
    } finally {
      await started.kill();
    }
  });
});
