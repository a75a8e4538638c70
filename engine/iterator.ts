import type { MimeBundle } from "./diagram/bundle.ts";
import type { Drawing } from "./diagram/drawing.ts";
import { drawIterator } from "./drawings.ts";
import { BUCKET_CELLS } from "./map/bmap.ts";
import { nextEntries } from "./map/dispatch.ts";
import { HITER, HITER_SIZE, mapiterinit } from "./map/iterate.ts";
import { type Machine, MOST_NOTES } from "./map/machine.ts";
import { Operation } from "./map/recorder.ts";
import type { Address } from "./memory/memory.ts";
import type { IteratorSnapshot } from "./snapshot.ts";
import { int } from "./types/basic.ts";
import type { GoType } from "./types/gotype.ts";
import type { MapType } from "./types/maptype.ts";
import { string } from "./types/string.ts";

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
    if (nextEntries(this.#go, this.#type, this.#address) !== 0) return true;
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
    return { ...this.draw().bundle };
  }

  #at(field: number): Address {
    const address = this.#go.memory.loadPointer(this.#address + field);
    if (address === 0) throw new Error("the iteration is over: look at done before key and elem");
    return address;
  }
}

// What a note of an entry holds, in words (two make a double): fast/assembly/iterate.ts.
const NOTE = {
  key: 0,
  elem: 1,
  keyValue: 4,
  elemValue: 6,
  words: 8,
} as const;

/** The index of a note that is all zeroes: memory begins with unused bytes. */
const NO_NOTE = 0;

/**
 * A `for (const [k, v] of m)` loop: the language's own iterator over an hiter.
 *
 * Where there is a fast path it asks for the entries of some buckets at once, and hands them out one by one as long as no
 * map is written to. After a write it goes on from the entry that it has handed out last, and asks again. It begins with
 * a bucket, since the first write, or the next one, may be near, and doubles what it asks for until there is one.
 */
class RangeLoop<K, V> implements IterableIterator<[key: K, elem: V], void> {
  protected readonly go: Machine;
  protected readonly type: MapType;
  readonly #it: Address;
  readonly #notes: Address;
  /** Entries that it asks for at once. */
  #most = BUCKET_CELLS / 2;
  #state: "new" | "running" | "over" = "new";
  /** The first note, the next one and the end of them: indexes of words. */
  protected first = NO_NOTE;
  protected at = NO_NOTE;
  protected end = NO_NOTE;
  /** `go.writes` when they were taken. */
  protected seen = 0;
  /** The memory that they are in, as it was then. */
  protected doubles: Float64Array;

