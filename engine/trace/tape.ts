import type { Journal } from "../memory/memory.ts";
import { EVENT_KINDS, type EventKind, operandWords, type TraceEvent, unpack } from "./events.ts";

const CHUNK_BITS = 18;
const CHUNK_SIZE = 1 << CHUNK_BITS;
const CHUNK_MASK = CHUNK_SIZE - 1;

/**
 * What happened, in order of time, as 32-bit words: steps, and between them the words of memory that changed.
 *
 * A step is a negative word (its kind and small operands) followed by as many operands as its kind has. A change is
 * the number of a word of memory, which is never negative, followed by the bits that changed. Because a change is
 * old XOR new, the same pass over a stretch of tape undoes it and redoes it ({@link flip}), and the order of
 * changes within the stretch makes no difference.
 */
export class Tape implements Journal {
  readonly #chunks: Int32Array[] = [];
  #chunk = new Int32Array(0);
  #used = CHUNK_SIZE; // of the last chunk

  /** Words on the tape. */
  get length(): number {
    return (this.#chunks.length - 1) * CHUNK_SIZE + this.#used;
  }

  /** Bytes that the tape takes. */
  get bytes(): number {
    return 4 * this.length;
  }

  /** Puts a step on the tape: its first word, from `pack`, and the words of its kind. */
  step(header: number, a = 0, b = 0, c = 0, d = 0): void {
    this.#push(header);
    const words = operandWords[(header >>> 24) & 0x7f] as number;
    if (words > 0) this.#push(a);
    if (words > 1) this.#push(b);
    if (words > 2) this.#push(c);
    if (words > 3) this.#push(d);
  }

  changed(word: number, difference: number): void {
    if (difference === 0) return;
    this.#push(word);
    this.#push(difference);
  }

  #push(word: number): void {
    if (this.#used === CHUNK_SIZE) {
      this.#chunk = new Int32Array(CHUNK_SIZE);
      this.#chunks.push(this.#chunk);
      this.#used = 0;
    }
    this.#chunk[this.#used++] = word;
  }

  /** The word at a place, 0 to {@link length} - 1. */
  at(place: number): number {
    return (this.#chunks[place >>> CHUNK_BITS] as Int32Array)[place & CHUNK_MASK] as number;
  }

  /** Whether a step begins at a place where something begins. */
  isStep(place: number): boolean {
    return place < this.length && this.at(place) < 0;
  }

  /** Where the step or change after the one at a place begins. */
  next(place: number): number {
    const word = this.at(place);
    return place + (word < 0 ? 1 + (operandWords[(word >>> 24) & 0x7f] as number) : 2);
  }

  /** The step at a place. */
  read(place: number): TraceEvent {
    return unpack(this.at(place), (operand) => this.at(place + 1 + operand));
  }

  /** The kind of the step at a place. */
  kindAt(place: number): EventKind {
    return EVENT_KINDS[(this.at(place) >>> 24) & 0x7f] as EventKind;
  }

  /** Applies the changes from one place up to another: forwards and backwards are the same. */
  flip(from: number, to: number, words: Int32Array): void {
    for (let place = from; place < to; ) {
      const chunk = this.#chunks[place >>> CHUNK_BITS] as Int32Array;
      const word = chunk[place & CHUNK_MASK] as number;
      if (word < 0) {
        place += 1 + (operandWords[(word >>> 24) & 0x7f] as number);
        continue;
      }
      const at = (place & CHUNK_MASK) + 1;
      words[word] = (words[word] as number) ^ (at < CHUNK_SIZE ? (chunk[at] as number) : this.at(place + 1));
      place += 2;
    }
  }

  /** All words in one piece. */
  toWords(): Int32Array {
    const words = new Int32Array(this.length);
    for (const [i, chunk] of this.#chunks.entries()) {
      const last = i === this.#chunks.length - 1;
      words.set(last ? chunk.subarray(0, this.#used) : chunk, i * CHUNK_SIZE);
    }
    return words;
  }

  /** A tape of words that {@link toWords} gave. */
  static fromWords(words: Int32Array): Tape {
    const tape = new Tape();
    for (const word of words) tape.#push(word);
    return tape;
  }
}
