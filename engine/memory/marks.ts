import type { Address } from "./memory.ts";

/** Bytes for each mark: every object begins at a multiple of 8. A power of two, as are the next two. */
const GRAIN_SHIFT = 3;
const GRAIN = 1 << GRAIN_SHIFT;
const WORD_SHIFT = GRAIN_SHIFT + 5;

/**
 * Which leaves a collection has reached, small objects without pointers: a bit for each 8 bytes of memory. All together,
 * because pointers come in no order: the bits of a big heap are in the processor's caches, and arrays in its spans would
 * not be.
 */
export class Marks {
  #words = new Int32Array(2 ** 10);

  /**
   * Takes all marks away.
   *
   * @param end the end of the memory that can be marked next
   */
  clear(end: Address): void {
    const size = (end >>> WORD_SHIFT) + 1;
    if (size > this.#words.length) this.#words = new Int32Array(2 * size);
    else this.#words.fill(0, 0, size);
  }

  /** Marks the 8 bytes that an address is in. */
  add(address: Address): void {
    const word = address >>> WORD_SHIFT;
    this.#words[word] = (this.#words[word] as number) | (1 << (address >>> GRAIN_SHIFT));
  }

  /** Whether any of `size` bytes are marked; `start` is a multiple of 8. */
  hasAny(start: Address, size: number): boolean {
    for (let at = start; at < start + size; ) {
      const word = this.#words[at >>> WORD_SHIFT] as number;
      if (word === 0) {
        at = ((at >>> WORD_SHIFT) + 1) << WORD_SHIFT; // what is not marked is mostly all in one piece
        continue;
      }
      if (((word >>> (at >>> GRAIN_SHIFT)) & 1) !== 0) return true;
      at += GRAIN;
    }
    return false;
  }
}
