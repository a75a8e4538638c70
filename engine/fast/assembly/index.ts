import { mapaccess } from "./access";
import { mapassign } from "./assign";
import { mapdelete } from "./delete";
import { Address, SLOW } from "./hmap";
import { mapiternext } from "./iterate";
import { Text, text } from "./key";

// What engine/fast/fastpath.ts calls. Keys come as they are at hand: a word, an int as the double that it is in
// JavaScript, or the address of a key in memory.

export { setHashkey } from "./hash";

const MAX_SAFE: f64 = 9007199254740991;

/** Whether a double is an int that JavaScript holds exactly; NaN is not. */
function isInt(value: f64): bool {
  return Math.abs(value) <= MAX_SAFE && Math.trunc(value) == value;
}

export function access32(t: u32, h: Address, key: u32): Address {
  return mapaccess<u32>(t, h, key);
}
export function assign32(t: u32, h: Address, key: u32): Address {
  return mapassign<u32>(t, h, key);
}
export function delete32(t: u32, h: Address, key: u32): Address {
  return mapdelete<u32>(t, h, key);
}
export function next32(t: u32, it: Address): Address {
  return mapiternext<u32>(t, it);
}

export function access64(t: u32, h: Address, high: u32, low: u32): Address {
  return mapaccess<u64>(t, h, (u64(high) << 32) | u64(low));
}
export function assign64(t: u32, h: Address, high: u32, low: u32): Address {
  return mapassign<u64>(t, h, (u64(high) << 32) | u64(low));
}
export function delete64(t: u32, h: Address, high: u32, low: u32): Address {
  return mapdelete<u64>(t, h, (u64(high) << 32) | u64(low));
}
export function next64(t: u32, it: Address): Address {
  return mapiternext<u64>(t, it);
}

export function accessStr(t: u32, h: Address, p: Address, size: u32): Address {
  return mapaccess<Text>(t, h, text(p, size));
}
export function assignStr(t: u32, h: Address, p: Address, size: u32): Address {
  return mapassign<Text>(t, h, text(p, size));
}
export function deleteStr(t: u32, h: Address, p: Address, size: u32): Address {
  return mapdelete<Text>(t, h, text(p, size));
}
export function nextStr(t: u32, it: Address): Address {
  return mapiternext<Text>(t, it);
}

export function accessInt(t: u32, h: Address, key: f64): Address {
  return isInt(key) ? mapaccess<u64>(t, h, u64(i64(key))) : SLOW;
}
export function assignInt(t: u32, h: Address, key: f64): Address {
  return isInt(key) ? mapassign<u64>(t, h, u64(i64(key))) : SLOW;
}
export function deleteInt(t: u32, h: Address, key: f64): Address {
  return isInt(key) ? mapdelete<u64>(t, h, u64(i64(key))) : SLOW;
}
