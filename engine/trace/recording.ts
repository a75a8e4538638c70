import { grouped } from "../grouped.ts";
import { keyOf } from "../map/access.ts";
import { BUCKET_CELLS, minTopHash } from "../map/bmap.ts";
import { growing, HMAP, oldBucketCount } from "../map/hmap.ts";
import { HITER } from "../map/iterate.ts";
import type { Machine } from "../map/machine.ts";
import { arrayBuckets } from "../map/make.ts";
import type { Address } from "../memory/memory.ts";
import { type MapSnapshot, type SnapshotOptions, snapshot } from "../snapshot.ts";
import { formatAt } from "../types/formatat.ts";
import { bitOf, type EventKind, LANDMARKS, type Landmark, type TraceEvent } from "./events.ts";
import type { Objects } from "./former.ts";
import { mapName } from "./label.ts";
import type { OperationLog } from "./operationlog.ts";
import type { RecordedMap } from "./recorded.ts";
import { sentenceOf } from "./sentence.ts";
import type { Tape } from "./tape.ts";

/** What a recording is made of. */
export interface RecordingParts {
  /** Reads the image: its memory is what {@link Recording.seek} changes. */
  readonly machine: Machine;
  readonly tape: Tape;
  readonly log: Operations;
  /** Number of steps. */
  readonly steps: number;
  /** Where iterators are that the recording has seen. */
  readonly iterators: readonly Address[];
  /** What the maps had before, or null when that is not known: the parts of the image that are needed. */
  readonly former: Objects | null;
  /** Where the image stands: at the end of the tape or at its beginning. */
  readonly at: "end" | "beginning";
  /** Bytes in the heap after the last operation. */
  readonly heapAlloc: number;
  /** What ended the program before its end: a panic or a fatal error of Go. */
  readonly error?: Error | undefined;
  /** What a notebook shows of it, besides its words. */
  readonly bundle?: (recording: Recording) => Readonly<Record<string, unknown>>;
}

/** The part of an {@link OperationLog} that a recording reads, with the operations in words. */
export type Operations = Pick<
  OperationLog,
  "maps" | "length" | "start" | "firstStep" | "heapAlloc" | "landmarks" | "operationOf"
> & { map(index: number): number; label(index: number): string; key(index: number): string };

/** An iterator that is under way. */
export interface IteratorPosition {
  readonly address: Address;
  /** Number of the map. */
  readonly map: number;
  /** The bucket and the cell of the entry that it stands on; cell -1 when that cannot be told. */
  readonly bucket: Address;
  readonly cell: number;
  /** The bucket it began with, and the cell that it begins with in each. */
  readonly startBucket: number;
  readonly offset: number;
  readonly wrapped: boolean;
}

/**
 * What a program did to its maps, step by step, to be gone through forwards and backwards. Made by `Runtime.record`.
 *
 * A recording has an image of the memory of its own, which {@link seek} takes to any position: the runtime that was
 * recorded goes on undisturbed. Position 0 is before the first step, position n after the n-th.
 */
export class Recording {
  readonly #machine: Machine;
  readonly #tape: Tape;
  readonly #log: Operations;
  readonly #iterators: readonly Address[];
  readonly #heapAlloc: number;
  readonly #former: Objects | null;
  readonly #bundle: RecordingParts["bundle"];
  #position: number;
  #place: number; // on the tape: what lies before it has been done in the image
  #stepPlace: number; // where the step is that led here
  /** Number of steps; also the last position. */
  readonly length: number;
  /** What ended the program before its end: a GoPanic or GoFatalError; undefined when it came to its end. */
  readonly error: Error | undefined;

  constructor({
    machine,
    tape,
    log,
    steps,
    iterators,
    former,
    at,
    heapAlloc,
    error,
    bundle,
  }: RecordingParts) {
    this.#machine = machine;
    this.#tape = tape;
    this.#log = log;
    this.#iterators = iterators;
    this.#former = former;
    this.#heapAlloc = heapAlloc;
    this.#bundle = bundle;
    this.length = steps;
    this.error = error;
    this.#position = at === "end" ? steps : 0;
    this.#place = at === "end" ? tape.length : 0;
    this.#stepPlace = at === "end" && steps > 0 ? this.#placeOf(steps - 1) : 0;
  }

  /** Number of operations. */
  get operations(): number {
    return this.#log.length;
  }

  /** The maps that it has seen. */
  get maps(): readonly RecordedMap[] {
    return this.#log.maps;
  }

  /** Bytes that the steps and changes take. */
  get bytes(): number {
    return this.#tape.bytes;
  }

  /** Where it stands: the number of steps done, 0 to {@link length}. */
  get position(): number {
    return this.#position;
  }

