import { firstWord, lastWord } from "./bytes";
import { Address } from "./hmap";

// Go's memhash, as engine/map/hash.ts has it, with the 64-bit integers that WebAssembly has.

const M5: u64 = 0x1d8e4e27c47d124f;

let key0: u64 = 0;
let key1: u64 = 0;
let key2: u64 = 0;
let key3: u64 = 0;

/** Takes the process-wide key, Go's `hashkey`. */
export function setHashkey(first: u64, second: u64, third: u64, fourth: u64): void {
  key0 = first;
  key1 = second;
  key2 = third;
  key3 = fourth;
}

/** The 128-bit product of two numbers, its halves XORed. */
function mix(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const cross = aLow * bHigh;
  const middle = aHigh * bLow + ((aLow * bLow) >> 32) + (cross & 0xffffffff);
  return (aHigh * bHigh + (cross >> 32) + (middle >> 32)) ^ (a * b);
}

/** `memhash32Fallback` */
export function memhash32(word: u32, seed: u32): u64 {
  const a = u64(word);
  return mix(M5 ^ 4, mix(a ^ key1, a ^ u64(seed) ^ key0));
}

/** `memhash64Fallback` */
// @inline
export function memhash64(a: u64, seed: u32): u64 {
  return mix(M5 ^ 8, mix(a ^ key1, a ^ u64(seed) ^ key0));
}

/** `memhashFallback`: `size` bytes at `p`. */
export function memhash(p: Address, size: u32, seed32: u32): u64 {
  let seed = u64(seed32) ^ key0;
  if (size == 0) return seed;
  if (size <= 16) return memhashWords(firstWord(p, size), lastWord(p, size), size, seed32);
  let rest = size;
  if (rest > 48) {
    let seed1 = seed;
    let seed2 = seed;
    for (; rest > 48; rest -= 48, p += 48) {
      seed = mix(load<u64>(p) ^ key1, load<u64>(p, 8) ^ seed);
      seed1 = mix(load<u64>(p, 16) ^ key2, load<u64>(p, 24) ^ seed1);
      seed2 = mix(load<u64>(p, 32) ^ key3, load<u64>(p, 40) ^ seed2);
    }
    seed ^= seed1 ^ seed2;
  }
  for (; rest > 16; rest -= 16, p += 16) {
    seed = mix(load<u64>(p) ^ key1, load<u64>(p, 8) ^ seed);
  }
  const a = load<u64>(p + rest - 16);
  const b = load<u64>(p + rest - 8);
  return mix(M5 ^ u64(size), mix(a ^ key1, b ^ seed));
}

/** `memhashFallback` of 1 to 16 bytes, which are all in two words: their `firstWord` and `lastWord` (bytes.ts). */
export function memhashWords(first: u64, last: u64, size: u32, seed: u32): u64 {
  return mix(M5 ^ u64(size), mix(first ^ key1, last ^ u64(seed) ^ key0));
}
