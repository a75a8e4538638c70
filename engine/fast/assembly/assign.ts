import { elemIn, keyIn, search, searchArray } from "./access";
import { growWork } from "./grow";
import {
  Address,
  BUCKETS,
  bucketMask,
  bucketSize,
  CELLS,
  COUNT,
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
import { hashGrow, keepText, newoverflow } from "./imports";
import { hash, keySlot } from "./key";
import { copiesOf, copyKey } from "./keycopies";
import { firstEmpty } from "./search";
import { bytesOf, copyText, read, sizeOf, Text, text } from "./text";

/** Finds or makes the place for a key: `mapassign_fast32`, `_fast64` and `_faststr`. The address of its elem. */
// @inline
export function mapassign<K>(t: u32, h: Address, key: K): Address {
  return isAssignable(h) ? assignHashed<K>(t, h, key, hash<K>(key, h)) : SLOW;
}

/**
 * Finds or makes the place for a JavaScript string: a map that has the key keeps the bytes that it has, another one gets
 * bytes of its own.
 */
export function mapassignString(t: u32, h: Address, s: externref): Address {
  if (!isAssignable(h)) return SLOW;
  const key = read(s);
  const size = sizeOf(key);
  const hashed = hash<Text>(key, h);
  const cell = search<Text>(t, h, key, hashed);
  if (cell != 0 && load<u32>(h, OLDBUCKETS) == 0) return elemIn<Text>(t, cell);
  let p: Address = 0;
  if (cell != 0) {
    p = load<u32>(keyIn<Text>(cell));
  } else if (size != 0) {
    p = keepText(size, s);
    copyText(p, key);
  }
  return assignHashed<Text>(t, h, text(p, size), hashed);
}

/** Whether nothing is to be made or said first that only engine/map makes or says. */
function isAssignable(h: Address): bool {
  return h != 0 && (load<u8>(h, FLAGS) & hashWriting) == 0 && load<u32>(h, BUCKETS) != 0;
}

// @inline
function assignHashed<K>(t: u32, h: Address, key: K, hashed: u64): Address {
  const top = tophash(hashed);
  const overflow = overflowOffset(keySlot<K>(), t);
  store<u8>(h, load<u8>(h, FLAGS) | hashWriting, FLAGS);
  let main: Address = 0;
  let bucket: u32 = 0;
  while (true) {
    bucket = u32(hashed) & bucketMask(h);
    if (load<u32>(h, OLDBUCKETS) != 0) growWork<K>(t, h, bucket);
    main = load<u32>(h, BUCKETS) + bucket * bucketSize(keySlot<K>(), t);
    const cell = searchArray<K>(t, load<u32>(h, BUCKETS), load<u8>(h, LOG_BUCKETS), key, hashed);
    if (cell != 0) {
      if (isSigned<K>()) storePointer(keyIn<K>(cell), bytesOf(key as Text));
      return endAssign<K>(t, h, cell);
    }
    if (load<u32>(h, OLDBUCKETS) != 0 || !isFull(h)) break;
    hashGrow(t, h);
  }
  let b = main;
  let free = firstEmpty(b);
  for (; free == 0; free = firstEmpty(b)) {
    const next: Address = load<u32>(b + overflow);
    b = next == 0 ? newoverflow(t, h, b) : next;
  }
  const slot = keyIn<K>(free);
  if (isSigned<K>()) {
    storePointer(slot, bytesOf(key as Text));
    store<u64>(slot, sizeOf(key as Text), 8);
    if (b == main) {
      const copies = copiesOf(t, load<u32>(h, BUCKETS), load<u8>(h, LOG_BUCKETS), bucket);
      copyKey(copies, free - b, key as Text);
    }
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
