import type { Address } from "../memory/memory.ts";
import { panicUnhashable } from "../types/interface.ts";
import type { MapType } from "../types/maptype.ts";
import { BUCKET_CELLS, DATA_OFFSET, evacuated, isEmpty, TopHash, tophash } from "./bmap.ts";
import { fatal } from "./errors.ts";
import { bucketMask, Flag, HMAP, sameSizeGrow } from "./hmap.ts";
import type { Machine } from "./machine.ts";

// A lookup never writes: it does no growth work and takes no lock. Every function here returns the address of the
// elem, or 0 when the key is absent; the caller then reads the zero value.

/** Looks up the key at an address: `mapaccess2` (runtime/map.go), for all types that have no variant of their own. */
export function mapaccess(go: Machine, t: MapType, h: Address, key: Address): Address {
  if (isEmptyMap(go, h)) {
    checkHashable(go, t, key);
    go.recorder?.mapIsEmpty();
    return 0;
  }
  checkNoWriter(go, h);
  const cell = mapaccessK(go, t, h, key);
  return cell === 0 ? 0 : elemOf(go, t, bucketOf(cell), cell & CELL_MASK);
}

/**
 * Finds the cell of a key without any checks: what iterators use, as Go's `mapaccessK`. Returns a reference to
 * the cell, as {@link bucketOf} and {@link CELL_MASK} take it apart, or 0.
 */
export function mapaccessK(go: Machine, t: MapType, h: Address, key: Address): number {
  const { memory, hasher, recorder } = go;
  t.key.hash(go, key, 0, memory.load32(h + HMAP.hash0));
  const top = tophash(hasher.high);
  for (let b = chainOf(go, t, h, hasher.low); b !== 0; b = nextBucket(go, t, b)) {
    for (let cell = 0; cell < BUCKET_CELLS; cell++) {
      const cellTop = memory.load8(b + cell);
      recorder?.tophashCompared(b, cell, cellTop, top);
      if (cellTop !== top) {
        if (cellTop === TopHash.emptyRest) {
          recorder?.emptyRestMet(b, cell);
          recorder?.keyAbsent();
          return 0;
        }
        continue;
      }
      const equal = t.key.equal(go, key, keyOf(go, t, b, cell));
      recorder?.keyCompared(b, cell, equal);
      if (equal) {
        recorder?.keyFound(b, cell);
        return b + cell;
      }
    }
  }
  recorder?.keyAbsent();
  return 0;
}

// Buckets begin at multiples of 8, so that a bucket's address has room for the number of a cell.
/** The bits of a cell reference that are the cell's number. */
export const CELL_MASK = 7;

/** The bucket of a cell reference. */
export function bucketOf(reference: number): Address {
  return reference - (reference & CELL_MASK);
}

/** Looks up a 4-byte key: `mapaccess2_fast32` (runtime/map_fast32.go). */
export function mapaccessFast32(go: Machine, t: MapType, h: Address, word: number): Address {
  if (isEmptyMap(go, h)) return emptyMap(go);
  checkNoWriter(go, h);
  const { memory, hasher, recorder } = go;
  let b: Address;
  if (memory.load8(h + HMAP.B) === 0) {
    b = memory.loadPointer(h + HMAP.buckets); // one bucket: no need to hash
    recorder?.bucketChosen(0, b, 0);
  } else {
    hasher.memhash32(word, memory.load32(h + HMAP.hash0));
    b = chainOf(go, t, h, hasher.low);
  }
  for (; b !== 0; b = nextBucket(go, t, b)) {
    for (let cell = 0, key = b + DATA_OFFSET; cell < BUCKET_CELLS; cell++, key += 4) {
      const equal = memory.load32(key) === word && !isEmpty(memory.load8(b + cell));
      recorder?.keyCompared(b, cell, equal);
      if (equal) {
        recorder?.keyFound(b, cell);
        return b + t.elemOffset + cell * t.elemSlot;
      }
    }
  }
  recorder?.keyAbsent();
  return 0;
}

