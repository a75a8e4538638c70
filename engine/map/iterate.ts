import type { Address } from "../memory/memory.ts";
import type { MapType } from "../types/maptype.ts";
import { bucketOf, CELL_MASK, elemOf, isEmptyMap, keyOf, mapaccessK } from "./access.ts";
import { BUCKET_CELLS, evacuated, isEmpty, TopHash } from "./bmap.ts";
import { fatal } from "./errors.ts";
import { bucketMask, Flag, growing, HMAP, MAPEXTRA, oldBucketCount, sameSizeGrow } from "./hmap.ts";
import type { Machine } from "./machine.ts";
import { createOverflow } from "./make.ts";
import { SkipReason } from "./recorder.ts";

/** An iterator, Go's `hiter` (runtime/map.go): 96 bytes. Offsets of its fields. */
export const HITER = {
  /** Address of the key produced last; nil when the iteration is over. */
  key: 0,
  /** Address of the elem produced last. */
  elem: 8,
  t: 16,
  /** Address of the hmap. */
  h: 24,
  /** The array at the beginning: the iterator keeps it, however often the map grows. */
  buckets: 32,
  /** The bucket it stands on; nil before the first and between chains. */
  bptr: 40,
  /** Keep the overflow buckets of pointer-free maps alive. */
  overflow: 48,
  oldoverflow: 56,
  /** The bucket it began with. */
  startBucket: 64,
  /** Where in each bucket it begins, 0 to 7. uint8 */
  offset: 72,
  /** Whether it has gone past the array's end and begun again. bool */
  wrapped: 73,
  /** The map's B at the beginning. uint8 */
  B: 74,
  /** The next cell, counted from `offset`. uint8 */
  i: 75,
  /** The next bucket of the array. */
  bucket: 80,
  /** While old buckets are read: the new bucket whose entries alone count; else {@link NO_CHECK}. */
  checkBucket: 88,
} as const;

/** Bytes of an hiter. */
export const HITER_SIZE = 96;

/** `noCheck`: 1 << 63, as the high word of a checkBucket. */
const NO_CHECK_HIGH = 0x80000000 | 0;

/**
 * Begins an iteration and moves to its first entry: `mapiterinit`.
 *
 * @param it 96 zeroed bytes
 */
export function mapiterinit(go: Machine, t: MapType, h: Address, it: Address): void {
  if (isEmptyMap(go, h)) {
    go.recorder?.mapIsEmpty();
    return;
  }
  const { memory, random } = go;
  const B = memory.load8(h + HMAP.B);
  memory.storePointer(it + HITER.h, h);
  memory.store8(it + HITER.B, B);
  memory.storePointer(it + HITER.buckets, memory.loadPointer(h + HMAP.buckets));
  if (!t.bucketHasPointers) {
    createOverflow(go, h);
    const extra = memory.loadPointer(h + HMAP.extra);
    memory.storePointer(it + HITER.overflow, memory.loadPointer(extra + MAPEXTRA.overflow));
    memory.storePointer(it + HITER.oldoverflow, memory.loadPointer(extra + MAPEXTRA.oldoverflow));
  }
  random.next();
  const startBucket = random.low & bucketMask(B);
  const offset = bitsFrom(random.high, random.low, B) & (BUCKET_CELLS - 1);
  go.recorder?.iteratorBegun(it, startBucket, offset);
  memory.store32(it + HITER.startBucket, startBucket);
  memory.store8(it + HITER.offset, offset);
  memory.store32(it + HITER.bucket, startBucket);
  memory.store8(h + HMAP.flags, memory.load8(h + HMAP.flags) | Flag.iterator | Flag.oldIterator);
  mapiternext(go, t, it);
}

/** The low bits of a 64-bit number shifted right by `shift`, 0 to 31. */
function bitsFrom(high: number, low: number, shift: number): number {
  return shift === 0 ? low : (low >>> shift) | (high << (32 - shift));
}

