import { mapaccess } from "./access";
import { mapassign, mapassignString } from "./assign";
import { mapdelete } from "./delete";
import { foresee } from "./foresee";
import { Address, SLOW } from "./hmap";
import { isInt, isSafe } from "./int";
import { mapiternext } from "./iterate";
import { read, Text, text } from "./text";

// What engine/fast/fastpath.ts calls. Keys come as they are at hand: a word, an int as the double that it is in
// JavaScript, a string as it is there, or the address of a key in memory.

export { setHashkey } from "./hash";
export { standOn } from "./iterate";
export { distrustKeyCopies } from "./keycopies";
export { readNoStrings } from "./text";

export function access32(t: u32, h: Address, key: u32): Address {
  return mapaccess<u32>(t, h, key);
}
export function assign32(t: u32, h: Address, key: u32): Address {
  return mapassign<u32>(t, h, key);
}
export function delete32(t: u32, h: Address, key: u32): Address {
  return mapdelete<u32>(t, h, key);
}
export function next32(t: u32, it: Address, ahead: Address, most: u32): u32 {
  return mapiternext<u32>(t, it, ahead, most);
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
export function next64(t: u32, it: Address, ahead: Address, most: u32): u32 {
  return mapiternext<u64>(t, it, ahead, most);
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
export function nextStr(t: u32, it: Address, ahead: Address, most: u32): u32 {
  return mapiternext<Text>(t, it, ahead, most);
}

// Ints and strings, the commonest keys, with elems that are ints: one call does it all. An operation that would meet a
// number that is no int, or an elem that no double holds, is left to the TypeScript.

export function accessInt(t: u32, h: Address, key: f64): Address {
  if (!isInt(key)) return SLOW;
  foresee(t, h, u64(i64(key)), false);
  return mapaccess<u64>(t, h, u64(i64(key)));
}
export function assignInt(t: u32, h: Address, key: f64): Address {
  if (!isInt(key)) return SLOW;
  foresee(t, h, u64(i64(key)), true);
  return mapassign<u64>(t, h, u64(i64(key)));
}
export function deleteInt(t: u32, h: Address, key: f64): Address {
  if (!isInt(key)) return SLOW;
  foresee(t, h, u64(i64(key)), false);
  return mapdelete<u64>(t, h, u64(i64(key)));
}
export function getInt(t: u32, h: Address, key: f64): f64 {
  if (!isInt(key)) return NaN;
  foresee(t, h, u64(i64(key)), false);
  return intAt(mapaccess<u64>(t, h, u64(i64(key))));
}
export function setInt(t: u32, h: Address, key: f64, value: f64): Address {
  if (!isInt(key) || !isInt(value)) return SLOW;
  foresee(t, h, u64(i64(key)), true);
  return setValue(mapassign<u64>(t, h, u64(i64(key))), value);
}

// Strings.

export function accessString(t: u32, h: Address, key: externref): Address {
  return mapaccess<Text>(t, h, read(key));
}
export function assignString(t: u32, h: Address, key: externref): Address {
  return mapassignString(t, h, key);
}
export function deleteString(t: u32, h: Address, key: externref): Address {
  return mapdelete<Text>(t, h, read(key));
}
export function getString(t: u32, h: Address, key: externref): f64 {
  return intAt(mapaccess<Text>(t, h, read(key)));
}
export function setString(t: u32, h: Address, key: externref, value: f64): Address {
  return isInt(value) ? setValue(mapassignString(t, h, key), value) : SLOW;
}

/** What a map gives that has `elem` for a key: its int, 0 for nil; NaN when the TypeScript has to say it. */
function intAt(elem: Address): f64 {
  if (elem == 0) return 0;
  if (elem == SLOW) return NaN;
  const value = load<i64>(elem);
  return isSafe(value) ? f64(value) : NaN;
}

function setValue(elem: Address, value: f64): Address {
  if (elem != SLOW) store<i64>(elem, i64(value));
  return elem;
}
