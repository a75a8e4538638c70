import type { Heap } from "../memory/heap.ts";
import { noPointers } from "../memory/layout.ts";
import type { Address, Memory } from "../memory/memory.ts";
import type { Scratch } from "../memory/scratch.ts";
import { decodeUtf8, encodeUtf8 } from "../types/utf8.ts";

const PAGE_SHIFT = 13;
/** Blocks of 16 bytes in a page. */
const BLOCKS = 2 ** 9;
/** Blocks there are at most: enough for two million keys of up to 16 bytes. A multiple of `BLOCKS`. */
const MOST_BLOCKS = 2 ** 21;
/** Places for strings that share their block with others before them; a power of two. */
const SHARED_PLACES = 2 ** 14;

/**
 * The JavaScript strings that string keys were made from. To make one again takes longer than all else in a loop over
 * a map; so they are remembered by where their bytes are. Most begin a block of 16 bytes; when there are too many, those
 * of the page that has been remembered longest give way. Of the others, which are short, the latest are remembered.
 *
 * A Go string's bytes never change. Once the collector has freed them others may stand there; but these are another
 * key's, of which {@link keep} knows, or nobody asks for them: only keys are asked for.
 */
export class Texts {
  /** Where {@link write} has put the last key's bytes. */
  written: Address = 0;
  readonly #memory: Memory;
  readonly #heap: Heap;
  readonly #scratch: Scratch;
  /** By page of memory: its first block in `#texts`. Pages without keys share the first blocks, which hold nothing. */
  #pages = new Int32Array(2 ** 9);
  #texts: (string | undefined)[] = new Array(BLOCKS).fill(undefined);
  /** By blocks, `BLOCKS` at a time: the page that has them. */
  #pageOf: number[] = [0];
  /** First blocks of pages that were freed. */
  #free: number[] = [];
  /** Where there are none, and no room for more, the first of the blocks that change hands next. */
  #oldest = BLOCKS;
  #sharedAddresses = new Int32Array(0);
  #sharedTexts: (string | undefined)[] = [];

  /** Where `#texts` has the keys of one {@link read}. Places of the first blocks hold nothing. */
  readonly #places: Int32Array;

  /** @param most keys in one {@link read} */
  constructor(memory: Memory, heap: Heap, scratch: Scratch, most: number) {
    this.#memory = memory;
    this.#heap = heap;
    this.#scratch = scratch;
    this.#places = new Int32Array(most);
  }

  /**
   * Puts a key's bytes into scratch memory, until the next operation, behind a word for whoever calls. Returns their
   * number; {@link written} is where they are.
   */
  write(key: string): number {
    const memory = this.#memory;
    const most = 3 * key.length;
    const p = this.#scratch.renew(8 + most) + 8;
    this.written = p;
    if (memory.journal === null) return encodeUtf8(key, memory.bytes, p) - p;
    let end = p;
    memory.change(p, most, () => {
      end = encodeUtf8(key, memory.bytes, p);
    });
    return end - p;
  }

  /** Memory for the bytes of a key that a map is to keep, `size` of them. */
  keep(size: number, key: string): Address {
    const p = this.#heap.allocate(size, noPointers);
    // Characters beyond ASCII are more than a byte, and half a surrogate pair does not come out as it went in.
    this.#remember(p, size === key.length ? key : undefined);
    return p;
  }

