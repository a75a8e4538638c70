import { GoPanic } from "../map/errors.ts";
import type { Machine } from "../map/machine.ts";
import type { Address } from "../memory/memory.ts";
import { bool, float64, int } from "./basic.ts";
import type { CompositeType, PlacedField } from "./composite.ts";
import type { GoType, Space } from "./gotype.ts";
import { string } from "./string.ts";

const DATA = 8; // offset of the data word, behind the type word

/** A value together with its Go type, as an interface holds it. Made by `Runtime.value`. */
export class Dynamic<Value = unknown> {
  /** The dynamic type. */
  readonly type: GoType<Value>;
  readonly value: Value;

  constructor(type: GoType<Value>, value: Value) {
    this.type = type;
    this.value = value;
  }

  /** As Go's `%T(%v)`: `float64(1)`. */
  toString(): string {
    return `${this.type.name}(${this.type.format(this.value)})`;
  }
}

/**
 * What a JavaScript value becomes in an interface: what an untyped constant would in Go (int, float64, string,
 * bool), or the type it was given with `Runtime.value`. null is nil.
 *
 * @throws TypeError when the value says nothing about its Go type
 */
function dynamic(value: unknown): Dynamic | null {
  if (value === null) return null;
  if (value instanceof Dynamic) return value;
  const type = defaultType(value);
  if (type === undefined) {
    throw new TypeError("an interface wants a number, string, boolean, null, or go.value(type, value)");
  }
  return new Dynamic(type, value);
}

function defaultType(value: unknown): GoType | undefined {
  switch (typeof value) {
    case "number":
      return (Number.isInteger(value) && !Object.is(value, -0) ? int : float64) as GoType;
    case "string":
      return string as GoType;
    case "boolean":
      return bool as GoType;
    default:
      return undefined;
  }
}

/** `interface{}` (or one with methods: they make no difference to a map), in memory a type word and a data word. */
export function interfaceType(name: string): GoType<unknown> {
  return {
    name,
    kind: "interface",
    size: 16,
    align: 8,
    layout: { period: 16, offsets: [DATA] },
    comparable: true,
    plain: false,
    reflexive: false,
    needKeyUpdate: true,
    hashMightPanic: true,
    zero: null,
    check(value, go): asserts value is unknown {
      const held = dynamic(value);
      const check: ((value: unknown, go?: Machine) => void) | undefined = held?.type.check;
      check?.(held?.value, go);
    },
    load(go, a) {
      const type = typeAt(go, a);
      if (type === null) return null;
      const value = type.load(go, dataAddress(go, type, a));
      return defaultType(value) === type ? value : new Dynamic(type, value);
    },
    store(go, a, value, space) {
      const held = dynamic(value);
      if (held === null) {
        go.memory.clear(a, 16);
        return;
      }
      go.memory.storePointer(a, go.typeAddress(held.type));
      if (isPointerShaped(held.type)) held.type.store(go, a + DATA, held.value, space);
      else go.memory.storePointer(a + DATA, box(go, held, space));
    },
    hash: hashInterface,
    typehash: hashInterface,
    equal(go, p, q) {
      const type = typeAt(go, p);
      if (type !== typeAt(go, q)) return false;
      if (type === null) return true;
      if (!type.comparable) throw new GoPanic(`runtime error: comparing uncomparable type ${type.name}`);
      return type.equal(go, dataAddress(go, type, p), dataAddress(go, type, q));
    },
    unhashable(go, a) {
      const type = typeAt(go, a);
      if (type === null) return null;
      return type.comparable ? type.unhashable(go, dataAddress(go, type, a)) : type;
    },
    format(value) {
      const held = dynamic(value);
      if (held === null) return "nil";
      return held instanceof Dynamic && held !== value ? held.type.format(held.value) : String(held);
    },
  };
}

/**
 * Types whose values are one pointer, alone or as the only field or element: the data word is the value itself. The
 * compiler's types.IsDirectIface.
 */
function isPointerShaped(type: GoType): boolean {
  if (type.kind === "pointer" || type.kind === "map" || type.kind === "chan" || type.kind === "func")
    return true;
  if (type.size !== 8 || (type.kind !== "struct" && type.kind !== "array")) return false;
  const { parts } = type as CompositeType<unknown>;
  return parts.length === 1 && isPointerShaped((parts[0] as PlacedField).type);
}

/** The dynamic type of the interface at an address; null for nil. */
export function typeAt(go: Machine, a: Address): GoType | null {
  const address = go.memory.loadPointer(a);
  return address === 0 ? null : go.typeOf(address);
}

/** Where the value of the interface at an address lies. */
export function dataAddress(go: Machine, type: GoType, a: Address): Address {
  return isPointerShaped(type) ? a + DATA : go.memory.loadPointer(a + DATA);
}

/**
 * Puts a value where an interface can point to it, as runtime/iface.go's convT functions do: nothing is allocated for
 * what has no bytes, for numbers whose bits are those of an integer under 256, for empty strings and nil slices.
 */
function box(go: Machine, { type, value }: Dynamic, space: Space): Address {
  if (type.size === 0) return go.zeroBase;
  const sole = soleComponent(type, value);
  const isNumber = type.size > 1 || sole.type.kind === "bool" || sole.type.kind.includes("int");
  if (isNumber && type.size <= 8 && type.align === type.size && type.layout.offsets.length === 0) {
    const place = go.scratch.allocate(8);
    go.memory.clear(place, 8);
    type.store(go, place, value, go.scratch);
    const low = go.memory.load32(place);
    if (go.memory.load32(place + 4) === 0 && low >= 0 && low < 256) return go.smallInteger(low);
  }
  const { kind } = sole.type;
  if ((kind === "string" && sole.value === "") || (kind === "slice" && sole.value === null))
    return go.zeroVal;
  const data = space.allocate(type.size, type.layout);
  type.store(go, data, value, space);
  return data;
}

/** What an array of one element or a struct of one field has in it, and so on: the compiler's SoleComponent. */
function soleComponent(type: GoType, value: unknown): { type: GoType; value: unknown } {
  if (type.size > 24 || (type.kind !== "array" && type.kind !== "struct")) return { type, value };
  const { parts } = type as CompositeType<unknown>;
  const [part] = parts;
  if (parts.length !== 1 || part === undefined) return { type, value };
  return soleComponent(part.type, (value as Record<string, unknown>)[part.name] ?? part.type.zero);
}

/** runtime/alg.go's nilinterhash: the dynamic type is not hashed, so int(1) and int64(1) collide. */
function hashInterface(go: Machine, a: Address, seedHigh: number, seedLow: number): void {
  const type = typeAt(go, a);
  if (type === null) {
    go.hasher.set(seedHigh, seedLow);
    return;
  }
  if (!type.comparable) panicUnhashable(type);
  go.hasher.fold(seedHigh, seedLow);
  type.typehash(go, dataAddress(go, type, a), go.hasher.high, go.hasher.low);
  go.hasher.spread();
}

/** Go's panic for a key whose dynamic type has no `==`. */
export function panicUnhashable(type: GoType): never {
  throw new GoPanic(`runtime error: hash of unhashable type ${type.name}`);
}
