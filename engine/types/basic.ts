import type { Machine } from "../map/machine.ts";
import { noPointers } from "../memory/layout.ts";
import type { Address, Memory } from "../memory/memory.ts";
import { describe, type GoType, type Kind, plainMemory } from "./gotype.ts";

const TWO_32 = 2 ** 32;

/** The low word of a safe integer in two's complement. */
export function lowWord(value: number): number {
  return value | 0;
}

/** The high word of a safe integer in two's complement. */
export function highWord(value: number): number {
  return Math.floor(value / TWO_32) | 0;
}

/** Go's `bool`. */
export const bool: GoType<boolean> = {
  ...plainMemory,
  name: "bool",
  kind: "bool",
  size: 1,
  align: 1,
  layout: noPointers,
  zero: false,
  check(value): asserts value is boolean {
    if (typeof value !== "boolean") throw new TypeError(`bool wants true or false, not ${describe(value)}`);
  },
  load: (go, a) => go.memory.load8(a) !== 0,
  store: (go, a, value) => go.memory.store8(a, value ? 1 : 0),
  format: String,
};

/** An integer type of at most 32 bits, as a JavaScript number. */
function smallInteger(kind: Kind, size: 1 | 2 | 4, signed: boolean): GoType<number> {
  const bits = 8 * size;
  const least = signed ? -(2 ** (bits - 1)) : 0;
  const most = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  return {
    ...plainMemory,
    name: kind,
    kind,
    size,
    align: size,
    layout: noPointers,
    zero: 0,
    check(value): asserts value is number {
      checkWhole(kind, value);
      if (value < least || value > most) {
        throw new RangeError(`${value} does not fit into ${kind}, which holds ${least} to ${most}`);
      }
    },
    load(go, a) {
      const word = loadWord(go.memory, a, size);
      return signed ? (word << (32 - bits)) >> (32 - bits) : word >>> 0;
    },
    store: (go, a, value) => storeWord(go.memory, a, size, value),
    format: String,
  };
}

function loadWord(memory: Memory, a: Address, size: 1 | 2 | 4): number {
  return size === 4 ? memory.load32(a) : size === 2 ? memory.load16(a) : memory.load8(a);
}

function storeWord(memory: Memory, a: Address, size: 1 | 2 | 4, value: number): void {
  if (size === 4) memory.store32(a, value);
  else if (size === 2) memory.store16(a, value);
  else memory.store8(a, value);
}

/** An integer type of 64 bits as a JavaScript number: `int`, `uint` and `uintptr`, within the safe integers. */
function wordInteger(kind: Kind, signed: boolean): GoType<number> {
  const wide = signed ? "int64" : "uint64";
  return {
    ...plainMemory,
    name: kind,
    kind,
    size: 8,
    align: 8,
    layout: noPointers,
    zero: 0,
    check(value): asserts value is number {
      checkWhole(kind, value);
      if (!Number.isSafeInteger(value)) throw unsafeInteger(value, wide);
      if (!signed && value < 0) throw new RangeError(`${value} does not fit into ${kind}, which starts at 0`);
    },
    load(go, a) {
      const high = go.memory.load32(a + 4);
      const value = (signed ? high : high >>> 0) * TWO_32 + (go.memory.load32(a) >>> 0);
      if (!Number.isSafeInteger(value)) throw unsafeInteger(value, wide);
      return value;
    },
    store(go, a, value) {
      go.memory.store32(a, lowWord(value));
      go.memory.store32(a + 4, highWord(value));
    },
    format: String,
  };
}

function unsafeInteger(value: number, wide: string): RangeError {
  return new RangeError(
    `${value} is outside the numbers that JavaScript holds exactly; ${wide} takes a bigint`,
  );
}

function checkWhole(kind: Kind, value: unknown): asserts value is number {
  if (typeof value !== "number") throw new TypeError(`${kind} wants a number, not ${describe(value)}`);
  if (!Number.isInteger(value)) throw new TypeError(`${kind} wants a whole number, not ${value}`);
}

/** `int64` and `uint64`, as a bigint. */
function bigInteger(kind: Kind, signed: boolean): GoType<bigint> {
  const cut = signed ? BigInt.asIntN : BigInt.asUintN;
  return {
    ...plainMemory,
    name: kind,
    kind,
    size: 8,
    align: 8,
    layout: noPointers,
    zero: 0n,
    check(value): asserts value is bigint {
      if (typeof value !== "bigint") {
        throw new TypeError(`${kind} wants a bigint, such as 7n, not ${describe(value)}`);
      }
      if (cut(64, value) !== value) throw new RangeError(`${value} does not fit into ${kind}`);
    },
    load: (go, a) => (signed ? go.memory.loadInt64(a) : BigInt.asUintN(64, go.memory.loadInt64(a))),
    store: (go, a, value) => go.memory.storeInt64(a, value),
    format: String,
  };
}