  /**
   * Makes some keys, all at once, so that their memory comes at the same time.
   *
   * @param from the word that holds the address of the first key's bytes; the next word holds their number
   * @param step words from one key to the next
   * @param end the word to stop before
   */
  read(from: number, step: number, end: number, keys: string[]): void {
    const { words } = this.#memory;
    const pages = this.#pages;
    const texts = this.#texts;
    const places = this.#places;
    let count = 0;
    for (let at = from; at < end; at += step) {
      const p = words[at] as number;
      places[count++] = (p & 15) === 0 ? (pages[p >>> PAGE_SHIFT] as number) + ((p >>> 4) & (BLOCKS - 1)) : 0;
    }
    // Most of these loads miss the caches. In a loop that does nothing else with them the processor begins many while it
    // waits for the first; with all that it takes to write them down between them, it would begin three or four.
    let missing = 0;
    for (let i = 0; i < count; i++) if (texts[places[i] as number] === undefined) missing++;
    for (let i = 0; i < count; i++) keys[i] = texts[places[i] as number] as string;
    if (missing === 0) return;
    for (let i = 0; i < count; i++) {
      if (keys[i] !== undefined) continue;
      const at = from + i * step;
      keys[i] = this.#rarer(words[at] as number, words[at + 1] as number);
    }
  }

  /** Forgets the keys that were on pages that the collector has just freed. */
  forgetFreed(): void {
    for (let first = BLOCKS; first < this.#texts.length; first += BLOCKS) {
      const page = this.#pageOf[first / BLOCKS] as number;
      if (page === 0 || this.#heap.isInUse(page << PAGE_SHIFT)) continue;
      this.#takeFrom(page, first);
      this.#free.push(first);
    }
  }

  /** Forgets all, when somebody may have put a string into a key's place who does not tell. */
  forget(): void {
    this.#pages.fill(0);
    this.#texts = new Array(BLOCKS).fill(undefined);
    this.#pageOf = [0];
    this.#free = [];
    this.#oldest = BLOCKS;
    this.#sharedTexts.fill(undefined);
  }

  /** A key that does not begin a block, or has not been remembered. */
  #rarer(p: Address, size: number): string {
    if (size === 0) return "";
    const place = sharedPlace(p);
    if (this.#sharedAddresses[place] === p) {
      const text = this.#sharedTexts[place];
      if (text !== undefined) return text;
    }
    const text = decodeUtf8(this.#memory.bytes, p, size);
    this.#remember(p, text);
    return text;
  }

  #remember(p: Address, text: string | undefined): void {
    if ((p & 15) !== 0) {
      this.#rememberShared(p, text);
      return;
    }
    const page = p >>> PAGE_SHIFT;
    if (!(this.#pages[page] as number)) this.#addPage(page);
    this.#texts[(this.#pages[page] as number) + ((p >>> 4) & (BLOCKS - 1))] = text;
  }

  #addPage(page: number): void {
    if (page >= this.#pages.length) {
      const pages = new Int32Array(2 * page);
      pages.set(this.#pages);
      this.#pages = pages;
    }
    const first =
      this.#free.pop() ?? (this.#texts.length < MOST_BLOCKS ? this.#addBlocks() : this.#takeOldest());
    this.#pages[page] = first;
    this.#pageOf[first / BLOCKS] = page;
  }

  #addBlocks(): number {
    const first = this.#texts.length;
    for (let i = 0; i < BLOCKS; i++) this.#texts.push(undefined);
    return first;
  }

  #takeOldest(): number {
    const first = this.#oldest;
    this.#takeFrom(this.#pageOf[first / BLOCKS] as number, first);
    this.#oldest = first + BLOCKS === MOST_BLOCKS ? BLOCKS : first + BLOCKS;
    return first;
  }

  #takeFrom(page: number, first: number): void {
    this.#pages[page] = 0;
    this.#pageOf[first / BLOCKS] = 0;
    this.#texts.fill(undefined, first, first + BLOCKS);
  }

  #rememberShared(p: Address, text: string | undefined): void {
    if (this.#sharedTexts.length === 0) {
      this.#sharedAddresses = new Int32Array(SHARED_PLACES);
      this.#sharedTexts = new Array(SHARED_PLACES).fill(undefined);
    }
    const place = sharedPlace(p);
    this.#sharedAddresses[place] = p;
    this.#sharedTexts[place] = text;
  }
}

/** Neighbours have places of their own, whatever they are aligned to. */
function sharedPlace(p: Address): number {
  return (p ^ (p >>> 14)) & (SHARED_PLACES - 1);
}
