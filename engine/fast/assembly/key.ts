import { memhash32, memhash64 } from "./hash";
import { Address, HASH0 } from "./hmap";
import { hashText, Text, text } from "./text";

// What the three variants differ in, chosen when they are compiled: K is u32, u64, or Text, a string.

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
  if (isSigned<K>()) return hashText(key as Text, seed);
  return sizeof<K>() == 8 ? memhash64(key as u64, seed) : memhash32(key as u32, seed);
}
