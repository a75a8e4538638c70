import { Address, CELLS, DATA_OFFSET, emptyOne, emptyRest, overflowOffset } from "./hmap";
import { keySlot } from "./key";
import { equalText, Text } from "./text";

// Here the eight tophashes of a bucket are compared at once, whatever the keys are; engine/map goes cell by cell as Go
// does, and compares integers without a look at the tophash. A loop that ends at the cell it looks for makes the
// processor guess where that is. Each wrong guess throws away what has begun of the operations that come next.
//
// Functions marked `@inline` are put in place of their calls, into one function for each that engine/fast exports. While a
// processor waits for a bucket it begins the next operation, as far as its few hundred instructions ahead reach: the
// fewer an operation takes, the more of the next one's waiting goes on meanwhile.

/** The address of the tophash of a key's cell in the chain at `b`; 0 when it is not there. */
// @inline
export function searchChain<K>(t: u32, b: Address, key: K, top: u32): Address {
  const overflow = overflowOffset(keySlot<K>(), t);
  do {
    const tops = v128.load64_zero(b);
    let cells = cellsOf(i8x16.eq(tops, i8x16.splat(top as i8)));
    for (; cells != 0; cells &= cells - 1) {
      const number = ctz(cells);
      const slot = b + DATA_OFFSET + number * keySlot<K>();
      if (isSigned<K>() ? equalText(slot, key as Text) : load<K>(slot) == key) return b + number;
    }
    // The chain ends here: its overflow pointer, in another line of memory, need not be waited for.
    if (cellsOf(i8x16.eq(tops, i8x16.splat(emptyRest as i8))) != 0) return 0;
    b = load<u32>(b + overflow);
  } while (b != 0);
  return 0;
}

/** The first empty cell of the bucket at `b`: the address of its tophash, or 0 when there is none. */
export function firstEmpty(b: Address): Address {
  const cells = cellsOf(i8x16.le_u(v128.load64_zero(b), i8x16.splat(emptyOne as i8)));
  return cells == 0 ? 0 : b + ctz(cells);
}

/** A bit for each cell whose tophash a comparison has picked. */
export function cellsOf(picked: v128): u32 {
  return i8x16.bitmask(picked) & ((1 << CELLS) - 1);
}
