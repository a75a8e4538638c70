import type { Machine } from "../map/machine.ts";
import type { Address } from "../memory/memory.ts";
import type { CompositeType, PlacedField } from "../types/composite.ts";
import type { GoType, Space } from "../types/gotype.ts";
import { dataAddress, typeAt } from "../types/interface.ts";
import type { TypeTable } from "../types/parse.ts";
import { storeBytes } from "../types/string.ts";
import { encodedUtf8Length } from "../types/utf8.ts";
import { quoted, RecordingError } from "./recordingerror.ts";

/** The dynamic types that a recording may have in interfaces; their codes count from 1. */
const DYNAMIC_TYPES = [
  "int",
  "int64",
  "uint8",
  "string",
  "float64",
  "bool",
  "struct{X int32; Y string}",
  "[2]int32",
  "complex128",
  "struct{}",
  "float32",
  "int32",
];

/** A growing buffer of bytes. */
export class ByteStream {
  #bytes = new Uint8Array(1 << 16);
  length = 0;

  /** What has been written. Overwritten by what comes after {@link reset}. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.length);
  }

  reset(): void {
    this.length = 0;
  }

  byte(value: number): void {
    this.#reserve(1)[this.length++] = value;
  }

  /** Four bytes, low byte first. */
  word(value: number): void {
    const bytes = this.#reserve(4);
    for (let i = 0; i < 4; i++) bytes[this.length++] = value >>> (8 * i);
  }

  copy(from: Uint8Array): void {
    this.#reserve(from.length).set(from, this.length);
    this.length += from.length;
  }

  #reserve(size: number): Uint8Array {
    if (this.length + size > this.#bytes.length) {
      const grown = new Uint8Array(2 * (this.length + size));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    return this.#bytes;
  }
}

/** Values of a recording: from its JSON into memory, bit by bit, and from memory into the state stream. */
export class ValueCodec {
  readonly #go: Machine;
  readonly #types: TypeTable;
  readonly #codes = new Map<GoType, number>();

  constructor(go: Machine, types: TypeTable) {
    this.#go = go;
    this.#types = types;
    for (const [i, name] of DYNAMIC_TYPES.entries()) this.#codes.set(types.parse(name), i + 1);
  }

  /**
   * Writes a value given in JSON to zeroed memory.
   *
   * @throws RecordingError when it is not a value of the type
   */
  write(type: GoType, a: Address, value: unknown, space: Space): void {
    const { memory } = this.#go;
    switch (type.kind) {
      case "bool":
        if (typeof value !== "boolean") throw refused(type, value, "true or false");
        memory.store8(a, value ? 1 : 0);
        break;
      case "float32":
      case "float64":
        this.#writeBits(type, type.size, a, value);
        break;
      case "complex64":
      case "complex128":
        for (const [i, part] of listOf(type, value, 2).entries()) {
          this.#writeBits(type, type.size / 2, a + (i * type.size) / 2, part);
        }
        break;
      case "string": {
        if (typeof value !== "string") throw refused(type, value, "a string");
        const size = encodedUtf8Length(value);
        memory.storePointer(a, storeBytes(this.#go, value, size, space));
        memory.store32(a + 8, size);
        break;
      }
      case "interface":
        this.#writeInterface(type, a, value, space);
        break;
      case "array":
        if (isBytes(type)) this.#writePattern(type, a, value);
        else this.#writeParts(type, partsOf(type), a, value, space);
        break;
      case "struct": {
        const named = partsOf(type).filter(isNamed);
        if (value !== 0 || named.length > 0) this.#writeParts(type, named, a, value, space);
        break;
      }
      default:
        this.#writeInteger(type, a, value);
    }
  }

  #writeParts(type: GoType, parts: readonly PlacedField[], a: Address, value: unknown, space: Space): void {
    const values = listOf(type, value, parts.length);
    for (const [i, part] of parts.entries()) this.write(part.type, a + part.offset, values[i], space);
  }

  /** Writes an integer, or of a pointer, channel or the like the address. */
  #writeInteger(type: GoType, a: Address, value: unknown): void {
    const isNumber = Number.isSafeInteger(value) || (typeof value === "string" && /^-?\d+$/.test(value));
    if (!isNumber) throw refused(type, value, "a whole number; beyond 2^53 - 1 a string of decimal digits");
    const whole = BigInt(value as number | string);
    const bits = 8 * Math.min(type.size, 8);
    const held = type.kind.startsWith("int") ? BigInt.asIntN(bits, whole) : BigInt.asUintN(bits, whole);
    if (held !== whole) throw refused(type, value, `what fits into ${bits} bits`);
    for (let i = 0; i < bits / 8; i++) this.#go.memory.store8(a + i, Number((whole >> BigInt(8 * i)) & 255n));
  }

