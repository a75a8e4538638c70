import type { Hasher } from "../map/hash.ts";
import type { Machine } from "../map/machine.ts";
import type { Address, Memory } from "../memory/memory.ts";
import { decodeUtf8, encodedUtf8Length, encodeUtf8 } from "./utf8.ts";

/** A Go type: how its values lie in memory, and how JavaScript values become them. Sizes are bytes. */
export interface GoType<Value = unknown> {
  /** As Go writes it. */
  readonly name: string;
  readonly size: number;
  readonly align: number;
  /** Whether values hold pointers, which the collector must follow. */
  readonly hasPointers: boolean;
  /** What a variable of this type holds before anything is stored in it. */
  readonly zero: Value;
  /**
   * Refuses a JavaScript value that is not of this type, before anything has changed.
   *
   * @throws TypeError or RangeError, one sentence that says what would do
   */
  check(value: unknown): asserts value is Value;
  /** The value at an address, as a copy. */
  load(memory: Memory, a: Address): Value;
  /** Stores a checked value at an address; a string's bytes are allocated. */
  store(go: Machine, a: Address, value: Value): void;
  /** Hashes the value at an address. */
  hash(hasher: Hasher, memory: Memory, a: Address, seed: number): void;
  /** A value as a Go program would write it: `42`, `"fig"`. */
  format(value: Value): string;
}

const TWO_32 = 2 ** 32;

/** The low and high words of a safe integer in two's complement. */
export function lowWord(value: number): number {
  return value | 0;
}
export function highWord(value: number): number {
  return Math.floor(value / TWO_32) | 0;
}

/** Go's `int` on a 64-bit machine, as a JavaScript number. */
export const int: GoType<number> = {
  name: "int",
  size: 8,
  align: 8,
  hasPointers: false,
  zero: 0,
  check(value): asserts value is number {
    if (typeof value !== "number") throw new TypeError(`int wants a number, not ${describe(value)}`);
    if (!Number.isInteger(value)) throw new TypeError(`int wants a whole number, not ${value}`);
    if (!Number.isSafeInteger(value)) {
      throw new RangeError(
        `${value} is outside the numbers that JavaScript holds exactly; int64 takes a bigint`,
      );
    }
  },
  load(memory, a) {
    return memory.load32(a + 4) * TWO_32 + (memory.load32(a) >>> 0);
  },
  store(go, a, value) {
    go.memory.store32(a, lowWord(value));
    go.memory.store32(a + 4, highWord(value));
  },
  hash(hasher, memory, a, seed) {
    hasher.memhash64(memory.load32(a + 4), memory.load32(a), seed);
  },
  format: String,
};

/** Go's `string`: a pointer to its bytes, and their number. Its bytes are UTF-8 of the JavaScript string. */
export const string: GoType<string> = {
  name: "string",
  size: 16,
  align: 8,
  hasPointers: true,
  zero: "",
  check(value): asserts value is string {
    if (typeof value !== "string") throw new TypeError(`string wants a string, not ${describe(value)}`);
  },
  load(memory, a) {
    return decodeUtf8(memory.bytes, memory.loadPointer(a), memory.load32(a + 8));
  },
  store(go, a, value) {
    const size = encodedUtf8Length(value);
    go.memory.storePointer(a, allocateString(go, value, size));
    go.memory.store32(a + 8, size);
    go.memory.store32(a + 12, 0);
  },
  hash(hasher, memory, a, seed) {
    hasher.memhash(memory, memory.loadPointer(a), memory.load32(a + 8), seed);
  },
  format: (value) => JSON.stringify(value),
};

/** Puts the UTF-8 bytes of a string, `size` of them, into the heap. The empty string has no bytes: nil. */
export function allocateString(go: Machine, value: string, size: number): Address {
  if (size === 0) return 0;
  const p = go.heap.allocate(size, true);
  encodeUtf8(value, go.memory.bytes, p);
  return p;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === "string" ? JSON.stringify(value) : `a ${typeof value}`;
}
