import type { Address, Memory } from "../memory/memory.ts";
import type { RandomSource } from "../memory/random.ts";

// A 64-bit number is two 32-bit words here, high and low, each in a JavaScript number: BigInt would allocate at
// every step. Constants are written the same way.
const M5_HIGH = 0x1d8e4e27;
const M5_LOW = 0xc47d124f | 0;

// runtime/alg.go, c0 and c1 on 64-bit machines.
const C0_HIGH = 0x00756ea1;
const C0_LOW = 0x6a56a621 | 0;
const C1_HIGH = 0x0052ef6b;
const C1_LOW = 0xbb8f63bf | 0;

const { imul, floor } = Math;

/**
 * Go's `memhash` as runtime/hash64.go has it (wyhash): the hash that Go uses wherever the processor has no AES
 * instructions, on GOARCH=wasm always, and on amd64 under `GODEBUG=cpu.aes=off`.
 *
 * A result is left in {@link high} and {@link low}; each call overwrites them.
 */
export class Hasher {
  /** High 32 bits of the last hash, as a signed integer. */
  high = 0;
  /** Low 32 bits of the last hash, as a signed integer. */
  low = 0;

  /** The process-wide key, four 64-bit numbers as high, low, high, low ...: Go's `hashkey`. */
  readonly hashkey = new Int32Array(8);

  /** Draws `hashkey`, as the runtime's `alginit` does when a process starts: four draws. */
  constructor(random: RandomSource) {
    for (let i = 0; i < 8; i += 2) {
      random.next();
      this.hashkey[i] = random.high;
      this.hashkey[i + 1] = random.low;
    }
  }

  /** Makes two words the last hash. */
  set(high: number, low: number): void {
    this.high = high;
    this.low = low;
  }

  /** Hashes the 4 bytes of a word: `memhash32Fallback`. */
  memhash32(word: number, seed: number): void {
    const key = this.hashkey;
    mix(
      this,
      key[2] as number,
      word ^ (key[3] as number),
      key[0] as number,
      word ^ seed ^ (key[1] as number),
    );
    mix(this, M5_HIGH, M5_LOW ^ 4, this.high, this.low);
  }

  /** Hashes the 8 bytes whose two words are given: `memhash64Fallback`. */
  memhash64(high: number, low: number, seed: number): void {
    const key = this.hashkey;
    const keyHigh = key[0] as number;
    const keyLow = key[1] as number;
    mix(
      this,
      high ^ (key[2] as number),
      low ^ (key[3] as number),
      high ^ keyHigh,
      low ^ seed ^ keyLow, // the 32-bit seed is zero-extended: it has no high word
    );
    mix(this, M5_HIGH, M5_LOW ^ 8, this.high, this.low);
  }

  /** Hashes `size` bytes at `p`, any size and alignment: `memhashFallback`. */
  memhash(memory: Memory, p: Address, size: number, seedHigh: number, seedLow: number): void {
    const key = this.hashkey;
    seedHigh ^= key[0] as number;
    seedLow ^= key[1] as number;
    let aHigh = 0;
    let aLow = 0;
    let bHigh = 0;
    let bLow = 0;
    if (size === 0) {
      this.high = seedHigh;
      this.low = seedLow;
      return;
    }
    if (size < 4) {
      aLow = memory.load8(p) | (memory.load8(p + (size >> 1)) << 8) | (memory.load8(p + size - 1) << 16);
    } else if (size < 8) {
      // Four bytes are both halves: then this is memhash32.
      aLow = memory.load32Unaligned(p);
      bLow = memory.load32Unaligned(p + size - 4);
    } else {
      let rest = size;
      if (rest > 48) {
        let seed1High = seedHigh;
        let seed1Low = seedLow;
        let seed2High = seedHigh;
        let seed2Low = seedLow;
        for (; rest > 48; rest -= 48, p += 48) {
          this.#mixPair(memory, p, 2, seedHigh, seedLow);
          seedHigh = this.high;
          seedLow = this.low;
          this.#mixPair(memory, p + 16, 4, seed1High, seed1Low);
          seed1High = this.high;
          seed1Low = this.low;
          this.#mixPair(memory, p + 32, 6, seed2High, seed2Low);
          seed2High = this.high;
          seed2Low = this.low;
        }
        seedHigh ^= seed1High ^ seed2High;
        seedLow ^= seed1Low ^ seed2Low;
      }
      for (; rest > 16; rest -= 16, p += 16) {
        this.#mixPair(memory, p, 2, seedHigh, seedLow);
        seedHigh = this.high;
        seedLow = this.low;
      }
      // The last 16 bytes, or the first and last 8 of a short key; they may overlap what was taken before.
      const first = size > 16 ? p + rest - 16 : p;
      const last = p + rest - 8;
      aLow = memory.load32Unaligned(first);
      aHigh = memory.load32Unaligned(first + 4);
      bLow = memory.load32Unaligned(last);
      bHigh = memory.load32Unaligned(last + 4);
    }
    mix(this, aHigh ^ (key[2] as number), aLow ^ (key[3] as number), bHigh ^ seedHigh, bLow ^ seedLow);
    mix(this, M5_HIGH, M5_LOW ^ size, this.high, this.low);
  }

