// npm run bench:kernel: how long the kernel takes to start and to answer, over real ZeroMQ, and what it needs.
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { KernelClient } from "../kernel/node/client.ts";
import { kernelCommand } from "../kernel/node/command.ts";
import { measureTypes } from "./benchtypes.ts";

const starts = 10;
const rounds = 300;

const toInfo: number[] = [];
const toResult: number[] = [];
for (let i = 0; i <= starts; i++) {
  const begun = performance.now();
  const kernel = await KernelClient.start({ argv: kernelCommand(), listen: false });
  await kernel.request("kernel_info_request");
  const answered = performance.now();
  await kernel.listen();
  await kernel.execute("1 + 1");
  const ran = performance.now();
  await kernel.shutdown();
  if (i === 0) continue; // fills the compile cache
  toInfo.push(answered - begun);
  toResult.push(ran - begun);
}

const kernel = await KernelClient.start({ argv: kernelCommand() });
for (let i = 0; i < 100; i++) await kernel.execute("1 + 1");
const toReply: number[] = [];
const toIdle: number[] = [];
for (let i = 0; i < rounds; i++) {
  const begun = performance.now();
  const { reply, idle } = kernel.begin("1 + 1");
  const done = (times: number[]) => () => void times.push(performance.now() - begun);
  await Promise.all([reply.then(done(toReply)), idle.then(done(toIdle))]);
}

const printing = performance.now();
const { outputs } = await kernel.execute("for (let i = 0; i < 10_000; i++) console.log(i)");
const printed = performance.now() - printing;
const lines =
  outputs
    .map((message) => String(message.content.text))
    .join("")
    .split("\n").length - 1;

const interrupts: number[] = [];
for (let i = 0; i < 10; i++) {
  const { idle, output } = kernel.begin('console.log("begun"); while (true) {}');
  await output("stream");
  const begun = performance.now();
  await kernel.interrupt();
  await idle;
  interrupts.push(performance.now() - begun);
}
const memory = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${kernel.process.pid}/status`, "utf8"))?.[1];
await kernel.shutdown();
const types = await measureTypes();

console.log(`
Kernel over ZeroMQ, ms: median (95th percentile); load of the machine ${loadavg()[0]?.toFixed(1)}
  spawn to kernel_info_reply   ${spread(toInfo)}   ${starts} starts
  spawn to first result        ${spread(toResult)}
  warm 1 + 1, to reply         ${spread(toReply)}   ${rounds} rounds
  warm 1 + 1, to idle          ${spread(toIdle)}
  interrupt of a busy loop     ${spread(interrupts)}
  10,000 printed lines         ${printed.toFixed(0)}, ${lines} lines in ${outputs.length} messages
  memory after all that        ${(Number(memory) / 1024).toFixed(0)} MiB
  20 lines of TypeScript       ${spread(types.cell)}, its type warning ${spread(types.warning)} after the reply
  typed completion of m.       ${spread(types.complete)}, while a cell spins ${spread(types.completeBusy)}
  inspection of m.set(         ${spread(types.inspect)}
  memory with types            ${types.memory.kernel.toFixed(0)} MiB, and the compiler ${types.memory.compiler.toFixed(0)} MiB`);

function spread(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => (sorted[Math.floor(part * (sorted.length - 1))] as number).toFixed(1);
  return `${at(0.5)} (${at(0.95)})`;
}
