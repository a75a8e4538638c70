import { mapSvg } from "./diagram/mapsvg.ts";
import { mapText } from "./diagram/maptext.ts";
import { mapaccessFast64, mapaccessFaststr } from "./map/access.ts";
import { mapassignFast64, mapassignFaststr } from "./map/assign.ts";
import { tophash } from "./map/bmap.ts";
import { HMAP } from "./map/hmap.ts";
import type { Machine } from "./map/machine.ts";
import type { Address } from "./memory/memory.ts";
import { type MapSnapshot, type SnapshotOptions, snapshot } from "./snapshot.ts";
import { allocateString, type GoType, highWord, lowWord } from "./types/gotype.ts";
import type { MapType } from "./types/maptype.ts";
import { encodedUtf8Length, encodeUtf8 } from "./types/utf8.ts";

/** What a hash decides: {@link GoMap.hash}. */
export interface KeyHash {
  /** The 64-bit hash of the key, under this map's `hash0`. */
  readonly hash: bigint;
  /** Its high byte, moved up by 5 when it is below 5: what the bucket keeps of the hash. */
  readonly tophash: number;
  /** Its low B bits: the number of the main bucket. */
  readonly bucket: number;
}

/** Main buckets of each array that a drawing shows unless it is asked for others. */
const DRAWN_BUCKETS = 16;

/** A MIME bundle: what Jupyter shows of a value, in the forms that a front end may choose from. */
export type MimeBundle = Readonly<Record<string, string>>;

/**
 * A Go map, in the memory of its {@link Runtime}. Made by {@link Runtime.make}.
 *
 * Values come out as copies: there is no way to a key or elem inside a bucket, because the next write may move it.
 */
export class GoMap<K, V> {
  readonly #machine: Machine;
  readonly #type: MapType;
  readonly #address: Address;
  readonly #keys: KeyOperations;
  readonly #elem: GoType<V>;

  /** Use {@link Runtime.make}. */
  constructor(machine: Machine, type: MapType, address: Address) {
    this.#machine = machine;
    this.#type = type;
    this.#address = address;
    this.#elem = type.elem as GoType<V>;
    this.#keys =
      type.variant === "fast64"
        ? new Fast64Keys(machine, type, address)
        : new FaststrKeys(machine, type, address);
  }

  /** Number of entries: Go's `len(m)`. */
  get len(): number {
    return this.#machine.memory.load32(this.#address + HMAP.count);
  }

  /** The map's type as Go writes it: `map[string]int`. */
  get type(): string {
    return this.#type.name;
  }

  /** `m[k]`: the elem, or the elem type's zero value when the key is absent. */
  get(key: K): V {
    const elem = this.#keys.access(key);
    return elem === 0 ? this.#elem.zero : this.#elem.load(this.#machine.memory, elem);
  }

  /** `v, ok := m[k]`: the elem, and whether the key is there. */
  lookup(key: K): [value: V, ok: boolean] {
    const elem = this.#keys.access(key);
    return elem === 0 ? [this.#elem.zero, false] : [this.#elem.load(this.#machine.memory, elem), true];
  }

  /** `_, ok := m[k]`: whether the key is there. */
  has(key: K): boolean {
    return this.#keys.access(key) !== 0;
  }

  /**
   * `m[k] = v`.
   *
   * @throws TypeError or RangeError when key or value is not of the map's type; the map is unchanged then
   */
  set(key: K, value: V): void {
    this.#elem.check(value);
    this.#elem.store(this.#machine, this.#keys.assign(key), value);
  }

  /** What the key's hash is in this map, and what follows from it. The key need not be in the map. */
  hash(key: K): KeyHash {
    const { hasher, memory } = this.#machine;
    this.#keys.hash(key);
    const B = memory.load8(this.#address + HMAP.B);
    return {
      hash: (BigInt(hasher.high >>> 0) << 32n) | BigInt(hasher.low >>> 0),
      tophash: tophash(hasher.high),
      bucket: (hasher.low & (2 ** B - 1)) >>> 0,
    };
  }

  /** The map's memory as a plain object: the header, the buckets, the old buckets while growing. */
  snapshot(options?: SnapshotOptions): MapSnapshot {
    return snapshot(this.#machine, this.#type, this.#address, options);
  }

  /** The map drawn in text; of a big map the first {@link DRAWN_BUCKETS} main buckets. */
  toString(): string {
    return mapText(this.snapshot({ limit: DRAWN_BUCKETS }));
  }

  /** What `console.log` prints in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** What a notebook shows. */
  [Symbol.for("Jupyter.display")](): MimeBundle {
    const state = this.snapshot({ limit: DRAWN_BUCKETS });
    return { "text/plain": mapText(state), "image/svg+xml": mapSvg(state) };
  }
}

/** The operations of one map that depend on how its keys are kept. Addresses are of elems; 0 is "absent". */
interface KeyOperations {
  access(key: unknown): Address;
  assign(key: unknown): Address;
  hash(key: unknown): void;
}

class Fast64Keys implements KeyOperations {
  readonly #machine: Machine;
  readonly #type: MapType;
  readonly #address: Address;

  constructor(machine: Machine, type: MapType, address: Address) {
    this.#machine = machine;
    this.#type = type;
    this.#address = address;
  }

  access(key: number): Address {
    this.#type.key.check(key);
    return mapaccessFast64(this.#machine, this.#type, this.#address, highWord(key), lowWord(key));
  }

  assign(key: number): Address {
    this.#type.key.check(key);
    return mapassignFast64(this.#machine, this.#type, this.#address, highWord(key), lowWord(key));
  }

  hash(key: number): void {
    this.#type.key.check(key);
    const { hasher, memory } = this.#machine;
    hasher.memhash64(highWord(key), lowWord(key), memory.load32(this.#address + HMAP.hash0));
  }
}

class FaststrKeys implements KeyOperations {
  readonly #machine: Machine;
  readonly #type: MapType;
  readonly #address: Address;

  constructor(machine: Machine, type: MapType, address: Address) {
    this.#machine = machine;
    this.#type = type;
    this.#address = address;
  }

  access(key: string): Address {
    const size = this.#write(key);
    return mapaccessFaststr(this.#machine, this.#type, this.#address, this.#machine.scratch, size);
  }

  assign(key: string): Address {
    this.#type.key.check(key);
    const size = encodedUtf8Length(key);
    const p = allocateString(this.#machine, key, size);
    return mapassignFaststr(this.#machine, this.#type, this.#address, p, size);
  }

  hash(key: string): void {
    const size = this.#write(key);
    const { hasher, memory, scratch } = this.#machine;
    hasher.memhash(memory, scratch, size, memory.load32(this.#address + HMAP.hash0));
  }

  /** Writes a key that is only looked for to the scratch area. Returns its size in bytes. */
  #write(key: string): number {
    this.#type.key.check(key);
    const size = encodedUtf8Length(key);
    this.#machine.reserveScratch(size);
    const { memory, scratch } = this.#machine;
    encodeUtf8(key, memory.bytes, scratch);
    return size;
  }
}
