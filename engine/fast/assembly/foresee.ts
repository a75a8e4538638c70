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
// and the lines of several can be on their way together; before deletes, those of the elems too, which they clear.
// Reading and writing ints does without: those buckets are small, and measured it gained nothing.

/** How many keys are foreseen at a time; a power of two. */
const AHEAD: u32 = 8;

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
  // Eight names, because an array would be in memory, which is the map's.
  const first = bucketOf(h, buckets, mask, size, key);
  const second = bucketOf(h, buckets, mask, size, key + 1);
  const third = bucketOf(h, buckets, mask, size, key + 2);
  const fourth = bucketOf(h, buckets, mask, size, key + 3);
  const fifth = bucketOf(h, buckets, mask, size, key + 4);
  const sixth = bucketOf(h, buckets, mask, size, key + 5);
  const seventh = bucketOf(h, buckets, mask, size, key + 6);
  const eighth = bucketOf(h, buckets, mask, size, key + 7);
  // Not one by one as they are found: there would be too much between them for the processor to begin them all.
  load<u8>(u32(first));
  load<u8>(u32(second));
  load<u8>(u32(third));
  load<u8>(u32(fourth));
  load<u8>(u32(fifth));
  load<u8>(u32(sixth));
  load<u8>(u32(seventh));
  load<u8>(u32(eighth));
  if (assigns) return;
  elemLines(t, first);
  elemLines(t, second);
  elemLines(t, third);
  elemLines(t, fourth);
  elemLines(t, fifth);
  elemLines(t, sixth);
  elemLines(t, seventh);
  elemLines(t, eighth);
}

/** The address of a key's bucket, and in the high word the key's tophash. */
function bucketOf(h: Address, buckets: Address, mask: u32, size: u32, key: u64): u64 {
  const hashed = hash<u64>(key, h);
  const b = buckets + (u32(hashed) & mask) * size;
  return u64(b) | (u64(tophash(hashed)) << 32);
}

/** Loads the lines of the elem that most likely is the key's, which a delete will clear. */
function elemLines(t: u32, found: u64): void {
  const b = u32(found);
  const cells = cellsOf(i8x16.eq(v128.load64_zero(b), i8x16.splat(i8(found >> 32))));
  if (cells == 0) return;
  const slot = elemSlot(t);
  const elem = b + elemOffset(keySlot<u64>()) + ctz(cells) * slot;
  for (let at: u32 = 0; at < slot; at += LINE) load<u8>(elem + at);
  load<u8>(elem + slot - 1);
}
