import { firstWord, lastWord } from "./bytes";
import { memhashWords } from "./hash";
import { Address, bucketSize, CELLS, DATA_OFFSET, emptyRest, HASH0, overflowOffset } from "./hmap";
import { hash, keySlot, loadKey } from "./key";
import { cellsOf, searchChain } from "./search";
import { bytesOf, isShort, sameWords, sizeOf, Text, wordsTo } from "./text";

// What stands behind big arrays of buckets: engine/map/keycopies.ts says why, and who may write it. The copy of a string of
// up to 16 bytes is the two words that its hash is made of; the copy of another string may be anything.

const KEY_COPIES_B: u32 = 14;
const BUCKET_COPIES: u32 = 128;
const CELL_COPY: u32 = BUCKET_COPIES / CELLS;
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

/** Writes the copy of a key that goes into a cell of the bucket with these copies, 0 for none. */
export function copyKey(copies: Address, number: u32, key: Text): void {
  if (copies != 0 && isShort(key)) wordsTo(copyOf(copies, number), key);
}

// The words of the key that moves.
let isShortKey = false;
let first: u64 = 0;
let last: u64 = 0;

/** Reads the key in a slot that is to be moved, from its copy when there is one (0 for none), and gives its hash. */
export function readMoving(h: Address, slot: Address, copy: Address): u64 {
  const key = loadKey<Text>(slot);
  const size = sizeOf(key);
  isShortKey = isShort(key);
  if (!isShortKey) return hash<Text>(key, h);
  first = copy == 0 ? firstWord(bytesOf(key), size) : load<u64>(copy);
  last = copy == 0 ? lastWord(bytesOf(key), size) : load<u64>(copy, 8);
  return memhashWords(first, last, size, load<u32>(h, HASH0));
}

/** Writes the copy of the key that {@link readMoving} has read. */
export function copyMoving(copies: Address, number: u32): void {
  if (copies == 0 || !isShortKey) return;
  store<u64>(copyOf(copies, number), first);
  store<u64>(copyOf(copies, number), last, 8);
}

/** {@link searchChain} for a string in the chain of main bucket `b`, whose copies are at `copies`. */
export function searchCopies(t: u32, b: Address, copies: Address, key: Text, top: u32): Address {
  if (wasThere) {
    load<u8>(copies);
    load<u8>(copies + BUCKET_COPIES / 2);
  }
  const tops = v128.load64_zero(b);
  let cells = cellsOf(i8x16.eq(tops, i8x16.splat(top as i8)));
  for (; cells != 0; cells &= cells - 1) {
    const number = ctz(cells);
    const slot = b + DATA_OFFSET + number * keySlot<Text>();
    if (sameWords(copies + number * CELL_COPY, key) && load<u32>(slot, 8) == sizeOf(key)) {
      wasThere = true;
      return b + number;
    }
  }
  wasThere = false;
  if (cellsOf(i8x16.eq(tops, i8x16.splat(emptyRest as i8))) != 0) return 0;
  const next: Address = load<u32>(b + overflowOffset(keySlot<Text>(), t));
  return next == 0 ? 0 : searchChain<Text>(t, next, key, top);
}
