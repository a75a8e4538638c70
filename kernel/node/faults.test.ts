import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { Dealer } from "zeromq";
import { KernelClient, type StartOptions } from "./client.ts";
import { kernelCommand } from "./command.ts";
import { endpoint } from "./connection.ts";
import { Wire } from "./wire.ts";

let kernel: KernelClient | undefined;

afterEach(async () => {
  await kernel?.kill();
  kernel = undefined;
});

const start = async (options: Partial<StartOptions> = {}) => {
  kernel = await KernelClient.start({ argv: kernelCommand(), ...options });
  return kernel;
};

const resultOf = async (code: string) => {
  const { outputs } = await kernel!.execute(code);
  const result = outputs.find(({ header }) => header.msg_type === "execute_result");
  return (result?.content.data as Record<string, string> | undefined)?.["text/plain"];
};

/** The text of one stream, put together again. */
const printed = (outputs: { content: Record<string, unknown> }[]) =>
  outputs.map(({ content }) => content.text ?? "").join("");

describe("output", () => {
  test("of 50 MB, in long lines and in short ones, arrives complete and before idle", async () => {
    await start();
    const long = await kernel!.execute('for (let i = 0; i < 50; i++) console.log("x".repeat(1e6))');
    expect(printed(long.outputs).length).toBe(50 * 1_000_001);
    const short = await kernel!.execute('for (let i = 0; i < 500_000; i++) console.log("y".repeat(99))');
    expect(printed(short.outputs).length).toBe(50_000_000);
    expect(await resultOf("1 + 1")).toBe("2");
  });

  test("goes on for others when a client is killed in the middle of it", async () => {
    await start();
    const other = await listener();
    const cell = kernel!.begin('for (let i = 0; i < 30; i++) { console.log("x".repeat(1e5)); await 0; }');
    other.kill("SIGKILL");
    await once(other, "close");
    expect(printed(await cell.idle).length).toBe(30 * 100_001);
    expect(await resultOf("1 + 1")).toBe("2");
  });

  test("waits for a client that has stopped reading, and does not make others wait", async () => {
    await start();
    const other = await listener();
    other.kill("SIGSTOP");
    const { outputs } = await kernel!.execute('for (let i = 0; i < 20; i++) console.log("x".repeat(1e6))');
    expect(printed(outputs).length).toBe(20 * 1_000_001);
    other.kill("SIGCONT");
    const [last] = (await once(other.stdout!, "data")) as [Buffer];
    expect(last.toString()).toBe("idle\n");
    other.kill("SIGKILL");
    await once(other, "close");
  });

  /** A process of its own that listens to everything, and says when it has been welcomed, and when a cell has ended. */
  async function listener(): Promise<ChildProcess> {
    const script = `
      import { Subscriber } from "zeromq";
      const socket = new Subscriber({ receiveHighWaterMark: 0 });
      socket.connect(${JSON.stringify(endpoint(kernel!.connection, "iopub"))});
      socket.subscribe();
      for await (const frames of socket) {
        const text = frames.at(-1).toString();
        if (text.includes('"subscription"')) process.stdout.write("welcome\\n");
        else if (text === '{"execution_state":"idle"}') process.stdout.write("idle\\n");
      }`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
      cwd: import.meta.dirname,
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const [first] = (await once(child.stdout, "data")) as [Buffer];
    expect(first.toString()).toBe("welcome\n");
    return child;
  }
});

describe("a client that is gone", () => {
  test("before its cell has ended costs nobody else anything, and neither does one that is asked for input", async () => {
    await start();
    const wire = new Wire(kernel!.connection.key, kernel!.connection.hash);
    for (const code of ["await new Promise((r) => setTimeout(r, 50)); 1", "await input('anybody there? ')"]) {
      const gone = new Dealer({ linger: 0 });
      gone.connect(endpoint(kernel!.connection, "shell"));
      const content = { code, allow_stdin: true, stop_on_error: false };
      const message = kernel!.message("execute_request", content, "shell");
      const begun = kernel!.awaitPublished(
        "the cell's begin",
        ({ header, parent_header }) =>
          header.msg_type === "execute_input" && parent_header.msg_id === message.header.msg_id,
      );
      await gone.send(wire.encode(message));
      await begun;
      gone.close();
      expect((await kernel!.request("kernel_info_request")).content.status).toBe("ok");
    }
    // The second cell waits for an answer that cannot come.
    await kernel!.interrupt();
    expect(await resultOf("1 + 1")).toBe("2");
  });
});

describe("a kernel that does not read", () => {
  test("does not make its client's sends wait, however much is sent", async () => {
    await start();
    kernel!.process.kill("SIGSTOP");
    const nonsense = Buffer.alloc(10_000);
    // More than the buffers of both ends hold.
    for (let i = 0; i < 5000; i++) await kernel!.sendFrames("shell", [nonsense]);
    kernel!.process.kill("SIGCONT");
    expect(await resultOf("1 + 1")).toBe("2");
  });
});

describe("memory", () => {
  // A small heap fills sooner; how it is watched does not depend on its size.
  const [program, ...flags] = kernelCommand();
  const argv = [program!, "--max-old-space-size=800", ...flags];

  test("that a cell fills to the last ends the cell with a sentence, and neither the kernel nor its variables", async () => {
    await start({ argv });
    await kernel!.execute("const kept = 5");
    const { reply } = await kernel!.execute(
      "console.log('before'); { const hog: number[][] = []; for (;;) hog.push(new Array(100_000).fill(1.5)); }",
    );
    expect(reply).toMatchObject({ status: "error", ename: "OutOfMemory" });
    expect(reply.evalue).toMatch(
      /^the heap is nearly full \([\d,]+ MiB is its limit\), so the cell was stopped; variables keep what they hold: set those that are large to null, or restart$/,
    );
    expect(await resultOf("kept")).toBe("5");
  });

  test("that is only garbage is no reason to stop", async () => {
    await start({ argv });
    const code =
      "let sum = 0; for (let i = 0; i < 100; i++) sum += new Array(1_000_000).fill(1.5).length; sum";
    expect(await resultOf(code)).toBe("100000000");
  });
});

describe("a standard error that nobody reads", () => {
  test("does not stop the kernel, however much it has to say", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hmap-pipe-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const pipe = join(folder, "stderr");
    // Somebody has it open, or the kernel could not open it either; and never reads.
    const holder = spawn("sh", ["-c", 'mkfifo "$0" && exec 3<>"$0"; echo open; exec sleep 1000', pipe], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    onTestFinished(() => void holder.kill("SIGKILL"));
    await once(holder.stdout, "data");
    // Fills what the pipe holds.
    const shell = `dd if=/dev/zero of="$0" oflag=nonblock bs=4096 count=64 2>/dev/null; exec "$@" 2>"$0"`;
    await start({ argv: ["sh", "-c", shell, pipe, ...kernelCommand()] });
    for (let i = 0; i < 500; i++) await kernel!.sendFrames("shell", [Buffer.from("nonsense")]);
    expect(await resultOf("1 + 1")).toBe("2");
    expect(await kernel!.shutdown()).toBe(0);
  });

  test("as a socket neither", async () => {
    await start();
    kernel!.process.stderr!.pause();
    for (let i = 0; i < 5000; i++) await kernel!.sendFrames("shell", [Buffer.from("nonsense")]);
    expect(await resultOf("1 + 1")).toBe("2");
    kernel!.process.stderr!.resume();
    expect(await kernel!.shutdown()).toBe(0);
  });
});
