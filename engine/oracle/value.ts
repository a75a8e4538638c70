import type { Machine } from "../map/machine.ts";
import type { Address } from "../memory/memory.ts";
import type { CompositeType, PlacedField } from "../types/composite.ts";
import type { GoType, Space } from "../types/gotype.ts";
import { dataAddress, typeAt } from "../types/interface.ts";
import type { TypeTable } from "../types/parse.ts";
import { storeBytes } from "../types/string.ts";
import { encodedUtf8Length } from "../types/utf8.ts";

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

  /** Writes a value given in JSON to zeroed memory. */
  write(type: GoType, a: Address, value: unknown, space: Space): void {
    const { memory } = this.#go;
    switch (type.kind) {
      case "bool":
        memory.store8(a, value === true ? 1 : 0);
        break;
      case "float32":
      case "float64":
        this.#writeBits(a, value as string);
        break;
      case "complex64":
      case "complex128": {
        const [real, imaginary] = value as [string, string];
        this.#writeBits(a, real);
        this.#writeBits(a + type.size / 2, imaginary);
        break;
      }
      case "string": {
        const text = value as string;
        const size = encodedUtf8Length(text);
        memory.storePointer(a, storeBytes(this.#go, text, size, space));
        memory.store32(a + 8, size);
        break;
      }
      case "interface":
        this.#writeInterface(a, value as [string, unknown], space);
        break;
      case "array":
        if (isBytes(type)) {
          const pattern = value as number;
          for (let j = 0; j < type.size; j++) memory.store8(a + j, (pattern >>> (8 * (j % 4))) ^ (j & 255));
          break;
        }
        for (const [i, part] of partsOf(type).entries()) {
          this.write(part.type, a + part.offset, (value as unknown[])[i], space);
        }
        break;
      case "struct":
        for (const [i, part] of partsOf(type).filter(isNamed).entries()) {
          this.write(part.type, a + part.offset, (value as unknown[])[i], space);
        }
        break;
      default:
        this.#writeInteger(type, a, BigInt(value as number | string));
    }
  }

  #writeInteger(type: GoType, a: Address, value: bigint): void {
    for (let i = 0; i < type.size; i++) {
      this.#go.memory.store8(a + i, Number((value >> BigInt(8 * i)) & 255n));
    }
  }

  /** Writes the bits of a float, given in hexadecimal, the high digit first. */
  #writeBits(a: Address, hex: string): void {
    for (let i = 0; i < hex.length / 2; i++) {
      const end = hex.length - 2 * i;
      this.#go.memory.store8(a + i, Number.parseInt(hex.slice(end - 2, end), 16));
    }
  }

  #writeInterface(a: Address, [name, value]: [string, unknown], space: Space): void {
    if (name === "nil") return;
    const type = this.#types.parse(name);
    const data = type.size === 0 ? this.#go.zeroBase : space.allocate(type.size, type.layout);
    if (space !== this.#go.heap) this.#go.memory.clear(data, type.size);
    this.write(type, data, value, space);
    this.#go.memory.storePointer(a, this.#go.typeAddress(type));
    this.#go.memory.storePointer(a + 8, data);
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
