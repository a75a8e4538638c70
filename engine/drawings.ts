import { bytesDrawing } from "./diagram/bucketbytes.ts";
import { chainDrawing } from "./diagram/chain.ts";
import { Drawing } from "./diagram/drawing.ts";
import { type HashSnapshot, hashDrawing } from "./diagram/hashbits.ts";
import type { MapDrawOptions, Mark } from "./diagram/mapmarks.ts";
import { mapSvg } from "./diagram/mapsvg.ts";
import { mapText } from "./diagram/maptext.ts";
import { BUCKET_CELLS } from "./map/bmap.ts";
import { oldBucketCount } from "./map/hmap.ts";
import type { Machine } from "./map/machine.ts";
import type { Address } from "./memory/memory.ts";
import { type MapSnapshot, snapshot } from "./snapshot.ts";
import type { MapType } from "./types/maptype.ts";
import { bytesSnapshot } from "./typesnapshot.ts";

// What the drawing methods of a map do: they read plain state out of memory, which the drawings are made of.

/** Which bucket of a map, where a number alone does not say it. */
export interface BucketChoice {
  /** How far down its chain: 0, the default, for the main bucket, 1 for the first overflow bucket. */
  readonly overflow?: number;
  /** Whether it is of the old array, which there is only while the map grows. */
  readonly old?: boolean;
}

/** A map's state, drawn. */
export function drawMap(state: MapSnapshot, options: MapDrawOptions = {}): Drawing {
  return new Drawing({
    title: `A ${state.type} with ${state.count} ${state.count === 1 ? "entry" : "entries"}`,
    text: () => mapText(state, options),
    svg: (width) => mapSvg(state, width === undefined ? options : { ...options, width }),
  });
}

/** The chain of one main bucket, drawn. */
export function drawChain(
  go: Machine,
  t: MapType,
  h: Address,
  number: number,
  { old }: BucketChoice,
): Drawing {
  return chainDrawing(oneChain(go, t, h, number, old ?? false));
}

/** The bytes of one bucket, drawn. */
export function drawBytes(
  go: Machine,
  t: MapType,
  h: Address,
  number: number,
  { overflow = 0, old = false }: BucketChoice,
): Drawing {
  const chain = oneChain(go, t, h, number, old).buckets?.chains[0] ?? [];
  const bucket = chain[overflow];
  if (bucket === undefined) {
    throw new RangeError(
      `bucket ${number} has ${chain.length - 1} overflow buckets: there is no number ${overflow}`,
    );
  }
  const name = `${old ? "old bucket" : "bucket"} ${number}${overflow === 0 ? "" : `, overflow ${overflow}`}`;
  return bytesDrawing(bytesSnapshot(go, t, bucket.address, name));
}

/** A map's state with one chain of one array in it. */
function oneChain(go: Machine, t: MapType, h: Address, number: number, old: boolean): MapSnapshot {
  const none = snapshot(go, t, h, { limit: 0 });
  const array = old ? none.oldbuckets : none.buckets;
  if (array === null) {
    throw new RangeError(
      old
        ? "the map is not growing: it has no old array"
        : "the map has no bucket yet: the first set makes one",
    );
  }
  if (!Number.isInteger(number) || number < 0 || number >= array.length) {
    throw new RangeError(`bucket ${number}: give a number from 0 to ${array.length - 1}`);
  }
  const state = snapshot(go, t, h, { from: number, limit: 1 });
  return { ...state, buckets: old ? state.oldbuckets : state.buckets, oldbuckets: null };
}

/** A key's hash, drawn. */
export function drawHash(
  go: Machine,
  t: MapType,
  h: Address,
  key: string,
  hash: Pick<HashSnapshot, "hash" | "tophash" | "bucket">,
): Drawing {
  const { B, hash0, oldbuckets } = snapshot(go, t, h, { limit: 0 });
  const doubling = oldbuckets !== null && oldBucketCount(go.memory, h) !== 2 ** B;
  return hashDrawing({ type: t.name, key, hash0, B, doubling, ...hash });
}

/** Where an iterator is: fields of Go's `hiter`. */
interface IteratorPlace {
  readonly done: boolean;
  readonly buckets: Address;
  readonly startBucket: number;
  readonly offset: number;
  readonly bptr: Address;
  readonly i: number;
  readonly bucket: number;
}

/** Main buckets that the drawing of an iterator shows: those around it. */
const AROUND = 16;

/** An iterator, drawn: its map, with the cell it stands on and the one it began with marked. */
export function drawIterator(go: Machine, t: MapType, h: Address, it: IteratorPlace): Drawing {
  const from = Math.floor(Math.max(0, it.bucket - 1) / AROUND) * AROUND;
  const state = snapshot(go, t, h, { from, limit: AROUND });
  const marks: Mark[] = [];
  if (it.buckets !== 0) {
    const bucket = it.buckets + it.startBucket * t.bucketSize;
    marks.push({ bucket, cell: it.offset, name: "iterator", kind: "start" });
  }
  if (!it.done && it.bptr !== 0) {
    marks.push({ bucket: it.bptr, cell: (it.i - 1 + it.offset) & (BUCKET_CELLS - 1), name: "iterator" });
  }
  return drawMap(state, { marks });
}
