import {
  Address,
  BUCKETS,
  bucketMask,
  bucketSize,
  COUNT,
  DATA_OFFSET,
  elemOffset,
  elemSlot,
  LINE,
  OLDBUCKETS,
  oldBucketCount,
  tophash,
} from "./hmap";
import { hash, keySlot } from "./key";
import { cellsOf } from "./search";

// In a map larger than the processor's caches, an operation mostly waits for the first line of its bucket, and the next
// operation waits for that of its own. But loops often count their keys up. Then the buckets of the next keys are known,
// and the lines of many can be on their way together, and then those of their entries.

/** How many keys are foreseen at a time; a power of two. */
const AHEAD: u32 = 32;

/** Where as many hashes are written down: before the first bytes that Go's memory has. */
const FORESEEN: Address = 512;

/** Maps with fewer bytes in their buckets are in the caches anyway. */
const LEAST_BYTES: u32 = 1 << 24;

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
  const buckets: Address = load<u32>(h, BUCKETS);
  const mask = bucketMask(h);
  const size = bucketSize(keySlot<u64>(), t);
  if (mask * size < LEAST_BYTES) return;
  const oldbuckets: Address = load<u32>(h, OLDBUCKETS);
  // Where a hint has made room and there are few entries, much memory may never have been written: for a first read of
  // it, and then a first write, the system would be called twice. A growth has asked for its pages.
  if (oldbuckets == 0 && assigns && load<u32>(h, COUNT) <= mask) return;
  for (let i: u32 = 0; i < AHEAD; i++) store<u64>(FORESEEN + 8 * i, hash<u64>(key + i, h));
  // Not each as it is hashed: with a hash between them the processor would begin no more than four before it waits. (And
  // hashes in locals would not do, in which the compiler sees that each may be loaded as it is hashed.)
  if (oldbuckets != 0) loadBuckets(oldbuckets, oldBucketCount(h) - 1, size); // which writes move first
  loadBuckets(buckets, mask, size);
  if (assigns || oldbuckets != 0) return;
  for (let i: u32 = 0; i < AHEAD; i++) {
    const hashed = load<u64>(FORESEEN + 8 * i);
    loadEntry(t, buckets + (u32(hashed) & mask) * size, tophash(hashed));
  }
}

function loadBuckets(buckets: Address, mask: u32, size: u32): void {
  for (let i: u32 = 0; i < AHEAD; i++) load<u8>(buckets + (load<u32>(FORESEEN + 8 * i) & mask) * size);
}

/** Loads the lines of the entry that most likely is the key's: its key, which is compared, and its elem. */
function loadEntry(t: u32, b: Address, top: u32): void {
  const cells = cellsOf(i8x16.eq(v128.load64_zero(b), i8x16.splat(i8(top))));
  if (cells == 0) return;
  const cell = ctz(cells);
  load<u8>(b + DATA_OFFSET + cell * keySlot<u64>());
  const slot = elemSlot(t);
  const elem = b + elemOffset(keySlot<u64>()) + cell * slot;
  for (let at: u32 = 0; at < slot; at += LINE) load<u8>(elem + at);
  load<u8>(elem + slot - 1);
}
