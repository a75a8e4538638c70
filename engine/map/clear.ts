import type { Address } from "../memory/memory.ts";
import type { MapType } from "../types/maptype.ts";
import { isEmptyMap } from "./access.ts";
import { BUCKET_CELLS, TopHash } from "./bmap.ts";
import { Flag, HMAP, MAPEXTRA, MAPEXTRA_SIZE, oldBucketCount } from "./hmap.ts";
import type { Machine } from "./machine.ts";
import { arrayBuckets, clearBucketArray } from "./make.ts";
import { beginWrite, checkNoOtherWriter, endWrite } from "./write.ts";

/**
 * `clear(m)`: `mapclear` (runtime/map.go). The array stays, however big it is, and is zeroed; what goes are the
 * old array of a growth and the overflow buckets that were allocated one by one.
 */
export function mapclear(go: Machine, t: MapType, h: Address): void {
  if (isEmptyMap(go, h)) return;
  checkNoOtherWriter(go, h);
  beginWrite(go, h);
  const { memory } = go;
  const B = memory.load8(h + HMAP.B);
  const buckets = memory.loadPointer(h + HMAP.buckets);
  const oldbuckets = memory.loadPointer(h + HMAP.oldbuckets);
  go.recorder?.cleared(buckets, 2 ** B);
  // Iterators may stand on any of these buckets, and keep them: emptyRest ends them.
  markEmpty(go, t, buckets, 2 ** B);
  if (oldbuckets !== 0) markEmpty(go, t, oldbuckets, oldBucketCount(memory, h));

  memory.store8(h + HMAP.flags, memory.load8(h + HMAP.flags) & ~Flag.sameSizeGrow);
  memory.storePointer(h + HMAP.oldbuckets, 0);
  memory.store32(h + HMAP.nevacuate, 0);
  memory.store16(h + HMAP.noverflow, 0);
  memory.store32(h + HMAP.count, 0);
  go.random.next();
  go.recorder?.seedRenewed(go.random.low);
  memory.store32(h + HMAP.hash0, go.random.low);

  const extra = memory.loadPointer(h + HMAP.extra);
  if (extra !== 0) memory.clear(extra, MAPEXTRA_SIZE);
  clearBucketArray(go, t, buckets, B);
  if (arrayBuckets(t, B) > 2 ** B) {
    memory.storePointer(extra + MAPEXTRA.nextOverflow, buckets + t.bucketSize * 2 ** B);
  }
  endWrite(go, h);
}

function markEmpty(go: Machine, t: MapType, array: Address, length: number): void {
  const { memory } = go;
  for (let number = 0; number < length; number++) {
    for (let b = array + number * t.bucketSize; b !== 0; b = memory.loadPointer(b + t.overflowOffset)) {
      for (let cell = 0; cell < BUCKET_CELLS; cell++) memory.store8(b + cell, TopHash.emptyRest);
    }
  }
}
