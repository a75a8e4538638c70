import type { HashSnapshot } from "../diagram/states.ts";
import { tophash } from "../map/bmap.ts";
import { bucketMask, growing, HMAP, sameSizeGrow } from "../map/hmap.ts";
import { type OverviewSnapshot, overviewSnapshot } from "../overviewsnapshot.ts";
import { type BytesSnapshot, bytesSnapshot } from "../typesnapshot.ts";
import type { Frame } from "./frame.ts";
import type { Recording } from "./recording.ts";

// What there is to see besides the map at a recording's position, as plain state to draw.

/** The hash that the present operation has computed, or null when it has computed none so far. */
export function hashAt(recording: Recording): HashSnapshot | null {
  const { map } = recording;
  const hashed = recording.eventsSoFar.findLast((event) => event.kind === "hashed");
  if (map === null || hashed === undefined) return null;
  const { memory } = recording.parts.machine;
  const h = map.address;
  return {
    type: map.type.name,
    key: recording.parts.log.key(recording.operation),
    hash0: memory.load32(h + HMAP.hash0) >>> 0,
    hash: (BigInt(hashed.high >>> 0) << 32n) | BigInt(hashed.low >>> 0),
    tophash: tophash(hashed.high),
    bucket: hashed.low & bucketMask(memory.load8(h + HMAP.B)),
    B: memory.load8(h + HMAP.B),
    doubling: growing(memory, h) && !sameSizeGrow(memory, h),
  };
}

/** The bytes of the bucket that the present step is about, or null when it is about none. */
export function bytesAt(recording: Recording, { map, bucket }: Frame): BytesSnapshot | null {
  if (map === null || bucket === null) return null;
  return bytesSnapshot(recording.parts.machine, map.type, bucket, recording.bucketName(map, bucket));
}

/** All buckets of the present operation's map, from afar. */
export function overviewAt(recording: Recording, { map }: Frame): OverviewSnapshot | null {
  return map === null ? null : overviewSnapshot(recording.parts.machine, map.type, map.address);
}
