import type { Address } from "../memory/memory.ts";
import type { MapType } from "../types/maptype.ts";
import { elemOf, keyOf, nextBucket } from "./access.ts";
import { BUCKET_CELLS, DATA_OFFSET, isEmpty, TopHash, tophash } from "./bmap.ts";
import { GoPanic } from "./errors.ts";
import { hashGrow } from "./grow.ts";
import { growing, HMAP } from "./hmap.ts";
import { giveUpKeyCopies } from "./keycopies.ts";
import type { Machine } from "./machine.ts";
import { newoverflow, overLoadFactor, tooManyOverflowBuckets } from "./make.ts";
import { beginWrite, checkNoOtherWriter, endWrite, mainBucket } from "./write.ts";

// Assigning returns the address where the elem belongs; the caller stores it there. The address is good until the
// next write to the map, which may move the entry: that is why Go gives no program the address of an elem.
//
// The four variants go the same way: look for the key, remembering the first empty cell; if it is there, its
// elem is the place; if not, grow when the map is full and look again, or else take the empty cell, or a new
// overflow bucket's first one. They differ in how they compare, and in what they store of the key.

/** Finds or makes the place for the key at an address: `mapassign` (runtime/map.go). */
export function mapassign(go: Machine, t: MapType, h: Address, key: Address): Address {
  const { memory, hasher, recorder } = go;
  checkAssignable(go, h);
  t.key.hash(go, key, 0, memory.load32(h + HMAP.hash0));
  const hashLow = hasher.low; // growth work hashes other keys
  const top = tophash(hasher.high);
  beginAssign(go, t, h);
  for (;;) {
    let freeBucket = 0;
    let freeCell = 0;
    let last = 0;
    search: for (let b = mainBucket(go, t, h, hashLow); b !== 0; b = nextBucket(go, t, b)) {
      last = b;
      for (let cell = 0; cell < BUCKET_CELLS; cell++) {
        const cellTop = memory.load8(b + cell);
        recorder?.tophashCompared(b, cell, cellTop, top);
        if (cellTop !== top) {
          if (isEmpty(cellTop) && freeBucket === 0) {
            freeBucket = b;
            freeCell = cell;
            recorder?.emptyCellSeen(b, cell);
          }
          if (cellTop === TopHash.emptyRest) {
            recorder?.emptyRestMet(b, cell);
            break search;
          }
          continue;
        }
        const stored = keyOf(go, t, b, cell);
        const equal = t.key.equal(go, key, stored);
        recorder?.keyCompared(b, cell, equal);
        if (!equal) continue;
        recorder?.keyFound(b, cell);
        if (t.key.needKeyUpdate) {
          recorder?.keyUpdated(b, cell);
          memory.copy(stored, key, t.key.size);
        }
        endWrite(go, h);
        return elemOf(go, t, b, cell);
      }
    }
    if (growIfNeeded(go, t, h)) continue;
    if (freeBucket === 0) freeBucket = newoverflow(go, t, h, last);
    recorder?.cellTaken(freeBucket, freeCell, top);
    storeKey(go, t, freeBucket, freeCell, key);
    if (t.indirectElem) {
      const elem = go.heap.allocate(t.elem.size, t.elem.layout);
      memory.storePointer(freeBucket + t.elemOffset + freeCell * t.elemSlot, elem);
    }
    insert(go, h, freeBucket, freeCell, top);
    return elemOf(go, t, freeBucket, freeCell);
  }
}

