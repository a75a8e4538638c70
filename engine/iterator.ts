import type { Drawing, MimeBundle } from "./diagram/drawing.ts";
import { drawIterator } from "./drawings.ts";
import { nextEntry } from "./map/dispatch.ts";
import { HITER, HITER_SIZE, mapiterinit } from "./map/iterate.ts";
import type { Machine } from "./map/machine.ts";
import { Operation } from "./map/recorder.ts";
import type { Address } from "./memory/memory.ts";
import type { GoType } from "./types/gotype.ts";
import type { MapType } from "./types/maptype.ts";

/** The state of an iterator, as a plain object. */
export interface IteratorSnapshot {
  readonly address: Address;
  readonly done: boolean;
  /** Where the entry produced last is: the addresses of its key and elem; 0 when it is over. */
  readonly key: Address;
  readonly elem: Address;
  /** The array it began with. */
  readonly buckets: Address;
  /** The map's B when it began. */
  readonly B: number;
  readonly startBucket: number;
  /** Where in each bucket it begins. */
  readonly offset: number;
  readonly wrapped: boolean;
  /** The bucket it stands on, or 0 between chains. */
  readonly bptr: Address;
  /** The next cell, counted from `offset`. */
  readonly i: number;
  /** The next bucket of the array. */
  readonly bucket: number;
}

/**
 * An iteration over a map, held in the hand: Go's `hiter`, which a `for range` loop has on the stack. It stands on
 * its first entry at once.
 *
 * While it is not over it keeps the array it began with alive. {@link close} lets that go earlier.
 */
export class GoIterator<K, V> {
  readonly #go: Machine;
  readonly #type: MapType;
  readonly #map: Address;
  readonly #address: Address;

  /** Use `GoMap.iterator`. */
  constructor(go: Machine, type: MapType, map: Address) {
    this.#go = go;
    this.#type = type;
    this.#map = map;
    this.#address = go.takeIterator(HITER_SIZE);
    go.hold(this.#address, HITER_SIZE);
    go.recorder?.begun(Operation.range, type, map);
    mapiterinit(go, type, map, this.#address);
    if (this.done) this.close();
  }

  /** Whether there is no entry here: the iteration is over. */
  get done(): boolean {
    return this.#go.memory.loadPointer(this.#address + HITER.key) === 0;
  }

  /**
   * The key it stands on, as it is now.
   *
   * @throws Error when the iteration is over
   */
  get key(): K {
    return (this.#type.key as GoType<K>).load(this.#go, this.#at(HITER.key));
  }

  /**
   * The elem it stands on, as it is now.
   *
   * @throws Error when the iteration is over
   */
  get elem(): V {
    return (this.#type.elem as GoType<V>).load(this.#go, this.#at(HITER.elem));
  }

  /** Moves on: Go's `mapiternext`. Returns whether it stands on an entry. */
  next(): boolean {
    if (this.done) return false;
    this.#go.recorder?.begun(
      Operation.next,
      this.#type,
      this.#go.memory.loadPointer(this.#address + HITER.h),
    );
    if (nextEntry(this.#go, this.#type, this.#address) !== 0) return true;
    this.close();
    return false;
  }

  /** Ends the iteration: as leaving a `for range` loop with break does. */
  close(): void {
    this.#go.memory.storePointer(this.#address + HITER.key, 0);
    this.#go.release(this.#address);
  }

  /** Its fields. */
  snapshot(): IteratorSnapshot {
    const { memory } = this.#go;
    const it = this.#address;
    return {
      address: it,
      done: this.done,
      key: memory.loadPointer(it + HITER.key),
      elem: memory.loadPointer(it + HITER.elem),
      buckets: memory.loadPointer(it + HITER.buckets),
      B: memory.load8(it + HITER.B),
      startBucket: memory.load32(it + HITER.startBucket),
      offset: memory.load8(it + HITER.offset),
      wrapped: memory.load8(it + HITER.wrapped) !== 0,
      bptr: memory.loadPointer(it + HITER.bptr),
      i: memory.load8(it + HITER.i),
      bucket: memory.load32(it + HITER.bucket),
    };
  }

  /** The map with the iterator in it, drawn: where it began, and where it stands. */
  draw(): Drawing {
    return drawIterator(this.#go, this.#type, this.#map, this.snapshot());
  }

  /** Its drawing in text. */
  toString(): string {
    return this.draw().text;
  }

  /** What `console.log` prints in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** What a notebook shows. */
  [Symbol.for("Jupyter.display")](): MimeBundle {
    const { text, svg } = this.draw();
    return { "text/plain": text, "image/svg+xml": svg };
  }

  #at(field: number): Address {
    const address = this.#go.memory.loadPointer(this.#address + field);
    if (address === 0) throw new Error("the iteration is over: look at done before key and elem");
    return address;
  }
}

/** A `for (const [k, v] of m)` loop: the language's own iterator over an hiter. */
export class RangeLoop<K, V> implements IterableIterator<[key: K, elem: V], void> {
  readonly #go: Machine;
  readonly #key: GoType<K>;
  readonly #elem: GoType<V>;
  readonly #type: MapType;
  readonly #it: Address;
  #begun = false;
  #over = false;

  constructor(go: Machine, type: MapType, map: Address) {
    this.#go = go;
    this.#type = type;
    this.#key = type.key as GoType<K>;
    this.#elem = type.elem as GoType<V>;
    this.#it = go.takeIterator(HITER_SIZE);
    go.hold(this.#it, HITER_SIZE);
    go.recorder?.begun(Operation.range, type, map);
    mapiterinit(go, type, map, this.#it);
  }

  [Symbol.iterator](): this {
    return this;
  }

  /** Moves on, as `mapiternext` does after the body of a loop and not before: the body may change the map. */
  next(): IteratorResult<[key: K, elem: V], void> {
    if (this.#over) return { done: true, value: undefined };
    const go = this.#go;
    const it = this.#it;
    if (this.#begun && go.recorder !== null) {
      go.recorder.begun(Operation.next, this.#type, go.memory.loadPointer(it + HITER.h));
    }
    const key = this.#begun ? nextEntry(go, this.#type, it) : go.memory.loadPointer(it + HITER.key);
    this.#begun = true;
    if (key === 0) return this.return();
    const elem = go.memory.loadPointer(it + HITER.elem);
    return { done: false, value: [this.#key.load(go, key), this.#elem.load(go, elem)] };
  }

  /** Leaves the loop. */
  return(): IteratorResult<[key: K, elem: V], void> {
    if (!this.#over) {
      this.#go.memory.storePointer(this.#it + HITER.key, 0);
      this.#go.release(this.#it);
      this.#go.giveBackIterator(this.#it);
    }
    this.#over = true;
    return { done: true, value: undefined };
  }
}
