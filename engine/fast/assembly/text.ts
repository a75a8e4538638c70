import { copyBytes, firstWord, lastWord, memequal } from "./bytes";
import { memhash, memhashWords } from "./hash";
import { Address } from "./hmap";
import { writeText } from "./imports";
import { charCodeAt, length } from "./jsstring";

/** A string: its size in the high word; in the low one the address of its bytes, or {@link READ}. */
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

// Most keys come as JavaScript's strings. One of up to 16 ASCII characters need not be written to memory: its hash takes
// the first and the last of its bytes as two words, which have them all, and here these are put together from its
// characters. A lookup has half as much to do then before it knows its bucket, and the processor can begin more lookups
// while it waits for memory.

/** Instead of an address, where nothing is: the string is the one that was read last. */
const READ: Address = 1;

/** The most characters of a string that is not written to memory. */
const MOST_READ: u32 = 16;

/** The first chunk of scratch memory: SCRATCH in engine/map/machine.ts. */
const SCRATCH: Address = 4096;

/** The most characters of a string for which that is enough whatever they are. */
const MOST_WRITTEN: u32 = 8192;

/** Bits that are 0 in four characters of 16 bits each when they are ASCII. */
const BEYOND_ASCII: u64 = 0xff80ff80ff80ff80;

// The words of the string that was read last: `firstWord` and `lastWord` of its bytes.
let first: u64 = 0;
let last: u64 = 0;

let canRead = true;

/** To be told that the platform has no built-in functions for strings. Then all of them are written to memory. */
export function readNoStrings(): void {
  canRead = false;
}

/** Reads a JavaScript string. What it returns stands for it until the next one is read. */
export function read(s: externref): Text {
  if (!canRead) return writeAny(s);
  const size = length(s);
  if (size == 0 || size > MOST_READ) return write(s, size);
  if (size >= 8) {
    const a = four(s, 0);
    const b = four(s, 4);
    const c = four(s, size - 8);
    const d = four(s, size - 4);
    if (((a | b | c | d) & BEYOND_ASCII) != 0) return writeAny(s);
    const bytes = i8x16.narrow_i16x8_u(both(a, b), both(c, d));
    first = i64x2.extract_lane(bytes, 0);
    last = i64x2.extract_lane(bytes, 1);
  } else if (size >= 4) {
    const a = four(s, 0);
    const b = four(s, size - 4);
    if (((a | b) & BEYOND_ASCII) != 0) return writeAny(s);
    const bytes = i8x16.narrow_i16x8_u(both(a, b), both(a, b));
    first = u32(i32x4.extract_lane(bytes, 0));
    last = u32(i32x4.extract_lane(bytes, 1));
  } else {
    const a = charCodeAt(s, 0);
    const b = charCodeAt(s, size >> 1);
    const c = charCodeAt(s, size - 1);
    if ((a | b | c) >= 0x80) return writeAny(s);
    first = a | (b << 8) | (c << 16);
    last = 0;
  }
  return text(READ, size);
}

/** Writes a string to memory, which is of no characters, or of more than can be read. */
function write(s: externref, size: u32): Text {
  if (size == 0 || size > MOST_WRITTEN) return writeAny(s);
  let all: u64 = 0;
  for (let i: u32 = 0; i < size; i += 8) {
    const at = min(i, size - 8); // the last eight may have been written in part
    const a = four(s, at);
    const b = four(s, at + 4);
    store<u64>(SCRATCH + at, i64x2.extract_lane(i8x16.narrow_i16x8_u(both(a, b), both(a, b)), 0));
    all |= a | b;
  }
  return (all & BEYOND_ASCII) == 0 ? text(SCRATCH, size) : writeAny(s);
}

/** Has any string written to memory. */
function writeAny(s: externref): Text {
  const p = writeText(s);
  return text(p, load<u32>(p - 4));
}

/** Four characters of a string. */
function four(s: externref, i: u32): u64 {
  const low = charCodeAt(s, i) | (charCodeAt(s, i + 1) << 16);
  const high = charCodeAt(s, i + 2) | (charCodeAt(s, i + 3) << 16);
  return u64(low) | (u64(high) << 32);
}

function both(a: u64, b: u64): v128 {
  return i64x2.replace_lane(i64x2.splat(a), 1, b);
}

/** `memhash` of a string. */
export function hashText(key: Text, seed: u32): u64 {
  const p = bytesOf(key);
  const size = sizeOf(key);
  return p == READ ? memhashWords(first, last, size, seed) : memhash(p, size, seed);
}

/** Whether the string in a slot is this one. */
export function equalText(slot: Address, key: Text): bool {
  return load<u32>(slot, 8) == sizeOf(key) && equalBytes(load<u32>(slot), key);
}

/** Whether a string has the bytes at `p`, as many as it has itself. */
export function equalBytes(p: Address, key: Text): bool {
  const q = bytesOf(key);
  const size = sizeOf(key);
  return q == READ ? firstWord(p, size) == first && lastWord(p, size) == last : memequal(p, q, size);
}

/** The first word of a string of 1 to 16 bytes. */
export function firstOf(key: Text): u64 {
  return bytesOf(key) == READ ? first : firstWord(bytesOf(key), sizeOf(key));
}

/** The last word of a string of 1 to 16 bytes. */
export function lastOf(key: Text): u64 {
  return bytesOf(key) == READ ? last : lastWord(bytesOf(key), sizeOf(key));
}

/** Copies a string's bytes to `p`. */
export function copyText(p: Address, key: Text): void {
  const q = bytesOf(key);
  const size = sizeOf(key);
  if (q != READ) {
    copyBytes(p, q, size);
  } else if (size >= 8) {
    store<u64>(p, first);
    store<u64>(p + size - 8, last);
  } else if (size >= 4) {
    store<u32>(p, u32(first));
    store<u32>(p + size - 4, u32(last));
  } else {
    store<u8>(p, u8(first));
    store<u8>(p + (size >> 1), u8(first >> 8));
    store<u8>(p + size - 1, u8(first >> 16));
  }
}
