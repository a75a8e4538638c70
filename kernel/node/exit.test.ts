import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { KernelClient } from "./client.ts";
import { kernelCommand } from "./command.ts";
import { connectionText } from "./connection.ts";

/** For what ends without telling anybody. */
const patience = { interval: 20, timeout: 100_000 };

let kernel: KernelClient | undefined;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hmap-exit-"));
});

afterEach(async () => {
  await kernel?.kill();
  kernel = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const start = async (env: Record<string, string> = {}) => {
  kernel = await KernelClient.start({ argv: kernelCommand(), env });
  return kernel;
};

/** Runs the kernel with these arguments to its end. */
async function run(...parameters: string[]): Promise<{ code: number | null; stderr: string }> {
  const [program, ...flags] = kernelCommand().slice(0, -1);
  const child = spawn(program!, [...flags, ...parameters], { stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stderr };
}

describe("the kernel's process ends", () => {
  test("after it has answered a shutdown request", async () => {
    const { process } = await start();
    expect(await kernel!.shutdown()).toBe(0);
    expect(() => globalThis.process.kill(process.pid!, 0)).toThrow("ESRCH");
  });

  test("when a shutdown finds a cell that spins, one that waits, and an interval that keeps Node alive", async () => {
    for (const code of [
      "display(0); while (true) {}",
      "display(0); setInterval(() => {}, 10); await new Promise(() => {})",
    ]) {
      await start();
      await kernel!.begin(code).output("display_data");
      expect(await kernel!.shutdown()).toBe(0);
    }
  });

  test("when the process that started it is gone, even while a cell spins", async () => {
    const parent = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    await start({ JPY_PARENT_PID: String(parent.pid) });
    await kernel!.begin("display(0); while (true) {}").output("display_data");
    parent.kill("SIGKILL");
    expect(await kernel!.exited()).toBe(0);
    expect(kernel!.log).toContain("the process that started this kernel has ended");
  });

  test("not by a cell's process.exit: that ends the cell with an error, and the kernel goes on", async () => {
    await start();
    const { reply } = await kernel!.execute("const kept = 7; process.exit(3)");
    expect(reply).toMatchObject({
      status: "error",
      ename: "ProcessExit",
      evalue: "process.exit(3) ends the cell and not the kernel: to end that, shut it down or restart it",
    });
    const { outputs } = await kernel!.execute("kept");
    expect(outputs[0]?.content.data).toEqual({ "text/plain": "7" });
    const error = kernel!.awaitPublished("an error", ({ header }) => header.msg_type === "error");
    await kernel!.execute("setTimeout(() => process.exit(4)); 0");
    expect((await error).content.ename).toBe("ProcessExit");
    expect((await kernel!.execute("kept")).reply.status).toBe("ok");
  });

  test("when a cell kills it, and whoever waits learns by which signal; what was shown before has come", async () => {
    await start();
    await kernel!.execute('console.log("shown before")');
    const { reply, idle } = kernel!.begin('process.kill(process.pid, "SIGKILL")');
    expect(await kernel!.exited()).toBe(null);
    await expect(reply).rejects.toThrow("The kernel ended");
    await expect(idle).rejects.toThrow("The kernel ended");
    expect(kernel!.published.map((message) => message.content.text)).toContain("shown before\n");
  });

  test("with one sentence when its connection file is missing, wrong, or not given", async () => {
    const missing = await run(join(folder, "none.json"));
    expect(missing.code).toBe(1);
    expect(missing.stderr).toMatch(/^hmap kernel: Cannot read the connection file .*none\.json .*\n$/);

    const file = join(folder, "connection.json");
    writeFileSync(file, "{}");
    const wrong = await run(file);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toBe(
      `hmap kernel: The connection file ${file} must give shell_port as a number from 1 to 65535, not undefined.\n`,
    );

    expect(await run()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Give the path of a connection file"),
    });
  });

  test("with one sentence when a port is taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const taken = (server.address() as { port: number }).port;
    try {
      const file = join(folder, "connection.json");
      // The other four stay unused: binding fails before a client could find them.
      const others = [1, 2, 3, 4].map((n) => (taken > 60000 ? taken - n : taken + n));
      const [shell, control, stdin, iopub] = others as [number, number, number, number];
      const ports = { shell, control, stdin, iopub, hb: taken };
      writeFileSync(
        file,
        connectionText({ transport: "tcp", ip: "127.0.0.1", ports, key: "", hash: "sha256" }),
      );
      const { code, stderr } = await run(file);
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /^hmap kernel: Cannot bind the \w+ socket to tcp:\/\/127\.0\.0\.1:\d+ \(.*in use.*\): start the kernel again/,
      );
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

describe("the compiler that knows types", () => {
  /** Processes that were started in this test's folder (Linux). */
  const running = () =>
    readdirSync("/proc").filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(folder);
      } catch {
        return false;
      }
    });

  test("ends with the kernel, also when that is killed while the compiler starts", async () => {
    for (const end of ["shutdown", "kill", "kill"] as const) {
      kernel = await KernelClient.start({ argv: kernelCommand(), cwd: folder });
      await kernel.execute("1 + 1");
      // Asking starts it.
      await kernel.request("complete_request", { code: "Math.", cursor_pos: 5 });
      await kernel[end]();
      await vi.waitFor(() => expect(running()).toEqual([]), patience);
    }
  });
});

describe("sockets in the file system", () => {
  test("serve as well as ports do", async () => {
    kernel = await KernelClient.start({ argv: kernelCommand(), transport: "ipc" });
    const { outputs } = await kernel.execute("6 * 7");
    expect(outputs[0]?.content.data).toEqual({ "text/plain": "42" });
    expect(await kernel.shutdown()).toBe(0);
  });
});
