import type { Machine } from "../map/machine.ts";
import type { Layout } from "../memory/layout.ts";
import type { Address } from "../memory/memory.ts";

/** Kinds of Go types, as reflect.Kind names them. */
export type Kind =
  | "bool"
  | "int"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "uintptr"
  | "float32"
  | "float64"
  | "complex64"
  | "complex128"
  | "string"
  | "pointer"
  | "interface"
  | "array"
  | "struct"
  | "slice"
  | "map"
  | "chan"
  | "func";

/**
 * Where the bytes of strings and of values in interfaces are put when a JavaScript value becomes a Go value: the
 * heap for what a map will keep, scratch for what is only looked for.
 */
export interface Space {
  /** `size` zeroed bytes. */
  allocate(size: number, layout: Layout): Address;
}

/**
 * A Go type: how its values lie in memory, how they are hashed and compared, and how JavaScript values become
 * them. Sizes are bytes. A hash takes a 64-bit seed as two words and leaves its result in `go.hasher`.
 */
export interface GoType<Value = unknown> {
  /** As Go writes it. */
  readonly name: string;
  readonly kind: Kind;
  readonly size: number;
  readonly align: number;
  /** Where values hold pointers, which the collector must follow. */
  readonly layout: Layout;
  /** Whether `==` is defined, so that the type can be a key. */
  readonly comparable: boolean;
  /** Whether values are equal exactly when their bytes are, and are hashed as bytes: the compiler's AMEM. */
  readonly plain: boolean;
  /** Whether values are one string and nothing else: `string`, `[1]string`, `struct{ s string }`. */
  readonly oneString?: boolean;
  /** Whether x == x for every value: false where a float can be inside. */
  readonly reflexive: boolean;
  /** Whether equal values may differ in bits (+0 and -0, two copies of a string). */
  readonly needKeyUpdate: boolean;
  /** Whether an interface is inside, whose dynamic type may not be comparable. */
  readonly hashMightPanic: boolean;
  /** What a variable of this type holds before anything is stored in it. */
  readonly zero: Value;
  /**
   * Refuses a JavaScript value that is not of this type, before anything has changed.
   *
   * @param go the machine in whose memory it is to be stored: pointers and the like must be of the same
   * @throws TypeError or RangeError, one sentence that says what would do
   */
  check(value: unknown, go?: Machine): asserts value is Value;
  /** The value at an address, as a copy. */
  load(go: Machine, a: Address): Value;
  /** Stores a checked value at an address; what it points to is put into `space`. */
  store(go: Machine, a: Address, value: Value, space: Space): void;
  /** The hash that the compiler makes for map keys of this type. */
  hash(go: Machine, a: Address, seedHigh: number, seedLow: number): void;
  /** The hash of runtime/alg.go's `typehash`, used inside interfaces. It differs for some structs. */
  typehash(go: Machine, a: Address, seedHigh: number, seedLow: number): void;
  /** Go's `==` on two values in memory. */
  equal(go: Machine, p: Address, q: Address): boolean;
  /** The type that makes the value at an address unhashable, or null: runtime/alg.go's `mapKeyError2`. */
  unhashable(go: Machine, a: Address): GoType | null;
  /** A value as a Go program would write it: `42`, `"fig"`. */
  format(value: Value): string;
}

/** What types whose values are hashed and compared as bytes have in common. */
export const plainMemory = {
  comparable: true,
  plain: true,
  reflexive: true,
  needKeyUpdate: false,
  hashMightPanic: false,
  hash(this: { size: number }, go: Machine, a: Address, seedHigh: number, seedLow: number): void {
    if (this.size === 0) go.hasher.set(seedHigh, seedLow);
    else go.hasher.memhash(go.memory, a, this.size, seedHigh, seedLow);
  },
  typehash(this: { size: number }, go: Machine, a: Address, seedHigh: number, seedLow: number): void {
    go.hasher.memhash(go.memory, a, this.size, seedHigh, seedLow);
  },
  equal(this: { size: number }, go: Machine, p: Address, q: Address): boolean {
    return go.memory.equal(p, q, this.size);
  },
  unhashable: () => null,
} as const;

/** What types that `==` is not defined for have in common: slices, maps, functions. */
export const incomparable = {
  comparable: false,
  plain: false,
  reflexive: false,
  needKeyUpdate: false,
  hashMightPanic: false,
  hash: neverHashed,
  typehash: neverHashed,
  equal: neverHashed,
  unhashable(this: GoType): GoType {
    return this;
  },
} as const;

function neverHashed(this: { name: string }): never {
  throw new Error(`${this.name} is not comparable`);
}

/** A JavaScript value in an error message. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  return Array.isArray(value) ? "an array" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
