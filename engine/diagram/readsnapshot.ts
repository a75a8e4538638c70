import { list, natural, nullable, object, optional, type Shape, text, truth, word, wrong } from "../shape.ts";
import type {
  ArraySnapshot,
  BucketSnapshot,
  CellSnapshot,
  IteratorSnapshot,
  MapSnapshot,
} from "../snapshot.ts";
import type { FieldSnapshot, SlotSnapshot, TypeSnapshot } from "../typesnapshot.ts";
import type { Focus, Mark } from "./mapmarks.ts";
import type { BytesJson, HashJson, SnapshotContent } from "./snapshotjson.ts";
import type { HeapEvent, HeapSample, HeapSeriesSnapshot, MemStatsSnapshot } from "./states.ts";

const number = natural();
const byte = natural(255);
/** Log2 of a number of buckets. */
const log2 = natural(63);
const cellNumber = natural(7);

const liveCell = object<Required<CellSnapshot>>({ tophash: byte, key: text, elem: text });
const emptyCell = object<Pick<CellSnapshot, "tophash">>({ tophash: byte });
const cell: Shape<CellSnapshot> = (json, where) => {
  const { key, elem } = (json ?? {}) as CellSnapshot;
  return (key === undefined && elem === undefined ? emptyCell : liveCell)(json, where);
};

const bucket = object<BucketSnapshot>({
  address: number,
  place: (json, where) => (json === -1 ? -1 : number(json, where)),
  cells: list(cell, 8),
});

const array = object<ArraySnapshot>({
  address: number,
  length: number,
  places: number,
  from: number,
  chains: list(list(bucket)),
  overflowLeftOut: optional(number),
});

const map = object<MapSnapshot>({
  type: text,
  bucketSize: number,
  address: number,
  count: number,
  flags: byte,
  B: log2,
  noverflow: number,
  hash0: number,
  nevacuate: number,
  sameSizeGrow: truth,
  extra: number,
  spares: number,
  buckets: nullable(array),
  oldbuckets: nullable(array),
});

const mark = object<Mark>({
  bucket: number,
  cell: optional(cellNumber),
  name: text,
  kind: optional(word("here", "start")),
});

const fieldFocus = object<Extract<Focus, { field: string }>>({ field: text });
const bucketFocus = object<Extract<Focus, { bucket: number }>>({
  bucket: number,
  cell: optional(cellNumber),
  part: optional(word("tophash", "key", "elem", "overflow")),
});
const focus: Shape<Focus> = (json, where) =>
  ((json as { field?: unknown } | null)?.field === undefined ? bucketFocus : fieldFocus)(json, where);

const iterator = object<IteratorSnapshot>({
  address: number,
  done: truth,
  key: number,
  elem: number,
  buckets: number,
  B: log2,
  startBucket: number,
  offset: cellNumber,
  wrapped: truth,
  bptr: number,
  i: natural(8),
  bucket: number,
});

/** Bytes of a bucket at most: eight keys and eight elems of 128 bytes, tophash and the overflow pointer. */
const MOST_BUCKET = 8 + 2 * 8 * 128 + 8;
const inBucket = natural(MOST_BUCKET);

const slot = object<SlotSnapshot>({
  type: text,
  size: number,
  slot: natural(128),
  indirect: truth,
  pointers: list(natural(127)),
});

const type = object<TypeSnapshot>({
  type: text,
  key: slot,
  elem: slot,
  fields: list(
    object<FieldSnapshot>({
      part: word("tophash", "key", "elem", "overflow"),
      cell: cellNumber,
      offset: inBucket,
      size: natural(128),
    }),
    25,
  ),
  bucketSize: inBucket,
  hasPointers: truth,
  variant: word("fast32", "fast64", "faststr", "slow"),
  pair: object<TypeSnapshot["pair"]>({ size: inBucket, elemOffset: inBucket, padding: inBucket }),
});

const bytes = object<BytesJson>({
  type,
  address: number,
  name: text,
  bytes: list(byte),
  keys: list(nullable(text), 8),
  elems: list(nullable(text), 8),
  overflow: number,
});

const bits: Shape<string> = (json, where) => {
  if (!/^0x[0-9a-f]{16}$/.test(text(json, where))) throw wrong(where, "64 bits as 0x and 16 digits");
  return json as string;
};

const hash = object<HashJson>({
  type: text,
  key: text,
  hash0: number,
  hash: bits,
  tophash: byte,
  bucket: number,
  B: log2,
  doubling: truth,
});

const heap = object<HeapSeriesSnapshot>({
  unit: text,
  samples: list(object<HeapSample>({ heapAlloc: number, buckets: number, oldbuckets: number })),
  events: list(object<HeapEvent>({ at: number, kind: word("growth", "collection") })),
});

const memStats = object<MemStatsSnapshot>({ heapAlloc: number, nextGC: number, numGC: number });

/** What each kind of snapshot has besides its format. An iterator's is told from a map's by its member `iterator`. */
const kinds = {
  iterator: { iterator, map },
  map: { map, marks: optional(list(mark)), focus: optional(list(focus)) },
  chain: { chain: map },
  bytes: { bytes },
  hash: { hash },
  type: { type },
  heap: { heap },
  memStats: { memStats },
} as const;

/**
 * Takes JSON of unknown origin for a snapshot, as snapshot.schema.json describes it. What comes out can be drawn.
 *
 * @throws TypeError when it is none, or of another version; the message says where
 */
export function readSnapshot(json: unknown): SnapshotContent {
  try {
    return contentOf(json);
  } catch (error) {
    throw new TypeError(`this is not an hmap snapshot: ${(error as Error).message}`, { cause: error });
  }
}

function contentOf(json: unknown): SnapshotContent {
  if (typeof json !== "object" || json === null) throw wrong("it", "an object");
  const { format } = json as { format?: unknown };
  if (format !== "hmap-snapshot/1") {
    throw new TypeError(`its format is ${String(format)}, and this reads hmap-snapshot/1`);
  }
  const kind = (Object.keys(kinds) as (keyof typeof kinds)[]).find((name) => name in json);
  if (kind === undefined) throw wrong("it", `one of ${Object.keys(kinds).join(", ")}`);
  const content: Record<string, unknown> = {};
  for (const [name, shape] of Object.entries(kinds[kind] as Record<string, Shape<unknown>>)) {
    const value = shape((json as Record<string, unknown>)[name], name);
    if (value !== undefined) content[name] = value;
  }
  return content as unknown as SnapshotContent;
}
