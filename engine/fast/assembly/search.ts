import { Address, CELLS, DATA_OFFSET, emptyOne, overflowOffset } from "./hmap";
import { equalText, keySlot, Text } from "./key";

// Here all eight cells of a bucket are looked at together. A loop that ends at the cell it looks for makes the processor
// guess where that is; and each wrong guess throws away what it has begun of the operations that follow, whose memory
// would be on its way meanwhile.

/** The address of the tophash of a key's cell in the chain at `b`; 0 when it is not there. */
export function searchChain<K>(t: u32, b: Address, key: K, top: u32): Address {
  const overflow = overflowOffset(keySlot<K>(), t);
  do {
    for (let cells = candidates<K>(b, key, top); cells != 0; cells &= cells - 1) {
      const number = ctz(cells);
      const cell = b + number;
      if (isSigned<K>() ? equalText(b + DATA_OFFSET + number * 16, key as Text) : load<u8>(cell) > emptyOne)
        return cell;
    }
    b = load<u32>(b + overflow);
  } while (b != 0);
  return 0;
}

/** The cells of the bucket at `b` that may hold a key, a bit for each: those with its tophash, or with its very bytes. */
function candidates<K>(b: Address, key: K, top: u32): u32 {
  if (isSigned<K>()) return tophashesOf(i8x16.eq(v128.load64_zero(b), i8x16.splat(top as i8)));
  const keys = b + DATA_OFFSET;
  if (sizeof<K>() == 4) {
    const wanted = i32x4.splat(key as i32);
    return (
      i32x4.bitmask(i32x4.eq(v128.load(keys), wanted)) |
      (i32x4.bitmask(i32x4.eq(v128.load(keys, 16), wanted)) << 4)
    );
  }
  const wanted = i64x2.splat(key as i64);
  return (
    i64x2.bitmask(i64x2.eq(v128.load(keys), wanted)) |
    (i64x2.bitmask(i64x2.eq(v128.load(keys, 16), wanted)) << 2) |
    (i64x2.bitmask(i64x2.eq(v128.load(keys, 32), wanted)) << 4) |
    (i64x2.bitmask(i64x2.eq(v128.load(keys, 48), wanted)) << 6)
  );
}

/** The first empty cell of the bucket at `b`: the address of its tophash, or 0 when there is none. */
export function firstEmpty(b: Address): Address {
  const cells = tophashesOf(i8x16.le_u(v128.load64_zero(b), i8x16.splat(emptyOne as i8)));
  return cells == 0 ? 0 : b + ctz(cells);
}

/** A bit for each of the eight tophashes that a comparison has found. */
function tophashesOf(found: v128): u32 {
  return i8x16.bitmask(found) & ((1 << CELLS) - 1);
}
