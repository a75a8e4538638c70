import type { Address, Memory } from "../memory/memory.ts";

/** Cells of a bucket: abi.MapBucketCount. */
export const BUCKET_CELLS = 8;

/** Offset of the first key slot in a bucket, behind the 8 tophash bytes. */
export const DATA_OFFSET = 8;

/**
 * What a tophash byte below {@link minTopHash} says of its cell (runtime/map.go). A live cell has the high byte
 * of its key's hash, 5 to 255.
 */
export const TopHash = {
  /** Empty, and so is every later cell of this bucket and of the buckets after it in the chain. */
  emptyRest: 0,
  /** Empty. */
  emptyOne: 1,
  /** Was live; moved to the bucket of the same number in the new array. */
  evacuatedX: 2,
  /** Was live; moved to the bucket of this number plus the old size. */
  evacuatedY: 3,
  /** Was empty when its bucket was evacuated. */
  evacuatedEmpty: 4,
} as const;

/** The least tophash of a live cell. */
export const minTopHash = 5;

/** The tophash of a hash: its high byte, moved up when that would be one of the marks. */
export function tophash(hashHigh: number): number {
  const top = hashHigh >>> 24;
  return top < minTopHash ? top + minTopHash : top;
}

/** Whether a cell with this tophash is empty. */
export function isEmpty(top: number): boolean {
  return top <= TopHash.emptyOne;
}

/** Whether the bucket at `b` of an old array has been evacuated: its first cell tells. */
export function evacuated(memory: Memory, b: Address): boolean {
  const top = memory.load8(b);
  return top > TopHash.emptyOne && top < minTopHash;
}
