import type { Address, Memory } from "../memory/memory.ts";

/**
 * # Go's map, up to Go 1.23
 *
 * This folder is the runtime map of Go 1.23 on a 64-bit machine, function by function: runtime/map.go and its
 * variants map_fast32.go, map_fast64.go and map_faststr.go. What follows is what one has to know to read it; later
 * comments refer to the rules by number.
 *
 * ## Words
 *
 * - A **map** is a pointer to an **hmap**, the header below. Copying the map copies the pointer.
 * - A **bucket** (Go's bmap) has eight **cells**. Its memory is eight tophash bytes, then eight key slots, then
 *   eight elem slots, then a pointer to an **overflow bucket**.
 * - A **slot** holds a key or elem, or a pointer to one that is longer than 128 bytes.
 * - The **array** has 2^B **main buckets**. A main bucket and the overflow buckets that hang on it are a **chain**.
 * - **Spares** are overflow buckets that were allocated together with the array, behind its main buckets.
 * - The **hash** of a key is 64 bits, and depends on the map's own seed, **hash0**. The low B bits choose the main
 *   bucket. The high byte is kept in the cell as its **tophash**, so that most cells can be passed over without
 *   looking at the key. A tophash below 5 is not a hash but a mark (bmap.ts).
 *
 *        hmap             array of 2^B main buckets                spares
 *       +---------+      +------------+------------+------------+------------+
 *       | count   |      | bucket 0   | bucket 1   | bucket 2   | bucket 3   |  ...
 *       | B = 2   |      | tophash x8 |            |            |            |
 *       | hash0   |      | key     x8 |            |            |            |
 *       | buckets-+----> | elem    x8 |            |            |            |
 *       | ...     |      | overflow   | overflow --+-> a spare, or a bucket allocated by itself
 *       +---------+      +------------+------------+------------+------------+
 *
 * ## Finding and putting
 *
 * 1. A lookup goes through one chain, cell by cell. It never changes anything.
 * 2. emptyRest marks an empty cell behind which the chain is empty to its end: a search can stop there. Every chain
 *    is live and emptyOne cells first, then emptyRest cells only, and no chain ends in an emptyOne.
 * 3. A new key goes into the first empty cell of its chain; when there is none, into a new overflow bucket.
 * 4. A write sets the flag hashWriting after hashing the key and takes it back at its end. Whoever finds it set when
 *    it should not be, or cleared, stops the process: two goroutines are at work on one map.
 *
 * ## Growing
 *
 * 5. Only the insertion of a new key starts a growth, and only when none is under way: to twice the buckets when
 *    there would be more than 6.5 entries a bucket, or to the same number when there are about as many overflow
 *    buckets as main ones (after many deletes, say), to pack what is left.
 * 6. A growth moves nothing by itself. The old array stays beside the new one, and every later assign or delete
 *    evacuates one or two old chains: the one it needs, and the next in order, counted by nevacuate.
 * 7. When the array doubles, the mask gets one bit longer, and that bit of the hash sends each entry of old bucket i
 *    to bucket i (X) or to bucket i + old size (Y). The marks evacuatedX and evacuatedY stay behind.
 * 8. A bucket of the old array is evacuated whole or not at all; its first tophash tells which. A lookup goes to the
 *    old chain as long as it has not been evacuated, else to the new one.
 * 9. Nothing ever shrinks. A delete empties a cell; clear empties all of them, and keeps the array.
 *
 * ## Iterating
 *
 * 10. An entry that is there from beginning to end MUST be produced exactly once, whatever else happens.
 * 11. An entry deleted before it was reached MUST NOT be produced.
 * 12. An entry added during the iteration MAY be produced or not.
 * 13. The elem produced MUST be the one that is in the map now, not the one when the iteration began.
 * 14. The order is not specified: it begins at a random bucket, and in each bucket at the same random cell.
 * 15. To do this an iterator keeps the array it began with, goes through that, and asks the map as it is now about
 *     every entry that has moved since. Begun in the middle of a growth, it reads old chains that have not been
 *     evacuated, and of them only what will go to the bucket it is at.
 * 16. A NaN is not equal to itself: it can be neither found nor deleted nor written over. So it is the truth wherever
 *     it stands; and since it hashes differently each time, the low bit of its tophash decides between X and Y while
 *     an iterator is under way.
 *
 * A re-implementation has to draw random numbers where Go does: one for hash0 when a map is made, and again when
 * its count comes to zero or it is cleared; one for each iteration of a map that is not empty; one for each overflow
 * bucket from B = 16 on; one for each NaN that is hashed.
 *
 * ## Twice
 *
 * What programs do by the million is there once more in engine/fast, compiled to WebAssembly: finding, putting,
 * deleting, evacuating and iterating, for the variants fast32, fast64 and faststr. It works on the same memory and leaves
 * the same bytes. It serves while nobody watches; this folder is what it has to agree with, does everything else, and
 * does all of it as soon as somebody records.
 */

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

/** The mask that leaves the low B bits of a hash: the number of a main bucket. B is at most 24 in 2 GiB. */
export function bucketMask(B: number): number {
  return (1 << B) - 1;
}

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
  return 1 << (sameSizeGrow(memory, h) ? B : B - 1);
}
