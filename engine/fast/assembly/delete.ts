import { elemIn, keyIn, searchArray } from "./access";
import { clearBytes } from "./bytes";
import { growWork } from "./grow";
import {
  Address,
  BUCKETS,
  bucketMask,
  bucketSize,
  CELLS,
  COUNT,
  elemSlot,
  emptyOne,
  emptyRest,
  FLAGS,
  hashWriting,
  keyIsPointer,
  LOG_BUCKETS,
  OLDBUCKETS,
  overflowOffset,
  SLOW,
  storePointer,
} from "./hmap";
import { renewHash0 } from "./imports";
import { hash, keySlot } from "./key";

/** Deletes a key: `mapdelete_fast32`, `_fast64` and `_faststr`. Gives 0. */
// @inline
export function mapdelete<K>(t: u32, h: Address, key: K): Address {
  if (h == 0 || load<u32>(h, COUNT) == 0) return 0;
  if ((load<u8>(h, FLAGS) & hashWriting) != 0) return SLOW;
  const hashed = hash<K>(key, h);
  store<u8>(h, load<u8>(h, FLAGS) | hashWriting, FLAGS);
  const bucket = u32(hashed) & bucketMask(h);
  if (load<u32>(h, OLDBUCKETS) != 0) growWork<K>(t, h, bucket);
  const main: Address = load<u32>(h, BUCKETS) + bucket * bucketSize(keySlot<K>(), t);
  const cell = searchArray<K>(t, load<u32>(h, BUCKETS), load<u8>(h, LOG_BUCKETS), key, hashed);
  if (cell != 0) {
    if (isSigned<K>()) storePointer(keyIn<K>(cell), 0);
    else if (sizeof<K>() == 8 && keyIsPointer(t)) store<K>(keyIn<K>(cell), 0 as K);
    emptyCell<K>(t, h, main, cell);
  }
  store<u8>(h, load<u8>(h, FLAGS) & ~hashWriting, FLAGS);
  return 0;
}

/** Empties a cell whose key has been dealt with. */
function emptyCell<K>(t: u32, h: Address, main: Address, cell: Address): void {
  const elem = elemIn<K>(t, cell);
  clearBytes(elem, elemSlot(t));
  store<u8>(cell, emptyOne);
  if (nothingBehind<K>(t, cell)) runBack<K>(t, main, cell);
  const count = load<u32>(h, COUNT) - 1;
  store<u32>(h, count, COUNT);
  if (count == 0) renewHash0(h);
}

/** Whether the chain is empty behind a cell. */
function nothingBehind<K>(t: u32, cell: Address): bool {
  const number = cell & (CELLS - 1);
  if (number != CELLS - 1) return load<u8>(cell, 1) == emptyRest;
  const overflow: Address = load<u32>(cell - number + overflowOffset(keySlot<K>(), t));
  return overflow == 0 || load<u8>(overflow) == emptyRest;
}

/** Turns the emptyOne cells that now end a chain into emptyRest, back towards the chain's start. */
function runBack<K>(t: u32, main: Address, cell: Address): void {
  const overflow = overflowOffset(keySlot<K>(), t);
  while (true) {
    store<u8>(cell, emptyRest);
    if (cell == main) return;
    if ((cell & (CELLS - 1)) != 0) {
      cell--;
    } else {
      let before = main;
      while (load<u32>(before + overflow) != cell) before = load<u32>(before + overflow);
      cell = before + CELLS - 1;
    }
    if (load<u8>(cell) != emptyOne) return;
  }
}
