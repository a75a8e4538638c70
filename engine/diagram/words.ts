import { TopHash } from "../map/bmap.ts";
import { Flag } from "../map/hmap.ts";
import type { ArraySnapshot, BucketSnapshot, CellSnapshot, MapSnapshot } from "../snapshot.ts";

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
export function overflowTitle(link: number, bucket: BucketSnapshot): string {
  return `overflow ${link}, ${bucket.place >= 0 ? `spare ${bucket.place}` : "allocated"}`;
}

/** A sentence on the main buckets that a snapshot left out, or an empty string. */
export function hiddenBuckets(array: ArraySnapshot): string {
  const shown = array.chains.length;
  if (shown === array.length) return "";
  return `${count(array.length - shown, "more bucket", "more buckets")} not shown`;
}

/** A number in hexadecimal with leading zeros: `0x0000beef`. */
export function hex(value: number, digits: number): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}

/** At most `length` characters of a text; a cut is marked. */
export function shorten(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join("")}…`;
}

/** A number with the noun that goes with it: `1 bucket`, `1,024 buckets`. */
export function count(number: number, one: string, many: string): string {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** All cells of an array that a snapshot took. */
export function cellsOf(array: ArraySnapshot | null): CellSnapshot[] {
  return array === null ? [] : array.chains.flat().flatMap((bucket) => bucket.cells);
}