  /**
   * Goes to a position, over as many steps as lie between: a change is undone and redone in a few nanoseconds.
   *
   * @throws RangeError when there is no such position
   */
  seek(position: number): void {
    if (!Number.isInteger(position) || position < 0 || position > this.length) {
      throw new RangeError(`a position is a whole number from 0 to ${this.length}, not ${position}`);
    }
    const step = position === 0 ? 0 : this.#placeOf(position - 1);
    const place = position === 0 ? 0 : this.#changesEnd(step);
    const { words } = this.#machine.memory;
    this.#tape.flip(Math.min(place, this.#place), Math.max(place, this.#place), words);
    this.#place = place;
    this.#stepPlace = step;
    this.#position = position;
  }

  /** The step that led to the present position; null at the beginning. */
  get event(): TraceEvent | null {
    return this.#position === 0 ? null : this.#tape.read(this.#stepPlace);
  }

  /** The step that led to the present position, in a sentence. */
  get sentence(): string {
    const { event } = this;
    if (event === null) return "before the first step";
    const map = this.map;
    return sentenceOf(event, {
      label: this.label(this.operation),
      bucket: (b) => (map === null ? "a bucket" : this.bucketName(map, b)),
      key: (b, cell) => (map === null ? "" : this.#key(map, b, cell)),
    });
  }

  /** Number of the operation that the last step belongs to; -1 before the first. */
  get operation(): number {
    return this.#log.operationOf(this.#position - 1);
  }

  /** The map that the present operation is about; null before the first, and for `runtime.GC()`. */
  get map(): RecordedMap | null {
    const operation = this.operation;
    return operation < 0 ? null : (this.#log.maps[this.#log.map(operation)] ?? null);
  }

  /** What a map is called: m, m2, m3. */
  nameOf(map: RecordedMap): string {
    return mapName(this.#log.maps.indexOf(map));
  }

  /** An operation as a Go program would write it. */
  label(operation: number): string {
    return this.#log.label(operation);
  }

  /** The position before an operation's first step. */
  startOf(operation: number): number {
    return this.#log.firstStep(operation);
  }

  /** The position after an operation's last step. */
  endOf(operation: number): number {
    return operation + 1 < this.operations ? this.#log.firstStep(operation + 1) : this.length;
  }

  /** The steps of an operation, in order. */
  events(operation: number): TraceEvent[] {
    const events: TraceEvent[] = [];
    const end = operation + 1 < this.operations ? this.#log.start(operation + 1) : this.#tape.length;
    for (let place = this.#log.start(operation); place < end; place = this.#tape.next(place)) {
      if (this.#tape.isStep(place)) events.push(this.#tape.read(place));
    }
    return events;
  }

  /** Bytes in the heap before an operation; after the last one when the number is {@link operations}. */
  heapAlloc(operation: number): number {
    return operation < this.operations ? this.#log.heapAlloc(operation) : this.#heapAlloc;
  }

  /** Whether an operation has a step that is a landmark. */
  has(operation: number, landmark: Landmark): boolean {
    return (this.#log.landmarks(operation) & bitOf(landmark)) !== 0;
  }

  /**
   * The nearest position after a landmark's step, beyond the present position or before it; -1 when there is none.
   *
   * @param direction 1 for forwards, -1 for backwards
   */
  find(landmark: Landmark, direction: 1 | -1 = 1): number {
    const kinds: readonly EventKind[] = LANDMARKS[landmark];
    const first = Math.max(0, this.operation);
    for (let operation = first; operation >= 0 && operation < this.operations; operation += direction) {
      if (!this.has(operation, landmark)) continue;
      const found = this.#positionsOf(operation, kinds).filter((position) =>
        direction === 1 ? position > this.#position : position < this.#position,
      );
      const nearest = direction === 1 ? found[0] : found.at(-1);
      if (nearest !== undefined) return nearest;
    }
    return -1;
  }

  /**
   * The state of a map at the present position.
   *
   * @param map the present operation's by default, or else the first
   */
  snapshot(
    map: RecordedMap | null = this.map ?? this.maps[0] ?? null,
    options?: SnapshotOptions,
  ): MapSnapshot {
    if (map === null) throw new Error("no map was touched in this recording");
    return snapshot(this.#machine, map.type, map.address, options);
  }

  /** Number of main buckets that a map has at the present position. */
  mainBuckets({ address }: RecordedMap): number {
    return 2 ** this.#machine.memory.load8(address + HMAP.B);
  }

  /** Whether a map has been made at the present position. */
  exists(map: RecordedMap): boolean {
    return map.from === 0 || this.operation >= map.from;
  }

  /** The iterators that are under way at the present position. */
  iterators(): IteratorPosition[] {
    const { memory } = this.#machine;
    return this.#iterators.flatMap((it) => {
      const h = memory.loadPointer(it + HITER.h);
      const key = memory.loadPointer(it + HITER.key);
      const map = this.#log.maps.findLastIndex((recorded) => recorded.address === h);
      if (key === 0 || map < 0) return [];
      const bptr = memory.loadPointer(it + HITER.bptr);
      const { bucket, cell } = this.#cellOf(this.#log.maps[map] as RecordedMap, key, bptr);
      return [
        {
          address: it,
          map,
          bucket,
          cell,
          startBucket: memory.load32(it + HITER.startBucket),
          offset: memory.load8(it + HITER.offset),
          wrapped: memory.load8(it + HITER.wrapped) !== 0,
        },
      ];
    });
  }

  /** Names the bucket at an address, as the map is at the present position. */
  bucketName({ type: t, address: h }: RecordedMap, b: Address): string {
    const { memory } = this.#machine;
    const B = memory.load8(h + HMAP.B);
    const numberIn = (array: Address, length: number) =>
      b >= array && b < array + length * t.bucketSize ? (b - array) / t.bucketSize : -1;
    const number = numberIn(memory.loadPointer(h + HMAP.buckets), arrayBuckets(t, B));
    if (number >= 2 ** B) return `overflow bucket, spare ${number}`;
    if (number >= 0) return `bucket ${number}`;
    if (growing(memory, h)) {
      const old = numberIn(memory.loadPointer(h + HMAP.oldbuckets), oldBucketCount(memory, h));
      if (old >= 0) return `old bucket ${old}`;
    }
    return "overflow bucket";
  }

  /**
   * The number of a main bucket, in the new array or else in the old one; -1 for an overflow bucket, which is in
   * whatever chain it was hung on.
   */
  mainBucketOf({ type: t, address: h }: RecordedMap, b: Address): number {
    const { memory } = this.#machine;
    const length = 1 << memory.load8(h + HMAP.B);
    const buckets = memory.loadPointer(h + HMAP.buckets);
    if (b >= buckets && b < buckets + length * t.bucketSize) return (b - buckets) / t.bucketSize;
    const oldbuckets = memory.loadPointer(h + HMAP.oldbuckets);
    const isOld = growing(memory, h) && b >= oldbuckets;
    const old = isOld ? (b - oldbuckets) / t.bucketSize : -1;
    if (old >= 0 && old < oldBucketCount(memory, h)) return old;
    return -1;
  }

  /** The steps of the present operation up to the present position. */
  get eventsSoFar(): TraceEvent[] {
    const { operation } = this;
    return operation < 0 ? [] : this.events(operation).slice(0, this.#position - this.startOf(operation));
  }

  /** The memory as it is at the present position: a copy. */
  memory(): Uint8Array {
    return this.#machine.memory.bytes.slice();
  }

  /** What it is made of, for those who write it to a file. The image is at position {@link position}. */
  get parts(): Pick<RecordingParts, "machine" | "tape" | "log" | "iterators" | "former"> {
    return {
      machine: this.#machine,
      tape: this.#tape,
      log: this.#log,
      iterators: this.#iterators,
      former: this.#former,
    };
  }

  toString(): string {
    const count = (number: number, what: string) => `${grouped(number)} ${what}${number === 1 ? "" : "s"}`;
    return `recording of ${count(this.operations, "operation")}, ${count(this.length, "step")}`;
  }

  /** What `console.log` prints in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `${this}, at step ${this.position}: ${this.sentence}`;
  }

  /** What a notebook shows. */
  [Symbol.for("Jupyter.display")](): Readonly<Record<string, unknown>> {
    return this.#bundle?.(this) ?? { "text/plain": String(this) };
  }

  /** Where a step is on the tape. */
  #placeOf(step: number): number {
    const operation = this.#log.operationOf(step);
    let place = this.#log.start(operation);
    for (let left = step - this.#log.firstStep(operation); left > 0; ) {
      place = this.#tape.next(place);
      if (!(place < this.#tape.length)) throw new RangeError(`the tape ends before step ${step}`);
      if (this.#tape.isStep(place)) left--;
    }
    return place;
  }

  /** Where the changes end that belong to the step at a place. */
  #changesEnd(place: number): number {
    do place = this.#tape.next(place);
    while (place < this.#tape.length && !this.#tape.isStep(place));
    return place;
  }

  #positionsOf(operation: number, kinds: readonly EventKind[]): number[] {
    const start = this.startOf(operation);
    return this.events(operation).flatMap((event, i) => (kinds.includes(event.kind) ? [start + i + 1] : []));
  }

  #key({ type: t }: RecordedMap, b: Address, cell: number): string {
    const { memory } = this.#machine;
    if (memory.load8(b + cell) < minTopHash) return "";
    return formatAt(this.#machine, t.key, keyOf(this.#machine, t, b, cell));
  }

  /** The cell that holds the key at an address: in the bucket that an iterator is at, or where it has moved. */
  #cellOf(
    { type: t, address: h }: RecordedMap,
    key: Address,
    bptr: Address,
  ): { bucket: Address; cell: number } {
    const array = this.#machine.memory.loadPointer(h + HMAP.buckets);
    const moved = array + Math.floor((key - array) / t.bucketSize) * t.bucketSize;
    for (const bucket of [bptr, moved]) {
      for (let cell = 0; cell < BUCKET_CELLS; cell++) {
        if (keyOf(this.#machine, t, bucket, cell) === key) return { bucket, cell };
      }
    }
    return { bucket: bptr, cell: -1 };
  }
}