/** Moves to the next entry: `mapiternext`. Returns the address of its key, or 0 at the end. */
export function mapiternext(go: Machine, t: MapType, it: Address): Address {
  const { memory, recorder } = go;
  const h = memory.loadPointer(it + HITER.h);
  if ((memory.load8(h + HMAP.flags) & Flag.hashWriting) !== 0)
    fatal("concurrent map iteration and map write");
  const B = memory.load8(it + HITER.B);
  const offset = memory.load8(it + HITER.offset);
  let b = memory.loadPointer(it + HITER.bptr);
  let i = memory.load8(it + HITER.i);
  let bucket = memory.load32(it + HITER.bucket);
  let checkBucket = memory.load32(it + HITER.checkBucket);
  let checks = b !== 0 && memory.load32(it + HITER.checkBucket + 4) !== NO_CHECK_HIGH;
  for (;;) {
    if (b === 0) {
      const wrapped = memory.load8(it + HITER.wrapped) !== 0;
      if (wrapped && bucket === memory.load32(it + HITER.startBucket)) {
        recorder?.iteratorEnded(it);
        memory.storePointer(it + HITER.key, 0);
        memory.storePointer(it + HITER.elem, 0);
        return 0;
      }
      // An iteration that began in the middle of this growth reads an old bucket that has not been evacuated yet,
      // and of it only what will go to the bucket it is at: so each entry comes once.
      checks = false;
      b = memory.loadPointer(it + HITER.buckets) + bucket * t.bucketSize;
      if (growing(memory, h) && B === memory.load8(h + HMAP.B)) {
        const oldbucket = bucket & (oldBucketCount(memory, h) - 1);
        const old = memory.loadPointer(h + HMAP.oldbuckets) + oldbucket * t.bucketSize;
        if (!evacuated(memory, old)) {
          b = old;
          checks = true;
          checkBucket = bucket;
        }
      }
      recorder?.iteratorMoved(it, bucket, b, checks ? 1 : 0);
      bucket++;
      if (bucket === 1 << B) {
        recorder?.iteratorWrapped(it);
        bucket = 0;
        memory.store8(it + HITER.wrapped, 1);
      }
      i = 0;
    }
    for (; i < BUCKET_CELLS; i++) {
      const cell = (i + offset) & (BUCKET_CELLS - 1);
      const top = memory.load8(b + cell);
      if (isEmpty(top) || top === TopHash.evacuatedEmpty) continue;
      const key = keyOf(go, t, b, cell);
      if (checks && !sameSizeGrow(memory, h) && !goesTo(go, t, h, key, top, checkBucket, B)) {
        recorder?.entrySkipped(b, cell, SkipReason.otherHalf);
        continue;
      }
      let from = b;
      let at = cell;
      const moved = top === TopHash.evacuatedX || top === TopHash.evacuatedY;
      if (moved && (t.key.reflexive || t.key.equal(go, key, key))) {
        // It is not here any more, and may have been changed or deleted since: ask the map as it is now. (A NaN
        // can be neither, so its old cell still tells the truth.)
        recorder?.entryLookedUp(b, cell);
        const found = mapaccessK(go, t, h, key);
        if (found === 0) {
          recorder?.entrySkipped(b, cell, SkipReason.gone);
          continue;
        }
        from = bucketOf(found);
        at = found & CELL_MASK;
      }
      recorder?.entryProduced(it, from, at);
      const produced = keyOf(go, t, from, at);
      memory.storePointer(it + HITER.key, produced);
      memory.storePointer(it + HITER.elem, elemOf(go, t, from, at));
      memory.store32(it + HITER.bucket, bucket);
      memory.storePointer(it + HITER.bptr, b);
      memory.store8(it + HITER.i, i + 1);
      memory.store32(it + HITER.checkBucket, checks ? checkBucket : 0);
      memory.store32(it + HITER.checkBucket + 4, checks ? 0 : NO_CHECK_HIGH);
      return produced;
    }
    b = memory.loadPointer(b + t.overflowOffset);
    i = 0;
  }
}

/** Whether the entry of an old cell will be evacuated to new bucket number `bucket`. */
function goesTo(
  go: Machine,
  t: MapType,
  h: Address,
  key: Address,
  top: number,
  bucket: number,
  B: number,
): boolean {
  if (t.key.reflexive || t.key.equal(go, key, key)) {
    t.key.hash(go, key, 0, go.memory.load32(h + HMAP.hash0));
    return (go.hasher.low & bucketMask(B)) === bucket;
  }
  // A NaN: evacuation goes by the low bit of its tophash.
  return bucket >>> (B - 1) === (top & 1);
}
