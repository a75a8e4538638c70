import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { Dealer } from "zeromq";
import { KernelClient, type StartOptions } from "./client.ts";
import { kernelCommand } from "./command.ts";
import { endpoint, readConnectionFile } from "./connection.ts";

let kernel: KernelClient | undefined;

afterEach(async () => {
  await kernel?.kill();
  kernel = undefined;
});

const start = async (options: Partial<StartOptions> = {}) => {
  kernel = await KernelClient.start({ argv: kernelCommand(), ...options });
  return kernel;
};

const answer = async () => (await kernel!.execute("6 * 7")).outputs[0]?.content.data;

describe("a kernel", () => {
  /** Addresses and ports that the kernel's process listens on, in hexadecimal (Linux). */
  const listening = () => {
    const files = `/proc/${kernel!.process.pid}/fd`;
    const inodes = new Set(
      readdirSync(files).map((file) => /socket:\[(\d+)\]/.exec(readlinkSync(join(files, file)))?.[1]),
    );
    return (
      ["tcp", "tcp6"]
        .flatMap((table) =>
          readFileSync(`/proc/${kernel!.process.pid}/net/${table}`, "utf8").trim().split("\n"),
        )
        .map((line) => line.trim().split(/\s+/))
        // State 0A: it listens.
        .filter((columns) => columns[3] === "0A" && inodes.has(columns[9]))
        .map((columns) => columns[1]!.split(":") as [address: string, port: string])
    );
  };

  test("listens on five ports of the address that it was given, and on no other", async () => {
    await start();
    expect(await answer()).toEqual({ "text/plain": "42" });
    expect(listening().map(([address]) => address)).toEqual(Array(5).fill("0100007F"));
    const ports = listening().map(([, port]) => Number.parseInt(port, 16));
    expect(new Set(ports)).toEqual(new Set(Object.values(kernel!.connection.ports)));
  });

  test("listens on no port at all when its sockets are in the file system", async () => {
    await start({ transport: "ipc" });
    expect(await answer()).toEqual({ "text/plain": "42" });
    expect(listening()).toEqual([]);
  });

  test("picks its ports, tells the launcher, and writes a file that other clients connect with", async () => {
    await start({ handshake: true });
    expect(await answer()).toEqual({ "text/plain": "42" });
    const { ports, key } = kernel!.connection;
    expect(new Set(Object.values(ports)).size).toBe(5);
    const connected = await kernel!.request("connect_request");
    expect(connected.content).toMatchObject({ shell_port: ports.shell, hb_port: ports.hb });

    const file = join(dirname(kernel!.file), "kernel-one.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readConnectionFile(file)).toMatchObject({ ports, key });
    expect(await kernel!.shutdown()).toBe(0);
    expect(existsSync(file)).toBe(false);
  });

  test("registers over sockets in the file system, too", async () => {
    await start({ handshake: true, transport: "ipc" });
    expect(await answer()).toEqual({ "text/plain": "42" });
  });

  test("speaks encrypted when it is given keys, on all five sockets, and not with those who do not", async () => {
    await start({ encrypt: true });
    expect(await answer()).toEqual({ "text/plain": "42" });
    expect((await kernel!.request("kernel_info_request", {}, "control")).content.status).toBe("ok");
    expect(await kernel!.heartbeat()).toBeGreaterThan(0);
    kernel!.onInput = () => "secret";
    expect((await kernel!.execute("await input()")).outputs[0]?.content.data).toEqual({
      "text/plain": "'secret'",
    });

    const plain = new Dealer({ linger: 0 });
    const refused = new Promise((resolve) => plain.events.on("handshake:error:protocol", resolve));
    plain.connect(endpoint(kernel!.connection, "shell"));
    await refused;
    plain.close();
    expect(await answer()).toEqual({ "text/plain": "42" });
  });

  test("tells what it and the machine use", async () => {
    await start();
    const first = (await kernel!.request("usage_request", {}, "control")).content;
    expect(first).toMatchObject({ status: "ok", pid: kernel!.process.pid });
    expect(first.kernel_memory).toBeGreaterThan(20e6);
    expect(first.kernel_memory).toBeLessThan(1e9);
    expect(first.cpu_count).toBeGreaterThanOrEqual(1);
    const { total, available, used, percent } = first.host_virtual_memory as Record<string, number>;
    expect(used! + available!).toBe(total);
    expect(percent).toBeGreaterThan(0);
    await kernel!.execute("for (const end = Date.now() + 100; Date.now() < end; );");
    const second = (await kernel!.request("usage_request", {}, "control")).content;
    expect(second.kernel_cpu).toBeGreaterThan(0);
    expect(second.host_cpu_percent).toBeGreaterThan(0);
  });
});
