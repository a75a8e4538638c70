import type { Address } from "../memory/memory.ts";
import type { MapType } from "../types/maptype.ts";

/** Why a growth starts: rule 5 of hmap.ts. */
export const GrowthReason = { loadFactor: 0, overflowBuckets: 1 } as const;

/** Why an old bucket is evacuated: the write needs it, or it is the next in order. */
export const EvacuationReason = { needed: 0, next: 1 } as const;

/** Why an iterator passes over a cell that is not empty. */
export const SkipReason = {
  /** It will be evacuated to the other half, and is produced there. */
  otherHalf: 0,
  /** It has moved since, and the map as it is now no longer has the key. */
  gone: 1,
} as const;

/** What calls the map's functions: an operation as a program writes it. */
export const Operation = {
  make: 0,
  get: 1,
  lookup: 2,
  has: 3,
  set: 4,
  op: 5,
  append: 6,
  delete: 7,
  clear: 8,
  clone: 9,
  range: 10,
  next: 11,
  gc: 12,
  mapassign: 13,
  mapaccess: 14,
  store: 15,
} as const;
/** One of {@link Operation}. */
export type OperationCode = (typeof Operation)[keyof typeof Operation];

/**
 * Who listens to what the map's functions do, step by step. They call it just before the writes that belong to a
 * step. Without a listener (`machine.recorder` is null, which is the rule) a step costs one comparison.
 *
 * `b` is the address of a bucket and `cell` a number from 0 to 7 in it.
 */
export interface Recorder {
  /**
   * An operation begins.
   *
   * @param h address of the hmap, or 0
   * @param key the JavaScript key, and so on, as far as the operation has them
   */
  begun(
    operation: OperationCode,
    t: MapType | null,
    h: Address,
    key?: unknown,
    value?: unknown,
    operator?: string,
  ): void;
  /** An operation goes on that another one has interrupted. */
  resumed(): void;

  /** A map is made, with 2^B buckets at `array`, or none yet. */
  made(h: Address, B: number, array: Address): void;
  /** The first bucket of a map is made. */
  firstBucketMade(b: Address): void;
  /** The map is nil or empty: there is nothing to look through. */
  mapIsEmpty(): void;
  /** A key's hash, as two words, in a map of 2^B buckets. */
  hashed(high: number, low: number, B: number): void;
  /** The flag hashWriting is set. */
  writeBegun(): void;
  /** The flag hashWriting is taken back. */
  writeEnded(): void;
  /** The hash's low bits choose a main bucket, in the old array when `old` is 1. */
  bucketChosen(number: number, b: Address, old: 0 | 1): void;
  tophashCompared(b: Address, cell: number, found: number, wanted: number): void;
  keyCompared(b: Address, cell: number, equal: boolean): void;
  /** The search remembers the first empty cell. */
  emptyCellSeen(b: Address, cell: number): void;
  /** emptyRest: nothing lives in this cell or behind it. */
  emptyRestMet(b: Address, cell: number): void;
  /** The search goes on to the next bucket of the chain, or ends when `next` is 0. */
  chainFollowed(b: Address, next: Address): void;
  /** The key is there. */
  keyFound(b: Address, cell: number): void;
  /** The key is not there. */
  keyAbsent(): void;
  /** The key is stored again, because equal keys may differ in bits. */
  keyUpdated(b: Address, cell: number): void;
  /** A cell takes a new key. */
  cellTaken(b: Address, cell: number, top: number): void;
  /** The elem is stored, behind the runtime's back: `mapassign` has only said where. */
  elemStored(a: Address, size: number): void;
  /** A chain gets one more bucket: a spare, or one allocated for it. */
  overflowLinked(b: Address, added: Address, spare: boolean): void;

  /** A growth starts, from 2^oldB buckets to 2^B at `array`. */
  growthStarted(reason: number, oldB: number, B: number, array: Address): void;
  /** The chain of an old bucket is moved. */
  evacuationStarted(oldbucket: number, b: Address, reason: number): void;
  /** An entry moves. `half` is 0 for X, 1 for Y. `newbit` is the bit of the hash that decides, or 0 when none does. */
  entryMoved(b: Address, cell: number, to: Address, toCell: number, half: 0 | 1, newbit: number): void;
  /** What the old bucket's slots held is zeroed. */
  oldBucketCleared(b: Address): void;
  /** All old buckets below `nevacuate` are done. */
  evacuationMarkMoved(nevacuate: number, oldBuckets: number): void;
  /** The old array is let go. */
  growthEnded(): void;

  /** A cell is emptied: its mark is emptyOne for now. */
  cellEmptied(b: Address, cell: number): void;
  /** A cell's mark becomes emptyRest, since nothing lives behind it. */
  emptyRestSet(b: Address, cell: number): void;
  /** The map gets a new hash0. */
  seedRenewed(hash0: number): void;
  /** All cells are emptied. The array stays. */
  cleared(array: Address, buckets: number): void;

  iteratorBegun(it: Address, startBucket: number, offset: number): void;
  /** An iterator comes to a main bucket; `old` is 1 when it reads the old array in its place. */
  iteratorMoved(it: Address, number: number, b: Address, old: 0 | 1): void;
  /** It has passed the end of the array, and goes on at its beginning. */
  iteratorWrapped(it: Address): void;
  /** It passes over an entry: one of {@link SkipReason}. */
  entrySkipped(b: Address, cell: number, reason: number): void;
  /** It asks the map where an entry is now that has been moved. */
  entryLookedUp(b: Address, cell: number): void;
  /** It stands on an entry. */
  entryProduced(it: Address, b: Address, cell: number): void;
  iteratorEnded(it: Address): void;

  /** An entry is copied to a clone. */
  entryCopied(b: Address, cell: number, to: Address, toCell: number): void;
  /** A collection has run. Bytes of all objects before and after. */
  collected(before: number, after: number): void;
}
