import type { Machine } from "../map/machine.ts";
import { noPointers, pointerOffsets } from "../memory/layout.ts";
import type { Address } from "../memory/memory.ts";
import { describe, type GoType, plainMemory } from "./gotype.ts";

/** A field of a struct type. */
export interface Field {
  /** `_` for a blank field, which no program can read. */
  readonly name: string;
  readonly type: GoType;
  /** How Go writes the field, where that is not name and type: embedded fields, and those with a tag. */
  readonly source?: string;
}

/** An array or struct type: it has parts. */
export interface CompositeType<Value> extends GoType<Value> {
  /** Its elements or fields in order, blank ones too; elements are named by their index. */
  readonly parts: readonly PlacedField[];
}

/** A field with its place. */
export interface PlacedField extends Field {
  readonly offset: number;
  /** Offset behind the field. */
  readonly end: number;
}

type HashFunction = (go: Machine, a: Address, seedHigh: number, seedLow: number) => void;

/** What an array or struct is by what it is made of: every part must be so, or one part is enough. */
function traits(parts: readonly GoType[]) {
  return {
    comparable: parts.every((part) => part.comparable),
    reflexive: parts.every((part) => part.reflexive),
    needKeyUpdate: parts.some((part) => part.needKeyUpdate),
    hashMightPanic: parts.some((part) => part.hashMightPanic),
  };
}

/** `[length]elem`, as a JavaScript array. */
export function arrayType(length: number, elem: GoType): CompositeType<readonly unknown[]> {
  const name = `[${length}]${elem.name}`;
  // Long arrays are seldom looked at element by element: these lists are made when somebody wants them.
  const offsets = once(() => Array.from({ length }, (_, i) => i * elem.size));
  const parts = once(() =>
    offsets().map((offset, i) => ({ name: String(i), type: elem, offset, end: offset + elem.size })),
  );
  const zero = once(() => Object.freeze(Array(length).fill(elem.zero)) as readonly unknown[]);
  const chained =
    (hash: "hash" | "typehash"): HashFunction =>
    (go, a, seedHigh, seedLow) => {
      go.hasher.set(seedHigh, seedLow);
      for (const offset of offsets()) elem[hash](go, a + offset, go.hasher.high, go.hasher.low);
    };
  const plain = elem.plain || length === 0;
  return {
    ...traits([elem]), // of what it could hold: also when its length is 0, the compiler does not ask for that
    name,
    layout: length === 0 ? noPointers : elem.layout,
    get parts() {
      return parts();
    },
    kind: "array",
    size: length * elem.size,
    align: elem.align,
    plain,
    oneString: length === 1 && elem.oneString === true,
    get zero() {
      return zero();
    },
    check(value, go): asserts value is readonly unknown[] {
      if (value === zero()) return; // the commonest, and it can be long
      if (!Array.isArray(value) && !ArrayBuffer.isView(value)) {
        throw new TypeError(`${name} wants an array, not ${describe(value)}`);
      }
      const given = value as ArrayLike<unknown>;
      if (given.length !== length) {
        throw new TypeError(`${name} wants an array of length ${length}, not ${given.length}`);
      }
      if (value instanceof Uint8Array && elem.kind === "uint8") return; // its bytes can be nothing else
      const check: (value: unknown, go?: Machine) => void = elem.check;
      let i = 0;
      within(
        () => `element ${i} of ${name}`,
        () => {
          for (; i < length; i++) check(given[i], go);
        },
      );
    },
    load: (go, a) => Object.freeze(offsets().map((offset) => elem.load(go, a + offset))),
    store(go, a, value, space) {
      if (value === zero()) go.memory.clear(a, length * elem.size);
      else if (value instanceof Uint8Array && elem.kind === "uint8")
        go.memory.change(a, value.length, () => go.memory.bytes.set(value, a));
      else for (let i = 0; i < length; i++) elem.store(go, a + i * elem.size, value[i], space);
    },
    hash: plain ? plainMemory.hash : chained("hash"),
    typehash: plain ? plainMemory.typehash : chained("typehash"),
    equal(go, p, q) {
      if (plain) return go.memory.equal(p, q, length * elem.size);
      return offsets().every((offset) => elem.equal(go, p + offset, q + offset));
    },
    unhashable(go, a) {
      if (!elem.comparable) return this as unknown as GoType;
      if (!elem.hashMightPanic) return null;
      return firstOf(offsets(), (offset) => elem.unhashable(go, a + offset));
    },
    format: (value) => `[${Array.from(value, (part) => elem.format(part)).join(" ")}]`,
  };
}

