import { grouped } from "../grouped.ts";
import { TopHash, tophash } from "../map/bmap.ts";
import { bucketMask } from "../map/hmap.ts";
import { EvacuationReason, GrowthReason, SkipReason } from "../map/recorder.ts";
import { type Address, formatAddress } from "../memory/memory.ts";
import type { TraceEvent } from "./events.ts";

/** What a sentence needs to know of the state that a step has led to. */
export interface Surroundings {
  /** The operation, as a program writes it. */
  readonly label: string;
  /** Names the bucket at an address: `bucket 3`, `old bucket 1`, `overflow bucket of bucket 3`. */
  bucket(b: Address): string;
  /** The key in a cell as Go writes it, or an empty string where none can be read. */
  key(b: Address, cell: number): string;
}

/** One step in a sentence of plain English, to be read aloud. Begins in lower case and has no full stop. */
export function sentenceOf(event: TraceEvent, { label, bucket, key }: Surroundings): string {
  switch (event.kind) {
    case "begun":
      return label;
    case "resumed":
      return `${label} goes on where it was interrupted`;
    case "made":
      return event.array === 0
        ? "a header is made, and no bucket yet: the first assign makes one"
        : `a header is made, and an array of ${count(1 << event.B, "bucket")} (B = ${event.B})`;
    case "firstBucketMade":
      return "the first bucket is made";
    case "mapIsEmpty":
      return "the map has no entries: nothing is looked through";
    case "hashed":
      return hashSentence(event.high, event.low, event.B);
    case "writeBegun":
      return "the flag hashWriting is set: whoever else comes now stops the program";
    case "writeEnded":
      return "the flag hashWriting is taken back: the write is done";
    case "bucketChosen":
      return event.old === 1
        ? `the search begins in old bucket ${event.number}, which has not been evacuated yet`
        : `the search begins in bucket ${event.number}`;
    case "tophashCompared":
      return tophashSentence(event.cell, event.found, event.wanted);
    case "keyCompared":
      return event.equal === 1
        ? `cell ${event.cell}: key ${key(event.b, event.cell)} is the one that is looked for`
        : `cell ${event.cell}: ${keyOrCell(key(event.b, event.cell))} is not the one: go on`;
    case "emptyCellSeen":
      return `cell ${event.cell} of ${bucket(event.b)} is the first empty one: remember it for the new key`;
    case "emptyRestMet":
      return `cell ${event.cell} says emptyRest: nothing lives behind it, so the search ends`;
    case "chainFollowed":
      return event.next === 0
        ? `${bucket(event.b)} has no overflow bucket: the chain ends here`
        : `the search goes on in the ${bucket(event.next)}`;
    case "keyFound":
      return `found in cell ${event.cell} of ${bucket(event.b)}`;
    case "keyAbsent":
      return "the key is not in the map: the answer is the zero value";
    case "keyUpdated":
      return `the key in cell ${event.cell} is written again: equal keys may differ in their bits`;
    case "cellTaken":
      return `cell ${event.cell} of ${bucket(event.b)} takes the key, with tophash ${hex(event.top, 2)}`;
    case "elemStored":
      return `the elem, ${count(event.size, "byte")}, is stored at ${formatAddress(event.a)}, the address that the assign gave`;
    case "overflowLinked":
      return event.spare === 1
        ? `${bucket(event.b)} is full and gets a spare bucket as its overflow bucket`
        : `${bucket(event.b)} is full and gets an overflow bucket, allocated for it`;
    case "growthStarted":
      return event.reason === GrowthReason.loadFactor
        ? `one entry more would be too many for ${count(1 << event.oldB, "bucket")}: a growth to ${1 << event.B} starts, and nothing has moved yet`
        : `there are as many overflow buckets as main ones: a growth to the same size starts, which will pack the entries`;
    case "evacuationStarted":
      return event.reason === EvacuationReason.needed
        ? `this write needs what is in old bucket ${event.oldbucket}: evacuate it first`
        : `and evacuate one more, old bucket ${event.oldbucket}, so that the growth comes to an end`;
    case "entryMoved":
      return movedSentence(
        event.newbit,
        event.half,
        key(event.to, event.toCell),
        bucket(event.to),
        event.toCell,
      );
    case "oldBucketCleared":
      return "keys and elems of the old bucket are zeroed, so that the collector can have what they pointed to";
    case "evacuationMarkMoved":
      return `nevacuate moves to ${event.nevacuate}: all old buckets below it are done, of ${event.oldBuckets}`;
    case "growthEnded":
      return "the last old bucket is done: the growth ends, and the old array is let go";
    case "cellEmptied":
      return `cell ${event.cell} of ${bucket(event.b)} is emptied: its mark is emptyOne`;
    case "emptyRestSet":
      return `nothing lives behind cell ${event.cell} of ${bucket(event.b)}: its mark becomes emptyRest`;
    case "seedRenewed":
      return `hash0 becomes ${hex(event.hash0 >>> 0, 8)}, drawn at random`;
    case "cleared":
      return `all cells of ${count(event.buckets, "bucket")} are emptied, and the array stays`;
    case "iteratorBegun":
      return `the iteration begins at bucket ${event.startBucket}, and in every bucket at cell ${event.offset}: both drawn at random`;
    case "iteratorMoved":
      return event.old === 1
        ? `the iterator comes to bucket ${event.number}, and reads the old bucket that it will be filled from`
        : `the iterator comes to bucket ${event.number}`;
    case "iteratorWrapped":
      return "that was the last bucket of the array: next is bucket 0";
    case "entrySkipped":
      return event.reason === SkipReason.otherHalf
        ? `cell ${event.cell}: key ${key(event.b, event.cell)} will go to the other half, and is produced there`
        : `cell ${event.cell}: the key is no longer in the map: skip it`;
    case "entryLookedUp":
      return `cell ${event.cell}: this entry has moved since the iteration began: ask the map where it is now`;
    case "entryProduced":
      return `the iterator stands on key ${key(event.b, event.cell)}, in cell ${event.cell} of ${bucket(event.b)}`;
    case "iteratorEnded":
      return "the iterator is back where it began: the iteration is over";
    case "entryCopied":
      return `key ${key(event.to, event.toCell)} is copied to cell ${event.toCell} of the clone's ${bucket(event.to)}`;
    case "collected":
      return `a collection frees ${bytes(event.before - event.after)} of ${bytes(event.before)}`;
  }
}

