import { elemOf, keyOf } from "./map/access.ts";
import { BUCKET_CELLS, DATA_OFFSET, minTopHash } from "./map/bmap.ts";
import type { Machine } from "./map/machine.ts";
import { allPointers, pointerOffsets } from "./memory/layout.ts";
import type { Address } from "./memory/memory.ts";
import { structType } from "./types/composite.ts";
import { formatAt } from "./types/formatat.ts";
import type { GoType } from "./types/gotype.ts";
import type { MapType } from "./types/maptype.ts";
import { pointerType } from "./types/reference.ts";

/** What a bucket has eight of. Sizes and offsets are bytes. */
export interface SlotSnapshot {
  /** The type of key or elem as Go writes it. */
  readonly type: string;
  /** Of the type. */
  readonly size: number;
  /** Of one slot: as the type, or a pointer's. */
  readonly slot: number;
  /** Whether the slot has a pointer to the value, which is too long for a bucket. */
  readonly indirect: boolean;
  /** Where in a slot pointers are. */
  readonly pointers: readonly number[];
}

/** A part of a bucket. */
export interface FieldSnapshot {
  readonly part: "tophash" | "key" | "elem" | "overflow";
  /** 0 to 7; 0 for the overflow pointer. */
  readonly cell: number;
  readonly offset: number;
  readonly size: number;
}

/** The layout of a map type's bucket, as a plain object. */
export interface TypeSnapshot {
  /** As Go writes it. */
  readonly type: string;
  readonly key: SlotSnapshot;
  readonly elem: SlotSnapshot;
  /** All parts in order; together they are the whole bucket. */
  readonly fields: readonly FieldSnapshot[];
  readonly bucketSize: number;
  /** Whether the collector has to look into buckets. */
  readonly hasPointers: boolean;
  /** Which of the runtime's functions serve the type. */
  readonly variant: "fast32" | "fast64" | "faststr" | "slow";
  /** What a bucket of key and elem side by side would be like: a pair's size and its elem's place. */
  readonly pair: { readonly size: number; readonly elemOffset: number; readonly padding: number };
}

/** The bytes of one bucket, as a plain object. */
export interface BytesSnapshot {
  readonly type: TypeSnapshot;
  readonly address: Address;
  /** What the bucket is: `bucket 2`, `bucket 2, overflow 1`. */
  readonly name: string;
  readonly bytes: readonly number[];
  /** Keys and elems as Go writes them, by cell; undefined where nothing lives. */
  readonly keys: readonly (string | undefined)[];
  readonly elems: readonly (string | undefined)[];
  /** Address of the next bucket of the chain, or 0. */
  readonly overflow: Address;
}

/** Reads the layout of a map type. */
export function typeSnapshot(t: MapType): TypeSnapshot {
  const cells = Array.from({ length: BUCKET_CELLS }, (_, cell) => cell);
  const pair = structType([
    { name: "key", type: t.indirectKey ? pointer(t.key) : t.key },
    { name: "elem", type: t.indirectElem ? pointer(t.elem) : t.elem },
  ]);
  return {
    type: t.name,
    key: slot(t.key, t.keySlot, t.indirectKey),
    elem: slot(t.elem, t.elemSlot, t.indirectElem),
    fields: [
      ...cells.map((cell) => ({ part: "tophash" as const, cell, offset: cell, size: 1 })),
      ...cells.map((cell) => ({
        part: "key" as const,
        cell,
        offset: DATA_OFFSET + cell * t.keySlot,
        size: t.keySlot,
      })),
      ...cells.map((cell) => ({
        part: "elem" as const,
        cell,
        offset: t.elemOffset + cell * t.elemSlot,
        size: t.elemSlot,
      })),
      { part: "overflow" as const, cell: 0, offset: t.overflowOffset, size: 8 },
    ],
    bucketSize: t.bucketSize,
    hasPointers: t.bucketHasPointers,
    variant: t.variant,
    pair: {
      size: pair.size,
      elemOffset: pair.parts[1]?.offset ?? 0,
      padding: pair.size - t.keySlot - t.elemSlot,
    },
  };
}

function pointer(type: GoType): GoType {
  return pointerType(type) as unknown as GoType;
}

function slot(type: GoType, size: number, indirect: boolean): SlotSnapshot {
  return {
    type: type.name,
    size: type.size,
    slot: size,
    indirect,
    pointers: size === 0 ? [] : pointerOffsets(indirect ? allPointers : type.layout, 0, size),
  };
}

/** Reads the bytes of the bucket at `b`. */
export function bytesSnapshot(go: Machine, t: MapType, b: Address, name: string): BytesSnapshot {
  const { memory } = go;
  const cells = Array.from({ length: BUCKET_CELLS }, (_, cell) => cell);
  const live = (cell: number) => memory.load8(b + cell) >= minTopHash;
  return {
    type: typeSnapshot(t),
    address: b,
    name,
    bytes: Array.from(memory.bytes.subarray(b, b + t.bucketSize)),
    keys: cells.map((cell) => (live(cell) ? formatAt(go, t.key, keyOf(go, t, b, cell)) : undefined)),
    elems: cells.map((cell) => (live(cell) ? formatAt(go, t.elem, elemOf(go, t, b, cell)) : undefined)),
    overflow: memory.loadPointer(b + t.overflowOffset),
  };
}
