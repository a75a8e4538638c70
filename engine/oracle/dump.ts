import { arrayBuckets } from "../map/make.ts";
import type { ArraySnapshot, CellSnapshot, MapSnapshot } from "../snapshot.ts";
import type { GoType } from "../types/gotype.ts";
import { TypeTable } from "../types/parse.ts";
import type { Recording } from "./recording.ts";

/** One bucket of a full dump: its place, 16 hexadecimal digits of tophash, eight slots each of keys and elems. */
export interface DumpedBucket {
  readonly at: number;
  readonly top: string;
  readonly k: readonly string[];
  readonly e: readonly string[];
}

/** A full dump in a recording: the state of a small map in plain sight. */
export interface Dump {
  readonly op: number;
  readonly count: number;
  readonly flags: number;
  readonly B: number;
  readonly noverflow: number;
  readonly hash0: number;
  readonly nevacuate: number;
  readonly sameSizeGrow: boolean;
  readonly nextOverflow: number;
  readonly freeOverflow: number;
  readonly hasExtra: boolean;
  /** Lengths of the lists of overflow buckets; null where there is none. */
  readonly overflowList: number | null;
  readonly oldoverflowList: number | null;
  /** Buckets in the arrays, spares included; null where there is none. */
  readonly nbuckets: number | null;
  readonly noldbuckets: number | null;
  readonly buckets: readonly (readonly DumpedBucket[])[] | null;
  readonly oldbuckets: readonly (readonly DumpedBucket[])[] | null;
}

/** The recorded state after `op` operations, for drawing; undefined when the recording has no dump there. */
export function dumpedSnapshot(recording: Recording, op: number): MapSnapshot | undefined {
  const dump = recording.full.find((candidate) => candidate.op === op);
  if (dump === undefined) return undefined;
  const t = new TypeTable().parseMap(`map[${recording.type.key}]${recording.type.elem}`);
  // A recording has no addresses: any number that is not nil will do.
  const somewhere = 0x1000;
  const array = (chains: readonly (readonly DumpedBucket[])[] | null): ArraySnapshot | null =>
    chains && {
      address: somewhere,
      length: chains.length,
      places: arrayBuckets(t, Math.log2(chains.length)),
      from: 0,
      chains: chains.map((chain) =>
        chain.map((bucket) => ({
          address: somewhere,
          place: bucket.at,
          cells: cells(bucket, t.key, t.elem),
        })),
      ),
    };
  return {
    type: t.name,
    bucketSize: t.bucketSize,
    address: somewhere,
    count: dump.count,
    flags: dump.flags,
    B: dump.B,
    noverflow: dump.noverflow,
    hash0: dump.hash0,
    nevacuate: dump.nevacuate,
    sameSizeGrow: dump.sameSizeGrow,
    extra: dump.hasExtra ? somewhere : 0,
    spares: dump.freeOverflow,
    buckets: array(dump.buckets),
    oldbuckets: array(dump.oldbuckets),
  };
}

function cells(bucket: DumpedBucket, key: GoType, elem: GoType): CellSnapshot[] {
  return bucket.k.map((slot, cell) => {
    const tophash = Number.parseInt(bucket.top.slice(2 * cell, 2 * cell + 2), 16);
    if (tophash < 5) return { tophash };
    return { tophash, key: slotText(key, slot), elem: slotText(elem, bucket.e[cell] as string) };
  });
}

/** A dumped slot in words: integers and strings as Go writes them, all else as its bytes. */
function slotText(type: GoType, hex: string): string {
  const bytes = Buffer.from(hex, "hex");
  if (type.kind === "string") return JSON.stringify(bytes.subarray(5).toString("utf8"));
  if (type.kind.includes("int") && type.kind !== "interface" && bytes.length > 0) {
    const value = BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
    return String(type.kind.startsWith("u") ? value : BigInt.asIntN(8 * bytes.length, value));
  }
  return hex;
}
