import { copyFromMap, GoCompileError } from "./copies.ts";
import type { MimeBundle } from "./diagram/bundle.ts";
import type { Drawing } from "./diagram/drawing.ts";
import { DRAWN, mapBundle } from "./diagram/mapbundle.ts";
import { mapDrawing } from "./diagram/mapdrawing.ts";
import type { MapDrawOptions } from "./diagram/mapmarks.ts";
import { overviewDrawing } from "./diagram/overview.ts";
import { type OverviewPalette, type OverviewPixels, overviewPixels } from "./diagram/overviewpixels.ts";
import { typeDrawing } from "./diagram/typelayout.ts";
import { type BucketChoice, drawBytes, drawChain, drawHash } from "./drawings.ts";
import { HeapWatch } from "./heapwatch.ts";
import { GoIterator, rangeLoop } from "./iterator.ts";
import { freed, freedKeys, type KeyOperations, keyOperations } from "./keys.ts";
import { tophash } from "./map/bmap.ts";
import { mapclear } from "./map/clear.ts";
import { mapclone } from "./map/clone.ts";
import { GoPanic } from "./map/errors.ts";
import { FREED } from "./map/handles.ts";
import { bucketMask, HMAP } from "./map/hmap.ts";
import type { Machine } from "./map/machine.ts";
import { Operation, type OperationCode } from "./map/recorder.ts";
import type { Address } from "./memory/memory.ts";
import {
  type AssignmentOperator,
  applyOperator,
  checkDivision,
  checkOperator,
  readsFirst,
} from "./operators.ts";
import { overviewSnapshot } from "./overviewsnapshot.ts";
import { type MapSnapshot, type SnapshotOptions, snapshot } from "./snapshot.ts";
import type { GoType } from "./types/gotype.ts";
import type { MapType } from "./types/maptype.ts";
import { Slice } from "./types/reference.ts";
import { typeSnapshot } from "./typesnapshot.ts";

/** What a hash decides: {@link GoMap.hash}. */
export interface KeyHash {
  /** The 64-bit hash of the key, under this map's `hash0`. */
  readonly hash: bigint;
  /** Its high byte, moved up by 5 when it is below 5: what the bucket keeps of the hash. */
  readonly tophash: number;
  /** Its low B bits: the number of the main bucket. */
  readonly bucket: number;
}

/**
 * A Go map, in the memory of its {@link Runtime}. Made by {@link Runtime.make}.
 *
 * Values come out as copies: there is no way to a key or elem inside a bucket, because the next write may move it.
 *
 * Every method may throw what the operation throws in Go: a `GoPanic` (a nil map written to, an unhashable key)
 * leaves the map as Go leaves it, unchanged; a `GoFatalError` is the end of the Go process. A TypeError or
 * RangeError says that a JavaScript value is not of the map's type; then nothing has changed.
 */
export class GoMap<K, V> {
  /** Also where a minifier has renamed the class: inspectors show it. */
  static readonly name: string = "GoMap";
  readonly #machine: Machine;
  readonly #type: MapType;
  readonly #address: Address;
  #keys: KeyOperations;
  #isFreed = false;
  #unsafe: UnsafeMap<K> | undefined;
  readonly #elem: GoType<V>;

  /** Use {@link Runtime.make}. */
  constructor(
    machine: Machine,
    type: MapType,
    address: Address,
    keys: KeyOperations = keyOperations(machine, type, address),
  ) {
    this.#machine = machine;
    this.#type = type;
    this.#address = address;
    this.#elem = type.elem as GoType<V>;
    this.#keys = keys;
    if (address !== 0) machine.handles.set(address, this);
  }

  /** Number of entries: Go's `len(m)`. 0 for a nil map. */
  get len(): number {
    const h = this.#hmap;
    return h === 0 ? 0 : this.#machine.memory.load32(h + HMAP.count);
  }

  /** The map's type as Go writes it: `map[string]int`. */
  get type(): string {
    return this.#type.name;
  }

  /** `m == nil` */
  get isNil(): boolean {
    return this.#address === 0;
  }

  /** `m[k]`: the elem, or the elem type's zero value when the key is absent. */
  get(key: K): V {
    this.#begin(Operation.get, key);
    const elem = this.#keys.access(key);
    return elem === 0 ? this.#absent(key) : this.#copy(key, elem);
  }

