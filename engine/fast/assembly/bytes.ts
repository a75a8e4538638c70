import { Address } from "./hmap";

// Loops, because for what keys and elems have of bytes a call of memory.copy or memory.fill takes longer.

/** Whether `size` bytes at two places are the same. */
export function memequal(p: Address, q: Address, size: u32): bool {
  if (p == q) return true;
  if (size < 8) {
    if (size >= 4) {
      return load<u32>(p) == load<u32>(q) && load<u32>(p + size - 4) == load<u32>(q + size - 4);
    }
    for (let i: u32 = 0; i < size; i++) {
      if (load<u8>(p + i) != load<u8>(q + i)) return false;
    }
    return true;
  }
  const last = size - 8;
  for (let i: u32 = 0; i < last; i += 8) {
    if (load<u64>(p + i) != load<u64>(q + i)) return false;
  }
  return load<u64>(p + last) == load<u64>(q + last);
}

/** Copies `size` bytes between places that do not overlap. */
export function copyBytes(to: Address, from: Address, size: u32): void {
  let i: u32 = 0;
  for (; i + 16 <= size; i += 16) v128.store(to + i, v128.load(from + i));
  for (; i + 8 <= size; i += 8) store<u64>(to + i, load<u64>(from + i));
  for (; i < size; i++) store<u8>(to + i, load<u8>(from + i));
}

/** Zeroes `size` bytes. */
export function clearBytes(at: Address, size: u32): void {
  let i: u32 = 0;
  for (; i + 16 <= size; i += 16) v128.store(at + i, i64x2.splat(0));
  for (; i + 8 <= size; i += 8) store<u64>(at + i, 0);
  for (; i < size; i++) store<u8>(at + i, 0);
}

/** The first of 1 to 16 bytes, as the hash takes them: eight, or four, or all of up to three. */
export function firstWord(p: Address, size: u32): u64 {
  if (size >= 8) return load<u64>(p);
  if (size >= 4) return load<u32>(p);
  return u64(load<u8>(p)) | (u64(load<u8>(p + (size >> 1))) << 8) | (u64(load<u8>(p + size - 1)) << 16);
}

/** The last as many, some of which may be among the first ones too; 0 of up to three. */
export function lastWord(p: Address, size: u32): u64 {
  if (size >= 8) return load<u64>(p + size - 8);
  return size >= 4 ? load<u32>(p + size - 4) : 0;
}
