import { grouped } from "../grouped.ts";
import { TopHash } from "../map/bmap.ts";
import { Flag } from "../map/hmap.ts";
import type { ArraySnapshot, BucketSnapshot, CellSnapshot, MapSnapshot } from "../snapshot.ts";
import { clip, visible } from "./columns.ts";

// The words that text and pictures share, so that they say the same thing.

/** What there is to say of a nil map. */
export const NIL_MAP = "nil map: it reads as empty, and a write panics";

/** What stands in place of the key in a cell that is not live; empty for emptyRest. */
export function cellMark(tophash: number): string {
  switch (tophash) {
    case TopHash.emptyOne:
      return "-";
    case TopHash.evacuatedX:
      return "to X";
    case TopHash.evacuatedY:
      return "to Y";
    default:
      return "";
  }
}

/** The flags that are set, by name: `iterator oldIterator`. */
export function flagNames(state: MapSnapshot): string {
  return Object.entries(Flag)
    .filter(([, bit]) => (state.flags & bit) !== 0)
    .map(([name]) => name)
    .join(" ");
}

/**
 * Names a bucket: `bucket 2`; while growing what it is to the old array: `bucket 6 (Y of old 2)`; for a bucket
 * further down the chain where it comes from: `bucket 2, overflow 1, spare 16`.
 *
 * @param number of the chain's main bucket
 * @param link 0 for the main bucket, 1 for its first overflow bucket
 */
export function bucketTitle(
  state: MapSnapshot,
  array: ArraySnapshot,
  number: number,
  link: number,
  bucket: BucketSnapshot,
): string {
  if (link > 0) return `bucket ${number}, ${overflowTitle(link, bucket)}`;
  const old = state.oldbuckets;
  if (old === null || array === old) return `bucket ${number}`;
  if (old.length === array.length) return `bucket ${number} (from old ${number})`;
  const half = number < old.length ? "X" : "Y";
  return `bucket ${number} (${half} of old ${number % old.length})`;
}

/** Names a bucket further down a chain, where the chain is plain: `overflow 1, spare 16`. */
function overflowTitle(link: number, bucket: BucketSnapshot): string {
  return `overflow ${link}, ${placeWords(bucket)}`;
}

/** Where an overflow bucket is from: a spare of the array, or allocated by itself. */
export function placeWords(bucket: BucketSnapshot): string {
  return bucket.place >= 0 ? `spare ${bucket.place}` : "allocated";
}

/** A sentence on the buckets that a snapshot left out, or an empty string. */
export function hiddenBuckets(array: ArraySnapshot): string {
  const shown = array.chains.length;
  const { overflowLeftOut = 0 } = array;
  if (shown === array.length && overflowLeftOut === 0) return "";
  const hidden = [
    ...(shown === array.length ? [] : [count(array.length - shown, "more bucket", "more buckets")]),
    ...(overflowLeftOut === 0
      ? []
      : [count(overflowLeftOut, "more overflow bucket", "more overflow buckets")]),
  ]
    .join(" and ")
    .concat(" not shown");
  if (array.from === 0) return hidden;
  return shown === 0 ? hidden : `buckets ${array.from} to ${array.from + shown - 1} shown, ${hidden}`;
}

/** Whether the map is growing to twice its buckets, so that its new array has a half X and a half Y. */
export function splits(state: MapSnapshot): boolean {
  return state.oldbuckets !== null && state.oldbuckets.length !== state.buckets?.length;
}

/** What the spare overflow buckets behind an array are, in a few words; empty when it has none. */
export function spareWords(state: MapSnapshot, array: ArraySnapshot): string {
  const made = array.places - array.length;
  if (made === 0) return "";
  const words = count(made, "spare", "spares");
  if (array !== state.buckets) return words;
  if (state.spares === made) return `${words}, free`;
  return state.spares === 0 ? `${words}, all taken` : `${words}, ${grouped(state.spares)} free`;
}

/** At most `columns` columns of a key or elem, with nothing invisible in it. */
export function slotText(text: string | undefined, columns: number): string {
  return text === undefined ? "" : clip(visible(text), columns);
}

/** A number in hexadecimal with leading zeros: `0x0000beef`. */
export function hex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}

/** A number with the noun that goes with it: `1 bucket`, `1,024 buckets`. */
export function count(number: number, one: string, many: string): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}

/** All cells of an array that a snapshot took. */
export function cellsOf(array: ArraySnapshot | null): CellSnapshot[] {
  return array === null ? [] : array.chains.flat().flatMap((bucket) => bucket.cells);
}