  /** `v, ok := m[k]`: the elem, and whether the key is there. */
  lookup(key: K): [value: V, ok: boolean] {
    this.#begin(Operation.lookup, key);
    const elem = this.#keys.access(key);
    return elem === 0 ? [this.#absent(key), false] : [this.#copy(key, elem), true];
  }

  /** `_, ok := m[k]`: whether the key is there. */
  has(key: K): boolean {
    this.#begin(Operation.has, key);
    return this.#keys.access(key) !== 0;
  }

  /**
   * `m[k] = v`. A string key gets memory of its own when the map does not have it yet: as in Go, where the string is
   * somewhere already, setting it again allocates nothing.
   */
  set(key: K, value: V): void {
    const check: (value: unknown, go: Machine) => void = this.#elem.check;
    check(value, this.#machine);
    this.#begin(Operation.set, key, value);
    this.#machine.collectIfDue();
    const type = this.#elem;
    const elem = this.#keys.assign(key);
    this.#machine.recorder?.elemStored(elem, type.size);
    type.store(this.#machine, elem, value, this.#machine.heap);
  }

  /**
   * `m[k] += v` and the like: one assign, which finds or makes the place, and an operation on what is there; a
   * fresh place holds the zero value. Only `/=` and `%=` look the key up first, so that a division by zero finds
   * the map untouched.
   *
   * @throws GoCompileError when the elem type does not have the operator
   */
  op(key: K, operator: AssignmentOperator, operand: V): void {
    const type = this.#elem as GoType;
    checkOperator(type, operator, operand, () => this.#indexed(key));
    this.#begin(Operation.op, key, operand, operator);
    if (readsFirst(operator)) {
      this.#keys.access(key);
      checkDivision(type, operand);
    }
    this.#machine.collectIfDue();
    const elem = this.#keys.assign(key);
    this.#machine.recorder?.elemStored(elem, type.size);
    applyOperator(this.#machine, type, elem, operator, operand);
  }

  /**
   * `m[k] = append(m[k], values...)`, for elems that are slices: one assign.
   *
   * @throws TypeError when elems are no slices
   */
  append<E>(this: GoMap<K, Slice<E> | null>, key: K, ...values: E[]): void {
    const type = this.#elem;
    if (type.kind !== "slice")
      throw new TypeError(`append wants a map of slices, and this is a ${this.type}`);
    const check: (value: unknown, go: Machine) => void = sliceElem(type).check;
    for (const value of values) check(value, this.#machine);
    this.#begin(Operation.append, key);
    this.#machine.collectIfDue();
    const place = this.#keys.assign(key);
    this.#machine.recorder?.elemStored(place, type.size);
    let slice: Slice<E> | null = type.load(this.#machine, place);
    for (const value of values) {
      slice ??= new Slice(this.#machine, sliceElem(type), 0, 0, 0) as Slice<E>;
      slice = slice.append(value);
    }
    type.store(this.#machine, place, slice, this.#machine.heap);
  }

  /** `delete(m, k)`. */
  delete(key: K): void {
    this.#begin(Operation.delete, key);
    this.#machine.collectIfDue();
    this.#keys.delete(key);
  }

  /** `clear(m)`. */
  clear(): void {
    this.#begin(Operation.clear);
    this.#machine.writes++;
    mapclear(this.#machine, this.#type, this.#hmap);
  }

  /**
   * `for k := range m { delete(m, k) }`. The compiler makes one clear of this loop when keys equal themselves;
   * with floats or interfaces inside it stays a loop, which NaN keys survive.
   */
  deleteAll(): void {
    if (this.#type.key.reflexive) {
      this.clear();
      return;
    }
    for (const [key] of this) this.delete(key);
  }

  /** `maps.Clone(m)`. */
  clone(): GoMap<K, V> {
    this.#begin(Operation.clone);
    this.#machine.collectIfDue();
    const address = mapclone(this.#machine, this.#type, this.#hmap);
    if (address !== 0) this.#machine.hold(address);
    return new (this.constructor as typeof GoMap<K, V>)(this.#machine, this.#type, address);
  }

  /** An iteration to hold in the hand and step: what `for range` has on its stack. */
  iterator(): GoIterator<K, V> {
    return new GoIterator(this.#machine, this.#type, this.#hmap);
  }

  /** `for k, v := range m`: keys and elems in Go's order, which is not specified. The map may change meanwhile. */
  [Symbol.iterator](): IterableIterator<[key: K, elem: V], void> {
    return rangeLoop(this.#machine, this.#type, this.#hmap);
  }

  /**
   * `&m[k]`, which Go's compiler refuses.
   *
   * @throws GoCompileError always
   */
  addressOf(key: K): never {
    throw new GoCompileError(
      `invalid operation: cannot take address of ${this.#indexed(key)} (map index expression of type ${this.#elem.name})`,
    );
  }

  /** What the key's hash is in this map, and what follows from it. The key need not be in the map. */
  hash(key: K): KeyHash {
    if (this.isNil) throw new GoPanic("a nil map has no hash0 to hash with");
    const { hasher, memory } = this.#machine;
    this.#keys.hash(key);
    const B = memory.load8(this.#hmap + HMAP.B);
    return {
      hash: (BigInt(hasher.high >>> 0) << 32n) | BigInt(hasher.low >>> 0),
      tophash: tophash(hasher.high),
      bucket: hasher.low & bucketMask(B),
    };
  }

  /** What the runtime has and the language hides. */
  get unsafe(): UnsafeMap<K> {
    const keys = this.#keys;
    this.#unsafe ??= {
      address: this.#hmap,
      mapassign: (key) => {
        this.#begin(Operation.mapassign, key);
        return keys.assign(key);
      },
      mapaccess: (key) => {
        this.#begin(Operation.mapaccess, key);
        return keys.access(key);
      },
    };
    return this.#unsafe;
  }

  /**
   * Lets go of the map, as `m = nil` does with the last variable: the collector may take its memory unless
   * something in memory still points to it. The map must not be used afterwards: as soon as the collector has taken it,
   * everything that it is asked for throws.
   */
  release(): void {
    this.#machine.release(this.#address);
  }

  /** The map's memory as a plain object: the header, the buckets, the old buckets while growing. */
  snapshot(options?: SnapshotOptions): MapSnapshot {
    return snapshot(this.#machine, this.#type, this.#hmap, options);
  }

  /**
   * The map, drawn: the header, the buckets, the old buckets while growing.
   *
   * @param options which buckets, by default those that {@link DRAWN} says, and what to mark
   */
  draw(options: SnapshotOptions & MapDrawOptions = {}): Drawing {
    return mapDrawing(this.snapshot({ ...DRAWN, ...options }), options);
  }

  /**
   * One bucket with its overflow buckets, drawn.
   *
   * @throws RangeError when the map has no bucket of that number
   */
  drawBucket(number: number, choice: BucketChoice = {}): Drawing {
    return drawChain(this.#machine, this.#type, this.#hmap, number, choice);
  }

  /**
   * The bytes of one bucket, drawn.
   *
   * @throws RangeError when the map has no such bucket
   */
  bytes(number: number, choice: BucketChoice = {}): Drawing {
    return drawBytes(this.#machine, this.#type, this.#hmap, number, choice);
  }

  /** A key's hash in this map, drawn: which bits choose what. The key need not be in the map. */
  drawHash(key: K): Drawing {
    const words = (this.#type.key as GoType<K>).format(key);
    return drawHash(this.#machine, this.#type, this.#hmap, words, this.hash(key));
  }

  /** All buckets of a big map, drawn small. */
  overview(): Drawing {
    return overviewDrawing(overviewSnapshot(this.#machine, this.#type, this.#hmap));
  }

  /** All buckets of a big map as pixels, one for each cell: to be put onto a canvas. */
  overviewPixels(palette?: OverviewPalette): OverviewPixels {
    return overviewPixels(overviewSnapshot(this.#machine, this.#type, this.#hmap), palette);
  }

  /**
   * The heap over time, while this map is at work: `sample()` it after each operation, and it draws itself.
   *
   * @param unit what samples are taken after, `operation` by default
   */
  watchHeap(unit = "operation"): HeapWatch {
    if (this.isNil) throw new GoPanic("a nil map has no memory to watch");
    return new HeapWatch(this.#machine, this.#type, this.#hmap, unit);
  }

  /** How the map's type lays out its buckets, drawn. */
  layout(): Drawing {
    return typeDrawing(typeSnapshot(this.#type));
  }

  /** The map drawn in text; of a big map the part that {@link DRAWN} says. */
  toString(): string {
    return this.draw().text;
  }

  /** What `console.log` prints in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** What a notebook shows: the map as text, as a picture, in HTML and as a snapshot in JSON; of a big map a part. */
  [Symbol.for("Jupyter.display")](): MimeBundle {
    return { ...mapBundle((options) => this.snapshot(options)) };
  }

  /** What the collector calls when it has freed the map. */
  [FREED](): void {
    this.#isFreed = true;
    this.#keys = freedKeys;
    this.#unsafe = undefined;
  }

  /** Where the hmap is; 0 for a nil map. */
  get #hmap(): Address {
    if (this.#isFreed) throw freed();
    return this.#address;
  }

  /** Tells whoever listens what comes now. */
  #begin(operation: OperationCode, key?: K, value?: V, operator?: AssignmentOperator): void {
    this.#machine.recorder?.begun(operation, this.#type, this.#hmap, key, value, operator);
  }

  /** What `m[k]` reads where there is no entry. */
  #absent(key: K): V {
    const { zero } = this.#elem;
    // An array stays the one that its type knows as zero: so it is stored again by clearing memory, whatever its length.
    return typeof zero === "object" && !Array.isArray(zero) ? copyFromMap(zero, this.#indexed(key)) : zero;
  }

  #copy(key: K, elem: Address): V {
    const value = this.#elem.load(this.#machine, elem);
    return typeof value === "object" ? copyFromMap(value, this.#indexed(key)) : value;
  }

  /** `m[k]` as a Go program has it. */
  #indexed(key: K): string {
    return `m[${(this.#type.key as GoType<K>).format(key)}]`;
  }
}

/** {@link GoMap.unsafe}: the runtime's own calls, which give addresses. */
export interface UnsafeMap<K> {
  /** Where the hmap is. */
  readonly address: Address;
  /**
   * Finds or makes the place for a key, and returns the address of its elem, which a Go program never sees. It is
   * good until the next write: after that the entry may have been moved, and a write through the address goes to
   * the stale bucket.
   */
  mapassign(key: K): Address;
  /** The address of a key's elem, or 0. */
  mapaccess(key: K): Address;
}

function sliceElem(type: GoType<never> | GoType<Slice | null>): GoType {
  return (type as { elem?: GoType }).elem as GoType;
}
