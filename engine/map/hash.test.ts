import fc from "fast-check";
import { expect, test } from "vitest";
import { Memory } from "../memory/memory.ts";
import { SeededRandom } from "../memory/random.ts";
import { Hasher } from "./hash.ts";

const MASK = (1n << 64n) - 1n;
const M5 = 0x1d8e4e27c47d124fn;

/** Go's runtime/hash64.go, line by line, in BigInt: slow and plain, to compare with. */
function memhashFallback(bytes: Uint8Array, seed: bigint, hashkey: readonly bigint[]): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const r4 = (p: number) => BigInt(view.getUint32(p, true));
  const r8 = (p: number) => view.getBigUint64(p, true);
  const mix = (a: bigint, b: bigint) => ((a * b) >> 64n) ^ ((a * b) & MASK);
  const [k0, k1, k2, k3] = hashkey as [bigint, bigint, bigint, bigint];
  const s = bytes.length;
  seed ^= k0;
  let a = 0n;
  let b = 0n;
  if (s === 0) return seed;
  if (s < 4) {
    a = BigInt((bytes[0] as number) | ((bytes[s >> 1] as number) << 8) | ((bytes[s - 1] as number) << 16));
  } else if (s === 4) {
    a = b = r4(0);
  } else if (s < 8) {
    [a, b] = [r4(0), r4(s - 4)];
  } else if (s === 8) {
    a = b = r8(0);
  } else if (s <= 16) {
    [a, b] = [r8(0), r8(s - 8)];
  } else {
    let p = 0;
    let l = s;
    if (l > 48) {
      let seed1 = seed;
      let seed2 = seed;
      for (; l > 48; l -= 48, p += 48) {
        seed = mix(r8(p) ^ k1, r8(p + 8) ^ seed);
        seed1 = mix(r8(p + 16) ^ k2, r8(p + 24) ^ seed1);
        seed2 = mix(r8(p + 32) ^ k3, r8(p + 40) ^ seed2);
      }
      seed ^= seed1 ^ seed2;
    }
    for (; l > 16; l -= 16, p += 16) seed = mix(r8(p) ^ k1, r8(p + 8) ^ seed);
    [a, b] = [r8(p + l - 16), r8(p + l - 8)];
  }
  return mix(M5 ^ BigInt(s), mix(a ^ k1, b ^ seed));
}

function resultOf(hasher: Hasher): bigint {
  return (BigInt(hasher.high >>> 0) << 32n) | BigInt(hasher.low >>> 0);
}

function keyOf(hasher: Hasher): bigint[] {
  return [0, 2, 4, 6].map(
    (i) =>
      (BigInt((hasher.hashkey[i] as number) >>> 0) << 32n) | BigInt((hasher.hashkey[i + 1] as number) >>> 0),
  );
}

test("memhash agrees with Go's formula for every length, seed and alignment", () => {
  const memory = new Memory();
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      fc.nat(7),
      fc.maxSafeInteger(),
      (bytes, seed, offset, hashkeySeed) => {
        const hasher = new Hasher(new SeededRandom(hashkeySeed));
        memory.bytes.set(bytes, 1024 + offset);
        hasher.memhash(memory, 1024 + offset, bytes.length, 0, seed | 0);
        expect(resultOf(hasher)).toBe(memhashFallback(bytes, BigInt(seed), keyOf(hasher)));
      },
    ),
    { numRuns: 2000, seed: 1 },
  );
});

test("the multiplication is exact at the edges of its words", () => {
  const edges = [0, 1, 2, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff];
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  const zeroKey = { high: 0, low: 0, next() {} };
  const hasher = new Hasher(zeroKey);
  for (const high of edges) {
    for (const low of edges) {
      view.setUint32(0, low, true);
      view.setUint32(4, high, true);
      for (const seed of edges) {
        hasher.memhash64(high | 0, low | 0, seed | 0);
        expect(resultOf(hasher)).toBe(memhashFallback(bytes, BigInt(seed), [0n, 0n, 0n, 0n]));
      }
    }
  }
});
