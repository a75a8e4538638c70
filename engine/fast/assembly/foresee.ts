import {
  Address,
  BUCKETS,
  bucketMask,
  bucketSize,
  COUNT,
  elemOffset,
  elemSlot,
  OLDBUCKETS,
  oldBucketCount,
  tophash,
} from "./hmap";
import { hash, keySlot } from "./key";
import { cellsOf } from "./search";

// In a map larger than the processor's caches, an operation mostly waits for the first line of its bucket, and the next
// operation waits for that of its own. But loops often count their keys up. Then the buckets of the next keys are known,
// and the lines of many can be on their way together, and then those of their elems.

/** How many keys are foreseen at a time; a power of two. */
const AHEAD: u32 = 32;

/** Where the buckets of as many keys are written down: in the bytes before the first that Go's memory has. */
const FORESEEN: Address = 512;

/** Maps with fewer bytes in their buckets are in the caches anyway. */
const LEAST_BYTES: u32 = 1 << 24;

/** Bytes of a line. */
const LINE: u32 = 64;

/** The key after the last one. */
let expected: u64 = 0;

/**
 * To be told each key before its operation: when keys count up, loads what the operations on the next ones will read.
 *
 * @param assigns whether the operations are assigns; else they write to places only that have been written to before
 */
export function foresee(t: u32, h: Address, key: u64, assigns: bool): void {
  const countsUp = key == expected;
  expected = key + 1;
  if (countsUp && (u32(key) & (AHEAD - 1)) == 0) loadAhead(t, h, key, assigns);
}

function loadAhead(t: u32, h: Address, key: u64, assigns: bool): void {
  if (h == 0) return;
  let mask = bucketMask(h);
  const size = bucketSize(keySlot<u64>(), t);
  if (mask * size < LEAST_BYTES) return;
  let buckets: Address = load<u32>(h, OLDBUCKETS);
  if (buckets != 0) {
    mask = oldBucketCount(h) - 1; // a write moves the old bucket of its key first
  } else {
    // Where there are few entries, much memory may never have been written: for a first read of it, and then a first
    // write, the system would be called twice.
    if (assigns && load<u32>(h, COUNT) <= mask) return;
    buckets = load<u32>(h, BUCKETS);
  }
  for (let i: u32 = 0; i < AHEAD; i++) {
    store<u64>(FORESEEN + 8 * i, bucketOf(h, buckets, mask, size, key + i));
  }
  // Not each as it is found: with a hash between them the processor would begin no more than four before it waits. (And
  // not held in locals, either, in which the compiler would see that it may do each as it is found.)
  for (let i: u32 = 0; i < AHEAD; i++) load<u8>(load<u32>(FORESEEN + 8 * i));
  if (assigns) return;
  for (let i: u32 = 0; i < AHEAD; i++) elemLines(t, load<u64>(FORESEEN + 8 * i));
}

/** The address of a key's bucket, and in the high word the key's tophash. */
function bucketOf(h: Address, buckets: Address, mask: u32, size: u32, key: u64): u64 {
  const hashed = hash<u64>(key, h);
  const b = buckets + (u32(hashed) & mask) * size;
  return u64(b) | (u64(tophash(hashed)) << 32);
}

/** Loads the lines of the elem that most likely is the key's, which a read copies and a delete clears. */
function elemLines(t: u32, found: u64): void {
  const b = u32(found);
  const cells = cellsOf(i8x16.eq(v128.load64_zero(b), i8x16.splat(i8(found >> 32))));
  if (cells == 0) return;
  const slot = elemSlot(t);
  const elem = b + elemOffset(keySlot<u64>()) + ctz(cells) * slot;
  for (let at: u32 = 0; at < slot; at += LINE) load<u8>(elem + at);
  load<u8>(elem + slot - 1);
}
