import type { Address } from "../memory/memory.ts";
import type { MapType } from "../types/maptype.ts";
import { checkHashable, isEmptyMap, keyOf, nextBucket } from "./access.ts";
import { BUCKET_CELLS, DATA_OFFSET, isEmpty, TopHash, tophash } from "./bmap.ts";
import { HMAP } from "./hmap.ts";
import type { Machine } from "./machine.ts";
import { beginWrite, checkNoOtherWriter, endWrite, mainBucket } from "./write.ts";

// A delete empties one cell and gives nothing back: buckets and overflow buckets stay. It does growth work as an
// assign does, but never starts a growth.

/** Deletes the key at an address: `mapdelete` (runtime/map.go). */
export function mapdelete(go: Machine, t: MapType, h: Address, key: Address): void {
  if (isEmptyMap(go, h)) {
    checkHashable(go, t, key);
    go.recorder?.mapIsEmpty();
    return;
  }
  checkNoOtherWriter(go, h);
  const { memory, hasher, recorder } = go;
  t.key.hash(go, key, 0, memory.load32(h + HMAP.hash0));
  const top = tophash(hasher.high);
  const main = beginDelete(go, t, h);
  search: for (let b = main; b !== 0; b = nextBucket(go, t, b)) {
    for (let cell = 0; cell < BUCKET_CELLS; cell++) {
      const cellTop = memory.load8(b + cell);
      recorder?.tophashCompared(b, cell, cellTop, top);
      if (cellTop !== top) {
        if (cellTop !== TopHash.emptyRest) continue;
        recorder?.emptyRestMet(b, cell);
        break search;
      }
      const equal = t.key.equal(go, key, keyOf(go, t, b, cell));
      recorder?.keyCompared(b, cell, equal);
      if (!equal) continue;
      recorder?.cellEmptied(b, cell);
      const slot = b + DATA_OFFSET + cell * t.keySlot;
      if (t.indirectKey) memory.storePointer(slot, 0);
      else if (t.key.layout.offsets.length > 0) memory.clear(slot, t.keySlot);
      emptyCell(go, t, h, main, b, cell);
      break search;
    }
  }
  endWrite(go, h);
}

/** Deletes a 4-byte key: `mapdelete_fast32`. */
export function mapdeleteFast32(go: Machine, t: MapType, h: Address, word: number): void {
  if (isEmptyMap(go, h)) {
    go.recorder?.mapIsEmpty();
    return;
  }
  checkNoOtherWriter(go, h);
  const { memory, hasher, recorder } = go;
  hasher.memhash32(word, memory.load32(h + HMAP.hash0));
  const main = beginDelete(go, t, h);
  search: for (let b = main; b !== 0; b = nextBucket(go, t, b)) {
    for (let cell = 0, key = b + DATA_OFFSET; cell < BUCKET_CELLS; cell++, key += 4) {
      const equal = memory.load32(key) === word && !isEmpty(memory.load8(b + cell));
      recorder?.keyCompared(b, cell, equal);
      if (!equal) continue;
      recorder?.cellEmptied(b, cell);
      emptyCell(go, t, h, main, b, cell);
      break search;
    }
  }
  endWrite(go, h);
}

/** Deletes an 8-byte key given by its two words: `mapdelete_fast64`. */
export function mapdeleteFast64(go: Machine, t: MapType, h: Address, high: number, low: number): void {
  if (isEmptyMap(go, h)) {
    go.recorder?.mapIsEmpty();
    return;
  }
  checkNoOtherWriter(go, h);
  const { memory, hasher, recorder } = go;
  hasher.memhash64(high, low, memory.load32(h + HMAP.hash0));
  const main = beginDelete(go, t, h);
  search: for (let b = main; b !== 0; b = nextBucket(go, t, b)) {
    for (let cell = 0, key = b + DATA_OFFSET; cell < BUCKET_CELLS; cell++, key += 8) {
      const equal =
        memory.load32(key) === low && memory.load32(key + 4) === high && !isEmpty(memory.load8(b + cell));
      recorder?.keyCompared(b, cell, equal);
      if (!equal) continue;
      recorder?.cellEmptied(b, cell);
      if (t.key.layout.offsets.length > 0) memory.clear(key, 8);
      emptyCell(go, t, h, main, b, cell);
      break search;
    }
  }
  endWrite(go, h);
}