  /** Writes the bits of a float, given in hexadecimal, the high digit first. */
  #writeBits(type: GoType, size: number, a: Address, hex: unknown): void {
    if (typeof hex !== "string" || hex.length !== 2 * size || !/^[0-9a-f]+$/i.test(hex)) {
      throw refused(type, hex, `the bits as ${2 * size} hex digits`);
    }
    for (let i = 0; i < size; i++) {
      const end = hex.length - 2 * i;
      this.#go.memory.store8(a + i, Number.parseInt(hex.slice(end - 2, end), 16));
    }
  }

  /** Writes the bytes that a number below 2^32 stands for. */
  #writePattern(type: GoType, a: Address, pattern: unknown): void {
    if (!Number.isInteger(pattern) || (pattern as number) < 0 || (pattern as number) >= 2 ** 32) {
      throw refused(type, pattern, "a whole number below 2^32");
    }
    for (let j = 0; j < type.size; j++) {
      this.#go.memory.store8(a + j, ((pattern as number) >>> (8 * (j % 4))) ^ (j & 255));
    }
  }

  #writeInterface(type: GoType, a: Address, value: unknown, space: Space): void {
    const [name, held] = Array.isArray(value) ? value : [];
    if (name === "nil") return;
    const dynamic = typeof name === "string" ? this.#dynamicType(name) : null;
    if (dynamic === null) throw refused(type, value, `[type, value] with one of ${DYNAMIC_TYPES.join(", ")}`);
    const data = dynamic.size === 0 ? this.#go.zeroBase : space.allocate(dynamic.size, dynamic.layout);
    if (space !== this.#go.heap) this.#go.memory.clear(data, dynamic.size);
    this.write(dynamic, data, held, space);
    this.#go.memory.storePointer(a, this.#go.typeAddress(dynamic));
    this.#go.memory.storePointer(a + 8, data);
  }

  /** One of the types that a recording may have in interfaces; null for others. */
  #dynamicType(name: string): GoType | null {
    try {
      const type = this.#types.parse(name);
      return this.#codes.has(type) ? type : null;
    } catch {
      return null;
    }
  }

  /** Appends the value at an address to a stream, in the form of the state stream. */
  read(type: GoType, a: Address, stream: ByteStream): void {
    const { memory } = this.#go;
    switch (type.kind) {
      case "string": {
        const p = memory.loadPointer(a);
        const size = memory.load32(a + 8);
        stream.word(size);
        const present = p !== 0 && size !== 0;
        stream.byte(present ? 1 : 0);
        if (present) stream.copy(memory.bytes.subarray(p, p + size));
        break;
      }
      case "interface": {
        const held = typeAt(this.#go, a);
        stream.byte(held === null ? 0 : (this.#codes.get(held) as number));
        if (held !== null) this.read(held, dataAddress(this.#go, held, a), stream);
        break;
      }
      case "array":
        if (isBytes(type)) stream.copy(memory.bytes.subarray(a, a + type.size));
        else for (const part of partsOf(type)) this.read(part.type, a + part.offset, stream);
        break;
      case "struct":
        for (const part of partsOf(type)) if (isNamed(part)) this.read(part.type, a + part.offset, stream);
        break;
      default:
        stream.copy(memory.bytes.subarray(a, a + type.size));
    }
  }
}

function partsOf(type: GoType): readonly PlacedField[] {
  return (type as CompositeType<unknown>).parts;
}

function isNamed(part: { name: string }): boolean {
  return part.name !== "_";
}

function isBytes(type: GoType): boolean {
  return type.kind === "array" && /^\[\d+\]uint8$/.test(type.name);
}

/** The values of a list with so many of them. */
function listOf(type: GoType, value: unknown, length: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length !== length)
    throw refused(type, value, `a list of ${length} values`);
  return value;
}

function refused(type: GoType, value: unknown, wanted: string): RecordingError {
  return new RecordingError(`${quoted(value)} is not a value of type ${type.name}: it takes ${wanted}`);
}
