import { firstWord, lastWord } from "./bytes";
import { memhashWords } from "./hash";
import { Address, bucketSize, CELLS, emptyRest, HASH0, overflowOffset } from "./hmap";
import { hash, keySlot, loadKey } from "./key";
import { cellsOf, searchChain } from "./search";
import { bytesOf, firstOf, lastOf, sizeOf, Text } from "./text";

// What stands behind big arrays of buckets: engine/map/keycopies.ts says why, and who may write it. The copy of a string of
// 1 to 15 bytes is two words that no other string has, so that its slot need not be looked at. Another string has a second
// word that is none.

const KEY_COPIES_B: u32 = 14;
const BUCKET_COPIES: u32 = 128;
const CELL_COPY: u32 = BUCKET_COPIES / CELLS;

/** The most bytes of a string that has a copy: one byte of the two words is its size. */
const MOST_COPIED: u32 = 15;

/** The second word of a copy that is none. */
const NO_COPY: u64 = 0;

const PAGE_SIZE: u32 = 8192;

let areTrusted = true;

/** Whether the key that was looked for last was there: then copies are loaded for the next one before that is known. */
let wasThere = false;

/** To be told that somebody may write keys whom nothing here knows of. Then all keys are read from their slots. */
export function distrustKeyCopies(): void {
  areTrusted = false;
}

/** Where the copies of a main bucket's keys are, in an array for 2^B buckets; 0 when there are none. */
export function copiesOf(t: u32, array: Address, B: u32, bucket: u32): Address {
  if (B < KEY_COPIES_B || !areTrusted) return 0;
  const buckets: u32 = 17 << (B - 4); // one spare for sixteen
  const copies = array + ((buckets * bucketSize(keySlot<Text>(), t) + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1));
  return load<u32>(copies) == 0 ? copies + (1 + bucket) * BUCKET_COPIES : 0;
}

/** Where the copy of a cell's key is in a bucket's copies; 0 when there are none. */
export function copyOf(copies: Address, number: u32): Address {
  return copies == 0 ? 0 : copies + number * CELL_COPY;
}

/** Whether a string is one that copies are made of. */
export function isCopied(key: Text): bool {
  return sizeOf(key) - 1 < MOST_COPIED;
}

/**
 * The second word of a string's copy: its last word without what is in the first one too, and its size. The first word is
 * the string's own.
 */
function secondWord(last: u64, size: u32): u64 {
  return (size < 8 ? last : (last >> 8) >> (8 * (MOST_COPIED - size))) | (u64(size) << 56);
}

/** The last word of the string that has these words in its copy. */
function lastOfCopy(first: u64, second: u64, size: u32): u64 {
  if (size < 8) return u32(second);
  return (first >> (8 * (size - 8))) | ((second << 8) << (8 * (MOST_COPIED - size)));
}

/** Writes the copy of a key that goes into a cell of the bucket with these copies, 0 for none. */
export function copyKey(copies: Address, number: u32, key: Text): void {
  if (copies == 0) return;
  const copy = copies + number * CELL_COPY;
  if (isCopied(key)) {
    store<u64>(copy, firstOf(key));
    store<u64>(copy, secondWord(lastOf(key), sizeOf(key)), 8);
  } else {
    store<u64>(copy, NO_COPY, 8);
  }
}

// The copy of the key that moves.
let first: u64 = 0;
let second: u64 = 0;

/** Reads the key in a slot that is to be moved, from its copy when there is one (0 for none), and gives its hash. */
export function readMoving(h: Address, slot: Address, copy: Address): u64 {
  const key = loadKey<Text>(slot);
  const size = sizeOf(key);
  if (!isCopied(key)) {
    second = NO_COPY;
    return hash<Text>(key, h);
  }
  let last: u64 = 0;
  if (copy == 0) {
    first = firstWord(bytesOf(key), size);
    last = lastWord(bytesOf(key), size);
    second = secondWord(last, size);
  } else {
    first = load<u64>(copy);
    second = load<u64>(copy, 8);
    last = lastOfCopy(first, second, size);
  }
  return memhashWords(first, last, size, load<u32>(h, HASH0));
}

/** Writes the copy of the key that {@link readMoving} has read. */
export function copyMoving(copies: Address, number: u32): void {
  if (copies == 0) return;
  const copy = copies + number * CELL_COPY;
  store<u64>(copy, first);
  store<u64>(copy, second, 8);
}

/** {@link searchChain} for a string in the chain of main bucket `b`, whose copies are at `copies`. */
export function searchCopies(t: u32, b: Address, copies: Address, key: Text, top: u32): Address {
  if (wasThere) {
    load<u8>(copies);
    load<u8>(copies + BUCKET_COPIES / 2);
  }
  const one = firstOf(key);
  const two = secondWord(lastOf(key), sizeOf(key));
  const tops = v128.load64_zero(b);
  let cells = cellsOf(i8x16.eq(tops, i8x16.splat(top as i8)));
  for (; cells != 0; cells &= cells - 1) {
    const number = ctz(cells);
    const copy = copies + number * CELL_COPY;
    if (load<u64>(copy) == one && load<u64>(copy, 8) == two) {
      wasThere = true;
      return b + number;
    }
  }
  wasThere = false;
  if (cellsOf(i8x16.eq(tops, i8x16.splat(emptyRest as i8))) != 0) return 0;
  const next: Address = load<u32>(b + overflowOffset(keySlot<Text>(), t));
  return next == 0 ? 0 : searchChain<Text>(t, next, key, top);
}
