import { allPointers } from "../memory/layout.ts";
import { type Address, pointerHigh } from "../memory/memory.ts";
import { roundupsize } from "../memory/sizeclasses.ts";
import type { MapType } from "../types/maptype.ts";
import { BUCKET_CELLS } from "./bmap.ts";
import { HMAP, HMAP_SIZE, MAPEXTRA, MAPEXTRA_SIZE } from "./hmap.ts";
import { keyCopiesSize, startKeyCopies } from "./keycopies.ts";
import type { Machine } from "./machine.ts";

/** Bytes of the largest object that Go can allocate on amd64: 48 address bits. */
const MAX_ALLOC = 2 ** 48;

/** `make(map[K]V)` of a map that escapes: a header with a seed, and no bucket before the first assign. */
export function makemapSmall(go: Machine): Address {
  const h = go.heap.allocate(HMAP_SIZE, allPointers);
  go.recorder?.made(h, 0, 0);
  return initializeHmap(go, h);
}

function initializeHmap(go: Machine, h: Address): Address {
  go.random.next();
  go.recorder?.seedRenewed(go.random.low);
  go.memory.store32(h + HMAP.hash0, go.random.low);
  return h;
}

/**
 * A map that does not escape: its header is on the stack, and with a hint of at most 8 its first bucket too,
 * there from the start. Otherwise it is as {@link makemap} makes it.
 */
export function makemapStack(go: Machine, t: MapType, hint: number): Address {
  const h = go.scratch.reserveForever(HMAP_SIZE);
  if (hint <= BUCKET_CELLS) {
    go.memory.storePointer(h + HMAP.buckets, go.scratch.reserveForever(t.bucketSize));
  }
  return makemap(go, t, hint, h);
}

/**
 * `make(map[K]V, hint)`: as many buckets as `hint` entries need without growing. A negative or absurd hint counts
 * as none.
 *
 * @param hint an integer
 * @param place where to put the header; in the heap unless it is given
 */
export function makemap(go: Machine, t: MapType, hint: number, place?: Address): Address {
  if (hint < 0 || hint * t.bucketSize > MAX_ALLOC) hint = 0;
  const h = initializeHmap(go, place ?? go.heap.allocate(HMAP_SIZE, allPointers));
  const { memory } = go;
  let B = 0;
  while (overLoadFactor(hint, B)) B++;
  memory.store8(h + HMAP.B, B);
  if (B > 0) {
    const { array, nextOverflow } = makeBucketArray(go, t, B);
    go.recorder?.made(h, B, array);
    memory.storePointer(h + HMAP.buckets, array);
    if (nextOverflow !== 0) memory.storePointer(extra(go, h) + MAPEXTRA.nextOverflow, nextOverflow);
  } else go.recorder?.made(h, 0, memory.loadPointer(h + HMAP.buckets));
  return h;
}

/** For each B the most entries that 2^B buckets take before they grow: 8, and then 6.5 a bucket. */
const loadLimits = Float64Array.from({ length: 64 }, (_, B) =>
  Math.max(BUCKET_CELLS, 13 * Math.floor(2 ** B / 2)),
);

/** Whether `count` entries are too many for 2^B buckets. */
export function overLoadFactor(count: number, B: number): boolean {
  return count > (loadLimits[B] as number);
}

/**
 * Whether there are about as many overflow buckets as main ones, so that growth to the same size pays: it
 * packs the entries. Above 2^15 the number is only estimated.
 */
export function tooManyOverflowBuckets(noverflow: number, B: number): boolean {
  return noverflow >= 1 << Math.min(B, 15);
}

/**
 * Allocates 2^B buckets and, from B = 4 on, spare overflow buckets behind them: one for sixteen, and whatever
 * rounding up to a size class adds. The last spare's overflow pointer is not nil but points to the array: so
 * {@link newoverflow} knows the last spare when it sees it.
 *
 * @param isForGrowth whether entries will move into all of it, in no order: then the system is asked for its pages at once
 */
export function makeBucketArray(
  go: Machine,
  t: MapType,
  B: number,
  isForGrowth = false,
): { array: Address; nextOverflow: Address } {
  const bytes = t.bucketSize * arrayBuckets(t, B);
  const copies = keyCopiesSize(t, B);
  const array = go.heap.allocate(bytes, t.bucketLayout, copies);
  if (isForGrowth) go.memory.prefault(array, bytes + copies);
  startKeyCopies(go, t, array, B);
  return { array, nextOverflow: linkSpares(go, t, array, B) };
}

/** Zeroes an array for 2^B main buckets and its spares, so that it is as if just made. */
export function clearBucketArray(go: Machine, t: MapType, array: Address, B: number): void {
  go.memory.clear(array, t.bucketSize * arrayBuckets(t, B));
  startKeyCopies(go, t, array, B);
  linkSpares(go, t, array, B);
}

/** Marks the last spare of a zeroed array. Returns the address of the first spare, or 0 when there is none. */
function linkSpares(go: Machine, t: MapType, array: Address, B: number): Address {
  const buckets = arrayBuckets(t, B);
  if (buckets === 2 ** B) return 0;
  go.memory.storePointer(array + t.bucketSize * (buckets - 1) + t.overflowOffset, array);
  return array + t.bucketSize * 2 ** B;
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
  const made = go.heap.allocate(MAPEXTRA_SIZE, allPointers);
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
    added = go.heap.allocate(t.bucketSize, t.bucketLayout);
  } else if (memory.loadPointer(spare + t.overflowOffset) === 0) {
    memory.storePointer(ext + MAPEXTRA.nextOverflow, spare + t.bucketSize);
  } else {
    memory.storePointer(spare + t.overflowOffset, 0);
    memory.storePointer(ext + MAPEXTRA.nextOverflow, 0);
  }
  go.recorder?.overflowLinked(b, added, spare !== 0);
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

/** The slice `extra.overflow`, made when it is missing. */
function overflowList(go: Machine, ext: Address): Address {
  const present = go.memory.loadPointer(ext + MAPEXTRA.overflow);
  if (present !== 0) return present;
  const made = go.heap.allocate(SLICE_SIZE, allPointers);
  go.memory.storePointer(ext + MAPEXTRA.overflow, made);
  return made;
}

/** Makes mapextra and its list of overflow buckets, if they are missing: Go's `createOverflow`. */
export function createOverflow(go: Machine, h: Address): void {
  overflowList(go, extra(go, h));
}

const SLICE = { array: 0, length: 8, capacity: 16 } as const;
const SLICE_SIZE = 24;

/**
 * Appends a bucket to `extra.overflow`. The collector does not look into pointer-free buckets, so their overflow
 * buckets would be lost if this list did not hold them.
 */
function appendOverflow(go: Machine, ext: Address, b: Address): void {
  const { memory, heap } = go;
  const slice = overflowList(go, ext);
  const length = memory.load32(slice + SLICE.length);
  let array = memory.loadPointer(slice + SLICE.array);
  const capacity = memory.load32(slice + SLICE.capacity);
  if (length === capacity) {
    const grown = heap.growslice(capacity, 8, allPointers);
    memory.copy(grown.address, array, 8 * length);
    array = grown.address;
    memory.storePointer(slice + SLICE.array, array);
    memory.store32(slice + SLICE.capacity, grown.capacity);
  }
  memory.store32(array + 8 * length, b);
  memory.store32(array + 8 * length + 4, pointerHigh);
  memory.store32(slice + SLICE.length, length + 1);
}
