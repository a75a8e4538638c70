import { elemIn, keyIn, mapaccessK } from "./access";
import {
  Address,
  BUCKETS,
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
  LINE,
  LOG_BUCKETS,
  minTopHash,
  OLDBUCKETS,
  oldBucketCount,
  overflowOffset,
  SLOW,
  sameSizeGrow,
  storePointer,
} from "./hmap";
import { areSafe } from "./int";
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
  const enough = ahead + (most - CELLS) * NOTE_SIZE;
  const end = isAtRest(h, it)
    ? noteBuckets<K>(t, it, ahead, enough)
    : noteCellByCell<K>(t, h, it, ahead, enough);
  if (end == ahead) {
    store<u8>(it, 1, IT_WRAPPED);
    storePointer(it + IT_KEY, 0);
    storePointer(it + IT_ELEM, 0);
    return 0;
  }
  standOn(it, ahead);
  return (end - ahead) / NOTE_SIZE;
}

/** Whether nothing that an iterator is going to read has been evacuated, or is yet to be. */
function isAtRest(h: Address, it: Address): bool {
  if (load<u32>(h, OLDBUCKETS) != 0 || load<u32>(h, BUCKETS) != load<u32>(it, IT_BUCKETS)) return false;
  // It may stand in an old bucket still, when the growth in which it was begun has come to its end.
  return load<u32>(it, IT_BPTR) == 0 || load<u64>(it, IT_CHECKBUCKET) == NO_CHECK;
}

/** Notes entries as `mapiternext` finds them. Gives where the notes end. */
function noteCellByCell<K>(t: u32, h: Address, it: Address, ahead: Address, enough: Address): Address {
  const size = bucketSize(keySlot<K>(), t);
  const overflow = overflowOffset(keySlot<K>(), t);
  const B = load<u8>(it, IT_B);
  const offset: u32 = load<u8>(it, IT_OFFSET);
  let end = ahead;
  let b: Address = load<u32>(it, IT_BPTR);
  let i: u32 = load<u8>(it, IT_I);
  let bucket = load<u32>(it, IT_BUCKET);
  let wrapped: u32 = load<u8>(it, IT_WRAPPED);
  let checkBucket = b == 0 ? NO_CHECK : load<u64>(it, IT_CHECKBUCKET);
  while (end <= enough) {
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
      notePlace(end, place | u64(b + i));
      const doubles = note<K>(t, keyIn<K>(cell), elemIn<K>(t, cell), end);
      // Whoever reads the notes asks about the first one only.
      if (!areSafe(doubles) && end != ahead) return end;
      end += NOTE_SIZE;
    }
    b = load<u32>(b + overflow);
    i = 0;
  }
  return end;
}

/**
 * Notes all entries of buckets of which none has been evacuated, in two steps: where they are, then what they are. So
 * the processor has nothing to guess; it would guess wrong in each bucket where the entries end. Gives where the notes end.
 */
function noteBuckets<K>(t: u32, it: Address, ahead: Address, enough: Address): Address {
  const offset: u32 = load<u8>(it, IT_OFFSET);
  const end = notePlaces<K>(t, it, offset, ahead, enough);
  if (areSafe(noteEntries<K>(t, offset, ahead, end))) return end;
  // Up to the first double that is not exact, unless that is the first of all: see above.
  let exact = ahead + NOTE_SIZE;
  while (exact < end && areSafe(noteEntries<K>(t, offset, exact, exact + NOTE_SIZE))) exact += NOTE_SIZE;
  return exact;
}

/** The first step: goes on from where the iterator stands, and notes the place of each entry. */
function notePlaces<K>(t: u32, it: Address, offset: u32, ahead: Address, enough: Address): Address {
  const size = bucketSize(keySlot<K>(), t);
  const overflow = overflowOffset(keySlot<K>(), t);
  const buckets: Address = load<u32>(it, IT_BUCKETS);
  const start = load<u32>(it, IT_STARTBUCKET);
  const count = u32(1) << load<u8>(it, IT_B);
  let end = ahead;
  let b: Address = load<u32>(it, IT_BPTR);
  let bucket = load<u32>(it, IT_BUCKET);
  let wrapped: u32 = load<u8>(it, IT_WRAPPED);
  // Of the bucket in which it stands, the bytes of the cells to come. In two halves: it may be none, and no shift takes 64.
  const half = 4 * u64(load<u8>(it, IT_I));
  let rest: u64 = b == 0 ? ALL : (ALL << half) << half;
  while (end <= enough) {
    if (b == 0) {
      if (wrapped != 0 && bucket == start) break;
      b = buckets + bucket * size;
      bucket++;
      if (bucket == count) {
        bucket = 0;
        wrapped = 1;
      }
    }
    const tops = load<u64>(b);
    if (isSigned<K>()) {
      // The lines between the first and the one with the overflow pointer: by the time that the entries are noted, these
      // will be there too.
      load<u8>(b, LINE);
      load<u8>(b, 2 * LINE);
    }
    // The high bit of each byte that is at least minTopHash, beginning with the one at `offset`.
    const full = ((tops & 0x7f7f7f7f7f7f7f7f) + 0x7b7b7b7b7b7b7b7b) | tops;
    const left = rotr<u64>(full, offset * 8) & rest;
    const low = u32(left);
    const high = u32(left >> 32);
    const first = placeOf(bucket, wrapped != 0, false) | u64(b);
    // A place is noted for each cell, and the next one over it if the cell is empty: 32 is the size of a note.
    end = notePlace(end, first) + ((low >> 2) & NOTE_SIZE);
    end = notePlace(end, first + 1) + ((low >> 10) & NOTE_SIZE);
    end = notePlace(end, first + 2) + ((low >> 18) & NOTE_SIZE);
    end = notePlace(end, first + 3) + ((low >> 26) & NOTE_SIZE);
    end = notePlace(end, first + 4) + ((high >> 2) & NOTE_SIZE);
    end = notePlace(end, first + 5) + ((high >> 10) & NOTE_SIZE);
    end = notePlace(end, first + 6) + ((high >> 18) & NOTE_SIZE);
    end = notePlace(end, first + 7) + ((high >> 26) & NOTE_SIZE);
    b = load<u32>(b + overflow);
    rest = ALL;
  }
  return end;
}

