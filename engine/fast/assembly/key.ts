import { memequal } from "./bytes";
import { memhash, memhash32, memhash64 } from "./hash";
import { Address, HASH0 } from "./hmap";

// What the three variants differ in, chosen when they are compiled: K is u32, u64, or Text, a string that stands
// somewhere in memory.

/** A string in memory: its size in the high word, its address in the low one. */
export type Text = i64;

/** A string as one number. */
export function text(p: Address, size: u32): Text {
  return (i64(size) << 32) | i64(p);
}

/** Where a string's bytes are. */
export function bytesOf(key: Text): Address {
  return u32(key);
}

/** How many bytes a string has. */
export function sizeOf(key: Text): u32 {
  return u32(key >> 32);
}

/** Bytes of a key slot. */
export function keySlot<K>(): u32 {
  return isSigned<K>() ? 16 : sizeof<K>();
}

/** The key in a slot. */
export function loadKey<K>(slot: Address): K {
  if (isSigned<K>()) return text(load<u32>(slot), load<u32>(slot, 8)) as K;
  return load<K>(slot);
}

/** The hash of a key. */
export function hash<K>(key: K, h: Address): u64 {
  const seed = load<u32>(h, HASH0);
  if (isSigned<K>()) return memhash(bytesOf(key as Text), sizeOf(key as Text), seed);
  return sizeof<K>() == 8 ? memhash64(key as u64, seed) : memhash32(key as u32, seed);
}

/** Whether the string in a slot is this one. */
export function equalText(slot: Address, key: Text): bool {
  const size = sizeOf(key);
  return load<u32>(slot, 8) == size && memequal(load<u32>(slot), bytesOf(key), size);
}
