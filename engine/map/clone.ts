import type { Address } from "../memory/memory.ts";
import type { MapType } from "../types/maptype.ts";
import { elemOf, keyOf } from "./access.ts";
import { mapassign, storeKey } from "./assign.ts";
import { BUCKET_CELLS, DATA_OFFSET, evacuated, isEmpty } from "./bmap.ts";
import { fatal } from "./errors.ts";
import { Flag, growing, HMAP, oldBucketCount } from "./hmap.ts";
import { giveUpKeyCopies } from "./keycopies.ts";
import type { Machine } from "./machine.ts";
import { makemap, newoverflow, overLoadFactor } from "./make.ts";

/** Where the next entry goes. */
interface Place {
  bucket: Address;
  cell: number;
}

/**
 * `maps.Clone(m)`: `mapclone2` (runtime/map.go). The clone has the seed of its source and is sized for the
 * entries there are, so it may be smaller; entries move bucket by bucket without being hashed again.
 */
export function mapclone(go: Machine, t: MapType, source: Address): Address {
  if (source === 0) return 0;
  const { memory } = go;
  const count = memory.load32(source + HMAP.count);
  const sourceB = memory.load8(source + HMAP.B);
  const hint = overLoadFactor(count, sourceB) ? 13 * Math.floor(2 ** sourceB / 2) : count;
  const clone = makemap(go, t, hint);
  memory.store32(clone + HMAP.hash0, memory.load32(source + HMAP.hash0));
  if (count === 0) return clone;
  if ((memory.load8(source + HMAP.flags) & Flag.hashWriting) !== 0)
    fatal("concurrent map clone and map write");

  if (sourceB === 0 && !t.indirectElem && !(t.indirectKey && t.key.needKeyUpdate)) {
    // One bucket, which can be copied as it is, holes included.
    const bucket = go.heap.allocate(t.bucketSize, t.bucketLayout);
    memory.storePointer(clone + HMAP.buckets, bucket);
    for (let cell = 0; cell < BUCKET_CELLS; cell++) {
      const from = memory.loadPointer(source + HMAP.buckets);
      if (!isEmpty(memory.load8(from + cell))) go.recorder?.entryCopied(from, cell, bucket, cell);
    }
    memory.copy(bucket, memory.loadPointer(source + HMAP.buckets), t.bucketSize);
    memory.store32(clone + HMAP.count, count);
    return clone;
  }
  giveUpKeyCopies(go, t, clone);
  const B = memory.load8(clone + HMAP.B);
  if (B === 0) memory.storePointer(clone + HMAP.buckets, go.heap.allocate(t.bucketSize, t.bucketLayout));
  cloneMainBuckets(go, t, source, sourceB, clone, B);
  if (growing(memory, source)) cloneOldBuckets(go, t, source, clone, B);
  return clone;
}

function cloneMainBuckets(
  go: Machine,
  t: MapType,
  source: Address,
  sourceB: number,
  clone: Address,
  B: number,
): void {
  const { memory } = go;
  const from = memory.loadPointer(source + HMAP.buckets);
  const to = memory.loadPointer(clone + HMAP.buckets);
  for (let i = 0; i < 2 ** B; i++) {
    let place: Place = { bucket: to + i * t.bucketSize, cell: 0 };
    for (let j = i; j < 2 ** sourceB; j += 2 ** B) {
      place = moveChain(go, t, from + j * t.bucketSize, clone, place);
    }
  }
}

/** What a growing map has not evacuated yet. */
function cloneOldBuckets(go: Machine, t: MapType, source: Address, clone: Address, B: number): void {
  const { memory } = go;
  const oldbuckets = memory.loadPointer(source + HMAP.oldbuckets);
  const length = oldBucketCount(memory, source);
  const to = memory.loadPointer(clone + HMAP.buckets);
  for (let number = 0; number < length; number++) {
    const b = oldbuckets + number * t.bucketSize;
    if (evacuated(memory, b)) continue;
    if (Math.log2(length) >= B) {
      // The clone has at most as many buckets: all entries of this chain go to one of them, at its end.
      let bucket = to + (number & (2 ** B - 1)) * t.bucketSize;
      for (let next = memory.loadPointer(bucket + t.overflowOffset); next !== 0; ) {
        bucket = next;
        next = memory.loadPointer(bucket + t.overflowOffset);
      }
      moveChain(go, t, b, clone, { bucket, cell: 0 });
    } else {
      insertChain(go, t, b, clone);
    }
  }
}

/** Copies the live entries of a chain behind one another, from the first empty cell at or after `place`. */
function moveChain(go: Machine, t: MapType, b: Address, clone: Address, place: Place): Place {
  const { memory } = go;
  let { bucket, cell } = place;
  for (; b !== 0; b = memory.loadPointer(b + t.overflowOffset)) {
    for (let i = 0; i < BUCKET_CELLS; i++) {
      const top = memory.load8(b + i);
      if (isEmpty(top)) continue;
      while (cell < BUCKET_CELLS && !isEmpty(memory.load8(bucket + cell))) cell++;
      if (cell === BUCKET_CELLS) {
        bucket = newoverflow(go, t, clone, bucket);
        cell = 0;
      }
      go.recorder?.entryCopied(b, i, bucket, cell);
      memory.store8(bucket + cell, top);
      cloneKey(go, t, b, i, bucket, cell);
      cloneElem(go, t, b, i, bucket, cell);
      memory.store32(clone + HMAP.count, memory.load32(clone + HMAP.count) + 1);
      cell++;
    }
  }
  return { bucket, cell };
}

function cloneKey(go: Machine, t: MapType, b: Address, i: number, bucket: Address, cell: number): void {
  // An indirect key that is never written over can be shared.
  if (t.indirectKey && t.key.needKeyUpdate) storeKey(go, t, bucket, cell, keyOf(go, t, b, i));
  else go.memory.copy(bucket + DATA_OFFSET + cell * t.keySlot, b + DATA_OFFSET + i * t.keySlot, t.keySlot);
}

function cloneElem(go: Machine, t: MapType, b: Address, i: number, bucket: Address, cell: number): void {
  const { memory } = go;
  let to = bucket + t.elemOffset + cell * t.elemSlot;
  if (t.indirectElem) {
    const elem = go.heap.allocate(t.elem.size, t.elem.layout);
    memory.storePointer(to, elem);
    to = elem;
  }
  memory.copy(to, elemOf(go, t, b, i), t.elem.size);
}

/** Assigns the live entries of a chain one by one. */
function insertChain(go: Machine, t: MapType, b: Address, clone: Address): void {
  const { memory } = go;
  for (; b !== 0; b = memory.loadPointer(b + t.overflowOffset)) {
    for (let cell = 0; cell < BUCKET_CELLS; cell++) {
      if (isEmpty(memory.load8(b + cell))) continue;
      const elem = mapassign(go, t, clone, keyOf(go, t, b, cell));
      memory.copy(elem, elemOf(go, t, b, cell), t.elem.size);
    }
  }
}
