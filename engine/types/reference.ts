import { GoPanic } from "../map/errors.ts";
import type { Machine } from "../map/machine.ts";
import { allPointers } from "../memory/layout.ts";
import { type Address, formatAddress } from "../memory/memory.ts";
import { describe, type GoType, incomparable, plainMemory } from "./gotype.ts";

/** A Go pointer, `*T`: made by `Runtime.new`, or read from a map. Two are the same when their addresses are. */
export class Pointer<Value = unknown> {
  readonly #go: Machine;
  readonly #type: GoType<Value>;
  /** Where it points. */
  readonly address: Address;

  constructor(go: Machine, type: GoType<Value>, address: Address) {
    this.#go = go;
    this.#type = type;
    this.address = address;
  }

  /** The type it points to, as Go writes it. */
  get type(): string {
    return this.#type.name;
  }

  /** `*p` */
  get(): Value {
    return this.#type.load(this.#go, this.address);
  }

  /** `*p = value` */
  set(value: Value): void {
    const check: (value: unknown, go: Machine) => void = this.#type.check;
    check(value, this.#go);
    this.#type.store(this.#go, this.address, value, this.#go.heap);
  }

  /** Whether it is of this machine and points to this type: what a map's elem type asks. */
  isOf(go: Machine, type: GoType): boolean {
    return this.#go === go && (this.#type as GoType) === type;
  }

  toString(): string {
    return `(*${this.#type.name})(${formatAddress(this.address)})`;
  }
}

/** `*elem` */
export function pointerType(elem: GoType): GoType<Pointer | null> {
  const name = `*${elem.name}`;
  return {
    ...plainMemory,
    name,
    kind: "pointer",
    size: 8,
    align: 8,
    layout: allPointers,
    zero: null,
    check(value, go): asserts value is Pointer | null {
      if (value === null) return;
      if (!(value instanceof Pointer)) {
        throw new TypeError(
          `${name} wants go.new(${JSON.stringify(elem.name)}) or null, not ${describe(value)}`,
        );
      }
      if (value.type !== elem.name)
        throw new TypeError(`${name} wants a *${elem.name}, not a *${value.type}`);
      if (go !== undefined && !value.isOf(go, elem)) throw foreign(name, "pointer", "new");
    },
    load(go, a) {
      const address = go.memory.loadPointer(a);
      return address === 0 ? null : new Pointer(go, elem, address);
    },
    store(go, a, value, space) {
      go.memory.storePointer(a, value?.address ?? 0);
      // From here on memory says whether it is in use; until now it was held for the program that made it.
      if (value !== null && space === go.heap) go.release(value.address);
    },
    format: (value) => (value === null ? "nil" : formatAddress(value.address)),
  };
}

/** A Go slice header: an array in the heap, a length and a capacity. Made by `Runtime.slice`. */
export class Slice<Value = unknown> {
  readonly #go: Machine;
  readonly #elem: GoType<Value>;
  /** Where its array is; 0 for a nil slice. */
  readonly address: Address;
  /** `len(s)` */
  readonly len: number;
  /** `cap(s)` */
  readonly cap: number;

  constructor(go: Machine, elem: GoType<Value>, address: Address, len: number, cap: number) {
    this.#go = go;
    this.#elem = elem;
    this.address = address;
    this.len = len;
    this.cap = cap;
  }

  /** Whether it is of this machine and has elements of this type. */
  isOf(go: Machine, elem: GoType): boolean {
    return this.#go === go && (this.#elem as GoType) === elem;
  }

  /** The type of its elements, as Go writes it. */
  get type(): string {
    return this.#elem.name;
  }

  /** `s[i]` */
  get(i: number): Value {
    return this.#elem.load(this.#go, this.#place(i));
  }

