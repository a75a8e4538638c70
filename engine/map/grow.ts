import type { Address } from "../memory/memory.ts";
import type { MapType } from "../types/maptype.ts";
import { BUCKET_CELLS, DATA_OFFSET, evacuated, isEmpty, minTopHash, TopHash, tophash } from "./bmap.ts";
import { Flag, growing, HMAP, MAPEXTRA, oldBucketCount, sameSizeGrow } from "./hmap.ts";
import { giveUpKeyCopies } from "./keycopies.ts";
import type { Machine } from "./machine.ts";
import { extra, makeBucketArray, newoverflow, overLoadFactor } from "./make.ts";
import { EvacuationReason, GrowthReason } from "./recorder.ts";

/** Old buckets that one call may skip because they were evacuated out of turn. */
const MAX_ADVANCE = 1024;

/**
 * Starts a growth: hangs up a new array and puts the present one aside as `oldbuckets`. Nothing moves yet; each
 * later write moves a bucket or two ({@link growWork}). The new array is twice as big when the load is over the
 * limit; otherwise there are too many overflow buckets, and one of the same size will do.
 */
export function hashGrow(go: Machine, t: MapType, h: Address): void {
  const { memory } = go;
  const B = memory.load8(h + HMAP.B);
  let flags = memory.load8(h + HMAP.flags);
  const bigger = overLoadFactor(memory.load32(h + HMAP.count) + 1, B);
  if (!bigger) flags |= Flag.sameSizeGrow;
  const newB = bigger ? B + 1 : B;
  const { array, nextOverflow } = makeBucketArray(go, t, newB, true);
  const reason = bigger ? GrowthReason.loadFactor : GrowthReason.overflowBuckets;
  go.recorder?.growthStarted(reason, B, newB, array);

  const iterating = (flags & Flag.iterator) !== 0;
  flags &= ~(Flag.iterator | Flag.oldIterator);
  if (iterating) flags |= Flag.oldIterator;
  memory.store8(h + HMAP.B, newB);
  memory.store8(h + HMAP.flags, flags);
  memory.storePointer(h + HMAP.oldbuckets, memory.loadPointer(h + HMAP.buckets));
  memory.storePointer(h + HMAP.buckets, array);
  memory.store32(h + HMAP.nevacuate, 0);
  memory.store16(h + HMAP.noverflow, 0);

  const ext = memory.loadPointer(h + HMAP.extra);
  if (ext !== 0 && memory.loadPointer(ext + MAPEXTRA.overflow) !== 0) {
    if (memory.loadPointer(ext + MAPEXTRA.oldoverflow) !== 0) throw new Error("oldoverflow is not nil");
    memory.storePointer(ext + MAPEXTRA.oldoverflow, memory.loadPointer(ext + MAPEXTRA.overflow));
    memory.storePointer(ext + MAPEXTRA.overflow, 0);
  }
  if (nextOverflow !== 0) memory.storePointer(extra(go, h) + MAPEXTRA.nextOverflow, nextOverflow);
}

/**
 * The growth work of one write to main bucket number `bucket`: evacuates the old bucket it comes from, so that
 * the write finds everything in the new array, and one more, so that the growth comes to an end.
 */
export function growWork(go: Machine, t: MapType, h: Address, bucket: number): void {
  evacuate(go, t, h, bucket & (oldBucketCount(go.memory, h) - 1), EvacuationReason.needed);
  if (growing(go.memory, h)) evacuate(go, t, h, go.memory.load32(h + HMAP.nevacuate), EvacuationReason.next);
}

/** Moves the chain of one old bucket into the new array, packed, in its order. */
function evacuate(go: Machine, t: MapType, h: Address, oldbucket: number, reason: number): void {
  const { memory, recorder } = go;
  const oldbuckets = memory.loadPointer(h + HMAP.oldbuckets);
  const newbit = oldBucketCount(memory, h);
  const start = oldbuckets + oldbucket * t.bucketSize;
  if (!evacuated(memory, start)) {
    recorder?.evacuationStarted(oldbucket, start, reason);
    moveChain(go, t, h, start, oldbucket, newbit);
    const oldIterator = (memory.load8(h + HMAP.flags) & Flag.oldIterator) !== 0;
    if (!oldIterator && t.bucketHasPointers) {
      // Lets the collector have what the old bucket pointed to. Its tophash bytes still tell that it has moved.
      recorder?.oldBucketCleared(start);
      memory.clear(start + DATA_OFFSET, t.bucketSize - DATA_OFFSET);
    }
  }
  if (oldbucket === memory.load32(h + HMAP.nevacuate)) advanceEvacuationMark(go, t, h, newbit);
}