/** Finds or makes the place for a 4-byte key: `mapassign_fast32`. */
export function mapassignFast32(go: Machine, t: MapType, h: Address, word: number): Address {
  const { memory, hasher, recorder } = go;
  checkAssignable(go, h);
  hasher.memhash32(word, memory.load32(h + HMAP.hash0));
  const hashLow = hasher.low;
  const top = tophash(hasher.high);
  beginAssign(go, t, h);
  for (;;) {
    let freeBucket = 0;
    let freeCell = 0;
    let last = 0;
    search: for (let b = mainBucket(go, t, h, hashLow); b !== 0; b = nextBucket(go, t, b)) {
      last = b;
      for (let cell = 0, key = b + DATA_OFFSET; cell < BUCKET_CELLS; cell++, key += 4) {
        const cellTop = memory.load8(b + cell);
        if (isEmpty(cellTop)) {
          if (freeBucket === 0) {
            freeBucket = b;
            freeCell = cell;
            recorder?.emptyCellSeen(b, cell);
          }
          if (cellTop === TopHash.emptyRest) {
            recorder?.emptyRestMet(b, cell);
            break search;
          }
        } else if (memory.load32(key) === word) {
          recorder?.keyCompared(b, cell, true);
          recorder?.keyFound(b, cell);
          endWrite(go, h);
          return b + t.elemOffset + cell * t.elemSlot;
        } else {
          recorder?.keyCompared(b, cell, false);
        }
      }
    }
    if (growIfNeeded(go, t, h)) continue;
    if (freeBucket === 0) freeBucket = newoverflow(go, t, h, last);
    recorder?.cellTaken(freeBucket, freeCell, top);
    memory.store32(freeBucket + DATA_OFFSET + freeCell * 4, word);
    insert(go, h, freeBucket, freeCell, top);
    return freeBucket + t.elemOffset + freeCell * t.elemSlot;
  }
}

/** Finds or makes the place for an 8-byte key given by its two words: `mapassign_fast64`. */
export function mapassignFast64(go: Machine, t: MapType, h: Address, high: number, low: number): Address {
  const { memory, hasher, recorder } = go;
  checkAssignable(go, h);
  hasher.memhash64(high, low, memory.load32(h + HMAP.hash0));
  const hashLow = hasher.low;
  const top = tophash(hasher.high);
  beginAssign(go, t, h);
  for (;;) {
    let freeBucket = 0;
    let freeCell = 0;
    let last = 0;
    search: for (let b = mainBucket(go, t, h, hashLow); b !== 0; b = nextBucket(go, t, b)) {
      last = b;
      for (let cell = 0, key = b + DATA_OFFSET; cell < BUCKET_CELLS; cell++, key += 8) {
        const cellTop = memory.load8(b + cell);
        if (isEmpty(cellTop)) {
          if (freeBucket === 0) {
            freeBucket = b;
            freeCell = cell;
            recorder?.emptyCellSeen(b, cell);
          }
          if (cellTop === TopHash.emptyRest) {
            recorder?.emptyRestMet(b, cell);
            break search;
          }
        } else if (memory.load32(key) === low && memory.load32(key + 4) === high) {
          recorder?.keyCompared(b, cell, true);
          recorder?.keyFound(b, cell);
          endWrite(go, h);
          return b + t.elemOffset + cell * t.elemSlot;
        } else {
          recorder?.keyCompared(b, cell, false);
        }
      }
    }
    if (growIfNeeded(go, t, h)) continue;
    if (freeBucket === 0) freeBucket = newoverflow(go, t, h, last);
    recorder?.cellTaken(freeBucket, freeCell, top);
    const key = freeBucket + DATA_OFFSET + freeCell * 8;
    memory.store32(key, low);
    memory.store32(key + 4, high);
    insert(go, h, freeBucket, freeCell, top);
    return freeBucket + t.elemOffset + freeCell * t.elemSlot;
  }
}

