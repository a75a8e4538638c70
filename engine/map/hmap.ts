import type { Address, Memory } from "../memory/memory.ts";

/** The header of a map, Go's `hmap` (runtime/map.go): 48 bytes. Offsets of its fields. */
export const HMAP = {
  /** Live entries; what `len(m)` reads. int */
  count: 0,
  /** Bits of {@link Flag}. uint8 */
  flags: 8,
  /** log2 of the number of main buckets. uint8 */
  B: 9,
  /** Overflow buckets of the current array: exact while B < 16, an estimate above. uint16 */
  noverflow: 10,
  /** Seed of the hash. uint32 */
  hash0: 12,
  /** The array of 2^B buckets, spare overflow buckets behind them. nil while the map is empty and B is 0. */
  buckets: 16,
  /** The former array while the map is growing, else nil. */
  oldbuckets: 24,
  /** Old buckets below this number have all been evacuated. uintptr */
  nevacuate: 32,
  /** Address of a mapextra, or nil. */
  extra: 40,
} as const;

/** Bytes of an hmap. */
export const HMAP_SIZE = 48;

/** The rarely needed rest of the header, Go's `mapextra`: 24 bytes. Offsets of its fields. */
export const MAPEXTRA = {
  /** Address of a slice of the current array's overflow buckets; pointer-free buckets only. */
  overflow: 0,
  /** The same for the old array. */
  oldoverflow: 8,
  /** The next preallocated overflow bucket that is free, or nil. */
  nextOverflow: 16,
} as const;

/** Bytes of a mapextra. */
export const MAPEXTRA_SIZE = 24;

/** Bits of `hmap.flags`. */
export const Flag = {
  /** An iterator may be using `buckets`. */
  iterator: 1,
  /** An iterator may be using `oldbuckets`. */
  oldIterator: 2,
  /** A write is in progress. */
  hashWriting: 4,
  /** The growth in progress keeps B. */
  sameSizeGrow: 8,
} as const;

/** Whether an old array is still being evacuated. */
export function growing(memory: Memory, h: Address): boolean {
  return memory.loadPointer(h + HMAP.oldbuckets) !== 0;
}

/** Whether the growth in progress keeps the number of buckets. */
export function sameSizeGrow(memory: Memory, h: Address): boolean {
  return (memory.load8(h + HMAP.flags) & Flag.sameSizeGrow) !== 0;
}

/** Number of main buckets of the old array, while growing: Go's `noldbuckets`. */
export function oldBucketCount(memory: Memory, h: Address): number {
  const B = memory.load8(h + HMAP.B);
  return 2 ** (sameSizeGrow(memory, h) ? B : B - 1);
}
