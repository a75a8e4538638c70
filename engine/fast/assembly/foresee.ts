import { Address, BUCKETS, bucketMask, bucketSize, COUNT, OLDBUCKETS, oldBucketCount } from "./hmap";
import { hash, keySlot } from "./key";

// In a map larger than the processor's caches, an operation mostly waits for the first line of its bucket, and the next
// operation waits for that of its own. But loops often count their keys up. Then the buckets of the next keys are known,
// and the lines of several can be on their way together. Maps with ints as elems do without: their buckets are small, and
// measured it gained nothing.

/** How many keys are foreseen at a time; a power of two. */
const AHEAD: u32 = 8;

/** Maps with fewer bytes in their buckets are in the caches anyway. */
const LEAST_BYTES: u32 = 1 << 24;

/** The key after the last one. */
let expected: u64 = 0;

/** To be told each key before its operation: when keys count up, loads what the operations on the next ones will read. */
export function foresee(t: u32, h: Address, key: u64): void {
  const countsUp = key == expected;
  expected = key + 1;
  if (countsUp && (u32(key) & (AHEAD - 1)) == 0) loadAhead(t, h, key);
}

function loadAhead(t: u32, h: Address, key: u64): void {
  if (h == 0) return;
  let mask = bucketMask(h);
  const size = bucketSize(keySlot<u64>(), t);
  if (mask * size < LEAST_BYTES) return;
  let buckets: Address = load<u32>(h, OLDBUCKETS);
  if (buckets != 0) {
    mask = oldBucketCount(h) - 1; // a write moves the old bucket of its key first
  } else {
    // Where there are few entries, much memory has never been written: for a first read of it, and then a first write,
    // the system would be called twice.
    if (load<u32>(h, COUNT) <= mask) return;
    buckets = load<u32>(h, BUCKETS);
  }
  for (let i: u32 = 0; i < AHEAD; i++) {
    load<u8>(buckets + (u32(hash<u64>(key + i, h)) & mask) * size);
  }
}
