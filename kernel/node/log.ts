import { constants, fstatSync, openSync, writeSync } from "node:fs";

/** How many lines may be written in one period, and its length in milliseconds: a flood must not fill the disk. */
const limit = { lines: 50, periodMs: 10_000 };

/** How much may be written in all where a write can block, in bytes: less than any pipe holds. */
const blockingBudget = 32 * 1024;

/**
 * Writes lines to standard error, each beginning with the kernel's name. Never blocks and never throws, also when
 * nobody reads what stands there: lines are then left out, and so are those of a flood, with a line that says how many.
 *
 * The console of the protocol thread would go through the main thread, which may be spinning.
 */
export class Log {
  readonly #target: Target;
  readonly #now: () => number;
  #periodEnds = Number.NEGATIVE_INFINITY;
  #written = 0;
  #leftOut = 0;

  constructor(target: Target = standardError(), now = () => performance.now()) {
    this.#target = target;
    this.#now = now;
  }

  line(text: string): void {
    const now = this.#now();
    if (now >= this.#periodEnds) {
      const leftOut = this.#leftOut;
      this.#leftOut = 0;
      this.#written = 0;
      this.#periodEnds = now + limit.periodMs;
      if (leftOut > 0) this.#write(`${leftOut} lines were left out here`);
    }
    if (this.#written++ < limit.lines) this.#write(text);
    else this.#leftOut++;
  }

  #write(text: string): void {
    if (!this.#target(`hmap kernel: ${text}\n`)) this.#leftOut++;
  }
}

/** Takes text, or gives false when it cannot without waiting. */
type Target = (text: string) => boolean;

function standardError(): Target {
  const pipe = nonBlocking();
  let budget = pipe === undefined && !isFile() ? blockingBudget : Number.POSITIVE_INFINITY;
  return (text) => {
    if (text.length > budget) return false;
    budget -= text.length;
    try {
      writeSync(pipe ?? 2, text);
      return true;
    } catch {
      // Full, or closed.
      return false;
    }
  };
}

/**
 * The pipe behind standard error, opened again so that a write to it does not wait. To change that of the descriptor
 * itself would change it for the program that started this one.
 */
function nonBlocking(): number | undefined {
  try {
    if (!fstatSync(2).isFIFO()) return undefined;
    return openSync("/proc/self/fd/2", constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

function isFile(): boolean {
  try {
    const about = fstatSync(2);
    return about.isFile() || about.isCharacterDevice();
  } catch {
    return false;
  }
}
