// npm run bench:kernel: how long the kernel takes to start and to answer, over real ZeroMQ, and what it needs: as
// `hmap install` installs it from this working copy. `-- --peers` measures Deno's kernel and tslab beside it, which it
// fetches from npm.
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { bundleWorkingCopy } from "../kernel/node/bundle.ts";
import {
  fetchPeers,
  hmap,
  type KernelTimes,
  measureFloor,
  measureInterrupts,
  measureKernel,
} from "./benchkernels.ts";
import { measureTypes } from "./benchtypes.ts";

const starts = 10;
const rounds = 300;

const { values } = parseArgs({ options: { peers: { type: "boolean" } } });
const load = loadavg()[0]?.toFixed(1);
const peers = values.peers ? fetchPeers() : [];
await bundleWorkingCopy();
const floor = measureFloor(starts);
const own = await measureKernel(hmap, starts, rounds);
const interrupts = await measureInterrupts(5);
const types = await measureTypes();

console.log(`
Kernel over ZeroMQ, ms: median (95th percentile); load of the machine ${load} at the start
  node -e 0                    ${spread(floor)}   the floor of a start
  spawn to kernel_info_reply   ${spread(own.toInfo)}   ${starts} starts
  spawn to first result        ${spread(own.toResult)}
  warm 1 + 1, to reply         ${spread(own.toReply)}   ${rounds} rounds
  warm 1 + 1, to idle          ${spread(own.toIdle)}
  10,000 printed lines         ${spread(own.printed)}, ${own.lines} lines in ${own.messages} messages
  memory after start           ${own.memory.start.toFixed(0)} MiB, after all that ${own.memory.end.toFixed(0)} MiB
  20 lines of TypeScript       ${spread(own.cell)}; with a type error ${spread(types.cell)}, its type warning ${spread(types.warning)} after the reply
  typed completion of m.       ${spread(types.complete)}, while a cell spins ${spread(types.completeBusy)}
  inspection of m.set(         ${spread(types.inspect)}
  memory with types            ${types.memory.kernel.toFixed(0)} MiB, and the compiler ${types.memory.compiler.toFixed(0)} MiB; used, with the map, ${types.used.kernel.toFixed(0)} and ${types.used.compiler.toFixed(0)}

Interrupts, from the request to the idle of the cell, variables kept`);
for (const [name, times] of Object.entries(interrupts)) console.log(`  ${name.padEnd(38)} ${spread(times)}`);

for (const peer of peers) {
  let theirs: KernelTimes;
  try {
    theirs = await measureKernel(peer, starts, rounds);
  } catch (error) {
    // The others are worth their figures all the same.
    console.log(`\n${peer.name} did not come to its end: ${(error as Error).message}`);
    continue;
  }
  console.log(`\n${peer.name}, and how many times hmap's that is`);
  const line = (what: string, pick: (times: KernelTimes) => number[]) =>
    console.log(`  ${what.padEnd(28)} ${spread(pick(theirs))}   ${ratio(pick(theirs), pick(own))}`);
  line("spawn to kernel_info_reply", (times) => times.toInfo);
  line("spawn to first result", (times) => times.toResult);
  line("warm 1 + 1, to reply", (times) => times.toReply);
  line("warm 1 + 1, to idle", (times) => times.toIdle);
  line("20 lines of TypeScript", (times) => times.cell);
  line("completion", (times) => times.complete);
  line("10,000 printed lines", (times) => times.printed);
  console.log(
    `    of which arrived           ${theirs.lines} lines before idle, in ${theirs.messages} messages`,
  );
  line("memory after start, MiB", ({ memory }) => [memory.start]);
}

function quantile(times: number[], part: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(part * (times.length - 1))] ?? Number.NaN;
}

function spread(times: number[]): string {
  if (times.length === 0 || times.some(Number.isNaN)) return "no answer";
  if (times.length === 1) return times[0]!.toFixed(0);
  return `${quantile(times, 0.5).toFixed(1)} (${quantile(times, 0.95).toFixed(1)})`;
}

function ratio(theirs: number[], ours: number[]): string {
  const value = quantile(theirs, 0.5) / quantile(ours, 0.5);
  return Number.isNaN(value) ? "" : `${value.toFixed(1)} x`;
}
