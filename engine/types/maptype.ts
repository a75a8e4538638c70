import { BUCKET_CELLS, DATA_OFFSET } from "../map/bmap.ts";
import { allPointers, type Layout, pointerOffsets } from "../memory/layout.ts";
import type { GoType } from "./gotype.ts";

/** Keys and elems over this many bytes are kept behind a pointer: abi.MapMaxKeyBytes and abi.MapMaxElemBytes. */
const MAX_INLINE_SIZE = 128;

/** Which of the runtime's functions the compiler calls for a map type; "slow" are the generic ones. */
type Variant = "fast32" | "fast64" | "faststr" | "slow";

/** Bits of a map type's flags (internal/abi/map_noswiss.go). */
const MapFlag = {
  indirectKey: 1,
  indirectElem: 2,
  reflexiveKey: 4,
  needKeyUpdate: 8,
  hashMightPanic: 16,
} as const;

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
  /** Bytes of one key slot: of the key, or of a pointer to it. */
  readonly keySlot: number;
  /** Bytes of one elem slot: of the elem, or of a pointer to it. */
  readonly elemSlot: number;
  /** Offset of the first elem slot in a bucket. */
  readonly elemOffset: number;
  /** Offset of the overflow pointer in a bucket: its last 8 bytes. */
  readonly overflowOffset: number;
  readonly bucketSize: number;
  /** Whether the collector must look into buckets. */
  readonly bucketHasPointers: boolean;
  /** Where a bucket has pointers. Without any in keys and elems the overflow word does not count as one either. */
  readonly bucketLayout: Layout;
  /** Whether key slots hold pointers to keys. */
  readonly indirectKey: boolean;
  /** Whether elem slots hold pointers to elems. */
  readonly indirectElem: boolean;
  /** Bits of {@link MapFlag}. */
  readonly flags: number;
}

/**
 * Lays out the bucket of a map type, as `MapBucketType` of the compiler does (cmd/compile/internal/reflectdata):
 * 8 tophash bytes, 8 key slots, 8 elem slots, the overflow pointer. Every slot is followed by its like, and eight
 * of any size end on a multiple of 8: there is no padding.
 */
export function mapType(name: string, key: GoType, elem: GoType): MapType {
  const indirectKey = key.size > MAX_INLINE_SIZE;
  const indirectElem = elem.size > MAX_INLINE_SIZE;
  const keySlot = indirectKey ? 8 : key.size;
  const elemSlot = indirectElem ? 8 : elem.size;
  const elemOffset = DATA_OFFSET + BUCKET_CELLS * keySlot;
  const overflowOffset = elemOffset + BUCKET_CELLS * elemSlot;
  const bucketSize = overflowOffset + 8;
  const bucketLayout = layOutPointers(
    indirectKey ? allPointers : key.layout,
    indirectElem ? allPointers : elem.layout,
    { keySlot, elemSlot, elemOffset, overflowOffset, bucketSize },
  );
  return {
    name,
    key,
    elem,
    variant: variantOf(key, elem),
    keySlot,
    elemSlot,
    elemOffset,
    overflowOffset,
    bucketSize,
    bucketHasPointers: bucketLayout.offsets.length > 0,
    bucketLayout,
    indirectKey,
    indirectElem,
    flags:
      (indirectKey ? MapFlag.indirectKey : 0) |
      (indirectElem ? MapFlag.indirectElem : 0) |
      (key.reflexive ? MapFlag.reflexiveKey : 0) |
      (key.needKeyUpdate ? MapFlag.needKeyUpdate : 0) |
      (key.hashMightPanic ? MapFlag.hashMightPanic : 0),
  };
}

/** The pointers of a bucket: in its key slots, its elem slots, and the overflow pointer if there are such. */
function layOutPointers(
  key: Layout,
  elem: Layout,
  places: {
    keySlot: number;
    elemSlot: number;
    elemOffset: number;
    overflowOffset: number;
    bucketSize: number;
  },
): Layout {
  const offsets = [
    ...pointerOffsets(key, DATA_OFFSET, key.offsets.length === 0 ? 0 : BUCKET_CELLS * places.keySlot),
    ...pointerOffsets(
      elem,
      places.elemOffset,
      elem.offsets.length === 0 ? 0 : BUCKET_CELLS * places.elemSlot,
    ),
  ];
  if (offsets.length > 0) offsets.push(places.overflowOffset);
  return { period: places.bucketSize, offsets };
}

/** The choice that the compiler makes: cmd/compile/internal/walk, `mapfast`. */
function variantOf(key: GoType, elem: GoType): Variant {
  if (elem.size > MAX_INLINE_SIZE) return "slow";
  if (key.plain && key.size === 4) return "fast32";
  if (key.plain && key.size === 8) return "fast64";
  return key.oneString === true ? "faststr" : "slow";
}
