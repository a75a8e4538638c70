import { Heap } from "../memory/heap.ts";
import { type Address, Memory } from "../memory/memory.ts";
import type { RandomSource } from "../memory/random.ts";
import { Hasher } from "./hash.ts";

/** Bytes that a lookup of an absent key points at: abi.ZeroValSize. */
const ZERO_VAL_SIZE = 1024;

/** Bytes of scratch to begin with: longer keys are rare. */
const SCRATCH_SIZE = 4096;

/**
 * What the map's functions work on: one memory, its allocator, the random source and the hash. Go has these as
 * globals of a process; here a program can have several.
 */
export class Machine {
  readonly memory = new Memory();
  readonly heap: Heap;
  readonly random: RandomSource;
  readonly hasher: Hasher;
  /** The runtime's `zeroVal`: the zero value of every elem type that is not over 1024 bytes. */
  readonly zeroVal: Address = 1024;
  /** Where a key that is only looked for stands, so that it needs no object: {@link reserveScratch}. */
  scratch: Address = this.zeroVal + ZERO_VAL_SIZE;
  #scratchSize = SCRATCH_SIZE;

  constructor(random: RandomSource) {
    this.random = random;
    this.hasher = new Hasher(random);
    this.heap = new Heap(this.memory, this.scratch + SCRATCH_SIZE);
  }

  /** Makes {@link scratch} at least `size` bytes long; what stood there may be gone. */
  reserveScratch(size: number): void {
    if (size <= this.#scratchSize) return;
    this.#scratchSize = 2 * size;
    this.scratch = this.heap.reserve(this.#scratchSize);
  }
}
