import {
  Address,
  BUCKETS,
  bucketSize,
  CELLS,
  COUNT,
  DATA_OFFSET,
  elemOffset,
  elemSlot,
  emptyOne,
  emptyRest,
  evacuated,
  FLAGS,
  hashWriting,
  LOG_BUCKETS,
  OLDBUCKETS,
  SLOW,
  sameSizeGrow,
  tophash,
} from "./hmap";
import { hash, keySlot } from "./key";
import { copiesOf, isCopied, searchCopies } from "./keycopies";
import { searchChain } from "./search";
import { bytesOf, equalBytes, equalText, sizeOf, Text } from "./text";

/** Looks up a key: `mapaccess2_fast32`, `_fast64` and `_faststr`. The address of its elem; 0 when it is absent. */
// @inline
export function mapaccess<K>(t: u32, h: Address, key: K): Address {
  if (h == 0 || load<u32>(h, COUNT) == 0) return 0;
  if ((load<u8>(h, FLAGS) & hashWriting) != 0) return SLOW;
  if (isSigned<K>() && load<u8>(h, LOG_BUCKETS) == 0) {
    const found = searchOneBucket(load<u32>(h, BUCKETS), key as Text);
    if (found != GIVE_UP) return elemIn<K>(t, found);
  }
  return elemIn<K>(t, mapaccessK<K>(t, h, key));
}

/** The address of a cell's tophash, or 0: what iterators ask for. */
// @inline
export function mapaccessK<K>(t: u32, h: Address, key: K): Address {
  const hashed = hash<K>(key, h);
  return search<K>(t, h, key, hashed);
}

/** The elem slot of the cell whose tophash is at `cell`; 0 for none. */
export function elemIn<K>(t: u32, cell: Address): Address {
  if (cell == 0) return 0;
  const number = cell & (CELLS - 1); // buckets begin at multiples of 8
  return cell - number + elemOffset(keySlot<K>()) + number * elemSlot(t);
}

/** The key slot of the cell whose tophash is at `cell`. */
export function keyIn<K>(cell: Address): Address {
  const number = cell & (CELLS - 1);
  return cell - number + DATA_OFFSET + number * keySlot<K>();
}

const LONG_KEY: u32 = 32;
const GIVE_UP: Address = -2;

/** Searches a map of one bucket without hashing, as far as that pays: see `searchOneBucket` in engine/map/access.ts. */
function searchOneBucket(b: Address, key: Text): Address {
  const p = bytesOf(key);
  const size = sizeOf(key);
  let candidate: Address = 0;
  let slot = b + DATA_OFFSET;
  for (let cell = b; cell < b + CELLS; cell++, slot += 16) {
    const top: u32 = load<u8>(cell);
    if (load<u32>(slot, 8) != size || top <= emptyOne) {
      if (top == emptyRest) break;
      continue;
    }
    const stored: Address = load<u32>(slot);
    if (stored == p) return cell;
    if (size < LONG_KEY) {
      if (equalBytes(stored, key)) return cell;
    } else if (load<u32>(stored) == load<u32>(p) && load<u32>(stored + size - 4) == load<u32>(p + size - 4)) {
      if (candidate != 0) return GIVE_UP;
      candidate = cell;
    }
  }
  return candidate != 0 && equalText(keyIn<Text>(candidate), key) ? candidate : 0;
}

/** The address of the tophash of a key's cell, in whichever array it must be; 0 when the map does not have it. */
// @inline
export function search<K>(t: u32, h: Address, key: K, hashed: u64): Address {
  let array: Address = load<u32>(h, BUCKETS);
  let B: u32 = load<u8>(h, LOG_BUCKETS);
  const oldbuckets: Address = load<u32>(h, OLDBUCKETS);
  if (oldbuckets != 0) {
    const oldB = (load<u8>(h, FLAGS) & sameSizeGrow) != 0 ? B : B - 1;
    const old = oldbuckets + (u32(hashed) & ((u32(1) << oldB) - 1)) * bucketSize(keySlot<K>(), t);
    if (!evacuated(old)) {
      array = oldbuckets;
      B = oldB;
    }
  }
  return searchArray<K>(t, array, B, key, hashed);
}

/** The address of the tophash of a key's cell in an array for 2^B buckets; 0 when it is not there. */
// @inline
export function searchArray<K>(t: u32, array: Address, B: u32, key: K, hashed: u64): Address {
  const bucket = u32(hashed) & ((u32(1) << B) - 1);
  const b = array + bucket * bucketSize(keySlot<K>(), t);
  if (isSigned<K>()) {
    const copies = copiesOf(t, array, B, bucket);
    if (copies != 0 && isCopied(key as Text)) return searchCopies(t, b, copies, key as Text, tophash(hashed));
  }
  return searchChain<K>(t, b, key, tophash(hashed));
}
