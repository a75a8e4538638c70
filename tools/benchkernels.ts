import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { KernelClient, type StartOptions } from "../kernel/node/client.ts";
import { kernelCommand } from "../kernel/node/command.ts";
import { loopPrelude, loops } from "../kernel/node/loops.ts";

/** A kernel that can be measured. */
export interface BenchKernel {
  name: string;
  start: StartOptions;
}

/** Milliseconds, one for each round; `NaN` where no answer came. */
export interface KernelTimes {
  toInfo: number[];
  toResult: number[];
  toReply: number[];
  toIdle: number[];
  /** 10,000 lines, to idle. */
  printed: number[];
  /** Lines and messages of that. */
  lines: number;
  messages: number;
  /** Resident memory in MiB, after the first cell, and after everything. */
  memory: { start: number; end: number };
}

export const hmap: BenchKernel = { name: "hmap", start: { argv: kernelCommand() } };

/**
 * Deno's kernel and tslab, where they are found: in a folder that `npm install deno tslab @types/node` was run in, or on
 * the PATH.
 */
export function findPeers(folder: string | undefined): BenchKernel[] {
  const path = process.env.PATH ?? "";
  const folders = folder === undefined ? path.split(delimiter) : [resolve(folder, "node_modules", ".bin")];
  const find = (name: string) => folders.map((one) => join(one, name)).find(existsSync);
  const cwd = folder === undefined ? process.cwd() : resolve(folder);
  const peers: BenchKernel[] = [];
  const deno = find("deno");
  if (deno !== undefined) {
    // npm's is a script in front of the program.
    const program = execFileSync(deno, ["eval", "console.log(Deno.execPath())"], { encoding: "utf8" }).trim();
    const argv = [program, "jupyter", "--kernel", "--conn", "{connection_file}"];
    peers.push({ name: "Deno", start: { argv, cwd, welcomes: false } });
  }
  const tslab = find("tslab");
  if (tslab !== undefined) {
    const argv = [process.execPath, tslab, "kernel", "--config-path", "{connection_file}"];
    const env = { PATH: `${dirname(process.execPath)}${delimiter}${path}` };
    peers.push({ name: "tslab", start: { argv, cwd, env, welcomes: false } });
  }
  return peers;
}

/** Measures what every kernel can do. */
export async function measureKernel(
  { start }: BenchKernel,
  starts: number,
  rounds: number,
): Promise<KernelTimes> {
  const times: KernelTimes = {
    toInfo: [],
    toResult: [],
    toReply: [],
    toIdle: [],
    printed: [],
    lines: 0,
    messages: 0,
    memory: { start: 0, end: 0 },
  };
  for (let i = 0; i <= starts; i++) {
    const begun = performance.now();
    const kernel = await KernelClient.start({ ...start, listen: false });
    await kernel.request("kernel_info_request");
    const answered = performance.now();
    await kernel.listen();
    await kernel.execute("1 + 1");
    const ran = performance.now();
    await kernel.kill();
    if (i === 0) continue; // fills caches
    times.toInfo.push(answered - begun);
    times.toResult.push(ran - begun);
  }
  const kernel = await KernelClient.start(start);
  try {
    await kernel.execute("1 + 1");
    times.memory.start = residentMemory(kernel.process.pid!);
    for (let i = 0; i < 100; i++) await kernel.execute("1 + 1");
    for (let i = 0; i < rounds; i++) {
      const begun = performance.now();
      const { reply, idle } = kernel.begin("1 + 1");
      const done = (list: number[]) => () => void list.push(performance.now() - begun);
      await Promise.all([reply.then(done(times.toReply)), idle.then(done(times.toIdle))]);
    }
    for (let i = 0; i < 5; i++) {
      const begun = performance.now();
      const { outputs } = await kernel.execute("for (let i = 0; i < 10_000; i++) console.log(i)");
      times.printed.push(performance.now() - begun);
      const text = outputs.map((message) => message.content.text ?? "").join("");
      times.lines = text.split("\n").length - 1;
      times.messages = outputs.length;
    }
    times.memory.end = residentMemory(kernel.process.pid!);
  } catch {
    // A peer that loses output may never say that it is idle.
    times.printed.push(Number.NaN);
  } finally {
    await kernel.kill();
  }
  return times;
}

/** From an interrupt to the idle of its cell, for each way to keep a thread or to wait for ever. */
export async function measureInterrupts(rounds: number): Promise<Record<string, number[]>> {
  const times: Record<string, number[]> = {};
  const kernel = await KernelClient.start(hmap.start);
  try {
    await kernel.execute(loopPrelude);
    for (const [name, code] of Object.entries(loops)) {
      times[name] = [];
      for (let i = 0; i <= rounds; i++) {
        const { idle, output } = kernel.begin(code);
        await output("display_data");
        const begun = performance.now();
        await kernel.interrupt();
        await idle;
        // The first loads the inspector.
        if (i > 0) times[name].push(performance.now() - begun);
      }
    }
    // The variables are still there.
    await kernel.execute("count");
    await kernel.shutdown();
  } finally {
    await kernel.kill();
  }
  return times;
}

/** In MiB (Linux). */
function residentMemory(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}
