import type { Dump } from "./dump.ts";

/** An operation of a recording; README.md beside this file tells what each means. */
export type RecordedOperation = readonly [op: string, ...rest: unknown[]];

/** A checkpoint: the state of the map after the first n operations. */
export type Checkpoint = readonly [
  n: number,
  count: number,
  flags: number,
  B: number,
  noverflow: number,
  hash0: number,
  nevacuate: number,
  growing: number,
  nextOverflow: number,
  freeOverflow: number,
  draws: number,
  digest: string,
];

/** What a recording says about its map type beside key and elem. Only what it says is compared. */
export interface TypeFacts {
  readonly variant?: string;
  readonly keySize?: number;
  readonly elemSize?: number;
  readonly keySlot?: number;
  readonly elemSlot?: number;
  readonly bucketSize?: number;
  readonly flags?: number;
  readonly bucketHasPointers?: boolean;
}

/** A recording of a real Go map. */
export interface Recording {
  readonly name: string;
  readonly type: TypeFacts & { readonly key: string; readonly elem: string };
  readonly hint: number | null;
  /** The seed after make; may be left out. */
  readonly hash0?: number;
  readonly hashkey: readonly string[];
  readonly draws: readonly string[];
  readonly ops: readonly RecordedOperation[];
  readonly check: readonly Checkpoint[];
  /** May be empty. */
  readonly full: readonly Dump[];
  /** Bytes that make and the first n operations have allocated, for each n; may be left out. */
  readonly heap?: readonly number[];
}