/** Deletes the string of `size` bytes at `p`: `mapdelete_faststr`. */
export function mapdeleteFaststr(go: Machine, t: MapType, h: Address, p: Address, size: number): void {
  if (isEmptyMap(go, h)) {
    go.recorder?.mapIsEmpty();
    return;
  }
  checkNoOtherWriter(go, h);
  const { memory, hasher, recorder } = go;
  hasher.memhash(memory, p, size, 0, memory.load32(h + HMAP.hash0));
  const top = tophash(hasher.high);
  const main = beginDelete(go, t, h);
  search: for (let b = main; b !== 0; b = nextBucket(go, t, b)) {
    for (let cell = 0, key = b + DATA_OFFSET; cell < BUCKET_CELLS; cell++, key += 16) {
      recorder?.tophashCompared(b, cell, memory.load8(b + cell), top);
      if (memory.load32(key + 8) !== size || memory.load8(b + cell) !== top) continue;
      const equal = memory.equal(memory.loadPointer(key), p, size);
      recorder?.keyCompared(b, cell, equal);
      if (!equal) continue;
      recorder?.cellEmptied(b, cell);
      memory.storePointer(key, 0); // the bytes can be collected; the length stays in the dead slot
      emptyCell(go, t, h, main, b, cell);
      break search;
    }
  }
  endWrite(go, h);
}

/** Marks the map, does the growth work, and gives the main bucket for the hash that was taken last. */
function beginDelete(go: Machine, t: MapType, h: Address): Address {
  const hashLow = go.hasher.low; // growth work hashes other keys
  go.recorder?.hashed(go.hasher.high, hashLow, go.memory.load8(h + HMAP.B));
  beginWrite(go, h);
  return mainBucket(go, t, h, hashLow);
}

/** Empties a cell whose key has been dealt with: the elem goes, and the tophash tells how much is empty. */
function emptyCell(go: Machine, t: MapType, h: Address, main: Address, b: Address, cell: number): void {
  const { memory } = go;
  memory.clear(b + t.elemOffset + cell * t.elemSlot, t.elemSlot); // indirect: the pointer
  memory.store8(b + cell, TopHash.emptyOne);
  if (nothingBehind(go, t, b, cell)) runBack(go, t, main, b, cell);
  const count = memory.load32(h + HMAP.count) - 1;
  memory.store32(h + HMAP.count, count);
  if (count === 0) {
    // Somebody who made keys collide by watching this map has to start over.
    go.random.next();
    go.recorder?.seedRenewed(go.random.low);
    memory.store32(h + HMAP.hash0, go.random.low);
  }
}

/** Whether the chain is empty behind a cell. */
function nothingBehind(go: Machine, t: MapType, b: Address, cell: number): boolean {
  const { memory } = go;
  if (cell < BUCKET_CELLS - 1) return memory.load8(b + cell + 1) === TopHash.emptyRest;
  const overflow = memory.loadPointer(b + t.overflowOffset);
  return overflow === 0 || memory.load8(overflow) === TopHash.emptyRest;
}

/** Turns the emptyOne cells that now end a chain into emptyRest, from a cell back towards the chain's start. */
function runBack(go: Machine, t: MapType, main: Address, b: Address, cell: number): void {
  const { memory } = go;
  for (;;) {
    go.recorder?.emptyRestSet(b, cell);
    memory.store8(b + cell, TopHash.emptyRest);
    if (cell > 0) {
      cell--;
    } else {
      if (b === main) return;
      // Chains have no links backwards: find the bucket before this one from the start.
      const next = b;
      for (b = main; memory.loadPointer(b + t.overflowOffset) !== next; )
        b = memory.loadPointer(b + t.overflowOffset);
      cell = BUCKET_CELLS - 1;
    }
    if (memory.load8(b + cell) !== TopHash.emptyOne) return;
  }
}