function hashSentence(high: number, low: number, B: number): string {
  const whole = `hash ${hex(high >>> 0, 8)}${(low >>> 0).toString(16).padStart(8, "0")}`;
  const top = `tophash ${hex(tophash(high), 2)}`;
  if (B === 0) return `${whole}: one bucket, so no bit is needed to choose it; ${top}`;
  const bits = (low & bucketMask(B)).toString(2).padStart(B, "0");
  return `${whole}: low ${B === 1 ? `bit ${bits} chooses` : `${B} bits ${bits} choose`} bucket ${low & bucketMask(B)}; ${top}`;
}

function tophashSentence(cell: number, found: number, wanted: number): string {
  if (found === wanted) return `cell ${cell}: tophash ${hex(found, 2)} is the same: compare the keys`;
  if (found === TopHash.emptyOne) return `cell ${cell} is empty, but there may be live cells behind it`;
  if (found === TopHash.emptyRest) return `cell ${cell} is empty`;
  return `cell ${cell}: tophash ${hex(found, 2)} differs from ${hex(wanted, 2)}: skip`;
}

function movedSentence(newbit: number, half: number, key: string, bucket: string, cell: number): string {
  const to = `cell ${cell} of ${bucket}`;
  if (newbit === 0) return `key ${key} moves to ${to}: the number of its bucket stays`;
  const bit = Math.log2(newbit);
  return half === 0
    ? `bit ${bit} of the hash is 0: key ${key} moves to X, ${to}`
    : `bit ${bit} of the hash is 1: key ${key} moves to Y, ${to}`;
}

function keyOrCell(key: string): string {
  return key === "" ? "what is there" : `key ${key}`;
}

function hex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}

function count(number: number, what: string): string {
  return `${grouped(number)} ${what}${number === 1 ? "" : "s"}`;
}

function bytes(number: number): string {
  if (number < 1024) return count(number, "byte");
  const [unit, size] = number < 2 ** 20 ? ["KiB", 1024] : ["MiB", 2 ** 20];
  return `${(number / size).toFixed(1)} ${unit}`;
}
