import { hashGrow } from "../map/grow.ts";
import { HMAP } from "../map/hmap.ts";
import type { Machine } from "../map/machine.ts";
import { newoverflow } from "../map/make.ts";
import type { Address } from "../memory/memory.ts";
import type { MapType } from "../types/maptype.ts";
import { code } from "./code.ts";
import type { FastPath } from "./operations.ts";

/** The functions of assembly/index.ts. */
interface Exports extends Omit<FastPath, "typeNumber"> {
  setHashkey(first: bigint, second: bigint, third: bigint, fourth: bigint): void;
  readNoStrings(): void;
}

/** What this file needs of the platform: present in every browser and in Node. */
interface Platform {
  WebAssembly: {
    Module: {
      new (code: Uint8Array, options: { builtins: string[] }): object;
      imports(module: object): { module: string }[];
    };
    Instance: new (module: object, imports: Record<string, Record<string, unknown>>) => { exports: unknown };
  };
}
const platform = globalThis as unknown as Platform;

// Bits of a map type's number: assembly/hmap.ts.
const POINTERS = 1 << 8;
const POINTER_KEYS = 1 << 9;
const LIST_SHIFT = 10;

let compiled: object | null = null;

const STRINGS = "wasm:js-string";

/**
 * For platforms that do not have this module built in, and ask for it here. They are never called: to call JavaScript for
 * each character would take longer than to have the string written to memory.
 */
const notBuiltIn = { length: () => 0, charCodeAt: () => 0 };

/** The code of assembly/, working on the memory of one machine. */
class WebAssemblyPath implements FastPath {
  readonly #types: MapType[] = [];
  readonly #numbers = new Map<MapType, number>();
  // Most programs ask for one type again and again.
  #last: MapType | null = null;
  #lastNumber = 0;
  readonly access32: FastPath["access32"];
  readonly assign32: FastPath["assign32"];
  readonly delete32: FastPath["delete32"];
  readonly next32: FastPath["next32"];
  readonly access64: FastPath["access64"];
  readonly assign64: FastPath["assign64"];
  readonly delete64: FastPath["delete64"];
  readonly next64: FastPath["next64"];
  readonly accessStr: FastPath["accessStr"];
  readonly assignStr: FastPath["assignStr"];
  readonly deleteStr: FastPath["deleteStr"];
  readonly nextStr: FastPath["nextStr"];
  readonly accessInt: FastPath["accessInt"];
  readonly assignInt: FastPath["assignInt"];
  readonly deleteInt: FastPath["deleteInt"];
  readonly distrustKeyCopies: FastPath["distrustKeyCopies"];
  readonly standOn: FastPath["standOn"];
  readonly getInt: FastPath["getInt"];
  readonly setInt: FastPath["setInt"];
  readonly accessString: FastPath["accessString"];
  readonly assignString: FastPath["assignString"];
  readonly deleteString: FastPath["deleteString"];
  readonly getString: FastPath["getString"];
  readonly setString: FastPath["setString"];

  constructor(go: Machine) {
    compiled ??= new platform.WebAssembly.Module(decode(code), { builtins: ["js-string"] });
    const type = (t: number) => this.#types[t >>> LIST_SHIFT] as MapType;
    const instance = new platform.WebAssembly.Instance(compiled, {
      env: { memory: go.memory.shared },
      [STRINGS]: notBuiltIn,
      imports: {
        hashGrow: (t: number, h: Address) => hashGrow(go, type(t), h),
        newoverflow: (t: number, h: Address, b: Address) => newoverflow(go, type(t), h, b),
        writeText: (key: string) => {
          const size = go.texts.write(key);
          const { written } = go.texts;
          go.memory.store32(written - 4, size);
          return written;
        },
        keepText: (size: number, key: string) => go.texts.keep(size, key),
        renewHash0: (h: Address) => {
          go.random.next();
          go.memory.store32(h + HMAP.hash0, go.random.low);
        },
        badMapState: () => {
          throw new Error("bad map state");
        },
      },
    });
    const exports = instance.exports as Exports;
    this.access32 = exports.access32;
    this.assign32 = exports.assign32;
    this.delete32 = exports.delete32;
    this.next32 = exports.next32;
    this.access64 = exports.access64;
    this.assign64 = exports.assign64;
    this.delete64 = exports.delete64;
    this.next64 = exports.next64;
    this.accessStr = exports.accessStr;
    this.assignStr = exports.assignStr;
    this.deleteStr = exports.deleteStr;
    this.nextStr = exports.nextStr;
    this.accessInt = exports.accessInt;
    this.assignInt = exports.assignInt;
    this.deleteInt = exports.deleteInt;
    this.distrustKeyCopies = exports.distrustKeyCopies;
    this.standOn = exports.standOn;
    this.getInt = exports.getInt;
    this.setInt = exports.setInt;
    this.accessString = exports.accessString;
    this.assignString = exports.assignString;
    this.deleteString = exports.deleteString;
    this.getString = exports.getString;
    this.setString = exports.setString;
    const { hashkey } = go.hasher;
    const word = (i: number) =>
      (BigInt(hashkey[i] as number) << 32n) | BigInt((hashkey[i + 1] as number) >>> 0);
    exports.setHashkey(word(0), word(2), word(4), word(6));
    if (platform.WebAssembly.Module.imports(compiled).some(({ module }) => module === STRINGS)) {
      exports.readNoStrings();
    }
  }

  typeNumber(t: MapType): number {
    if (t === this.#last) return this.#lastNumber;
    this.#last = t;
    this.#lastNumber = this.#numbers.get(t) ?? this.#list(t);
    return this.#lastNumber;
  }

  #list(t: MapType): number {
    const number =
      t.elemSlot |
      (t.bucketHasPointers ? POINTERS : 0) |
      (t.key.layout.offsets.length > 0 ? POINTER_KEYS : 0) |
      (this.#types.length << LIST_SHIFT);
    this.#types.push(t);
    this.#numbers.set(t, number);
    return number;
  }
}

/**
 * A fast path for a machine; null where the platform refuses to run WebAssembly, as a page's content security policy can
 * make it do: then engine/map does everything.
 */
export function fastPath(go: Machine): FastPath | null {
  try {
    return new WebAssemblyPath(go);
  } catch {
    return null;
  }
}

function decode(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (digit(hex, 2 * i) << 4) | digit(hex, 2 * i + 1);
  return bytes;
}

function digit(hex: string, at: number): number {
  const character = hex.charCodeAt(at);
  return (character & 15) + (character > 57 ? 9 : 0);
}