  /** `s[i] = value`: the array is changed, and every slice of it sees that. */
  set(i: number, value: Value): void {
    const check: (value: unknown, go: Machine) => void = this.#elem.check;
    check(value, this.#go);
    this.#elem.store(this.#go, this.#place(i), value, this.#go.heap);
  }

  /** `append(s, value)`: a new header, and a new array when the present one is full. */
  append(value: Value): Slice<Value> {
    const check: (value: unknown, go: Machine) => void = this.#elem.check;
    check(value, this.#go);
    let { address, cap } = this;
    if (this.len === cap) {
      const size = this.#elem.size;
      const grown = this.#go.heap.growslice(cap, size, this.#elem.layout);
      address = grown.address;
      cap = grown.capacity;
      this.#go.memory.copy(address, this.address, this.len * size);
    }
    this.#elem.store(this.#go, address + this.len * this.#elem.size, value, this.#go.heap);
    return new Slice(this.#go, this.#elem, address, this.len + 1, cap);
  }

  /** Its elements, copied. */
  toArray(): Value[] {
    return Array.from({ length: this.len }, (_, i) => this.get(i));
  }

  toString(): string {
    return `[${this.toArray()
      .map((value) => this.#elem.format(value))
      .join(" ")}]`;
  }

  #place(i: number): Address {
    if (!Number.isInteger(i) || i < 0 || i >= this.len) {
      throw new GoPanic(`runtime error: index out of range [${i}]${i < 0 ? "" : ` with length ${this.len}`}`);
    }
    return this.address + i * this.#elem.size;
  }
}

/** `[]elem` */
export function sliceType(elem: GoType): GoType<Slice | null> & { readonly elem: GoType } {
  const name = `[]${elem.name}`;
  return {
    ...incomparable,
    name,
    elem,
    kind: "slice",
    size: 24,
    align: 8,
    layout: { period: 24, offsets: [0] },
    zero: null,
    check(value, go): asserts value is Slice | null {
      if (value === null) return;
      if (!(value instanceof Slice) || value.type !== elem.name) {
        throw new TypeError(
          `${name} wants go.slice(${JSON.stringify(elem.name)}, ...) or null, not ${describe(value)}`,
        );
      }
      if (go !== undefined && !value.isOf(go, elem)) throw foreign(name, "slice", "slice");
    },
    load(go, a) {
      const address = go.memory.loadPointer(a);
      if (address === 0) return null;
      return new Slice(go, elem, address, go.memory.load32(a + 8), go.memory.load32(a + 16));
    },
    store(go, a, value, space) {
      go.memory.clear(a, 24);
      if (value === null) return;
      if (space === go.heap) go.release(value.address);
      go.memory.storePointer(a, value.address);
      go.memory.store32(a + 8, value.len);
      go.memory.store32(a + 16, value.cap);
    },
    format: (value) => (value === null ? "[]" : String(value)),
  };
}

/**
 * `map[K]V`, `chan T` and `func(...)` as elems (and channels as keys): one pointer to something that JavaScript
 * holds as an object. A function becomes a Go value when it is stored first.
 */
export function handleType(name: string, kind: "map" | "chan" | "func"): GoType<object | null> {
  return {
    ...(kind === "chan" ? plainMemory : incomparable),
    name,
    kind,
    size: 8,
    align: 8,
    layout: allPointers,
    zero: null,
    check(value, go): asserts value is object | null {
      const fits =
        value === null ||
        (kind === "func"
          ? typeof value === "function"
          : typeof value === "object" && (value as { type?: unknown }).type === name);
      if (!fits) throw new TypeError(`${name} wants ${handleHint(name, kind)}, not ${describe(value)}`);
      const isOurs = kind === "func" || isNil(value) || go?.handles.has(value as object);
      if (go !== undefined && !isOurs)
        throw foreign(name, kind === "map" ? "map" : "channel", kind === "map" ? "make" : "chan");
    },
    load(go, a) {
      return go.handles.at(go.memory.loadPointer(a));
    },
    store(go, a, value) {
      go.memory.storePointer(a, isNil(value) ? 0 : go.handles.addressOf(value as object, kind === "func"));
    },
    format: (value) => (value === null ? "nil" : kind === "map" ? name : kind),
  };
}

/** Whether it is nil: null, or a nil map. */
function isNil(value: unknown): boolean {
  return value === null || (value as { isNil?: boolean }).isNil === true;
}

function foreign(type: string, what: string, method: string): TypeError {
  return new TypeError(
    `${type}: this ${what} was made by another Runtime; make it with this one's ${method}`,
  );
}

function handleHint(name: string, kind: "map" | "chan" | "func"): string {
  return kind === "func" ? "a function or null" : `go.make(${JSON.stringify(name)}) or null`;
}