/** Where the next entry of one half goes: Go's `evacDst`. */
interface Destination {
  bucket: Address;
  cell: number;
}

/**
 * Sends each entry of the chain at `b` to bucket X (same number) or Y (number + newbit). The hash of a key has
 * not changed, only the mask is one bit longer: that bit decides. In same-size growth all go to X.
 */
function moveChain(go: Machine, t: MapType, h: Address, b: Address, oldbucket: number, newbit: number): void {
  const { memory, hasher, recorder } = go;
  const bigger = !sameSizeGrow(memory, h);
  const iterating = (memory.load8(h + HMAP.flags) & Flag.iterator) !== 0;
  const seed = memory.load32(h + HMAP.hash0);
  giveUpKeyCopies(go, t, h);
  const buckets = memory.loadPointer(h + HMAP.buckets);
  const x: Destination = { bucket: buckets + oldbucket * t.bucketSize, cell: 0 };
  const y: Destination = { bucket: buckets + (oldbucket + newbit) * t.bucketSize, cell: 0 };
  for (; b !== 0; b = memory.loadPointer(b + t.overflowOffset)) {
    for (let cell = 0; cell < BUCKET_CELLS; cell++) {
      let top = memory.load8(b + cell);
      if (isEmpty(top)) {
        memory.store8(b + cell, TopHash.evacuatedEmpty);
        continue;
      }
      if (top < minTopHash) throw new Error("bad map state");
      const key = b + DATA_OFFSET + cell * t.keySlot;
      let destination = x;
      if (bigger) {
        const address = t.indirectKey ? memory.loadPointer(key) : key;
        hashKey(go, t, address, seed);
        if (iterating && !t.key.reflexive && !t.key.equal(go, address, address)) {
          // A NaN hashes differently each time. An iterator could not tell where it went, so the old tophash
          // decides, which the iterator can see too; and the entry gets a new random one for the next growth.
          destination = (top & 1) === 0 ? x : y;
          top = tophash(hasher.high);
        } else {
          destination = (hasher.low & newbit) === 0 ? x : y;
        }
      }
      if (destination.cell === BUCKET_CELLS) {
        destination.bucket = newoverflow(go, t, h, destination.bucket);
        destination.cell = 0;
      }
      const half = destination === x ? 0 : 1;
      recorder?.entryMoved(b, cell, destination.bucket, destination.cell, half, bigger ? newbit : 0);
      memory.store8(b + cell, half === 0 ? TopHash.evacuatedX : TopHash.evacuatedY);
      const to = destination.bucket;
      const at = destination.cell++;
      memory.store8(to + at, top);
      memory.copy(to + DATA_OFFSET + at * t.keySlot, key, t.keySlot);
      memory.copy(to + t.elemOffset + at * t.elemSlot, b + t.elemOffset + cell * t.elemSlot, t.elemSlot);
    }
  }
}

/** Hashes a key of the map: the variants know how without asking the type. */
function hashKey(go: Machine, t: MapType, key: Address, seed: number): void {
  const { memory, hasher } = go;
  if (t.variant === "fast64") hasher.memhash64(memory.load32(key + 4), memory.load32(key), seed);
  else if (t.variant === "fast32") hasher.memhash32(memory.load32(key), seed);
  else t.key.hash(go, key, 0, seed);
}

/** Moves `nevacuate` past all that is evacuated, and ends the growth when nothing is left. */
function advanceEvacuationMark(go: Machine, t: MapType, h: Address, newbit: number): void {
  const { memory } = go;
  const oldbuckets = memory.loadPointer(h + HMAP.oldbuckets);
  let mark = memory.load32(h + HMAP.nevacuate) + 1;
  const stop = Math.min(mark + MAX_ADVANCE, newbit);
  while (mark !== stop && evacuated(memory, oldbuckets + mark * t.bucketSize)) mark++;
  go.recorder?.evacuationMarkMoved(mark, newbit);
  memory.store32(h + HMAP.nevacuate, mark);
  if (mark !== newbit) return;
  go.recorder?.growthEnded();
  memory.storePointer(h + HMAP.oldbuckets, 0);
  const ext = memory.loadPointer(h + HMAP.extra);
  if (ext !== 0) memory.storePointer(ext + MAPEXTRA.oldoverflow, 0);
  memory.store8(h + HMAP.flags, memory.load8(h + HMAP.flags) & ~Flag.sameSizeGrow);
}
