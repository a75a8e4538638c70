import type { Address } from "../memory/memory.ts";
import { PAGE_SIZE } from "../memory/sizeclasses.ts";
import type { MapType } from "../types/maptype.ts";
import { HMAP } from "./hmap.ts";
import type { Machine } from "./machine.ts";

// What Go does not have: room behind big arrays of buckets, where the fast path keeps copies of short string keys. A lookup
// in a map larger than the processor's caches waits for the bucket, then for the slot with the string's address, then for
// the string's bytes, and none of these addresses is known before the one in front of it has come. Where a copy is follows
// from the bucket's number alone. The room is there with and without the fast path, so that both find their objects at the
// same addresses, but nobody else writes copies: whoever writes a key gives them up.

/** From this B on an array has room for copies: with fewer buckets the processor's caches hold all that is asked for. */
const KEY_COPIES_B = 14;

/** Bytes of a bucket's copies, 16 a cell. In front of the first are as many, whose first word is 1 when they are given up. */
const BUCKET_COPIES = 128;

/** Bytes to reserve behind an array for 2^B buckets: 0 for small ones, and for keys that are no strings. */
export function keyCopiesSize(t: MapType, B: number): number {
  return t.variant === "faststr" && B >= KEY_COPIES_B ? BUCKET_COPIES * (1 + 2 ** B) : 0;
}

/** Begins the copies of an array in which no key stands. */
export function startKeyCopies(go: Machine, t: MapType, array: Address, B: number): void {
  mark(go, t, array, B, 0);
}

/**
 * To be called by who writes a key to the present array: the fast path then reads its keys from their slots, until the map
 * grows again or is cleared. The old array of a growth only loses keys.
 */
export function giveUpKeyCopies(go: Machine, t: MapType, h: Address): void {
  mark(go, t, go.memory.loadPointer(h + HMAP.buckets), go.memory.load8(h + HMAP.B), 1);
}

/** No event for who records, since no program sees it; but the past may have had an object on these pages. */
function mark(go: Machine, t: MapType, array: Address, B: number, givenUp: 0 | 1): void {
  if (keyCopiesSize(t, B) === 0) return;
  const spares = 2 ** (B - 4);
  const copies = array + Math.ceil(((2 ** B + spares) * t.bucketSize) / PAGE_SIZE) * PAGE_SIZE;
  go.memory.store32(copies, givenUp);
}
