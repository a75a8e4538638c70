import { Operation, type OperationCode, type Recorder } from "../map/recorder.ts";
import type { Heap } from "../memory/heap.ts";
import type { Address } from "../memory/memory.ts";
import type { MapType } from "../types/maptype.ts";
import { landmarkBit, pack } from "./events.ts";
import { FormerObjects } from "./former.ts";
import type { OperationLog } from "./operationlog.ts";
import type { RecordedMap } from "./recorded.ts";
import { Tape } from "./tape.ts";

const HEADERS = {
  begun: pack("begun"),
  resumed: pack("resumed"),
  made: pack("made"),
  firstBucketMade: pack("firstBucketMade"),
  mapIsEmpty: pack("mapIsEmpty"),
  hashed: pack("hashed"),
  writeBegun: pack("writeBegun"),
  writeEnded: pack("writeEnded"),
  bucketChosen: pack("bucketChosen"),
  tophashCompared: pack("tophashCompared"),
  keyCompared: pack("keyCompared"),
  emptyCellSeen: pack("emptyCellSeen"),
  emptyRestMet: pack("emptyRestMet"),
  chainFollowed: pack("chainFollowed"),
  keyFound: pack("keyFound"),
  keyAbsent: pack("keyAbsent"),
  keyUpdated: pack("keyUpdated"),
  cellTaken: pack("cellTaken"),
  elemStored: pack("elemStored"),
  overflowLinked: pack("overflowLinked"),
  growthStarted: pack("growthStarted"),
  evacuationStarted: pack("evacuationStarted"),
  entryMoved: pack("entryMoved"),
  oldBucketCleared: pack("oldBucketCleared"),
  evacuationMarkMoved: pack("evacuationMarkMoved"),
  growthEnded: pack("growthEnded"),
  cellEmptied: pack("cellEmptied"),
  emptyRestSet: pack("emptyRestSet"),
  seedRenewed: pack("seedRenewed"),
  cleared: pack("cleared"),
  iteratorBegun: pack("iteratorBegun"),
  iteratorMoved: pack("iteratorMoved"),
  iteratorWrapped: pack("iteratorWrapped"),
  entrySkipped: pack("entrySkipped"),
  entryLookedUp: pack("entryLookedUp"),
  entryProduced: pack("entryProduced"),
  iteratorEnded: pack("iteratorEnded"),
  entryCopied: pack("entryCopied"),
  collected: pack("collected"),
};

// Computed here once, since a step is a matter of nanoseconds.
const GROWTH = landmarkBit("growthStarted");
const OVERFLOW = landmarkBit("overflowLinked");
const EVACUATION = landmarkBit("evacuationStarted");
const DELETION = landmarkBit("cellEmptied");
const ITERATION = landmarkBit("iteratorBegun");
const COLLECTION = landmarkBit("collected");

/** Writes down the steps of a machine, and with its tape as the memory's journal all that they change. */
export class TapeRecorder implements Recorder {
  readonly tape = new Tape();
  readonly log: OperationLog;
  /** Steps so far. */
  steps = 0;
  readonly former: FormerObjects;
  readonly #heap: Heap;
  readonly #maps = new Map<Address, number>();
  readonly #iterators = new Set<Address>();
  #type: MapType | null = null;

  constructor(heap: Heap, log: OperationLog) {
    this.#heap = heap;
    this.former = new FormerObjects(heap);
    this.log = log;
  }