  constructor(go: Machine, type: MapType, map: Address) {
    this.go = go;
    this.type = type;
    this.#it = go.takeIterator(HITER_SIZE);
    this.#notes = go.takeNotes();
    go.hold(this.#it, HITER_SIZE);
    go.recorder?.begun(Operation.range, type, map);
    mapiterinit(go, type, map, this.#it);
    this.doubles = go.memory.doubles;
  }

  [Symbol.iterator](): this {
    return this;
  }

  /** Moves on, as `mapiternext` does after the body of a loop and not before: the body may change the map. */
  next(): IteratorResult<[key: K, elem: V], void> {
    if (this.at === this.end || this.seen !== this.go.writes) this.moved();
    const note = this.at;
    this.at = note + NOTE.words;
    return note === NO_NOTE ? { done: true, value: undefined } : { done: false, value: this.entry(note) };
  }

  /** Leaves the loop. */
  return(): IteratorResult<[key: K, elem: V], void> {
    if (this.#state !== "over") {
      this.go.memory.storePointer(this.#it + HITER.key, 0);
      this.go.release(this.#it);
      this.go.giveBackIterator(this.#it);
      this.go.giveBackNotes(this.#notes);
    }
    this.#state = "over";
    this.first = NO_NOTE;
    this.at = NO_NOTE;
    this.end = NO_NOTE + NOTE.words; // where a next() that gives nothing leaves `at`
    return { done: true, value: undefined };
  }

  /** The key and elem of the entry that a note is of. */
  protected entry(note: number): [key: K, elem: V] {
    const { go, type } = this;
    const { words } = go.memory;
    return [
      (type.key as GoType<K>).load(go, words[note + NOTE.key] as number),
      (type.elem as GoType<V>).load(go, words[note + NOTE.elem] as number),
    ];
  }

  /**
   * Asks the map for the next entries; `at` is `NO_NOTE` when there are none.
   *
   * All in one function because a long one is not copied by V8 into `next`, which has to stay short: it is copied into
   * every loop, and only of a short loop does V8 unroll the first round, after which it knows that keys are numbers.
   */
  protected moved(): void {
    const { go } = this;
    const { memory } = go;
    const it = this.#it;
    const notes = this.#notes >>> 2;
    this.doubles = memory.doubles;
    let count = 0;
    if (this.#state === "new") {
      this.#state = "running";
      if (memory.loadPointer(it + HITER.key) !== 0) count = -1;
    } else if (this.#state === "running") {
      // It moves on from the entry handed out last; now it stands on the first one noted.
      const last = this.at - NOTE.words;
      if (last > notes) go.fastPath?.standOn(it, 4 * last);
      go.recorder?.begun(Operation.next, this.type, memory.loadPointer(it + HITER.h));
      this.#most = this.seen === go.writes ? Math.min(2 * this.#most, MOST_NOTES) : BUCKET_CELLS;
      count = nextEntries(go, this.type, it, this.#notes, this.#most);
    }
    if (count === 0) {
      this.return();
      return;
    }
    this.first = notes;
    this.at = notes;
    this.end = notes + NOTE.words * Math.abs(count);
    this.seen = go.writes;
    if (count === -1) {
      // The fast path has not noted the entry that the iterator stands on.
      const key = memory.loadPointer(it + HITER.key);
      const elem = memory.loadPointer(it + HITER.elem);
      memory.store32(4 * (notes + NOTE.key), key);
      memory.store32(4 * (notes + NOTE.elem), elem);
      this.noteValues(key, elem);
    }
    this.noted();
  }

  /** Notes what a loop reads instead of key and elem themselves. */
  protected noteValues(_key: Address, _elem: Address): void {}

  /** What a loop does with all notes at once before it reads them. */
  protected noted(): void {}
}

// V8 does not make the objects that next() returns when it can see that a loop takes them apart at once; but only if
// there is one place that makes them. So the loops below give zero values with `done`, where others give undefined.

/** The loop over a `map[int]int`. */
class IntRangeLoop extends RangeLoop<number, number> {
  override next(): IteratorResult<[key: number, elem: number], void> {
    if (this.at === this.end || this.seen !== this.go.writes) this.moved();
    const note = this.at;
    this.at = note + NOTE.words;
    const { doubles } = this;
    const key = doubles[(note + NOTE.keyValue) >>> 1] as number;
    const elem = doubles[(note + NOTE.elemValue) >>> 1] as number;
    return { done: note === NO_NOTE, value: [key, elem] } as IteratorYieldResult<[number, number]>;
  }

  protected override noted(): void {
    const { doubles } = this;
    // The notes behind the first have nothing but safe integers.
    const isSafe =
      Number.isSafeInteger(doubles[(this.at + NOTE.keyValue) >>> 1]) &&
      Number.isSafeInteger(doubles[(this.at + NOTE.elemValue) >>> 1]);
    if (!isSafe) this.entry(this.at); // which says so
  }

  protected override noteValues(key: Address, elem: Address): void {
    const { memory } = this.go;
    memory.storeFloat64(4 * (this.at + NOTE.keyValue), int.load(this.go, key));
    memory.storeFloat64(4 * (this.at + NOTE.elemValue), int.load(this.go, elem));
  }
}

/** The loop over a `map[string]int`. */
class StringRangeLoop extends RangeLoop<string, number> {
  /** The keys of the notes. */
  protected readonly keys: string[] = new Array(MOST_NOTES).fill("");

  override next(): IteratorResult<[key: string, elem: number], void> {
    if (this.at === this.end || this.seen !== this.go.writes) this.moved();
    const note = this.at;
    this.at = note + NOTE.words;
    const { doubles } = this;
    const key = this.keys[(note - this.first) >>> 3] as string;
    const elem = doubles[(note + NOTE.elemValue) >>> 1] as number;
    return { done: note === NO_NOTE, value: [key, elem] } as IteratorYieldResult<[string, number]>;
  }

  protected override noted(): void {
    if (!Number.isSafeInteger(this.doubles[(this.at + NOTE.elemValue) >>> 1])) this.entry(this.at);
    this.go.texts.read(this.at + NOTE.keyValue, NOTE.words, this.end, this.keys);
  }

  protected override noteValues(key: Address, elem: Address): void {
    const { memory } = this.go;
    memory.store32(4 * (this.at + NOTE.keyValue), memory.loadPointer(key));
    memory.store32(4 * (this.at + NOTE.keyValue + 1), memory.load32(key + 8));
    memory.storeFloat64(4 * (this.at + NOTE.elemValue), int.load(this.go, elem));
  }
}

/** A loop over a map. */
export function rangeLoop<K, V>(
  go: Machine,
  type: MapType,
  map: Address,
): IterableIterator<[key: K, elem: V], void> {
  if ((type.elem as unknown) === int) {
    if ((type.key as unknown) === int) return new IntRangeLoop(go, type, map) as never;
    if ((type.key as unknown) === string) return new StringRangeLoop(go, type, map) as never;
  }
  return new RangeLoop<K, V>(go, type, map);
}