/** The second step, for the notes between two addresses. Gives the largest of the doubles in them. */
function noteEntries<K>(t: u32, offset: u32, from: Address, end: Address): v128 {
  const elems = elemOffset(keySlot<K>());
  const slot = elemSlot(t);
  let largest = f64x2.splat(0);
  for (; from < end; from += NOTE_SIZE) {
    const at: Address = load<u32>(from, NOTE_AT);
    const b: Address = at & ~(CELLS - 1);
    const cell = (at + offset) & (CELLS - 1);
    const doubles = note<K>(t, b + DATA_OFFSET + cell * keySlot<K>(), b + elems + cell * slot, from);
    largest = f64x2.pmax(largest, doubles);
  }
  return largest;
}

const ALL: u64 = -1;

// A note of an entry: the addresses of its key and elem; where the iterator has come to, which is the address of the
// bucket plus the cells of it that come before, and its place; the key (a string's address and size, else as a double) and
// the elem as a double, as far as they are 8 bytes long. Offsets: NOTE in engine/iterator.ts.
const NOTE_SIZE: u32 = 32;
const NOTE_ELEM: u32 = 4;
const NOTE_AT: u32 = 8;
const NOTE_PLACE: u32 = 12;
const NOTE_KEY_VALUE: u32 = 16;
const NOTE_ELEM_VALUE: u32 = 24;

/**
 * An iterator's `bucket`, `wrapped`, and whether it has a `checkBucket`, which is always the bucket before: the upper half
 * of what `notePlace` takes.
 */
function placeOf(bucket: u32, wrapped: bool, checks: bool): u64 {
  return u64((bucket << 2) | (u32(wrapped) << 1) | u32(checks)) << 32;
}

/** Notes where an iterator has come to, and its place. Gives the note. */
function notePlace(note: Address, place: u64): Address {
  store<u64>(note, place, NOTE_AT);
  return note;
}

/** Notes an entry. Gives the absolute values of the doubles in the note: of the key, then of the elem. */
function note<K>(t: u32, key: Address, elem: Address, note: Address): v128 {
  store<u32>(note, key);
  store<u32>(note, elem, NOTE_ELEM);
  const elemValue: f64 = elemSlot(t) == 8 ? f64(load<i64>(elem)) : 0;
  let doubles = f64x2.replace_lane(f64x2.splat(0), 1, elemValue);
  if (isSigned<K>()) {
    store<u64>(note, (u64(load<u32>(key, 8)) << 32) | u64(load<u32>(key)), NOTE_KEY_VALUE);
    store<f64>(note, elemValue, NOTE_ELEM_VALUE);
  } else {
    if (sizeof<K>() == 8) doubles = f64x2.replace_lane(doubles, 0, f64(load<i64>(key)));
    v128.store(note, doubles, NOTE_KEY_VALUE);
  }
  return f64x2.abs(doubles);
}

/** Makes the iterator stand on an entry that was noted. */
export function standOn(it: Address, note: Address): void {
  const at = load<u32>(note, NOTE_AT);
  const place = load<u32>(note, NOTE_PLACE);
  const bucket = place >> 2;
  const mask = (u32(1) << load<u8>(it, IT_B)) - 1;
  storePointer(it + IT_KEY, load<u32>(note));
  storePointer(it + IT_ELEM, load<u32>(note, NOTE_ELEM));
  storePointer(it + IT_BPTR, at & ~(CELLS - 1));
  store<u8>(it, (at & (CELLS - 1)) + 1, IT_I);
  store<u32>(it, bucket, IT_BUCKET);
  store<u8>(it, (place >> 1) & 1, IT_WRAPPED);
  store<u64>(it, (place & 1) != 0 ? u64((bucket - 1) & mask) : NO_CHECK, IT_CHECKBUCKET);
}
