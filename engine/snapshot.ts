import { elemOf, keyOf } from "./map/access.ts";
import { BUCKET_CELLS, minTopHash } from "./map/bmap.ts";
import { growing, HMAP, MAPEXTRA, oldBucketCount, sameSizeGrow } from "./map/hmap.ts";
import type { Machine } from "./map/machine.ts";
import { arrayBuckets } from "./map/make.ts";
import type { Address } from "./memory/memory.ts";
import { formatAt } from "./types/formatat.ts";
import type { MapType } from "./types/maptype.ts";

/** One cell of a bucket. */
export interface CellSnapshot {
  /** 5 to 255 for a live cell; below that one of the marks in `TopHash`. */
  readonly tophash: number;
  /** Key and elem as Go writes them; absent where nothing lives. */
  readonly key?: string;
  readonly elem?: string;
}

/** One bucket, a `bmap`. */
export interface BucketSnapshot {
  readonly address: Address;
  /** Its number in its array: main buckets first, spares from 2^B on. -1 for one allocated by itself. */
  readonly place: number;
  /** Eight cells. */
  readonly cells: readonly CellSnapshot[];
}

/** An array of buckets with their overflow chains. */
export interface ArraySnapshot {
  readonly address: Address;
  /** Number of main buckets. */
  readonly length: number;
  /** Buckets in its block of memory: the main ones and, from number `length` on, those made as spares. */
  readonly places: number;
  /** Chains of the main buckets `from` and after: each main bucket followed by its overflow buckets. */
  readonly chains: readonly (readonly BucketSnapshot[])[];
  /** Number of the first main bucket in {@link chains}. */
  readonly from: number;
  /** Overflow buckets of these chains that were not taken; absent when all were. */
  readonly overflowLeftOut?: number;
}

/** The state of a map, as a plain object that can be kept, compared and written as JSON. */
export interface MapSnapshot {
  /** The map's type as Go writes it. */
  readonly type: string;
  readonly bucketSize: number;
  /** Where the hmap is. */
  readonly address: Address;
  readonly count: number;
  readonly flags: number;
  readonly B: number;
  readonly noverflow: number;
  readonly hash0: number;
  readonly nevacuate: number;
  readonly sameSizeGrow: boolean;
  /** Where the mapextra is, or 0. */
  readonly extra: Address;
  /** Spare overflow buckets that are still free. */
  readonly spares: number;
  /** null while no bucket has been made. */
  readonly buckets: ArraySnapshot | null;
  /** null when the map is not growing. */
  readonly oldbuckets: ArraySnapshot | null;
}

/** The state of an iterator, as a plain object. */
export interface IteratorSnapshot {
  readonly address: Address;
  readonly done: boolean;
  /** Where the entry produced last is: the addresses of its key and elem; 0 when it is over. */
  readonly key: Address;
  readonly elem: Address;
  /** The array it began with. */
  readonly buckets: Address;
  /** The map's B when it began. */
  readonly B: number;
  readonly startBucket: number;
  /** Where in each bucket it begins. */
  readonly offset: number;
  readonly wrapped: boolean;
  /** The bucket it stands on, or 0 between chains. */
  readonly bptr: Address;
  /** The next cell, counted from `offset`. */
  readonly i: number;
  /** The next bucket of the array. */
  readonly bucket: number;
}

/** Which part of a map to take. */
export interface SnapshotOptions {
  /** Number of the first main bucket; 0 by default. */
  from?: number;
  /** Most main buckets of each array; all by default. */
  limit?: number;
  /** Most buckets of each chain, the main one included; all by default. */
  links?: number;
}

/**
 * Reads a map's state out of memory.
 *
 * @throws RangeError when an option is not a whole number, 0 or more
 */
export function snapshot(go: Machine, t: MapType, h: Address, options: SnapshotOptions = {}): MapSnapshot {
  const { memory } = go;
  const { from = 0, limit = Infinity, links = Infinity } = options;
  for (const [name, value] of Object.entries({ from, limit, links })) {
    if (!(Number.isInteger(value) || value === Infinity) || value < 0) {
      throw new RangeError(`${name} must be a whole number, 0 or more, not ${String(value)}`);
    }
  }
  const B = memory.load8(h + HMAP.B);
  const buckets = memory.loadPointer(h + HMAP.buckets);
  const array = (address: Address, length: number): ArraySnapshot => {
    const { taken, leftOut } = chains(go, t, address, length, from, Math.min(length, from + limit), links);
    return {
      address,
      length,
      places: arrayBuckets(t, Math.log2(length)),
      from,
      chains: taken,
      ...(leftOut === 0 ? {} : { overflowLeftOut: leftOut }),
    };
  };
  return {
    type: t.name,
    bucketSize: t.bucketSize,
    address: h,
    count: memory.load32(h + HMAP.count),
    flags: memory.load8(h + HMAP.flags),
    B,
    noverflow: memory.load16(h + HMAP.noverflow),
    hash0: memory.load32(h + HMAP.hash0) >>> 0,
    nevacuate: memory.load32(h + HMAP.nevacuate),
    sameSizeGrow: sameSizeGrow(memory, h),
    extra: memory.loadPointer(h + HMAP.extra),
    spares: freeSpares(go, t, h),
    buckets: buckets === 0 ? null : array(buckets, 2 ** B),
    oldbuckets: growing(memory, h)
      ? array(memory.loadPointer(h + HMAP.oldbuckets), oldBucketCount(memory, h))
      : null,
  };
}

function chains(
  go: Machine,
  t: MapType,
  array: Address,
  length: number,
  from: number,
  to: number,
  links: number,
): { taken: BucketSnapshot[][]; leftOut: number } {
  const { memory } = go;
  const taken: BucketSnapshot[][] = [];
  let leftOut = 0;
  const end = array + arrayBuckets(t, Math.log2(length)) * t.bucketSize;
  for (let number = from; number < to; number++) {
    const chain: BucketSnapshot[] = [];
    for (let b = array + number * t.bucketSize; b !== 0; b = memory.loadPointer(b + t.overflowOffset)) {
      if (chain.length >= links) {
        leftOut++;
        continue;
      }
      const place = b >= array && b < end ? (b - array) / t.bucketSize : -1;
      chain.push({ address: b, place, cells: cells(go, t, b) });
    }
    taken.push(chain);
  }
  return { taken, leftOut };
}

function cells(go: Machine, t: MapType, b: Address): CellSnapshot[] {
  const { memory } = go;
  return Array.from({ length: BUCKET_CELLS }, (_, cell) => {
    const top = memory.load8(b + cell);
    if (top < minTopHash) return { tophash: top };
    return {
      tophash: top,
      key: formatAt(go, t.key, keyOf(go, t, b, cell)),
      elem: formatAt(go, t.elem, elemOf(go, t, b, cell)),
    };
  });
}

/** Counts the spares from `nextOverflow` to the last one, whose overflow pointer is not nil. */
function freeSpares(go: Machine, t: MapType, h: Address): number {
  const { memory } = go;
  const ext = memory.loadPointer(h + HMAP.extra);
  let spare = ext === 0 ? 0 : memory.loadPointer(ext + MAPEXTRA.nextOverflow);
  if (spare === 0) return 0;
  let count = 1;
  for (; memory.loadPointer(spare + t.overflowOffset) === 0; spare += t.bucketSize) count++;
  return count;
}
