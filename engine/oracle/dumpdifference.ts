import { BUCKET_CELLS, DATA_OFFSET } from "../map/bmap.ts";
import { HMAP, MAPEXTRA, oldBucketCount, sameSizeGrow } from "../map/hmap.ts";
import { arrayBuckets } from "../map/make.ts";
import type { Address } from "../memory/memory.ts";
import type { GoType } from "../types/gotype.ts";
import type { Dump, DumpedBucket } from "./dump.ts";
import type { RecordedMap } from "./recordedmap.ts";
import { quoted } from "./recordingerror.ts";
import type { StateSummary } from "./statestream.ts";
import { ByteStream } from "./value.ts";

/** What differs between a map and a full dump of the recorded one, in one sentence; null when nothing does. */
export function dumpDifference(map: RecordedMap, state: StateSummary, dump: Dump): string | null {
  const header = headerOf(map, state);
  for (const [field, ours] of Object.entries(header)) {
    const recorded = dump[field as keyof typeof header];
    if (recorded !== undefined && recorded !== ours)
      return `${field} is ${ours}, ${quoted(recorded)} recorded`;
  }
  const { memory } = map.go;
  const h = map.address;
  for (const [field, length] of [
    ["buckets", 2 ** state.B],
    ["oldbuckets", state.growing === 1 ? oldBucketCount(memory, h) : 0],
  ] as const) {
    const difference = chainsDifference(map, memory.loadPointer(h + HMAP[field]), length, dump[field]);
    if (difference !== null) return `${field}${difference}`;
  }
  return null;
}

/** What a dump tells beside the buckets; of `extra` too, which the digests do not see. */
function headerOf(map: RecordedMap, state: StateSummary) {
  const { memory } = map.go;
  const h = map.address;
  const extra = memory.loadPointer(h + HMAP.extra);
  const listLength = (field: number) => {
    const list = extra === 0 ? 0 : memory.loadPointer(extra + field);
    return list === 0 ? null : memory.load32(list + 8);
  };
  const { growing, ...numbers } = state;
  const hasBuckets = memory.loadPointer(h + HMAP.buckets) !== 0;
  return {
    ...numbers,
    sameSizeGrow: sameSizeGrow(memory, h),
    hasExtra: extra !== 0,
    overflowList: listLength(MAPEXTRA.overflow),
    oldoverflowList: listLength(MAPEXTRA.oldoverflow),
    nbuckets: hasBuckets ? arrayBuckets(map.type, state.B) : null,
    noldbuckets: growing === 1 ? arrayBuckets(map.type, Math.log2(oldBucketCount(memory, h))) : null,
  };
}

function chainsDifference(
  map: RecordedMap,
  array: Address,
  length: number,
  recorded: Dump["buckets"] | undefined,
): string | null {
  if (recorded === undefined) return null;
  if ((array === 0) !== (recorded === null)) {
    return array === 0 ? " is nil, recorded otherwise" : " is not nil, recorded otherwise";
  }
  if (recorded === null) return null;
  if (recorded.length !== length) return ` has ${length} main buckets, ${quoted(recorded.length)} recorded`;
  const { memory } = map.go;
  const end = array + arrayBuckets(map.type, Math.log2(length)) * map.type.bucketSize;
  for (const [number, chain] of recorded.entries()) {
    const buckets: Address[] = [];
    for (let b = array + number * map.type.bucketSize; b !== 0; ) {
      buckets.push(b);
      b = memory.loadPointer(b + map.type.overflowOffset);
    }
    if (buckets.length !== chain.length) {
      return `[${number}] is a chain of ${buckets.length}, ${quoted(chain.length)} recorded`;
    }
    for (const [i, b] of buckets.entries()) {
      const place = b >= array && b < end ? (b - array) / map.type.bucketSize : -1;
      const difference = bucketDifference(map, b, place, chain[i] as DumpedBucket);
      if (difference !== null) return `[${number}], bucket ${i} of the chain: ${difference}`;
    }
  }
  return null;
}

function bucketDifference(map: RecordedMap, b: Address, place: number, dump: DumpedBucket): string | null {
  const { go, type } = map;
  if (place !== dump.at) return `its place is ${place}, ${quoted(dump.at)} recorded`;
  const top = hex(go.memory.bytes.subarray(b, b + BUCKET_CELLS));
  if (top !== dump.top) return `its tophashes are ${top}, ${quoted(dump.top)} recorded`;
  const keys = b + DATA_OFFSET;
  const elems = b + type.elemOffset;
  for (let cell = 0; cell < BUCKET_CELLS; cell++) {
    const key = slot(map, type.key, keys + cell * type.keySlot, type.indirectKey);
    if (key !== dump.k[cell]) return `key ${cell} is ${key}, ${quoted(dump.k[cell])} recorded`;
    const elem = slot(map, type.elem, elems + cell * type.elemSlot, type.indirectElem);
    if (elem !== dump.e[cell]) return `elem ${cell} is ${elem}, ${quoted(dump.e[cell])} recorded`;
  }
  return null;
}

const out = new ByteStream();

/** A slot in the encoding of the state stream, in hex. */
function slot(map: RecordedMap, type: GoType, a: Address, indirect: boolean): string {
  out.reset();
  const p = indirect ? map.go.memory.loadPointer(a) : a;
  if (indirect) out.byte(p === 0 ? 0 : 1);
  if (p !== 0) map.values.read(type, p, out);
  return hex(out.written);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