  /** Where the iterators are that have been seen. */
  get iterators(): readonly Address[] {
    return [...this.#iterators];
  }

  begun(
    operation: OperationCode,
    t: MapType | null,
    h: Address,
    key?: unknown,
    value?: unknown,
    operator = "",
  ): void {
    const { log } = this;
    this.#type = t;
    // Of a map that is made the address is not known yet: made() brings it.
    const map = t === null || h === 0 || operation === Operation.make ? -1 : this.#mapAt(h, t);
    log.begin(
      { code: operation, map, key, value, operator },
      this.tape.length,
      this.steps,
      this.#heap.heapAlloc,
    );
    this.#step(HEADERS.begun);
  }

  resumed(): void {
    const { log } = this;
    log.resume(this.tape.length, this.steps, this.#heap.heapAlloc);
    this.#step(HEADERS.resumed);
  }

  made(h: Address, B: number, array: Address): void {
    if (this.#type !== null) {
      this.former.made(this.#type);
      const recorded: RecordedMap = { address: h, type: this.#type, from: this.log.length - 1 };
      this.#maps.set(h, this.log.maps.push(recorded) - 1);
      if (this.log.lastCode === Operation.make) this.log.setMap(this.log.maps.length - 1);
    }
    this.#step(HEADERS.made | B, h, array);
  }

  firstBucketMade(b: Address): void {
    this.#step(HEADERS.firstBucketMade, b);
  }

  mapIsEmpty(): void {
    this.#step(HEADERS.mapIsEmpty);
  }

  hashed(high: number, low: number, B: number): void {
    this.#step(HEADERS.hashed | B, high, low);
  }

  writeBegun(): void {
    this.#step(HEADERS.writeBegun);
  }

  writeEnded(): void {
    this.#step(HEADERS.writeEnded);
  }

  bucketChosen(number: number, b: Address, old: 0 | 1): void {
    this.#step(HEADERS.bucketChosen | old, number, b);
  }

  tophashCompared(b: Address, cell: number, found: number, wanted: number): void {
    this.#step(HEADERS.tophashCompared | cell | (found << 3) | (wanted << 11), b);
  }

  keyCompared(b: Address, cell: number, equal: boolean): void {
    this.#step(HEADERS.keyCompared | cell | (equal ? 8 : 0), b);
  }

  emptyCellSeen(b: Address, cell: number): void {
    this.#step(HEADERS.emptyCellSeen | cell, b);
  }

  emptyRestMet(b: Address, cell: number): void {
    this.#step(HEADERS.emptyRestMet | cell, b);
  }

  chainFollowed(b: Address, next: Address): void {
    this.#step(HEADERS.chainFollowed, b, next);
  }

  keyFound(b: Address, cell: number): void {
    this.#step(HEADERS.keyFound | cell, b);
  }

  keyAbsent(): void {
    this.#step(HEADERS.keyAbsent);
  }

  keyUpdated(b: Address, cell: number): void {
    this.#step(HEADERS.keyUpdated | cell, b);
  }

  cellTaken(b: Address, cell: number, top: number): void {
    this.#step(HEADERS.cellTaken | cell | (top << 3), b);
  }

  elemStored(a: Address, size: number): void {
    this.#step(HEADERS.elemStored, a, size);
  }

  overflowLinked(b: Address, added: Address, spare: boolean): void {
    this.log.mark(OVERFLOW);
    this.#step(HEADERS.overflowLinked | (spare ? 1 : 0), b, added);
  }

  growthStarted(reason: number, oldB: number, B: number, array: Address): void {
    this.log.mark(GROWTH);
    this.#step(HEADERS.growthStarted | reason | (oldB << 1) | (B << 6), array);
  }

  evacuationStarted(oldbucket: number, b: Address, reason: number): void {
    this.log.mark(EVACUATION);
    this.#step(HEADERS.evacuationStarted | reason, oldbucket, b);
  }

  entryMoved(b: Address, cell: number, to: Address, toCell: number, half: 0 | 1, newbit: number): void {
    this.#step(HEADERS.entryMoved | cell | (toCell << 3) | (half << 6), b, to, newbit);
  }

  oldBucketCleared(b: Address): void {
    this.#step(HEADERS.oldBucketCleared, b);
  }

  evacuationMarkMoved(nevacuate: number, oldBuckets: number): void {
    this.#step(HEADERS.evacuationMarkMoved, nevacuate, oldBuckets);
  }

  growthEnded(): void {
    this.#step(HEADERS.growthEnded);
  }

  cellEmptied(b: Address, cell: number): void {
    this.log.mark(DELETION);
    this.#step(HEADERS.cellEmptied | cell, b);
  }

  emptyRestSet(b: Address, cell: number): void {
    this.#step(HEADERS.emptyRestSet | cell, b);
  }

  seedRenewed(hash0: number): void {
    this.#step(HEADERS.seedRenewed, hash0);
  }

  cleared(array: Address, buckets: number): void {
    this.log.mark(DELETION);
    this.#step(HEADERS.cleared, array, buckets);
  }

  iteratorBegun(it: Address, startBucket: number, offset: number): void {
    this.log.mark(ITERATION);
    this.#iterators.add(it);
    this.#step(HEADERS.iteratorBegun | offset, it, startBucket);
  }

  iteratorMoved(it: Address, number: number, b: Address, old: 0 | 1): void {
    this.#step(HEADERS.iteratorMoved | old, it, number, b);
  }

  iteratorWrapped(it: Address): void {
    this.#step(HEADERS.iteratorWrapped, it);
  }

  entrySkipped(b: Address, cell: number, reason: number): void {
    this.#step(HEADERS.entrySkipped | cell | (reason << 3), b);
  }

  entryLookedUp(b: Address, cell: number): void {
    this.#step(HEADERS.entryLookedUp | cell, b);
  }

  entryProduced(it: Address, b: Address, cell: number): void {
    this.#step(HEADERS.entryProduced | cell, it, b);
  }

  iteratorEnded(it: Address): void {
    this.#step(HEADERS.iteratorEnded, it);
  }

  entryCopied(b: Address, cell: number, to: Address, toCell: number): void {
    this.#step(HEADERS.entryCopied | cell | (toCell << 3), b, to);
  }

  collected(before: number, after: number): void {
    this.log.mark(COLLECTION);
    this.#step(HEADERS.collected, before, after);
  }

  #step(header: number, a = 0, b = 0, c = 0): void {
    this.steps++;
    this.tape.step(header, a, b, c);
  }

  /** The number of the map at an address, which is noted down when it is seen first. */
  #mapAt(h: Address, type: MapType): number {
    let index = this.#maps.get(h);
    if (index === undefined) {
      index = this.log.maps.push({ address: h, type, from: 0 }) - 1;
      this.#maps.set(h, index);
      this.former.found(type, h);
    }
    return index;
  }
}
