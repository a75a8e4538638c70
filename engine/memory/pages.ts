import type { Address, Memory } from "./memory.ts";
import { PAGE_SIZE } from "./sizeclasses.ts";

/** The pages of a heap: runs of them are taken and given back. Go's `pageAlloc` (runtime/mpagealloc.go). */
export class Pages {
  readonly #memory: Memory;
  #end: Address; // the first page never handed out
  #free: { start: Address; pages: number }[] = []; // by address, once they are joined

  /** @param start the first byte that may be used; rounded up to a whole page */
  constructor(memory: Memory, start: Address) {
    this.#memory = memory;
    this.#end = Math.ceil(start / PAGE_SIZE) * PAGE_SIZE;
  }

  /** The first address that has never been in use. */
  get end(): Address {
    return this.#end;
  }

  /**
   * Takes pages that follow each other: the first free run that is long enough, as Go takes it, or new ones.
   *
   * @param zeroed how many of them to zero; all by default
   * @throws RangeError when the memory cannot grow that far; nothing has been taken then
   */
  take(pages: number, zeroed = pages): Address {
    const index = this.#free.findIndex((run) => run.pages >= pages);
    const run = this.#free[index];
    if (run !== undefined) {
      const address = run.start;
      run.start += pages * PAGE_SIZE;
      run.pages -= pages;
      if (run.pages === 0) this.#free.splice(index, 1);
      this.#memory.clear(address, zeroed * PAGE_SIZE);
      return address;
    }
    this.#memory.ensure(this.#end + pages * PAGE_SIZE);
    const address = this.#end;
    this.#end += pages * PAGE_SIZE;
    return address;
  }

  /** Gives pages back. After some, {@link join}. */
  release(start: Address, pages: number): void {
    this.#free.push({ start, pages });
  }

  /** Makes one run of those that touch. */
  join(): void {
    const joined: { start: Address; pages: number }[] = [];
    for (const run of this.#free.sort((a, b) => a.start - b.start)) {
      const last = joined.at(-1);
      if (last !== undefined && last.start + last.pages * PAGE_SIZE === run.start) last.pages += run.pages;
      else joined.push(run);
    }
    this.#free = joined;
  }
}
