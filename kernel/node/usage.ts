import { readFileSync } from "node:fs";
import { cpus, freemem, hostname, totalmem } from "node:os";
import type { JsonObject } from "../core/message.ts";

/**
 * Answers usage_request with the members that ipykernel gives: what this process uses, and what the machine has. The
 * percentages are those since the request before; the first answer has no `host_cpu_percent`.
 *
 * Memory is in bytes. `kernel_cpu` is a percentage of one core, so it may exceed 100.
 *
 * @see ipykernel, kernelbase.py, usage_request
 */
export class Usage {
  #process = { at: performance.now(), cpu: process.cpuUsage() };
  #machine: { idle: number; total: number } | undefined;

  answer(): JsonObject {
    const now = performance.now();
    const { user, system } = process.cpuUsage(this.#process.cpu);
    const elapsed = now - this.#process.at;
    this.#process = { at: now, cpu: process.cpuUsage() };
    const before = this.#machine;
    const machine = processorTimes();
    this.#machine = machine;
    const total = totalmem();
    const available = availableMemory();
    return {
      hostname: hostname(),
      pid: process.pid,
      // From microseconds and milliseconds to a percentage.
      kernel_cpu: elapsed > 0 ? (user + system) / 10 / elapsed : 0,
      kernel_memory: process.memoryUsage.rss(),
      cpu_count: cpus().length,
      ...(before !== undefined &&
        machine.total > before.total && {
          host_cpu_percent: 100 * (1 - (machine.idle - before.idle) / (machine.total - before.total)),
        }),
      host_virtual_memory: {
        total,
        available,
        used: total - available,
        free: freemem(),
        percent: (100 * (total - available)) / total,
      },
    };
  }
}

function processorTimes(): { idle: number; total: number } {
  let idle = 0;
  let total = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    total += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, total };
}

/** What programs could still get without swapping: Linux says so, elsewhere it is what is free. */
function availableMemory(): number {
  try {
    const kibibytes = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync("/proc/meminfo", "utf8"))?.[1];
    if (kibibytes !== undefined) return Number(kibibytes) * 1024;
  } catch {
    // Not Linux.
  }
  return freemem();
}
