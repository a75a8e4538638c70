import type { Address } from "../memory/memory.ts";
import type { MapType } from "../types/maptype.ts";
import { sameBytes } from "./access.ts";
import { BUCKET_CELLS, DATA_OFFSET, isEmpty, TopHash, tophash } from "./bmap.ts";
import { fatal } from "./errors.ts";
import { growWork, hashGrow } from "./grow.ts";
import { Flag, growing, HMAP } from "./hmap.ts";
import type { Machine } from "./machine.ts";
import { newoverflow, overLoadFactor, tooManyOverflowBuckets } from "./make.ts";

// Assigning returns the address where the elem belongs; the caller stores it there. The address is good until the
// next write to the map, which may move the entry: that is why Go gives no program the address of an elem.

/** Finds or makes the place for an 8-byte key given by its two words: `mapassign_fast64`. */
export function mapassignFast64(go: Machine, t: MapType, h: Address, high: number, low: number): Address {
  const { memory, hasher } = go;
  checkNoWriter(go, h);
  hasher.memhash64(high, low, memory.load32(h + HMAP.hash0));
  const hashLow = hasher.low; // growth work hashes other keys
  const top = tophash(hasher.high);
  beginWrite(go, t, h);
  for (;;) {
    let b = mainBucket(go, t, h, hashLow);
    let freeBucket = 0;
    let freeCell = 0;
    let last = b;
    search: for (; b !== 0; b = memory.loadPointer(b + t.overflowOffset)) {
      last = b;
      for (let cell = 0, key = b + DATA_OFFSET; cell < BUCKET_CELLS; cell++, key += 8) {
        const cellTop = memory.load8(b + cell);
        if (isEmpty(cellTop)) {
          if (freeBucket === 0) {
            freeBucket = b;
            freeCell = cell;
          }
          if (cellTop === TopHash.emptyRest) break search;
        } else if (memory.load32(key) === low && memory.load32(key + 4) === high) {
          return endWrite(go, h, b + t.elemOffset + cell * t.elemSlot);
        }
      }
    }
    if (mustGrow(go, h)) {
      hashGrow(go, t, h);
      continue;
    }
    if (freeBucket === 0) freeBucket = newoverflow(go, t, h, last);
    const key = freeBucket + DATA_OFFSET + freeCell * 8;
    memory.store32(key, low);
    memory.store32(key + 4, high);
    return endWrite(go, h, insert(go, t, h, freeBucket, freeCell, top));
  }
}

/** Finds or makes the place for the string of `size` bytes at `p`, which the map will keep: `mapassign_faststr`. */
export function mapassignFaststr(go: Machine, t: MapType, h: Address, p: Address, size: number): Address {
  const { memory, hasher } = go;
  checkNoWriter(go, h);
  hasher.memhash(memory, p, size, memory.load32(h + HMAP.hash0));
  const hashLow = hasher.low; // growth work hashes other keys
  const top = tophash(hasher.high);
  beginWrite(go, t, h);
  for (;;) {
    let b = mainBucket(go, t, h, hashLow);
    let freeBucket = 0;
    let freeCell = 0;
    let last = b;
    search: for (; b !== 0; b = memory.loadPointer(b + t.overflowOffset)) {
      last = b;
      for (let cell = 0, key = b + DATA_OFFSET; cell < BUCKET_CELLS; cell++, key += 16) {
        const cellTop = memory.load8(b + cell);
        if (cellTop !== top) {
          if (isEmpty(cellTop) && freeBucket === 0) {
            freeBucket = b;
            freeCell = cell;
          }
          if (cellTop === TopHash.emptyRest) break search;
        } else if (memory.load32(key + 8) === size && sameBytes(go, memory.loadPointer(key), p, size)) {
          memory.storePointer(key, p); // the same bytes: now the former copy can be collected
          return endWrite(go, h, b + t.elemOffset + cell * t.elemSlot);
        }
      }
    }
    if (mustGrow(go, h)) {
      hashGrow(go, t, h);
      continue;
    }
    if (freeBucket === 0) freeBucket = newoverflow(go, t, h, last);
    const key = freeBucket + DATA_OFFSET + freeCell * 16;
    memory.storePointer(key, p);
    memory.store32(key + 8, size);
    memory.store32(key + 12, 0);
    return endWrite(go, h, insert(go, t, h, freeBucket, freeCell, top));
  }
}

function checkNoWriter(go: Machine, h: Address): void {
  if ((go.memory.load8(h + HMAP.flags) & Flag.hashWriting) !== 0) fatal("concurrent map writes");
}

/** Marks the map as being written, after the hash (which may panic), and makes the first bucket if it is missing. */
function beginWrite(go: Machine, t: MapType, h: Address): void {
  const { memory } = go;
  memory.store8(h + HMAP.flags, memory.load8(h + HMAP.flags) ^ Flag.hashWriting);
  if (memory.loadPointer(h + HMAP.buckets) === 0) {
    memory.storePointer(h + HMAP.buckets, go.heap.allocate(t.bucketSize, !t.bucketHasPointers));
  }
}

/** The main bucket for a hash, once the growth work for it has been done. */
function mainBucket(go: Machine, t: MapType, h: Address, hashLow: number): Address {
  const { memory } = go;
  const bucket = (hashLow & (2 ** memory.load8(h + HMAP.B) - 1)) >>> 0;
  if (growing(memory, h)) growWork(go, t, h, bucket);
  return memory.loadPointer(h + HMAP.buckets) + bucket * t.bucketSize;
}

/** Whether one entry more must begin a growth: never while one is under way. */
function mustGrow(go: Machine, h: Address): boolean {
  const { memory } = go;
  if (growing(memory, h)) return false;
  const B = memory.load8(h + HMAP.B);
  return (
    overLoadFactor(memory.load32(h + HMAP.count) + 1, B) ||
    tooManyOverflowBuckets(memory.load16(h + HMAP.noverflow), B)
  );
}

/** Makes a cell, whose key has been stored, live. Returns the address of its elem. */
function insert(go: Machine, t: MapType, h: Address, b: Address, cell: number, top: number): Address {
  const { memory } = go;
  memory.store8(b + cell, top);
  memory.store32(h + HMAP.count, memory.load32(h + HMAP.count) + 1);
  return b + t.elemOffset + cell * t.elemSlot;
}

/** Takes the writing mark back, and returns `elem`. */
function endWrite(go: Machine, h: Address, elem: Address): Address {
  checkStillWriting(go, h);
  go.memory.store8(h + HMAP.flags, go.memory.load8(h + HMAP.flags) & ~Flag.hashWriting);
  return elem;
}

function checkStillWriting(go: Machine, h: Address): void {
  if ((go.memory.load8(h + HMAP.flags) & Flag.hashWriting) === 0) fatal("concurrent map writes");
}