  /** runtime/alg.go's way to hash a value that is all zero bits, or any: c1 * (c0 ^ seed). */
  scramble(seedHigh: number, seedLow: number): void {
    this.fold(seedHigh, seedLow);
    this.spread();
  }

  /** The seed for the value in an interface: c0 ^ seed. */
  fold(seedHigh: number, seedLow: number): void {
    this.high = seedHigh ^ C0_HIGH;
    this.low = seedLow ^ C0_LOW;
  }

  /** What an interface makes of its value's hash: c1 * hash. */
  spread(): void {
    const { high, low } = this;
    const product = imul(low, C1_LOW) >>> 0;
    const carry = ((low >>> 0) * (C1_LOW >>> 0) - product) * 2 ** -32 + 0.5; // exact once floored, as in #mix
    this.high = (floor(carry) + imul(high, C1_LOW) + imul(low, C1_HIGH)) | 0;
    this.low = product | 0;
  }

  /** One step of the long loop: mixes 16 bytes at `p` with the hashkey number at `word` and a running seed. */
  #mixPair(memory: Memory, p: Address, word: number, seedHigh: number, seedLow: number): void {
    mix(
      this,
      memory.load32Unaligned(p + 4) ^ (this.hashkey[word] as number),
      memory.load32Unaligned(p) ^ (this.hashkey[word + 1] as number),
      memory.load32Unaligned(p + 12) ^ seedHigh,
      memory.load32Unaligned(p + 8) ^ seedLow,
    );
  }
}

/**
 * The 128-bit product of two 64-bit numbers, its halves XORed: Go's `mix`.
 *
 * Four products of 32-bit halves are needed, each 64 bits long. A double holds such a product to within 2^10,
 * and `imul` gives its low word exactly; so (double - low word) is the high word times 2^32, off by less than
 * 2^11. Scaled by 2^-32 the error is under 2^-20, and sums of a few such terms stay within 2^-17 of an integer:
 * adding one half puts them into the middle of the interval that truncation maps to that integer.
 */
function mix(hasher: Hasher, aHigh: number, aLow: number, bHigh: number, bLow: number): void {
  const a = aLow >>> 0;
  const b = aHigh >>> 0;
  const c = bLow >>> 0;
  const d = bHigh >>> 0;
  const ac = imul(aLow, bLow) >>> 0;
  const ad = imul(aLow, bHigh) >>> 0;
  const bc = imul(aHigh, bLow) >>> 0;
  const bd = imul(aHigh, bHigh) >>> 0;
  const word1 = (a * c - ac) * 2 ** -32 + (ad + bc + 0.5);
  const word2 = (a * d - ad + (b * c - bc)) * 2 ** -32 + (bd + 0.5) + floor(word1 * 2 ** -32);
  const word3 = (b * d - bd) * 2 ** -32 + 0.5 + floor(word2 * 2 ** -32);
  hasher.low = ac ^ (word2 | 0);
  hasher.high = (word1 | 0) ^ (word3 | 0);
}