/** `struct{ ... }`, as an object with a property for each field that has a name. */
export function structType(fields: readonly Field[]): CompositeType<Readonly<Record<string, unknown>>> {
  const { placed, size, align } = layOut(fields);
  const named = placed.filter((field) => field.name !== "_");
  const name = `struct {${fields.map((field) => ` ${field.source ?? `${field.name} ${field.type.name}`}`).join(";")}${fields.length === 0 ? "" : " "}}`;
  // One field that is not blank makes the struct what the field is; else bytes do only if every byte counts.
  const hasPadding = placed.some((field, i) => field.end !== (placed[i + 1]?.offset ?? size));
  const single = fields.length === 1 && named.length === 1;
  const plain =
    fields.every((field) => field.type.plain) && (single || (!hasPadding && named.length === fields.length));
  const runs = hashRuns(placed);
  return {
    ...traits(fields.map((field) => field.type)),
    name: fields.length === 0 ? "struct {}" : name,
    kind: "struct",
    layout: {
      period: size,
      offsets: placed.flatMap(({ type, offset }) => pointerOffsets(type.layout, offset, type.size)),
    },
    parts: placed,
    size,
    align,
    plain,
    oneString: single && fields[0]?.type.oneString === true,
    zero: Object.freeze(Object.fromEntries(named.map((field) => [field.name, field.type.zero]))),
    check(value, go): asserts value is Readonly<Record<string, unknown>> {
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        throw new TypeError(`${name} wants an object with its fields, not ${describe(value)}`);
      }
      const given = value as Record<string, unknown>;
      for (const field of named) {
        const check: (value: unknown, go?: Machine) => void = field.type.check;
        if (field.name in given)
          within(
            () => `field ${field.name}`,
            () => check(given[field.name], go),
          );
      }
      const unknown = Object.keys(given).find((key) => !named.some((field) => field.name === key));
      if (unknown !== undefined)
        throw new TypeError(`unknown field ${unknown} in struct literal of type ${name}`);
    },
    load: (go, a) =>
      Object.freeze(
        Object.fromEntries(named.map((field) => [field.name, field.type.load(go, a + field.offset)])),
      ),
    store(go, a, value, space) {
      // Fields that are left out get their zero value, as in a struct literal of Go.
      for (const { name: key, type, offset } of named) {
        type.store(go, a + offset, key in value ? value[key] : type.zero, space);
      }
    },
    hash: plain
      ? plainMemory.hash
      : (go, a, seedHigh, seedLow) => {
          go.hasher.set(seedHigh, seedLow);
          for (const run of runs) run(go, a, go.hasher.high, go.hasher.low);
        },
    typehash: plain
      ? plainMemory.typehash
      : (go, a, seedHigh, seedLow) => {
          go.hasher.set(seedHigh, seedLow);
          for (const { type, offset } of named) type.typehash(go, a + offset, go.hasher.high, go.hasher.low);
        },
    equal: (go, p, q) => named.every(({ type, offset }) => type.equal(go, p + offset, q + offset)),
    unhashable(go, a) {
      if (!this.comparable) return this as unknown as GoType;
      return firstOf(named, ({ type, offset }) =>
        type.hashMightPanic ? type.unhashable(go, a + offset) : null,
      );
    },
    format: (value) => `{${named.map((field) => field.type.format(value[field.name])).join(" ")}}`,
  };
}

/**
 * Places fields as the compiler does: in order, each at its alignment. A last field of size zero gets one byte,
 * so that its address is not beyond the struct's memory.
 */
function layOut(fields: readonly Field[]): { placed: PlacedField[]; size: number; align: number } {
  let end = 0;
  const placed = fields.map((field) => {
    const offset = alignUp(end, field.type.align);
    end = offset + field.type.size;
    return { ...field, offset, end };
  });
  const align = Math.max(1, ...fields.map((field) => field.type.align));
  if (end > 0 && fields.at(-1)?.type.size === 0) end++;
  return { placed, size: alignUp(end, align), align };
}

/**
 * The parts that the compiler's hash of a struct is made of (cmd/compile/internal/reflectdata, `hashfor`): each
 * field that is not plain by its own hash, and each run of plain ones, unbroken by padding, as one stretch of
 * bytes. Blank fields are left out and end a run.
 */
function hashRuns(placed: readonly PlacedField[]): HashFunction[] {
  const runs: HashFunction[] = [];
  for (let i = 0; i < placed.length; ) {
    const { name, type, offset } = placed[i] as PlacedField;
    if (name === "_") {
      i++;
    } else if (!type.plain) {
      runs.push((go, a, seedHigh, seedLow) => type.hash(go, a + offset, seedHigh, seedLow));
      i++;
    } else {
      let end = offset;
      for (; i < placed.length; i++) {
        const field = placed[i] as PlacedField;
        if (field.name === "_" || !field.type.plain || field.offset !== end) break;
        end = field.end;
      }
      const length = end - offset;
      // Of no bytes too: then memhash changes the seed, which the hash of a key without bytes alone does not.
      runs.push((go, a, seedHigh, seedLow) =>
        go.hasher.memhash(go.memory, a + offset, length, seedHigh, seedLow),
      );
    }
  }
  return runs;
}

/** What a function gives, made the first time that it is wanted. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function alignUp(offset: number, align: number): number {
  return Math.ceil(offset / align) * align;
}

/** Runs a check on parts and says in its error at which place it was. */
function within(place: () => string, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (error instanceof Error) error.message = `${place()}: ${error.message}`;
    throw error;
  }
}

function firstOf<T>(parts: readonly T[], find: (part: T) => GoType | null): GoType | null {
  for (const part of parts) {
    const found = find(part);
    if (found !== null) return found;
  }
  return null;
}