/** Finds or makes the place for the string of `size` bytes at `p`, which the map will keep: `mapassign_faststr`. */
export function mapassignFaststr(go: Machine, t: MapType, h: Address, p: Address, size: number): Address {
  const { memory, hasher, recorder } = go;
  checkAssignable(go, h);
  hasher.memhash(memory, p, size, 0, memory.load32(h + HMAP.hash0));
  const hashLow = hasher.low;
  const top = tophash(hasher.high);
  beginAssign(go, t, h);
  for (;;) {
    let freeBucket = 0;
    let freeCell = 0;
    let last = 0;
    search: for (let b = mainBucket(go, t, h, hashLow); b !== 0; b = nextBucket(go, t, b)) {
      last = b;
      for (let cell = 0, key = b + DATA_OFFSET; cell < BUCKET_CELLS; cell++, key += 16) {
        const cellTop = memory.load8(b + cell);
        recorder?.tophashCompared(b, cell, cellTop, top);
        if (cellTop !== top) {
          if (isEmpty(cellTop) && freeBucket === 0) {
            freeBucket = b;
            freeCell = cell;
            recorder?.emptyCellSeen(b, cell);
          }
          if (cellTop === TopHash.emptyRest) {
            recorder?.emptyRestMet(b, cell);
            break search;
          }
        } else if (memory.load32(key + 8) === size && memory.equal(memory.loadPointer(key), p, size)) {
          recorder?.keyCompared(b, cell, true);
          recorder?.keyFound(b, cell);
          recorder?.keyUpdated(b, cell);
          memory.storePointer(key, p); // the same bytes: now the former copy can be collected
          endWrite(go, h);
          return b + t.elemOffset + cell * t.elemSlot;
        } else {
          recorder?.keyCompared(b, cell, false);
        }
      }
    }
    if (growIfNeeded(go, t, h)) continue;
    if (freeBucket === 0) freeBucket = newoverflow(go, t, h, last);
    recorder?.cellTaken(freeBucket, freeCell, top);
    const key = freeBucket + DATA_OFFSET + freeCell * 16;
    memory.storePointer(key, p);
    memory.store32(key + 8, size);
    memory.store32(key + 12, 0);
    giveUpKeyCopies(go, t, h);
    insert(go, h, freeBucket, freeCell, top);
    return freeBucket + t.elemOffset + freeCell * t.elemSlot;
  }
}

function checkAssignable(go: Machine, h: Address): void {
  if (h === 0) throw new GoPanic("assignment to entry in nil map");
  checkNoOtherWriter(go, h);
}

/** Marks the map as being written, and makes the first bucket if it is missing. */
function beginAssign(go: Machine, t: MapType, h: Address): void {
  const { memory, hasher, recorder } = go;
  recorder?.hashed(hasher.high, hasher.low, memory.load8(h + HMAP.B));
  beginWrite(go, h);
  if (memory.loadPointer(h + HMAP.buckets) === 0) {
    const b = go.heap.allocate(t.bucketSize, t.bucketLayout);
    recorder?.firstBucketMade(b);
    memory.storePointer(h + HMAP.buckets, b);
  }
}

/** Begins a growth when one entry more asks for it. Never while one is under way: then the map gets overfull. */
function growIfNeeded(go: Machine, t: MapType, h: Address): boolean {
  const { memory } = go;
  if (growing(memory, h)) return false;
  const B = memory.load8(h + HMAP.B);
  const count = memory.load32(h + HMAP.count);
  if (!overLoadFactor(count + 1, B) && !tooManyOverflowBuckets(memory.load16(h + HMAP.noverflow), B))
    return false;
  hashGrow(go, t, h);
  return true;
}

/** Copies a key to the slot of a cell, or to memory of its own when keys are kept behind pointers. */
export function storeKey(go: Machine, t: MapType, b: Address, cell: number, key: Address): void {
  const slot = b + DATA_OFFSET + cell * t.keySlot;
  let to = slot;
  if (t.indirectKey) {
    to = go.heap.allocate(t.key.size, t.key.layout);
    go.memory.storePointer(slot, to);
  }
  go.memory.copy(to, key, t.key.size);
}

/** Makes a cell live whose key has been stored, and ends the write. */
function insert(go: Machine, h: Address, b: Address, cell: number, top: number): void {
  const { memory } = go;
  memory.store8(b + cell, top);
  memory.store32(h + HMAP.count, memory.load32(h + HMAP.count) + 1);
  endWrite(go, h);
}