/** Looks up an 8-byte key given by its two words: `mapaccess2_fast64` (runtime/map_fast64.go). */
export function mapaccessFast64(go: Machine, t: MapType, h: Address, high: number, low: number): Address {
  if (isEmptyMap(go, h)) return emptyMap(go);
  checkNoWriter(go, h);
  const { memory, hasher, recorder } = go;
  let b: Address;
  if (memory.load8(h + HMAP.B) === 0) {
    b = memory.loadPointer(h + HMAP.buckets); // one bucket: no need to hash
    recorder?.bucketChosen(0, b, 0);
  } else {
    hasher.memhash64(high, low, memory.load32(h + HMAP.hash0));
    b = chainOf(go, t, h, hasher.low);
  }
  for (; b !== 0; b = nextBucket(go, t, b)) {
    for (let cell = 0, key = b + DATA_OFFSET; cell < BUCKET_CELLS; cell++, key += 8) {
      // The key first: comparing 8 bytes costs no more than comparing a tophash.
      const equal =
        memory.load32(key) === low && memory.load32(key + 4) === high && !isEmpty(memory.load8(b + cell));
      recorder?.keyCompared(b, cell, equal);
      if (equal) {
        recorder?.keyFound(b, cell);
        return b + t.elemOffset + cell * t.elemSlot;
      }
    }
  }
  recorder?.keyAbsent();
  return 0;
}

/** Strings at least this long are worth a look at their ends before all bytes are compared. */
const LONG_KEY = 32;

/** Looks up the string of `size` bytes at `p`: `mapaccess2_faststr` (runtime/map_faststr.go). */
export function mapaccessFaststr(go: Machine, t: MapType, h: Address, p: Address, size: number): Address {
  if (isEmptyMap(go, h)) return emptyMap(go);
  checkNoWriter(go, h);
  const { memory, hasher, recorder } = go;
  if (memory.load8(h + HMAP.B) === 0) {
    const b = memory.loadPointer(h + HMAP.buckets);
    recorder?.bucketChosen(0, b, 0);
    const found = searchOneBucket(go, t, b, p, size);
    if (found === ABSENT) recorder?.keyAbsent();
    else if (found !== GIVE_UP) recorder?.keyFound(b, found);
    if (found !== GIVE_UP) return found === ABSENT ? 0 : b + t.elemOffset + found * t.elemSlot;
  }
  hasher.memhash(memory, p, size, 0, memory.load32(h + HMAP.hash0));
  const top = tophash(hasher.high);
  for (let b = chainOf(go, t, h, hasher.low); b !== 0; b = nextBucket(go, t, b)) {
    for (let cell = 0, key = b + DATA_OFFSET; cell < BUCKET_CELLS; cell++, key += 16) {
      recorder?.tophashCompared(b, cell, memory.load8(b + cell), top);
      if (memory.load32(key + 8) !== size || memory.load8(b + cell) !== top) continue;
      const equal = memory.equal(memory.loadPointer(key), p, size);
      recorder?.keyCompared(b, cell, equal);
      if (equal) {
        recorder?.keyFound(b, cell);
        return b + t.elemOffset + cell * t.elemSlot;
      }
    }
  }
  recorder?.keyAbsent();
  return 0;
}

/**
 * Where the map has the bytes of its key that equals the string of `size` bytes at `p`; 0 when it has no such key.
 * No operation of Go's does this, so nobody is told.
 */
export function storedText(go: Machine, t: MapType, h: Address, p: Address, size: number): Address {
  if (h === 0 || go.memory.load32(h + HMAP.count) === 0) return 0;
  const { memory, hasher, recorder } = go;
  go.recorder = null;
  hasher.memhash(memory, p, size, 0, memory.load32(h + HMAP.hash0));
  const top = tophash(hasher.high);
  let stored: Address = 0;
  for (let b = chainOf(go, t, h, hasher.low); b !== 0 && stored === 0; b = nextBucket(go, t, b)) {
    for (let cell = 0, key = b + DATA_OFFSET; cell < BUCKET_CELLS; cell++, key += 16) {
      if (memory.load8(b + cell) !== top || memory.load32(key + 8) !== size) continue;
      if (memory.equal(memory.loadPointer(key), p, size)) stored = memory.loadPointer(key);
    }
  }
  go.recorder = recorder;
  return stored;
}

const ABSENT = -1;
const GIVE_UP = -2;

/**
 * A map of one bucket is searched without hashing. Short keys are compared outright. Of long ones only those
 * that agree in their first and last four bytes are candidates; one candidate is compared in full, and with two
 * it pays to hash after all ({@link GIVE_UP}).
 */
