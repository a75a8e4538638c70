import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { KernelClient, type StartOptions } from "../kernel/node/client.ts";
import { kernelCommand } from "../kernel/node/command.ts";
import { loopPrelude, loops } from "../kernel/node/loops.ts";
import { cellOf } from "./benchtypes.ts";

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
  /** A cell of 20 lines to its reply. */
  cell: number[];
  /** The members of an array that a cell made. */
  complete: number[];
  /** 10,000 lines, to idle. */
  printed: number[];
  /** Lines and messages of that. */
  lines: number;
  messages: number;
  /** Resident memory in MiB, after the first cell, and after everything. */
  memory: { start: number; end: number };
}

export const hmap: BenchKernel = { name: "hmap", start: { argv: kernelCommand() } };

/** How long a peer may take to answer, in milliseconds. */
const patienceMs = 20_000;

/** How long Node itself takes to do nothing, for which no kernel in it can be quicker: ms, one for each round. */
export function measureFloor(rounds: number): number[] {
  return Array.from({ length: rounds }, () => {
    const begun = performance.now();
    execFileSync(process.execPath, ["-e", "0"]);
    return performance.now() - begun;
  });
}

/** Deno's kernel and tslab, from npm: fetched once, into this user's cache. */
export function fetchPeers(): BenchKernel[] {
  const cwd = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "hmap", "peers");
  const bin = join(cwd, "node_modules", ".bin");
  if (!existsSync(join(bin, "deno")) || !existsSync(join(bin, "tslab"))) {
    console.log("Fetching Deno and tslab...");
    mkdirSync(cwd, { recursive: true });
    const flags = ["--prefix", cwd, "--no-fund", "--no-audit", "--loglevel=error"];
    // tslab needs Node's types beside the notebook.
    execFileSync("npm", ["install", ...flags, "deno", "tslab", "@types/node"], { cwd, stdio: "inherit" });
  }
  // npm's is a script in front of the program.
  const show = ["eval", "console.log(Deno.execPath())"];
  const deno = execFileSync(join(bin, "deno"), show, { encoding: "utf8" }).trim();
  const env = { PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ""}` };
  return [
    {
      name: "Deno",
      start: {
        argv: [deno, "jupyter", "--kernel", "--conn", "{connection_file}"],
        cwd,
        welcomes: false,
        patienceMs,
      },
    },
    {
      name: "tslab",
      start: {
        argv: [process.execPath, join(bin, "tslab"), "kernel", "--config-path", "{connection_file}"],
        cwd,
        env,
        welcomes: false,
        patienceMs,
      },
    },
  ];
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
    cell: [],
    complete: [],
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
    // A peer that loses output may never say that it is idle.
    await attempt(async () => {
      for (let i = 0; i < rounds / 3 + 20; i++) {
        const begun = performance.now();
        const { reply, idle } = kernel.begin(cellOf(i, "number"));
        await reply;
        if (i >= 20) times.cell.push(performance.now() - begun);
        await idle;
      }
    });
    await attempt(async () => {
      for (let i = 0; i < rounds / 3 + 20; i++) {
        const begun = performance.now();
        await kernel.request("complete_request", { code: "fruits0.", cursor_pos: 8 });
        if (i >= 20) times.complete.push(performance.now() - begun);
      }
    });
    await attempt(async () => {
      for (let i = 0; i < 5; i++) {
        const begun = performance.now();
        const { outputs } = await kernel.execute("for (let i = 0; i < 10_000; i++) console.log(i)");
        times.printed.push(performance.now() - begun);
        const text = outputs.map((message) => message.content.text ?? "").join("");
        times.lines = text.split("\n").length - 1;
        times.messages = outputs.length;
      }
    });
    times.memory.end = residentMemory(kernel.process.pid!);
  } finally {
    await kernel.kill();
  }
  return times;
}

/** What a kernel does not answer is left out: its times stay as they are. */
async function attempt(work: () => Promise<void>): Promise<void> {
  await work().catch((error: unknown) => console.log(`  ${String(error)}`));
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
