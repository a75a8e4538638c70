// Offsets and marks of the memory that engine/map describes: hmap.ts, bmap.ts and iterate.ts there say what they mean.
// Objects of constants do not exist in AssemblyScript, so that they stand here once more, one by one.

/** An address in the engine's memory. */
export type Address = u32;

export const COUNT: u32 = 0;
export const FLAGS: u32 = 8;
export const LOG_BUCKETS: u32 = 9; // B
export const NOVERFLOW: u32 = 10;
export const HASH0: u32 = 12;
export const BUCKETS: u32 = 16;
export const OLDBUCKETS: u32 = 24;
export const NEVACUATE: u32 = 32;
export const EXTRA: u32 = 40;
export const EXTRA_OLDOVERFLOW: u32 = 8;

export const oldIterator: u32 = 2;
export const hashWriting: u32 = 4;
export const sameSizeGrow: u32 = 8;

export const CELLS: u32 = 8;
export const DATA_OFFSET: u32 = 8;

export const emptyRest: u32 = 0;
export const emptyOne: u32 = 1;
export const evacuatedX: u32 = 2;
export const evacuatedY: u32 = 3;
export const evacuatedEmpty: u32 = 4;
export const minTopHash: u32 = 5;

/** Bytes that a processor's cache loads together. */
export const LINE: u32 = 64;

/** What a function returns that leaves its operation, of which it has done nothing, to the TypeScript. */
export const SLOW: u32 = -1;

const POINTER_HIGH: u64 = 0xc0;

/** Writes a pointer as all pointers of the engine are: with Go's high word, unless it is nil. */
export function storePointer(a: Address, pointer: Address): void {
  store<u64>(a, pointer == 0 ? 0 : (POINTER_HIGH << 32) | u64(pointer));
}

// A map type is one number here: the bytes of an elem slot in its low byte, then bits, then its place in the list
// that the TypeScript keeps.
const POINTERS: u32 = 1 << 8;
const POINTER_KEYS: u32 = 1 << 9;

/** Bytes of an elem slot, at most 128. */
export function elemSlot(t: u32): u32 {
  return u32(t & 0xff);
}

/** Whether the collector looks into buckets. */
export function bucketHasPointers(t: u32): bool {
  return (t & POINTERS) != 0;
}

/** Whether keys are pointers. */
export function keyIsPointer(t: u32): bool {
  return (t & POINTER_KEYS) != 0;
}

/** Offset of the elem slots in a bucket whose keys take `keySlot` bytes each. */
export function elemOffset(keySlot: u32): u32 {
  return DATA_OFFSET + CELLS * keySlot;
}

/** Offset of the overflow pointer. */
export function overflowOffset(keySlot: u32, t: u32): u32 {
  return elemOffset(keySlot) + CELLS * elemSlot(t);
}

/** Bytes of a bucket. */
export function bucketSize(keySlot: u32, t: u32): u32 {
  return overflowOffset(keySlot, t) + 8;
}

/** The mask that leaves the number of a main bucket. */
export function bucketMask(h: Address): u32 {
  return (u32(1) << load<u8>(h, LOG_BUCKETS)) - 1;
}

/** Number of main buckets of the old array, while growing. */
export function oldBucketCount(h: Address): u32 {
  const B = load<u8>(h, LOG_BUCKETS);
  return u32(1) << ((load<u8>(h, FLAGS) & sameSizeGrow) != 0 ? B : B - 1);
}

/** Whether the bucket at `b` of an old array has been evacuated. */
export function evacuated(b: Address): bool {
  const top: u32 = load<u8>(b);
  return top > emptyOne && top < minTopHash;
}

/** The tophash of a hash. */
export function tophash(hash: u64): u32 {
  const top = u32(hash >> 56);
  return top < minTopHash ? top + minTopHash : top;
}
