import { elemIn, keyIn } from "./access";
import { growWork } from "./grow";
import {
  Address,
  BUCKETS,
  bucketMask,
  bucketSize,
  CELLS,
  COUNT,
  DATA_OFFSET,
  emptyOne,
  emptyRest,
  FLAGS,
  hashWriting,
  LOG_BUCKETS,
  NOVERFLOW,
  OLDBUCKETS,
  overflowOffset,
  SLOW,
  storePointer,
  tophash,
} from "./hmap";
import { hashGrow, newoverflow } from "./imports";
import { bytesOf, equalText, hash, keySlot, sizeOf, Text } from "./key";

/** Finds or makes the place for a key: `mapassign_fast32`, `_fast64` and `_faststr`. The address of its elem. */
export function mapassign<K>(t: u32, h: Address, key: K): Address {
  if (h == 0 || (load<u8>(h, FLAGS) & hashWriting) != 0 || load<u32>(h, BUCKETS) == 0) return SLOW;
  const hashed = hash<K>(key, h);
  const top = tophash(hashed);
  const overflow = overflowOffset(keySlot<K>(), t);
  store<u8>(h, load<u8>(h, FLAGS) | hashWriting, FLAGS);
  let free: Address = 0; // the first empty cell's tophash
  while (true) {
    const bucket = u32(hashed) & bucketMask(h);
    if (load<u32>(h, OLDBUCKETS) != 0) growWork<K>(t, h, bucket);
    let b: Address = load<u32>(h, BUCKETS) + bucket * bucketSize(keySlot<K>(), t);
    free = 0;
    while (true) {
      let slot = b + DATA_OFFSET;
      let rest = false;
      for (let cell = b; cell < b + CELLS; cell++) {
        const cellTop: u32 = load<u8>(cell);
        if (cellTop <= emptyOne) {
          if (free == 0) free = cell;
          if (cellTop == emptyRest) {
            rest = true;
            break;
          }
        } else if (isSigned<K>()) {
          if (cellTop == top && equalText(slot, key as Text)) {
            storePointer(slot, bytesOf(key as Text));
            return endAssign<K>(t, h, cell);
          }
        } else if (load<K>(slot) == key) {
          return endAssign<K>(t, h, cell);
        }
        slot += keySlot<K>();
      }
      if (rest) break;
      const next: Address = load<u32>(b + overflow);
      if (next == 0) break;
      b = next;
    }
    if (load<u32>(h, OLDBUCKETS) == 0 && isFull(h)) {
      hashGrow(t, h);
      continue;
    }
    if (free == 0) free = newoverflow(t, h, b);
    break;
  }
  const slot = keyIn<K>(free);
  if (isSigned<K>()) {
    storePointer(slot, bytesOf(key as Text));
    store<u64>(slot, sizeOf(key as Text), 8);
  } else {
    store<K>(slot, key);
  }
  store<u8>(free, top);
  store<u32>(h, load<u32>(h, COUNT) + 1, COUNT);
  return endAssign<K>(t, h, free);
}

/** Takes the mark of a write back and gives the elem slot of a cell. */
function endAssign<K>(t: u32, h: Address, cell: Address): Address {
  store<u8>(h, load<u8>(h, FLAGS) & ~hashWriting, FLAGS);
  return elemIn<K>(t, cell);
}

/** Whether one entry more asks for a growth: `overLoadFactor` and `tooManyOverflowBuckets`. */
function isFull(h: Address): bool {
  const B = load<u8>(h, LOG_BUCKETS);
  const count = load<u32>(h, COUNT) + 1;
  if (count > CELLS && count > 13 * ((u32(1) << B) >> 1)) return true;
  return u32(load<u16>(h, NOVERFLOW)) >= u32(1) << min(B, 15);
}
