import { BUCKET_CELLS, DATA_OFFSET } from "../map/bmap.ts";
import type { GoType } from "./gotype.ts";

/** Keys and elems over this many bytes are kept behind a pointer: abi.MapMaxKeyBytes and abi.MapMaxElemBytes. */
export const MAX_INLINE_SIZE = 128;

/** Which of the runtime's functions the compiler calls for a map type. */
export type Variant = "fast64" | "faststr";

/**
 * What the runtime knows of one map type: Go's `abi.MapType`, made once for each combination of key and elem
 * and shared by all maps of it. Sizes and offsets are bytes.
 */
export interface MapType {
  /** As Go writes it: `map[string]int`. */
  readonly name: string;
  readonly key: GoType;
  readonly elem: GoType;
  readonly variant: Variant;
  /** Bytes of one key slot. */
  readonly keySlot: number;
  /** Bytes of one elem slot. */
  readonly elemSlot: number;
  /** Offset of the first elem slot in a bucket. */
  readonly elemOffset: number;
  /** Offset of the overflow pointer in a bucket: its last 8 bytes. */
  readonly overflowOffset: number;
  readonly bucketSize: number;
  /** Whether keys or elems hold pointers, so that the collector must look into buckets. */
  readonly bucketHasPointers: boolean;
}

/**
 * Lays out the bucket of a map type, as `MapBucketType` of the compiler does (cmd/compile/internal/reflectdata):
 * 8 tophash bytes, 8 key slots, 8 elem slots, the overflow pointer. Every slot is followed by its like, and eight
 * of any size end on a multiple of 8: there is no padding.
 */
export function mapType(name: string, key: GoType, elem: GoType, variant: Variant): MapType {
  const elemOffset = DATA_OFFSET + BUCKET_CELLS * key.size;
  const overflowOffset = elemOffset + BUCKET_CELLS * elem.size;
  return {
    name,
    key,
    elem,
    variant,
    keySlot: key.size,
    elemSlot: elem.size,
    elemOffset,
    overflowOffset,
    bucketSize: overflowOffset + 8,
    bucketHasPointers: key.hasPointers || elem.hasPointers,
  };
}
