import { type Address, pointerHigh } from "../memory/memory.ts";
import { roundupsize } from "../memory/sizeclasses.ts";
import type { MapType } from "../types/maptype.ts";
import { BUCKET_CELLS } from "./bmap.ts";
import { HMAP, HMAP_SIZE, MAPEXTRA, MAPEXTRA_SIZE } from "./hmap.ts";
import type { Machine } from "./machine.ts";

/** Bytes of the largest object that Go can allocate on amd64: 48 address bits. */
const MAX_ALLOC = 2 ** 48;

/** `make(map[K]V)` of a map that escapes: a header with a seed, and no bucket before the first assign. */
export function makemapSmall(go: Machine): Address {
  const h = go.heap.allocate(HMAP_SIZE, false);
  go.random.next();
  go.memory.store32(h + HMAP.hash0, go.random.low);
  return h;
}

/**
 * `make(map[K]V, hint)`: as many buckets as `hint` entries need without growing. A negative or absurd hint counts
 * as none.
 *
 * @param hint an integer
 */
export function makemap(go: Machine, t: MapType, hint: number): Address {
  if (hint < 0 || hint * t.bucketSize > MAX_ALLOC) hint = 0;
  const h = makemapSmall(go);
  const { memory } = go;
  let B = 0;
  while (overLoadFactor(hint, B)) B++;
  memory.store8(h + HMAP.B, B);
  if (B > 0) {
    const { array, nextOverflow } = makeBucketArray(go, t, B);
    memory.storePointer(h + HMAP.buckets, array);
    if (nextOverflow !== 0) memory.storePointer(extra(go, h) + MAPEXTRA.nextOverflow, nextOverflow);
  }
  return h;
}

/** Whether `count` entries are too many for 2^B buckets: more than 8, and more than 6.5 a bucket. */
export function overLoadFactor(count: number, B: number): boolean {
  return count > BUCKET_CELLS && count > 13 * Math.floor(2 ** B / 2);
}

/**
 * Whether there are about as many overflow buckets as main ones, so that growth to the same size pays: it
 * packs the entries. Above 2^15 the number is only estimated.
 */
export function tooManyOverflowBuckets(noverflow: number, B: number): boolean {
  return noverflow >= 2 ** Math.min(B, 15);
}

/**
 * Allocates 2^B buckets and, from B = 4 on, spare overflow buckets behind them: one for sixteen, and whatever
 * rounding up to a size class adds. The last spare's overflow pointer is not nil but points to the array: so
 * {@link newoverflow} knows the last spare when it sees it.
 */
export function makeBucketArray(
  go: Machine,
  t: MapType,
  B: number,
): { array: Address; nextOverflow: Address } {
  const base = 2 ** B;
  const buckets = arrayBuckets(t, B);
  const array = go.heap.allocate(t.bucketSize * buckets, !t.bucketHasPointers);
  if (buckets === base) return { array, nextOverflow: 0 };
  const last = array + t.bucketSize * (buckets - 1);
  go.memory.storePointer(last + t.overflowOffset, array);
  return { array, nextOverflow: array + t.bucketSize * base };
}

/** How many buckets an array for 2^B main buckets holds, spares included. */
export function arrayBuckets(t: MapType, B: number): number {
  const base = 2 ** B;
  if (B < 4) return base;
  const buckets = base + 2 ** (B - 4);
  return Math.floor(roundupsize(t.bucketSize * buckets, !t.bucketHasPointers) / t.bucketSize);
}

/** The map's mapextra, made when it is missing. */
export function extra(go: Machine, h: Address): Address {
  const present = go.memory.loadPointer(h + HMAP.extra);
  if (present !== 0) return present;
  const made = go.heap.allocate(MAPEXTRA_SIZE, false);
  go.memory.storePointer(h + HMAP.extra, made);
  return made;
}

/** Gives the bucket at `b`, the last of its chain, an overflow bucket: a spare one, or else a new one. */
export function newoverflow(go: Machine, t: MapType, h: Address, b: Address): Address {
  const { memory } = go;
  const ext = memory.loadPointer(h + HMAP.extra);
  const spare = ext === 0 ? 0 : memory.loadPointer(ext + MAPEXTRA.nextOverflow);
  let added = spare;
  if (spare === 0) {
    added = go.heap.allocate(t.bucketSize, !t.bucketHasPointers);
  } else if (memory.loadPointer(spare + t.overflowOffset) === 0) {
    memory.storePointer(ext + MAPEXTRA.nextOverflow, spare + t.bucketSize);
  } else {
    memory.storePointer(spare + t.overflowOffset, 0);
    memory.storePointer(ext + MAPEXTRA.nextOverflow, 0);
  }
  incrnoverflow(go, h);
  if (!t.bucketHasPointers) appendOverflow(go, extra(go, h), added);
  memory.storePointer(b + t.overflowOffset, added);
  return added;
}

/** Counts an overflow bucket: always below B = 16, above with the chance that keeps the estimate right. */
function incrnoverflow(go: Machine, h: Address): void {
  const { memory, random } = go;
  const B = memory.load8(h + HMAP.B);
  if (B >= 16) {
    random.next();
    if ((random.low & (2 ** (B - 15) - 1)) !== 0) return;
  }
  memory.store16(h + HMAP.noverflow, memory.load16(h + HMAP.noverflow) + 1);
}

const SLICE = { array: 0, length: 8, capacity: 16 } as const;
const SLICE_SIZE = 24;

/**
 * Appends a bucket to `extra.overflow`. The collector does not look into pointer-free buckets, so their overflow
 * buckets would be lost if this list did not hold them.
 */
function appendOverflow(go: Machine, ext: Address, b: Address): void {
  const { memory, heap } = go;
  let slice = memory.loadPointer(ext + MAPEXTRA.overflow);
  if (slice === 0) {
    slice = heap.allocate(SLICE_SIZE, false);
    memory.storePointer(ext + MAPEXTRA.overflow, slice);
  }
  const length = memory.load32(slice + SLICE.length);
  let array = memory.loadPointer(slice + SLICE.array);
  const capacity = memory.load32(slice + SLICE.capacity);
  if (length === capacity) {
    const size = grownSliceSize(capacity);
    const grown = heap.allocate(size, false);
    memory.copy(grown, array, 8 * length);
    array = grown;
    memory.storePointer(slice + SLICE.array, array);
    memory.store32(slice + SLICE.capacity, size / 8);
  }
  memory.store32(array + 8 * length, b);
  memory.store32(array + 8 * length + 4, pointerHigh);
  memory.store32(slice + SLICE.length, length + 1);
}

/** Bytes of a full slice of `capacity` pointers once it has grown by one: `growslice` (runtime/slice.go). */
function grownSliceSize(capacity: number): number {
  const doubled = capacity < 256 ? 2 * capacity : capacity + Math.floor((capacity + 3 * 256) / 4);
  return roundupsize(8 * Math.max(doubled, 1), false);
}
