import { BUCKET_CELLS, minTopHash } from "./map/bmap.ts";
import { growing, HMAP, oldBucketCount } from "./map/hmap.ts";
import type { Machine } from "./map/machine.ts";
import type { Address } from "./memory/memory.ts";
import type { MapType } from "./types/maptype.ts";

/** One array of a big map: what one has to know of each bucket to see the whole. */
export interface OverviewArray {
  /** Number of main buckets. */
  readonly length: number;
  /** The eight tophash bytes of each main bucket, one after the other. */
  readonly tophash: Uint8Array;
  /** Live cells of each chain, overflow buckets included; 255 stands for more. */
  readonly live: Uint8Array;
  /** Overflow buckets of each chain; 255 stands for more. */
  readonly overflow: Uint8Array;
}

/** A big map from afar: neither keys nor elems. */
export interface OverviewSnapshot {
  /** The map's type as Go writes it. */
  readonly type: string;
  readonly count: number;
  readonly B: number;
  readonly nevacuate: number;
  /** null while no bucket has been made. */
  readonly buckets: OverviewArray | null;
  /** null when the map is not growing. */
  readonly oldbuckets: OverviewArray | null;
}

/** Reads what an overview shows: of 262,144 buckets in a few milliseconds. */
export function overviewSnapshot(go: Machine, t: MapType, h: Address): OverviewSnapshot {
  const { memory } = go;
  const buckets = h === 0 ? 0 : memory.loadPointer(h + HMAP.buckets);
  const B = h === 0 ? 0 : memory.load8(h + HMAP.B);
  const old = h !== 0 && growing(memory, h);
  return {
    type: t.name,
    count: h === 0 ? 0 : memory.load32(h + HMAP.count),
    B,
    nevacuate: h === 0 ? 0 : memory.load32(h + HMAP.nevacuate),
    buckets: buckets === 0 ? null : overviewArray(go, t, buckets, 2 ** B),
    oldbuckets: old
      ? overviewArray(go, t, memory.loadPointer(h + HMAP.oldbuckets), oldBucketCount(memory, h))
      : null,
  };
}

function overviewArray(go: Machine, t: MapType, array: Address, length: number): OverviewArray {
  const { memory } = go;
  const { bytes } = memory;
  const tophash = new Uint8Array(BUCKET_CELLS * length);
  const live = new Uint8Array(length);
  const overflow = new Uint8Array(length);
  for (let number = 0; number < length; number++) {
    const main = array + number * t.bucketSize;
    let cells = 0;
    for (let cell = 0; cell < BUCKET_CELLS; cell++) {
      const top = bytes[main + cell] as number;
      tophash[BUCKET_CELLS * number + cell] = top;
      if (top >= minTopHash) cells++;
    }
    let links = 0;
    for (
      let b = memory.loadPointer(main + t.overflowOffset);
      b !== 0;
      b = memory.loadPointer(b + t.overflowOffset)
    ) {
      links++;
      for (let cell = 0; cell < BUCKET_CELLS; cell++) if ((bytes[b + cell] as number) >= minTopHash) cells++;
    }
    live[number] = Math.min(cells, 255);
    overflow[number] = Math.min(links, 255);
  }
  return { length, tophash, live, overflow };
}
