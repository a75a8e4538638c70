import { elemIn, keyIn, mapaccessK } from "./access";
import {
  Address,
  bucketSize,
  CELLS,
  elemSlot,
  emptyOne,
  evacuated,
  evacuatedEmpty,
  FLAGS,
  hashWriting,
  LOG_BUCKETS,
  minTopHash,
  OLDBUCKETS,
  oldBucketCount,
  overflowOffset,
  SLOW,
  sameSizeGrow,
  storePointer,
} from "./hmap";
import { isSafe } from "./int";
import { hash, keySlot, loadKey } from "./key";

// Offsets of an hiter's fields: engine/map/iterate.ts.
const IT_KEY: u32 = 0;
const IT_ELEM: u32 = 8;
const IT_H: u32 = 24;
const IT_BUCKETS: u32 = 32;
const IT_BPTR: u32 = 40;
const IT_STARTBUCKET: u32 = 64;
const IT_OFFSET: u32 = 72;
const IT_WRAPPED: u32 = 73;
const IT_B: u32 = 74;
const IT_I: u32 = 75;
const IT_BUCKET: u32 = 80;
const IT_CHECKBUCKET: u32 = 88;
const NO_CHECK: u64 = 1 << 63;

/**
 * Moves to the next entry: `mapiternext`. Gives 1, or 0 at the end.
 *
 * @param ahead nil, or where to note this entry and those that come next, which are counted too. The iterator stands on
 *   the first one. See `note`.
 * @param most notes for which there is room: buckets are read as long as there is enough for eight more
 */
export function mapiternext<K>(t: u32, it: Address, ahead: Address, most: u32): u32 {
  const h: Address = load<u32>(it, IT_H);
  if ((load<u8>(h, FLAGS) & hashWriting) != 0) return SLOW;
  const size = bucketSize(keySlot<K>(), t);
  const overflow = overflowOffset(keySlot<K>(), t);
  const B = load<u8>(it, IT_B);
  const offset: u32 = load<u8>(it, IT_OFFSET);
  let b: Address = load<u32>(it, IT_BPTR);
  let i: u32 = load<u8>(it, IT_I);
  let bucket = load<u32>(it, IT_BUCKET);
  let wrapped = load<u8>(it, IT_WRAPPED);
  let entries: u32 = 0;
  let checkBucket = b == 0 ? NO_CHECK : load<u64>(it, IT_CHECKBUCKET);
  while (true) {
    if (b == 0) {
      if (wrapped != 0 && bucket == load<u32>(it, IT_STARTBUCKET)) {
        if (entries > 0) return entries;
        store<u8>(it, wrapped, IT_WRAPPED);
        storePointer(it + IT_KEY, 0);
        storePointer(it + IT_ELEM, 0);
        return 0;
      }
      checkBucket = NO_CHECK;
      b = load<u32>(it, IT_BUCKETS) + bucket * size;
      const oldbuckets: Address = load<u32>(h, OLDBUCKETS);
      if (oldbuckets != 0 && B == load<u8>(h, LOG_BUCKETS)) {
        const old = oldbuckets + (bucket & (oldBucketCount(h) - 1)) * size;
        if (!evacuated(old)) {
          b = old;
          checkBucket = bucket;
        }
      }
      bucket++;
      if (bucket == u32(1) << B) {
        bucket = 0;
        wrapped = 1;
      }
      i = 0;
    }
    for (; i < CELLS; i++) {
      let cell: Address = b + ((i + offset) & (CELLS - 1));
      const top: u32 = load<u8>(cell);
      if (top <= emptyOne || top == evacuatedEmpty) continue;
      if (checkBucket != NO_CHECK && (load<u8>(h, FLAGS) & sameSizeGrow) == 0) {
        const goesTo = u32(hash<K>(loadKey<K>(keyIn<K>(cell)), h)) & ((u32(1) << B) - 1);
        if (goesTo != u32(checkBucket)) continue;
      }
      if (top < minTopHash) {
        cell = mapaccessK<K>(t, h, loadKey<K>(keyIn<K>(cell)));
        if (cell == 0) continue;
      }
      if (ahead != 0) {
        if (!note<K>(t, cell, ahead) && entries > 0) return entries;
        store<u32>(ahead, i + 1, NOTE_I);
        store<u32>(ahead, bucket, NOTE_BUCKET);
        store<u32>(ahead, b, NOTE_BPTR);
        store<u32>(ahead, wrapped, NOTE_WRAPPED);
        store<u64>(ahead, checkBucket, NOTE_CHECKBUCKET);
        ahead += NOTE_SIZE;
      }
      entries++;
      if (entries > 1) continue;
      storePointer(it + IT_KEY, keyIn<K>(cell));
      storePointer(it + IT_ELEM, elemIn<K>(t, cell));
      store<u32>(it, bucket, IT_BUCKET);
      storePointer(it + IT_BPTR, b);
      store<u8>(it, i + 1, IT_I);
      store<u8>(it, wrapped, IT_WRAPPED);
      store<u64>(it, checkBucket, IT_CHECKBUCKET);
      if (ahead == 0) return 1;
    }
    if (entries + CELLS > most) return entries;
    b = load<u32>(b + overflow);
    i = 0;
  }
}

// A note of an entry: the addresses of its key and elem; the key (a string's address and size, else as a double) and the
// elem as a double, as far as they are 8 bytes long; and the fields of an iterator that stands on it. Offsets: NOTE in
// engine/iterator.ts.
const NOTE_SIZE: u32 = 64;
const NOTE_ELEM: u32 = 4;
const NOTE_I: u32 = 8;
const NOTE_BUCKET: u32 = 12;
const NOTE_KEY_VALUE: u32 = 16;
const NOTE_ELEM_VALUE: u32 = 24;
const NOTE_BPTR: u32 = 32;
const NOTE_WRAPPED: u32 = 36;
const NOTE_CHECKBUCKET: u32 = 40;

/** Notes what there is in a cell. Gives whether the doubles are its key and elem exactly. */
function note<K>(t: u32, cell: Address, at: Address): bool {
  const key = keyIn<K>(cell);
  const elem = elemIn<K>(t, cell);
  store<u32>(at, key);
  store<u32>(at, elem, NOTE_ELEM);
  let exact = true;
  if (isSigned<K>()) {
    store<u32>(at, load<u32>(key), NOTE_KEY_VALUE);
    store<u32>(at, load<u32>(key, 8), NOTE_KEY_VALUE + 4);
  } else if (sizeof<K>() == 8) {
    exact = isSafe(load<i64>(key));
    store<f64>(at, f64(load<i64>(key)), NOTE_KEY_VALUE);
  }
  if (elemSlot(t) == 8) {
    if (!isSafe(load<i64>(elem))) exact = false;
    store<f64>(at, f64(load<i64>(elem)), NOTE_ELEM_VALUE);
  }
  return exact;
}
