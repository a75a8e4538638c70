import { elemIn, keyIn, mapaccessK } from "./access";
import {
  Address,
  bucketSize,
  CELLS,
  DATA_OFFSET,
  elemOffset,
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
import { areSafe, magnitude } from "./int";
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
 * Moves to the next entry: `mapiternext`. Gives how many entries it has noted, 0 at the end.
 *
 * @param ahead where to note this entry and those that come next. The iterator stands on the first one. See `note`.
 * @param most notes for which there is room, at least 8: buckets are read as long as there is enough for eight more
 */
export function mapiternext<K>(t: u32, it: Address, ahead: Address, most: u32): u32 {
  const h: Address = load<u32>(it, IT_H);
  if ((load<u8>(h, FLAGS) & hashWriting) != 0) return SLOW;
  const size = bucketSize(keySlot<K>(), t);
  const overflow = overflowOffset(keySlot<K>(), t);
  const B = load<u8>(it, IT_B);
  const offset: u32 = load<u8>(it, IT_OFFSET);
  const enough = ahead + (most - CELLS) * NOTE_SIZE;
  let end = ahead;
  let b: Address = load<u32>(it, IT_BPTR);
  let i: u32 = load<u8>(it, IT_I);
  let bucket = load<u32>(it, IT_BUCKET);
  let wrapped: u32 = load<u8>(it, IT_WRAPPED);
  let checkBucket = b == 0 ? NO_CHECK : load<u64>(it, IT_CHECKBUCKET);
  while (true) {
    if (b == 0) {
      if (wrapped != 0 && bucket == load<u32>(it, IT_STARTBUCKET)) break;
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
    const place = placeOf(bucket, wrapped != 0, checkBucket != NO_CHECK);
    if (i == 0 && checkBucket == NO_CHECK && !evacuated(b)) {
      const allNoted = noteBucket<K>(t, b, offset, place, end);
      if (allNoted != 0) {
        end = allNoted;
        i = CELLS;
      }
    }
    for (; i < CELLS; i++) {
      const at: Address = b + ((i + offset) & (CELLS - 1));
      let cell = at;
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
      const magnitudes = note<K>(t, keyIn<K>(cell), elemIn<K>(t, cell), at, place, end);
      // Whoever reads the notes asks about the first one only.
      if (!areSafe(magnitudes) && end != ahead) return noted(it, ahead, end);
      end += NOTE_SIZE;
    }
    if (end > enough) return noted(it, ahead, end);
    b = load<u32>(b + overflow);
    i = 0;
  }
  if (end != ahead) return noted(it, ahead, end);
  store<u8>(it, wrapped, IT_WRAPPED);
  storePointer(it + IT_KEY, 0);
  storePointer(it + IT_ELEM, 0);
  return 0;
}

// A note of an entry: the addresses of its key and elem; the address of the tophash that the iterator has come to, and
// its place; the key (a string's address and size, else as a double) and the elem as a double, as far as they are 8 bytes
// long. Offsets: NOTE in engine/iterator.ts.
const NOTE_SIZE: u32 = 32;
const NOTE_AT: u32 = 8;
const NOTE_PLACE: u32 = 12;
const NOTE_KEY_VALUE: u32 = 16;
const NOTE_ELEM_VALUE: u32 = 24;

/** An iterator's `bucket`, `wrapped`, and whether it has a `checkBucket`: that is always the bucket before. */
function placeOf(bucket: u32, wrapped: bool, checks: bool): u32 {
  return (bucket << 2) | (u32(wrapped) << 1) | u32(checks);
}

/** Makes the iterator stand on an entry that was noted. */
export function standOn(it: Address, note: Address): void {
  const at = load<u32>(note, NOTE_AT);
  const place = load<u32>(note, NOTE_PLACE);
  const bucket = place >> 2;
  const mask = (u32(1) << load<u8>(it, IT_B)) - 1;
  storePointer(it + IT_KEY, load<u32>(note));
  storePointer(it + IT_ELEM, load<u32>(note, 4));
  storePointer(it + IT_BPTR, at & ~(CELLS - 1));
  store<u8>(it, ((at - load<u8>(it, IT_OFFSET)) & (CELLS - 1)) + 1, IT_I);
  store<u32>(it, bucket, IT_BUCKET);
  store<u8>(it, (place >> 1) & 1, IT_WRAPPED);
  store<u64>(it, (place & 1) != 0 ? u64((bucket - 1) & mask) : NO_CHECK, IT_CHECKBUCKET);
}

/** Makes the iterator stand on the first of some notes. Gives their number. */
function noted(it: Address, first: Address, end: Address): u32 {
  standOn(it, first);
  return (end - first) / NOTE_SIZE;
}

/**
 * Notes all entries of a bucket of which none has been evacuated. Gives where the notes end; 0, when some double is
 * not exactly the int that it stands for.
 *
 * The tophashes are looked at all at once: one by one, the processor would guess wrong in each bucket where they end.
 */
function noteBucket<K>(t: u32, b: Address, offset: u32, place: u32, ahead: Address): Address {
  const keys = b + DATA_OFFSET;
  const elems = b + elemOffset(keySlot<K>());
  const tops = load<u64>(b);
  // The high bit of each byte that is at least minTopHash, beginning with the one at `offset`.
  const full = ((tops & 0x7f7f7f7f7f7f7f7f) + 0x7b7b7b7b7b7b7b7b) | tops;
  let left = rotr<u64>(full & 0x8080808080808080, offset * 8);
  let magnitudes: u64 = 0;
  while (left != 0) {
    const cell = ((u32(ctz<u64>(left)) >> 3) + offset) & (CELLS - 1);
    left &= left - 1;
    magnitudes |= note<K>(t, keys + cell * keySlot<K>(), elems + cell * elemSlot(t), b | cell, place, ahead);
    ahead += NOTE_SIZE;
  }
  return areSafe(magnitudes) ? ahead : 0;
}

/** Notes an entry. Gives the magnitudes, or-ed, of the ints that it has noted as doubles. */
function note<K>(t: u32, key: Address, elem: Address, at: Address, place: u32, note: Address): u64 {
  store<u64>(note, (u64(elem) << 32) | u64(key));
  store<u64>(note, (u64(place) << 32) | u64(at), NOTE_AT);
  let magnitudes: u64 = 0;
  if (isSigned<K>()) {
    store<u64>(note, (u64(load<u32>(key, 8)) << 32) | u64(load<u32>(key)), NOTE_KEY_VALUE);
  } else if (sizeof<K>() == 8) {
    const value = load<i64>(key);
    store<f64>(note, f64(value), NOTE_KEY_VALUE);
    magnitudes = magnitude(value);
  }
  if (elemSlot(t) == 8) {
    const value = load<i64>(elem);
    store<f64>(note, f64(value), NOTE_ELEM_VALUE);
    magnitudes |= magnitude(value);
  }
  return magnitudes;
}
