import type { Address } from "../memory/memory.ts";
import type { BucketSnapshot } from "../snapshot.ts";

/** A place in a map that something points at: an iterator, say. */
export interface Mark {
  /** Address of the bucket. */
  readonly bucket: Address;
  /** The cell, 0 to 7; without one the bucket as a whole. */
  readonly cell?: number;
  /** Whose place it is: `iterator`. */
  readonly name: string;
  /** Whether it is here now (by default), or began here. */
  readonly kind?: "here" | "start";
}

/** The parts of a bucket that can be pointed out. */
export type BucketPart = "tophash" | "key" | "elem" | "overflow";

/** What the present step is about: memory that a drawing points out. */
export type Focus =
  | {
      /** Address of the bucket. */
      readonly bucket: Address;
      /** The cell, 0 to 7; without one the bucket as a whole, or its overflow pointer. */
      readonly cell?: number;
      /** Which part of the cell; all of it without. */
      readonly part?: BucketPart;
    }
  | {
      /** A field of the hmap: `flags`, `nevacuate`. */
      readonly field: string;
    };

/** How to draw a map. */
export interface MapDrawOptions {
  /** Most pixels in width; 900 by default, 240 at least. Narrower than 480 all parts stand one below the other. */
  readonly width?: number;
  /** Places to mark. */
  readonly marks?: readonly Mark[];
  /** What to point out. */
  readonly focus?: readonly Focus[];
  /** Sentences to stand above the picture; the text has none. */
  readonly notes?: readonly string[];
}

/** Whether a part of a cell is pointed out: all of them are when the focus names the cell alone. */
export function inFocus(
  focus: readonly Focus[],
  bucket: BucketSnapshot,
  cell: number | undefined,
  part: BucketPart,
): boolean {
  return focus.some(
    (one) =>
      "bucket" in one &&
      one.bucket === bucket.address &&
      one.cell === cell &&
      (one.part === part || (one.part === undefined && cell !== undefined)),
  );
}

/** Whether a bucket as a whole is pointed out. */
export function bucketInFocus(focus: readonly Focus[], bucket: BucketSnapshot): boolean {
  return focus.some(
    (one) =>
      "bucket" in one && one.bucket === bucket.address && one.cell === undefined && one.part === undefined,
  );
}

/** The marks at one cell, or at a bucket as a whole. */
export function marksAt(marks: readonly Mark[], bucket: BucketSnapshot, cell: number | undefined): Mark[] {
  return marks.filter((mark) => mark.bucket === bucket.address && mark.cell === cell);
}

/** What a mark says: `iterator is here`. */
export function markWords({ name, kind = "here" }: Mark): string {
  return kind === "here" ? `${name} is here` : `${name} began here`;
}
