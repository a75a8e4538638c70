import type { Heap } from "./heap.ts";
import type { Address } from "./memory.ts";

/** Memory outside the heap, given out piece by piece and taken back all at once: a `Space` (types/gotype.ts). */
export class Scratch {
  readonly #heap: Heap;
  readonly #chunkSize: number;
  #chunk: Address;
  #size: number;
  #used = 0;
  #kept: Address;
  #keptEnd: Address;

  /**
   * The first chunks are where every machine has them, so that what an operation needs in passing moves nothing else.
   *
   * @param heap where more chunks come from
   * @param chunk the first one for what is taken back
   * @param kept the first one for what is not
   * @param chunkSize bytes of each
   */
  constructor(heap: Heap, chunk: Address, kept: Address, chunkSize: number) {
    this.#heap = heap;
    this.#chunkSize = chunkSize;
    this.#chunk = chunk;
    this.#size = chunkSize;
    this.#kept = kept;
    this.#keptEnd = kept + chunkSize;
  }

  /** Takes back everything that {@link allocate} gave. */
  reset(): void {
    this.#used = 0;
  }

  allocate(size: number): Address {
    const start = Math.ceil(this.#used / 8) * 8;
    if (start + size > this.#size) {
      // What was given out before stays where it is: only a new chunk is begun.
      this.#size = Math.max(this.#chunkSize, 2 * size);
      this.#chunk = this.#heap.reserve(this.#size);
      this.#used = size;
      return this.#chunk;
    }
    this.#used = start + size;
    return this.#chunk + start;
  }

  /** {@link reset} and {@link allocate} in one. */
  renew(size: number): Address {
    this.#used = 0;
    if (size > this.#size) return this.allocate(size);
    this.#used = size;
    return this.#chunk;
  }

  /** Memory that is never taken back, for what in Go is part of the program or the stack. */
  reserveForever(size: number): Address {
    const rounded = Math.ceil(size / 8) * 8;
    if (this.#kept + rounded > this.#keptEnd) {
      const bytes = Math.max(this.#chunkSize, rounded);
      this.#kept = this.#heap.reserve(bytes);
      this.#keptEnd = this.#kept + bytes;
    }
    const address = this.#kept;
    this.#kept += rounded;
    return address;
  }
}
