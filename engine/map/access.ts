import type { Address } from "../memory/memory.ts";
import type { MapType } from "../types/maptype.ts";
import { BUCKET_CELLS, DATA_OFFSET, evacuated, isEmpty, TopHash, tophash } from "./bmap.ts";
import { fatal } from "./errors.ts";
import { Flag, HMAP, sameSizeGrow } from "./hmap.ts";
import type { Machine } from "./machine.ts";

// A lookup never writes: it does no growth work and takes no lock. Every function here returns the address of the
// elem, or 0 when the key is absent; the caller then reads the zero value.

/** Looks up an 8-byte key given by its two words: `mapaccess2_fast64` (runtime/map_fast64.go). */
export function mapaccessFast64(go: Machine, t: MapType, h: Address, high: number, low: number): Address {
  const { memory, hasher } = go;
  if (memory.load32(h + HMAP.count) === 0) return 0;
  checkNoWriter(go, h);
  let b: Address;
  if (memory.load8(h + HMAP.B) === 0) {
    b = memory.loadPointer(h + HMAP.buckets); // one bucket: no need to hash
  } else {
    hasher.memhash64(high, low, memory.load32(h + HMAP.hash0));
    b = chainOf(go, t, h, hasher.low);
  }
  for (; b !== 0; b = memory.loadPointer(b + t.overflowOffset)) {
    for (let cell = 0, key = b + DATA_OFFSET; cell < BUCKET_CELLS; cell++, key += 8) {
      // The key first: comparing 8 bytes costs no more than comparing a tophash.
      if (memory.load32(key) === low && memory.load32(key + 4) === high && !isEmpty(memory.load8(b + cell))) {
        return b + t.elemOffset + cell * t.elemSlot;
      }
    }
  }
  return 0;
}

/** Strings at least this long are worth a look at their ends before all bytes are compared. */
const LONG_KEY = 32;

/** Looks up the string of `size` bytes at `p`: `mapaccess2_faststr` (runtime/map_faststr.go). */
export function mapaccessFaststr(go: Machine, t: MapType, h: Address, p: Address, size: number): Address {
  const { memory, hasher } = go;
  if (memory.load32(h + HMAP.count) === 0) return 0;
  checkNoWriter(go, h);
  if (memory.load8(h + HMAP.B) === 0) {
    const b = memory.loadPointer(h + HMAP.buckets);
    const found = searchOneBucket(go, t, b, p, size);
    if (found !== GIVE_UP) return found === ABSENT ? 0 : b + t.elemOffset + found * t.elemSlot;
  }
  hasher.memhash(memory, p, size, memory.load32(h + HMAP.hash0));
  const top = tophash(hasher.high);
  for (let b = chainOf(go, t, h, hasher.low); b !== 0; b = memory.loadPointer(b + t.overflowOffset)) {
    for (let cell = 0, key = b + DATA_OFFSET; cell < BUCKET_CELLS; cell++, key += 16) {
      if (memory.load32(key + 8) !== size || memory.load8(b + cell) !== top) continue;
      if (sameBytes(go, memory.loadPointer(key), p, size)) return b + t.elemOffset + cell * t.elemSlot;
    }
  }
  return 0;
}

const ABSENT = -1;
const GIVE_UP = -2;

/**
 * A map of one bucket is searched without hashing. Short keys are compared outright. Of long ones only those
 * that agree in their first and last four bytes are candidates; one candidate is compared in full, and with two
 * it pays to hash after all ({@link GIVE_UP}).
 */
function searchOneBucket(go: Machine, t: MapType, b: Address, p: Address, size: number): number {
  const { memory } = go;
  let candidate = ABSENT;
  for (let cell = 0, key = b + DATA_OFFSET; cell < BUCKET_CELLS; cell++, key += 16) {
    const top = memory.load8(b + cell);
    if (memory.load32(key + 8) !== size || isEmpty(top)) {
      if (top === TopHash.emptyRest) break;
      continue;
    }
    const stored = memory.loadPointer(key);
    if (stored === p) return cell;
    if (size < LONG_KEY) {
      if (sameBytes(go, stored, p, size)) return cell;
    } else if (sameBytes(go, stored, p, 4) && sameBytes(go, stored + size - 4, p + size - 4, 4)) {
      if (candidate !== ABSENT) return GIVE_UP;
      candidate = cell;
    }
  }
  if (candidate === ABSENT) return ABSENT;
  const stored = memory.loadPointer(b + DATA_OFFSET + candidate * t.keySlot);
  return sameBytes(go, stored, p, size) ? candidate : ABSENT;
}

/**
 * The first bucket of the chain in which a key with this hash must be, if it is anywhere: in the new array, or,
 * while the map is growing and the old bucket has not been evacuated, still in the old one.
 */
function chainOf(go: Machine, t: MapType, h: Address, hashLow: number): Address {
  const { memory } = go;
  let mask = 2 ** memory.load8(h + HMAP.B) - 1;
  const oldbuckets = memory.loadPointer(h + HMAP.oldbuckets);
  if (oldbuckets !== 0) {
    const oldMask = sameSizeGrow(memory, h) ? mask : mask >>> 1;
    const old = oldbuckets + ((hashLow & oldMask) >>> 0) * t.bucketSize;
    if (!evacuated(memory, old)) return old;
  }
  mask &= hashLow;
  return memory.loadPointer(h + HMAP.buckets) + (mask >>> 0) * t.bucketSize;
}

function checkNoWriter(go: Machine, h: Address): void {
  if ((go.memory.load8(h + HMAP.flags) & Flag.hashWriting) !== 0) fatal("concurrent map read and map write");
}

/** Whether `size` bytes at `p` and `q` are the same. */
export function sameBytes(go: Machine, p: Address, q: Address, size: number): boolean {
  if (p === q) return true;
  const { memory } = go;
  for (let i = 0; i < size; i++) {
    if (memory.load8(p + i) !== memory.load8(q + i)) return false;
  }
  return true;
}