function searchOneBucket(go: Machine, t: MapType, b: Address, p: Address, size: number): number {
  const { memory, recorder } = go;
  let candidate = ABSENT;
  for (let cell = 0, key = b + DATA_OFFSET; cell < BUCKET_CELLS; cell++, key += 16) {
    const top = memory.load8(b + cell);
    if (memory.load32(key + 8) !== size || isEmpty(top)) {
      if (top === TopHash.emptyRest) {
        recorder?.emptyRestMet(b, cell);
        break;
      }
      recorder?.keyCompared(b, cell, false);
      continue;
    }
    const stored = memory.loadPointer(key);
    if (stored === p) return cell;
    if (size < LONG_KEY) {
      const equal = memory.equal(stored, p, size);
      recorder?.keyCompared(b, cell, equal);
      if (equal) return cell;
    } else if (memory.equal(stored, p, 4) && memory.equal(stored + size - 4, p + size - 4, 4)) {
      if (candidate !== ABSENT) return GIVE_UP;
      candidate = cell;
    } else {
      recorder?.keyCompared(b, cell, false);
    }
  }
  if (candidate === ABSENT) return ABSENT;
  const stored = memory.loadPointer(b + DATA_OFFSET + candidate * t.keySlot);
  const equal = memory.equal(stored, p, size);
  recorder?.keyCompared(b, candidate, equal);
  return equal ? candidate : ABSENT;
}

/**
 * The first bucket of the chain in which a key with this hash must be, if it is anywhere: in the new array, or,
 * while the map is growing and the old bucket has not been evacuated, still in the old one.
 */
function chainOf(go: Machine, t: MapType, h: Address, hashLow: number): Address {
  const { memory, recorder } = go;
  const mask = bucketMask(memory.load8(h + HMAP.B));
  recorder?.hashed(go.hasher.high, hashLow, memory.load8(h + HMAP.B));
  const oldbuckets = memory.loadPointer(h + HMAP.oldbuckets);
  if (oldbuckets !== 0) {
    const oldMask = sameSizeGrow(memory, h) ? mask : mask >>> 1;
    const old = oldbuckets + (hashLow & oldMask) * t.bucketSize;
    if (!evacuated(memory, old)) {
      recorder?.bucketChosen(hashLow & oldMask, old, 1);
      return old;
    }
  }
  const b = memory.loadPointer(h + HMAP.buckets) + (hashLow & mask) * t.bucketSize;
  recorder?.bucketChosen(hashLow & mask, b, 0);
  return b;
}

/** The bucket that hangs on another one, or 0 at the end of the chain. */
export function nextBucket(go: Machine, t: MapType, b: Address): Address {
  const next = go.memory.loadPointer(b + t.overflowOffset);
  go.recorder?.chainFollowed(b, next);
  return next;
}

/** Whether a map is nil or has no entries. */
export function isEmptyMap(go: Machine, h: Address): boolean {
  return h === 0 || go.memory.load32(h + HMAP.count) === 0;
}

/** A lookup in a nil or empty map finds nothing. */
function emptyMap(go: Machine): 0 {
  go.recorder?.mapIsEmpty();
  return 0;
}

/** Panics when a key of an empty map cannot be hashed, without hashing it: Go's `mapKeyError`. */
export function checkHashable(go: Machine, t: MapType, key: Address): void {
  if (!t.key.hashMightPanic) return;
  const type = t.key.unhashable(go, key);
  if (type !== null) panicUnhashable(type);
}

/** Where the key of a cell is: in the bucket, or behind the pointer there. */
export function keyOf(go: Machine, t: MapType, b: Address, cell: number): Address {
  const slot = b + DATA_OFFSET + cell * t.keySlot;
  return t.indirectKey ? go.memory.loadPointer(slot) : slot;
}

/** Where the elem of a cell is: in the bucket, or behind the pointer there. */
export function elemOf(go: Machine, t: MapType, b: Address, cell: number): Address {
  const slot = b + t.elemOffset + cell * t.elemSlot;
  return t.indirectElem ? go.memory.loadPointer(slot) : slot;
}

function checkNoWriter(go: Machine, h: Address): void {
  if ((go.memory.load8(h + HMAP.flags) & Flag.hashWriting) !== 0) fatal("concurrent map read and map write");
}
