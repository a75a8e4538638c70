import { totalmem } from "node:os";
import { grouped } from "../../engine/grouped.ts";
import type { CellError } from "../language/language.ts";
import { onMainThread } from "./interrupts.ts";

/** How often to look, in milliseconds. V8 fills its heap at a few gigabytes a second at most. */
const periodMs = 100;

/** From which part of the limit on it is worth to look into the heap. */
const lookFrom = 0.6;

/**
 * How much of the heap has to stay free, as a part of the limit and in bytes at least: what a cell can fill between two
 * looks. V8 collects garbage, at the latest, when half of what was free after the time before has been taken: so what
 * is counted here is, but for a small part, in use.
 */
const headroom = { part: 0.15, bytes: 200 * 2 ** 20 };

/** How much of V8's limit is for what dies young, at most, in bytes: three spaces of 64 MiB. The rest is what fills. */
const youngSpaces = 192 * 2 ** 20;

/** What of the machine's memory has to stay for others. */
const reserve = 0.03;

/**
 * Watches the memory of the process while cells run. V8 ends the whole process when its heap is full, with every
 * variable in it; so what runs is stopped before.
 *
 * A single allocation of more than the rest of the heap still ends the process.
 */
export class MemoryWatch {
  readonly #heapLimit: number;
  readonly #stop: (reason: CellError) => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #busy = false;

  /**
   * @param heapLimit what V8 allows the main thread's heap (its `heap_size_limit`), in bytes
   * @param stop ends what runs with this error
   */
  constructor(heapLimit: number, stop: (reason: CellError) => Promise<void>) {
    this.#heapLimit = Math.max(heapLimit - youngSpaces, heapLimit / 2);
    this.#stop = stop;
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.#look(), periodMs);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const fault = await this.#fault();
      if (fault !== undefined && this.#timer !== undefined) {
        const evalue = `${fault}, so the cell was stopped; variables keep what they hold: set those that are large to null, or restart`;
        await this.#stop({ ename: "OutOfMemory", evalue, traceback: [`OutOfMemory: ${evalue}`] });
      }
    } finally {
      this.#busy = false;
    }
  }

  async #fault(): Promise<string | undefined> {
    const total = process.constrainedMemory() || totalmem();
    const used = process.memoryUsage.rss();
    // Only what this process can help: others may have filled the machine.
    if (used > total / 2 && process.availableMemory() < total * reserve) {
      return `the machine's memory is full (the kernel has ${megabytes(used)} of it)`;
    }
    if (used < this.#heapLimit * lookFrom) return undefined;
    const free = Math.max(this.#heapLimit * headroom.part, headroom.bytes);
    if ((await heapUsed()) < this.#heapLimit - free) return undefined;
    return `the heap is nearly full (${megabytes(this.#heapLimit)} is its limit)`;
  }
}

/** Bytes in use on the main thread's heap, whatever it is doing. */
async function heapUsed(): Promise<number> {
  const usage = await onMainThread((post) => post("Runtime.getHeapUsage"));
  return (usage as { usedSize: number } | undefined)?.usedSize ?? 0;
}

function megabytes(bytes: number): string {
  return `${grouped(Math.round(bytes / 2 ** 20))} MiB`;
}
