import type { Address, Memory } from "../memory/memory.ts";
import { decodeUtf8 } from "../types/utf8.ts";

/** The least and the most places for strings; powers of two. */
const PLACES = { least: 2 ** 9, most: 2 ** 21 };

/**
 * The JavaScript strings that string keys were made from. To make one again takes longer than all else in a loop over
 * a map; so the latest are remembered by where their bytes are, one at each place.
 *
 * A Go string's bytes never change. Once the collector has freed them others may stand there; but these are another
 * key's, which has been remembered since, or nobody asks for them: only keys are asked for, and every key is remembered.
 */
export class Texts {
  readonly #memory: Memory;
  #addresses = new Int32Array(PLACES.least);
  #texts: string[] = new Array(PLACES.least).fill("");
  #misses = 0;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** The key of `size` bytes at `p`. */
  at(p: Address, size: number): string {
    const place = this.#place(p);
    return this.#addresses[place] === p ? (this.#texts[place] as string) : this.#decoded(p, size);
  }

  /** Remembers the key whose bytes are at `p`. */
  remember(p: Address, text: string): void {
    if (p === 0) return; // the empty string, and what a place holds that has none
    const place = this.#place(p);
    this.#addresses[place] = p;
    this.#texts[place] = text;
  }

  /** Forgets all, when somebody may have put a string into a key's place who does not tell. */
  forget(): void {
    this.#addresses.fill(0);
    this.#texts.fill("");
  }

  /** Most strings are alone in a block of 16 bytes, and neighbours came one after another. */
  #place(p: Address): number {
    return ((p >>> 4) ^ (p << 5)) & (this.#addresses.length - 1);
  }

  #decoded(p: Address, size: number): string {
    if (++this.#misses > this.#addresses.length && this.#addresses.length < PLACES.most) this.#grow();
    const text = decodeUtf8(this.#memory.bytes, p, size);
    this.remember(p, text);
    return text;
  }

  /** Makes four times as many places: somebody loops over more strings than there are now. */
  #grow(): void {
    const addresses = this.#addresses;
    const texts = this.#texts;
    this.#addresses = new Int32Array(4 * addresses.length);
    this.#texts = new Array(4 * texts.length).fill("");
    this.#misses = 0;
    for (const [i, p] of addresses.entries()) this.remember(p, texts[i] as string);
  }
}
