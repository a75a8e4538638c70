import type { OperationCode } from "../map/recorder.ts";
import { keyOfOperation, labelOf } from "./label.ts";
import type { OperationWords, RecordedMap } from "./recorded.ts";

/**
 * The operations of a recording, in order. One field of all of them lies in one array: a million operations are
 * ordinary, and an object for each would cost more than the map.
 */
export class OperationLog {
  /** The maps that were seen, in order. */
  readonly maps: RecordedMap[] = [];
  readonly #codes: OperationCode[] = [];
  readonly #maps: number[] = [];
  readonly #keys: unknown[] = [];
  readonly #values: unknown[] = [];
  readonly #operators = new Map<number, string>();
  readonly #starts: number[] = [];
  readonly #firstSteps: number[] = [];
  readonly #heapAllocs: number[] = [];
  readonly #landmarks: number[] = [];

  /** Number of operations. */
  get length(): number {
    return this.#codes.length;
  }

  /** What the last operation is. */
  get lastCode(): OperationCode | undefined {
    return this.#codes.at(-1);
  }

  /**
   * Begins an operation.
   *
   * @param start where on the tape
   * @param firstStep number of its first step
   * @param heapAlloc bytes in the heap before it
   */
  begin(words: OperationWords, start: number, firstStep: number, heapAlloc: number): void {
    if (words.operator !== "") this.#operators.set(this.length, words.operator);
    this.#codes.push(words.code);
    this.#maps.push(words.map);
    this.#keys.push(words.key);
    this.#values.push(words.value);
    this.#starts.push(start);
    this.#firstSteps.push(firstStep);
    this.#heapAllocs.push(heapAlloc);
    this.#landmarks.push(0);
  }

  /** Begins the rest of the operation before the last one, which came in the middle of it. */
  resume(start: number, firstStep: number, heapAlloc: number): void {
    const interrupted = this.length - 2;
    if (interrupted >= 0) this.begin(this.words(interrupted), start, firstStep, heapAlloc);
  }

  /** Says which map the last operation is about. */
  setMap(map: number): void {
    this.#maps[this.length - 1] = map;
  }

  /** Notes that the last operation has a step of a kind that one may want to jump to. */
  mark(landmark: number): void {
    const last = this.#landmarks.length - 1;
    if (last >= 0) this.#landmarks[last] = (this.#landmarks[last] as number) | landmark;
  }

  /** What an operation is. */
  words(index: number): OperationWords {
    return {
      code: this.#codes[index] as OperationCode,
      map: this.#maps[index] as number,
      key: this.#keys[index],
      value: this.#values[index],
      operator: this.#operators.get(index) ?? "",
    };
  }

  /** Number of the map that an operation is about, or -1. */
  map(index: number): number {
    return this.#maps[index] as number;
  }

  /** An operation as a Go program would write it. */
  label(index: number): string {
    return labelOf(this.words(index), this.maps);
  }

  /** The key of an operation as Go writes it; an empty string when it has none. */
  key(index: number): string {
    return keyOfOperation(this.words(index), this.maps);
  }

  /** Where an operation begins on the tape. */
  start(index: number): number {
    return this.#starts[index] as number;
  }

  /** Number of an operation's first step, from 0. */
  firstStep(index: number): number {
    return this.#firstSteps[index] as number;
  }

  /** Bytes in the heap before an operation. */
  heapAlloc(index: number): number {
    return this.#heapAllocs[index] as number;
  }

  /** The bits of the landmarks among an operation's steps. */
  landmarks(index: number): number {
    return this.#landmarks[index] as number;
  }

  /** The operation that a step belongs to, or -1 when there is none. */
  operationOf(step: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.firstStep(middle) <= step) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
