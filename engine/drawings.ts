import { bytesDrawing } from "./diagram/bucketbytes.ts";
import { chainDrawing } from "./diagram/chain.ts";
import type { Drawing } from "./diagram/drawing.ts";
import { hashDrawing } from "./diagram/hashbits.ts";
import { iteratorDrawing } from "./diagram/mapdrawing.ts";
import type { HashSnapshot } from "./diagram/states.ts";
import { oldBucketCount } from "./map/hmap.ts";
import type { Machine } from "./map/machine.ts";
import type { Address } from "./memory/memory.ts";
import { type IteratorSnapshot, type MapSnapshot, snapshot } from "./snapshot.ts";
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

/** Main buckets that the drawing of an iterator shows: those around it. */
const AROUND = 16;

/** An iterator, drawn: its map, with the cell it stands on and the one it began with marked. */
export function drawIterator(go: Machine, t: MapType, h: Address, it: IteratorSnapshot): Drawing {
  const from = Math.floor(Math.max(0, it.bucket - 1) / AROUND) * AROUND;
  return iteratorDrawing(snapshot(go, t, h, { from, limit: AROUND, links: AROUND }), it);
}
