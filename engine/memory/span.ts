import { type Layout, noPointers } from "./layout.ts";
import type { Marks } from "./marks.ts";
import type { Address } from "./memory.ts";

/** A run of pages that objects of one size stand in: Go's `mspan`. */
export class Span {
  readonly start: Address;
  readonly pages: number;
  /** Bytes of one object. */
  readonly objectSize: number;
  /** Objects that it has room for. */
  readonly capacity: number;
  /** Whether its objects hold no pointers. */
  readonly noscan: boolean;
  readonly #layouts: Layout[] = [];
  #marks: Uint8Array | null = null; // unless a leaf, during a collection: which objects it has reached
  #next = 0; // objects before this number are in use, as far as `#used` does not say otherwise
  #used: Uint8Array | null = null; // since a collection has freed some: which objects are in use

  constructor(start: Address, pages: number, objectSize: number, capacity: number, noscan: boolean) {
    this.start = start;
    this.pages = pages;
    this.objectSize = objectSize;
    this.capacity = capacity;
    this.noscan = noscan;
  }

  /** Takes the first free object and returns its number, or -1 when there is none. */
  take(): number {
    const used = this.#used;
    let next = this.#next;
    if (used !== null) while (next < this.capacity && used[next] === 1) next++;
    if (next === this.capacity) {
      this.#next = next;
      return -1;
    }
    if (used !== null) used[next] = 1;
    this.#next = next + 1;
    return next;
  }

  /** Says where the object of this number has pointers. */
  setLayout(object: number, layout: Layout): void {
    this.#layouts[object] = layout;
  }

  /** Where the object of this number has pointers. */
  layoutOf(object: number): Layout {
    return this.#layouts[object] ?? noPointers;
  }

  /** Whether the object of this number has been used before, so that it must be zeroed. */
  get recycled(): boolean {
    return this.#used !== null;
  }

  /** Whether the object of this number is in use. */
  isUsed(object: number): boolean {
    return this.#used === null ? object < this.#next : this.#used[object] === 1;
  }

  /** The number of the object that holds the byte at an address. */
  objectAt(address: Address): number {
    return Math.floor((address - this.start) / this.objectSize);
  }

  /** Whether its objects are small and hold no pointers: then their marks are not here, but in {@link Marks}. */
  get isLeaf(): boolean {
    return this.noscan && this.capacity > 1;
  }

  /** Marks an object of no leaf; returns whether it was not marked before. */
  mark(object: number): boolean {
    this.#marks ??= new Uint8Array(this.capacity);
    if (this.#marks[object] === 1) return false;
    this.#marks[object] = 1;
    return true;
  }

  /** Frees what is not marked. Returns the number of objects that are left. */
  sweep(leaves: Marks): number {
    const { start, objectSize } = this;
    const marks = this.#marks;
    this.#marks = null;
    if (this.isLeaf ? !leaves.hasAny(start, this.capacity * objectSize) : marks === null) return 0;
    const before = this.#used;
    const end = before === null ? this.#next : this.capacity;
    let used = before;
    let live = 0;
    for (let object = 0; object < end; object++) {
      if (before !== null && before[object] === 0) continue;
      const isMarked =
        marks === null ? leaves.hasAny(start + object * objectSize, objectSize) : marks[object] === 1;
      if (isMarked) {
        live++;
      } else {
        used ??= new Uint8Array(this.capacity).fill(1, 0, end);
        used[object] = 0;
      }
    }
    if (used !== null) {
      this.#used = used;
      this.#next = 0;
    }
    return live;
  }
}