/** `float32` and `float64`. A float32 takes any number and keeps the nearest value it can hold. */
function float(kind: Kind, size: 4 | 8): GoType<number> {
  return {
    name: kind,
    kind,
    size,
    align: size,
    layout: noPointers,
    comparable: true,
    plain: false,
    reflexive: false,
    needKeyUpdate: true,
    hashMightPanic: false,
    zero: 0,
    check(value): asserts value is number {
      if (typeof value !== "number") throw new TypeError(`${kind} wants a number, not ${describe(value)}`);
    },
    load: (go, a) => loadFloat(go.memory, a, size),
    store(go, a, value) {
      if (size === 4) go.memory.storeFloat32(a, value);
      else go.memory.storeFloat64(a, value);
    },
    hash: (go, a, seedHigh, seedLow) => hashFloat(go, a, size, seedHigh, seedLow),
    typehash: (go, a, seedHigh, seedLow) => hashFloat(go, a, size, seedHigh, seedLow),
    equal: (go, p, q) => loadFloat(go.memory, p, size) === loadFloat(go.memory, q, size),
    unhashable: () => null,
    format: formatFloat,
  };
}

function loadFloat(memory: Memory, a: Address, size: 4 | 8): number {
  return size === 4 ? memory.loadFloat32(a) : memory.loadFloat64(a);
}

function formatFloat(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** runtime/alg.go's f32hash and f64hash: the two zeroes are equal and hash alike; every NaN hashes at random. */
function hashFloat(go: Machine, a: Address, size: 4 | 8, seedHigh: number, seedLow: number): void {
  const { hasher, memory, random } = go;
  const value = loadFloat(memory, a, size);
  if (value === 0) {
    hasher.scramble(seedHigh, seedLow);
  } else if (Number.isNaN(value)) {
    random.next();
    hasher.scramble(seedHigh ^ random.high, seedLow ^ random.low);
  } else {
    hasher.memhash(memory, a, size, seedHigh, seedLow);
  }
}

/** A complex number: real and imaginary part. */
export type Complex = readonly [real: number, imaginary: number];

/** `complex64` and `complex128`: the hash of the real part is the seed for the imaginary one. */
function complex(kind: Kind, part: GoType<number>): GoType<Complex> {
  const hash = (go: Machine, a: Address, seedHigh: number, seedLow: number) => {
    part.hash(go, a, seedHigh, seedLow);
    part.hash(go, a + part.size, go.hasher.high, go.hasher.low);
  };
  return {
    name: kind,
    kind,
    size: 2 * part.size,
    align: part.align,
    layout: noPointers,
    comparable: true,
    plain: false,
    reflexive: false,
    needKeyUpdate: true,
    hashMightPanic: false,
    zero: Object.freeze([0, 0]) as Complex,
    check(value): asserts value is Complex {
      if (!Array.isArray(value) || value.length !== 2 || value.some((x) => typeof x !== "number")) {
        throw new TypeError(`${kind} wants [real, imaginary], not ${describe(value)}`);
      }
    },
    load: (go, a) => Object.freeze([part.load(go, a), part.load(go, a + part.size)]) as Complex,
    store(go, a, [real, imaginary], space) {
      part.store(go, a, real, space);
      part.store(go, a + part.size, imaginary, space);
    },
    hash,
    typehash: hash,
    equal: (go, p, q) => part.equal(go, p, q) && part.equal(go, p + part.size, q + part.size),
    unhashable: () => null,
    format: ([real, imaginary]) =>
      `(${formatFloat(real)}${imaginary >= 0 && !Object.is(imaginary, -0) ? "+" : ""}${formatFloat(imaginary)}i)`,
  };
}

/** Go's `int` on a 64-bit machine. */
export const int: GoType<number> = wordInteger("int", true);
const uint8: GoType<number> = smallInteger("uint8", 1, false);
const int32: GoType<number> = smallInteger("int32", 4, true);
export const float64: GoType<number> = float("float64", 8);
const float32: GoType<number> = float("float32", 4);

/** The predeclared types, by every name they have. */
export const basicTypes: ReadonlyMap<string, GoType> = new Map<string, GoType<never>>([
  ["bool", bool],
  ["int", int],
  ["int8", smallInteger("int8", 1, true)],
  ["int16", smallInteger("int16", 2, true)],
  ["int32", int32],
  ["rune", int32],
  ["int64", bigInteger("int64", true)],
  ["uint", wordInteger("uint", false)],
  ["uint8", uint8],
  ["byte", uint8],
  ["uint16", smallInteger("uint16", 2, false)],
  ["uint32", smallInteger("uint32", 4, false)],
  ["uint64", bigInteger("uint64", false)],
  ["uintptr", wordInteger("uintptr", false)],
  ["float32", float32],
  ["float64", float64],
  ["complex64", complex("complex64", float32)],
  ["complex128", complex("complex128", float64)],
] as [string, GoType<never>][]) as ReadonlyMap<string, GoType>;
