import { copyBytes } from "./bytes";
import {
  Address,
  BUCKETS,
  bucketHasPointers,
  bucketSize,
  CELLS,
  DATA_OFFSET,
  EXTRA,
  EXTRA_OLDOVERFLOW,
  elemOffset,
  elemSlot,
  emptyOne,
  evacuated,
  evacuatedEmpty,
  evacuatedX,
  evacuatedY,
  FLAGS,
  LOG_BUCKETS,
  minTopHash,
  NEVACUATE,
  OLDBUCKETS,
  oldBucketCount,
  oldIterator,
  overflowOffset,
  sameSizeGrow,
  storePointer,
} from "./hmap";
import { badMapState, newoverflow } from "./imports";
import { hash, keySlot, loadKey } from "./key";
import { copiesOf, copyMoving, copyOf, readMoving } from "./keycopies";
import { Text } from "./text";

const MAX_ADVANCE: u32 = 1024;

/** The growth work of one write to main bucket number `bucket`. */
export function growWork<K>(t: u32, h: Address, bucket: u32): void {
  evacuate<K>(t, h, bucket & (oldBucketCount(h) - 1));
  if (load<u32>(h, OLDBUCKETS) != 0) evacuate<K>(t, h, load<u32>(h, NEVACUATE));
}

/** Moves the chain of one old bucket into the new array. */
function evacuate<K>(t: u32, h: Address, oldbucket: u32): void {
  const size = bucketSize(keySlot<K>(), t);
  const newbit = oldBucketCount(h);
  const start: Address = load<u32>(h, OLDBUCKETS) + oldbucket * size;
  if (!evacuated(start)) {
    moveChain<K>(t, h, start, oldbucket, newbit);
    if (bucketHasPointers(t) && (load<u8>(h, FLAGS) & oldIterator) == 0) {
      memory.fill(start + DATA_OFFSET, 0, size - DATA_OFFSET);
    }
  }
  if (oldbucket == load<u32>(h, NEVACUATE)) advanceEvacuationMark<K>(t, h, newbit);
}

/** Sends each entry of the chain at `b` to bucket X (same number) or Y (number + newbit). */
function moveChain<K>(t: u32, h: Address, b: Address, oldbucket: u32, newbit: u32): void {
  const slot = keySlot<K>();
  const elems = elemOffset(slot);
  const elem = elemSlot(t);
  const size = bucketSize(slot, t);
  const bigger = (load<u8>(h, FLAGS) & sameSizeGrow) == 0;
  const buckets: Address = load<u32>(h, BUCKETS);
  const mainX: Address = buckets + oldbucket * size;
  const mainY: Address = buckets + (oldbucket + newbit) * size;
  let x = mainX;
  let y = mainY;
  let xCell: u32 = 0;
  let yCell: u32 = 0;
  let copies: Address = 0;
  let copiesX: Address = 0;
  let copiesY: Address = 0;
  if (isSigned<K>()) {
    const B = load<u8>(h, LOG_BUCKETS);
    copies = copiesOf(t, load<u32>(h, OLDBUCKETS), bigger ? B - 1 : B, oldbucket);
    copiesX = copiesOf(t, buckets, B, oldbucket);
    if (bigger) copiesY = copiesOf(t, buckets, B, oldbucket + newbit);
  }
  do {
    // Asked for before the entries are moved, since it lies in another line.
    const next: Address = load<u32>(b + overflowOffset(slot, t));
    if (isSigned<K>() && bigger && copies == 0) loadTexts(b);
    for (let cell: u32 = 0; cell < CELLS; cell++) {
      const top: u32 = load<u8>(b + cell);
      if (top <= emptyOne) {
        store<u8>(b + cell, evacuatedEmpty);
        continue;
      }
      if (top < minTopHash) badMapState();
      const key = b + DATA_OFFSET + cell * slot;
      let hashed: u64 = 0;
      if (isSigned<K>() && (bigger || copiesX != 0)) hashed = readMoving(h, key, copyOf(copies, cell));
      else if (bigger) hashed = hash<K>(loadKey<K>(key), h);
      let to: Address = 0;
      let at: u32 = 0;
      if (bigger && (u32(hashed) & newbit) != 0) {
        store<u8>(b + cell, evacuatedY);
        if (yCell == CELLS) {
          y = newoverflow(t, h, y);
          yCell = 0;
        }
        to = y;
        at = yCell++;
      } else {
        store<u8>(b + cell, evacuatedX);
        if (xCell == CELLS) {
          x = newoverflow(t, h, x);
          xCell = 0;
        }
        to = x;
        at = xCell++;
      }
      store<u8>(to + at, top);
      const toKey = to + DATA_OFFSET + at * slot;
      if (isSigned<K>()) {
        store<u64>(toKey, load<u64>(key));
        store<u64>(toKey, load<u64>(key, 8), 8);
        if (to == mainX) copyMoving(copiesX, at);
        else if (to == mainY) copyMoving(copiesY, at);
      } else {
        store<K>(toKey, load<K>(key));
      }
      copyBytes(to + elems + at * elem, b + elems + cell * elem, elem);
    }
    b = next;
    copies = 0; // overflow buckets have none
  } while (b != 0);
}

/**
 * Loads the bytes of a bucket's strings, to be hashed: together, since with a hash between them each would be waited for.
 * An empty cell's slot may hold anything that somebody has put there.
 */
function loadTexts(b: Address): void {
  const end = u32(memory.size()) << 16;
  const slots = b + DATA_OFFSET;
  for (let slot = slots; slot < slots + CELLS * keySlot<Text>(); slot += keySlot<Text>()) {
    const p: Address = load<u32>(slot);
    load<u8>(p < end ? p : 0);
  }
}

/** Moves `nevacuate` past all that is evacuated, and ends the growth when nothing is left. */
function advanceEvacuationMark<K>(t: u32, h: Address, newbit: u32): void {
  const size = bucketSize(keySlot<K>(), t);
  const oldbuckets: Address = load<u32>(h, OLDBUCKETS);
  let mark = load<u32>(h, NEVACUATE) + 1;
  const stop = min(mark + MAX_ADVANCE, newbit);
  while (mark != stop && evacuated(oldbuckets + mark * size)) mark++;
  store<u32>(h, mark, NEVACUATE);
  if (mark != newbit) return;
  storePointer(h + OLDBUCKETS, 0);
  const extra: Address = load<u32>(h, EXTRA);
  if (extra != 0) storePointer(extra + EXTRA_OLDOVERFLOW, 0);
  store<u8>(h, load<u8>(h, FLAGS) & ~sameSizeGrow, FLAGS);
}
