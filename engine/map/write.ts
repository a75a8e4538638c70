import type { Address } from "../memory/memory.ts";
import type { MapType } from "../types/maptype.ts";
import { fatal } from "./errors.ts";
import { growWork } from "./grow.ts";
import { bucketMask, Flag, growing, HMAP } from "./hmap.ts";
import type { Machine } from "./machine.ts";

// What assign, delete and clear have in common. A write marks the map while it is under way. The mark is a plain
// bit, set and tested without any atomic instruction: it finds most races, and promises nothing.

/** The first thing a write does: refuses when another one is under way. */
export function checkNoOtherWriter(go: Machine, h: Address): void {
  if ((go.memory.load8(h + HMAP.flags) & Flag.hashWriting) !== 0) fatal("concurrent map writes");
}

/** Marks the map as being written. Comes after hashing the key, which may panic. */
export function beginWrite(go: Machine, h: Address): void {
  const { memory } = go;
  // XOR, as in Go: if somebody set the bit since it was checked, this clears it, and both find that out at the end.
  go.recorder?.writeBegun();
  memory.store8(h + HMAP.flags, memory.load8(h + HMAP.flags) ^ Flag.hashWriting);
  if (go.insideWrite !== null) {
    go.insideWrite();
    go.recorder?.resumed();
  }
}

/** Takes the mark back, and refuses when somebody else has. */
export function endWrite(go: Machine, h: Address): void {
  const { memory } = go;
  const flags = memory.load8(h + HMAP.flags);
  if ((flags & Flag.hashWriting) === 0) fatal("concurrent map writes");
  go.recorder?.writeEnded();
  memory.store8(h + HMAP.flags, flags & ~Flag.hashWriting);
}

/** The main bucket for a hash, once the growth work for it has been done. */
export function mainBucket(go: Machine, t: MapType, h: Address, hashLow: number): Address {
  const { memory } = go;
  const bucket = hashLow & bucketMask(memory.load8(h + HMAP.B));
  if (growing(memory, h)) growWork(go, t, h, bucket);
  const b = memory.loadPointer(h + HMAP.buckets) + bucket * t.bucketSize;
  go.recorder?.bucketChosen(bucket, b, 0);
  return b;
}
