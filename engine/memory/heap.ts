import { allPointers, type Layout, noPointers } from "./layout.ts";
import { Marks } from "./marks.ts";
import { type Address, type Memory, pointerHigh } from "./memory.ts";
import { Pages } from "./pages.ts";
import {
  CLASS_PAGES,
  CLASS_SIZES,
  headerSize,
  isSmall,
  PAGE_SIZE,
  roundupsize,
  sizeClass,
} from "./sizeclasses.ts";
import { Span } from "./span.ts";

const TINY_SIZE = 16;
const PAGE_SHIFT = 13;
const MIN_GOAL = 4 * 2 ** 20;

// V8 throws away the code that it made for a class when a collection of its own finds no object of it left, and runs the
// next ones slowly until it has made it anew. So there is always a span, whatever our collector frees, and one Marks.

/** A span that has no room, for classes that no span serves. */
const fullSpan = new Span(0, 0, 0, 0, true);

/** Where every object of size zero stands: the runtime's `zerobase`. */
export const zeroBase: Address = 8;

/**
 * Go's allocator and collector (runtime/malloc.go, Go 1.23), as far as a program can see them: sizes are rounded to
 * Go's size classes, small objects of one class stand side by side in spans of whole pages, pointer-free ones
 * apart from the others, tiny pointer-free ones share 16-byte blocks, and large objects have pages of their own.
 */
export class Heap {
  readonly #memory: Memory;
  readonly #pages: Pages;
  /** The span that serves each class, pointer-free objects at odd indexes, and those that have free objects too. */
  readonly #current: (Span | undefined)[] = [];
  readonly #partial: Span[][] = CLASS_SIZES.flatMap(() => [[], []]);
  readonly #spanOfPage: (Span | undefined)[] = [];
  /** 1 for each page of a {@link Span.isLeaf} span, where most pointers lead: all that the collector asks of it. */
  #leafPages = new Uint8Array(2 ** 10);
  /** What a collection has reached of them. */
  readonly #leaves = new Marks();
  #tinyBlock: Address = 0;
  #tinyOffset = 0;
  #allocated = 0;
  #goal = MIN_GOAL;
  #collections = 0;

  /** @param start the first byte that the heap may use; rounded up to a whole page */
  constructor(memory: Memory, start: Address) {
    this.#memory = memory;
    this.#pages = new Pages(memory, start);
  }

  /** Bytes of all objects not yet freed, each at its size class or page-rounded: Go's `MemStats.HeapAlloc`. */
  get heapAlloc(): number {
    return this.#allocated;
  }

  /** At how many bytes the next collection is due: Go's `MemStats.NextGC`. */
  get nextGC(): number {
    return this.#goal;
  }

  /** The first address that no object has had yet. */
  get end(): Address {
    return this.#pages.end;
  }

  /** Collections so far: Go's `MemStats.NumGC`. */
  get collections(): number {
    return this.#collections;
  }

  /** Whether a collection is due: the heap has doubled since the last one (GOGC=100), and is at least 4 MiB. */
  get isDue(): boolean {
    return this.#allocated >= this.#goal;
  }

  /**
   * Allocates `size` zeroed bytes, as `mallocgc` does.
   *
   * @param layout where there will be pointers in it
   * @param behind bytes to reserve behind an object of whole pages for the engine's own use, not zeroed, which count as
   *   no object and live as long as it; none by default, and none behind a small object
   * @throws RangeError when the memory cannot grow that far; nothing has been allocated then
   */
  allocate(size: number, layout: Layout, behind = 0): Address {
    if (size === 0) return zeroBase;
    const noscan = layout.offsets.length === 0;
    if (!isSmall(size)) {
      const bytes = Math.ceil(size / PAGE_SIZE) * PAGE_SIZE;
      const span = this.#makeLargeSpan(bytes / PAGE_SIZE, Math.ceil(behind / PAGE_SIZE), noscan);
      span.setLayout(span.take(), layout);
      this.#allocated += bytes;
      return span.start;
    }
    if (noscan && size < TINY_SIZE) return this.#allocateTiny(size);
    const header = headerSize(size, noscan);
    return this.#allocateSmall(sizeClass(size + header), noscan, layout) + header;
  }

  /**
   * A bigger array for a full slice, as `growslice` (runtime/slice.go) makes it: doubled, from 256 elements on
   * a quarter more, and whatever the size class adds.
   *
   * @param size bytes of one element
   */
  growslice(capacity: number, size: number, layout: Layout): { address: Address; capacity: number } {
    const wanted = capacity < 256 ? 2 * capacity : capacity + Math.floor((capacity + 3 * 256) / 4);
    const bytes = roundupsize(size * Math.max(wanted, 1), layout.offsets.length === 0);
    if (size === 0) return { address: zeroBase, capacity: capacity + 1 };
    return { address: this.allocate(bytes, layout), capacity: Math.floor(bytes / size) };
  }

  /** Pages for the engine's own use, at least `bytes` long, that count as no object. */
  reserve(bytes: number): Address {
    return this.#pages.take(Math.ceil(bytes / PAGE_SIZE));
  }

  #allocateSmall(index: number, noscan: boolean, layout: Layout): Address {
    const list = 2 * index + (noscan ? 1 : 0);
    let span = this.#current[list] ?? fullSpan;
    let object = span.take();
    while (object === -1) {
      span =
        this.#partial[list]?.pop() ??
        this.#makeSpan(CLASS_PAGES[index] as number, CLASS_SIZES[index] as number, noscan);
      this.#current[list] = span;
      object = span.take();
    }
    const { start, objectSize, recycled } = span;
    const address = start + object * objectSize;
    if (recycled) this.#memory.clear(address, objectSize);
    if (!noscan) span.setLayout(object, layout);
    this.#allocated += objectSize;
    return address;
  }

  /** Tiny objects are packed into a block of 16 bytes, each at the alignment its size asks for. */
  #allocateTiny(size: number): Address {
    const alignment = size % 8 === 0 ? 8 : size % 4 === 0 ? 4 : size % 2 === 0 ? 2 : 1;
    const offset = (this.#tinyOffset + alignment - 1) & -alignment;
    if (this.#tinyBlock !== 0 && offset + size <= TINY_SIZE) {
      this.#tinyOffset = offset + size;
      return this.#tinyBlock + offset;
    }
    const block = this.#allocateSmall(sizeClass(TINY_SIZE), true, noPointers);
    // As in Go, the new block is kept only when more of it is left than of the present one.
    if (this.#tinyBlock === 0 || size < this.#tinyOffset) {
      this.#tinyBlock = block;
      this.#tinyOffset = size;
    }
    return block;
  }

  #makeSpan(pages: number, objectSize: number, noscan: boolean): Span {
    const start = this.#pages.take(pages);
    const capacity = Math.floor((pages * PAGE_SIZE) / objectSize);
    return this.#addSpan(new Span(start, pages, objectSize, capacity, noscan));
  }

  /** A span for one object, with pages behind it that belong to none. */
  #makeLargeSpan(pages: number, behind: number, noscan: boolean): Span {
    const start = this.#pages.take(pages + behind, pages);
    return this.#addSpan(new Span(start, pages + behind, pages * PAGE_SIZE, 1, noscan));
  }

  #addSpan(span: Span): Span {
    const first = span.start >>> PAGE_SHIFT;
    const end = first + span.pages;
    for (let page = first; page < end; page++) this.#spanOfPage[page] = span;
    if (span.isLeaf) this.#addLeafPages(first, end);
    return span;
  }

  #addLeafPages(first: number, end: number): void {
    if (end > this.#leafPages.length) {
      const leafPages = new Uint8Array(2 * end);
      leafPages.set(this.#leafPages);
      this.#leafPages = leafPages;
    }
    this.#leafPages.fill(1, first, end);
  }

  /**
   * Frees every object that no root reaches: Go's `runtime.GC()`. An object is searched for pointers where its
   * layout says there are some; a pointer-free one keeps nothing alive.
   *
   * @param roots addresses that are in use from outside the heap; of those that are not in the heap themselves as
   *   many bytes are searched as the second number says
   */
  collect(roots: Iterable<readonly [Address, size: number]>): void {
    const leaves = this.#leaves;
    leaves.clear((this.#leafPages.lastIndexOf(1) + 1) << PAGE_SHIFT);
    const found: Address[] = [];
    for (const [root, size] of roots) {
      this.#mark(root, leaves, found);
      this.#scan(root, size, allPointers, leaves, found);
    }
    for (let object = found.pop(); object !== undefined; object = found.pop()) {
      const span = this.#spanOfPage[object >>> PAGE_SHIFT] as Span;
      const header = headerOf(span);
      this.#scan(
        object + header,
        span.objectSize - header,
        span.layoutOf(span.objectAt(object)),
        leaves,
        found,
      );
    }
    this.#sweep(leaves);
    this.#tinyBlock = 0;
    this.#tinyOffset = 0;
    this.#goal = Math.max(MIN_GOAL, 2 * this.#allocated);
    this.#collections++;
  }

  /**
   * The objects that one reaches, itself among them: where each begins, and its bytes.
   *
   * @param most how many there may be
   * @returns null when there are more, or the address is not in the heap
   */
  reachable(root: Address, most: number): [start: Address, size: number][] | null {
    const objects = new Map<Address, number>();
    const left = [root];
    for (let address = left.pop(); address !== undefined; address = left.pop()) {
      const span = this.#spanOfPage[address >>> PAGE_SHIFT];
      if (span === undefined) continue;
      const object = span.objectAt(address);
      const start = span.start + object * span.objectSize;
      if (objects.has(start)) continue;
      if (objects.size === most) return null;
      objects.set(start, span.objectSize);
      if (span.noscan) continue;
      const header = headerOf(span);
      const pointers = this.#pointers(start + header, span.objectSize - header, span.layoutOf(object));
      for (const pointer of pointers) left.push(pointer);
    }
    return objects.size === 0 ? null : [...objects];
  }

  /** What `#scan` goes through, for others than the collector: a generator would hold that up. */
  *#pointers(start: Address, size: number, { period, offsets }: Layout): Generator<Address> {
    const { words } = this.#memory;
    for (let at = start; at + period <= start + size; at += period) {
      for (const offset of offsets) {
        const word = (at + offset) >>> 2;
        if (words[word + 1] === pointerHigh) yield words[word] as number;
      }
    }
  }

  /** Whether an address lies in an object that is in use. */
  isAllocated(address: Address): boolean {
    const span = this.#spanOfPage[address >>> PAGE_SHIFT];
    return span?.isUsed(span.objectAt(address)) ?? false;
  }

  /** Whether objects stand on the page of an address, or may. */
  isInUse(address: Address): boolean {
    return this.#spanOfPage[address >>> PAGE_SHIFT] !== undefined;
  }

  #mark(address: Address, leaves: Marks, found: Address[]): void {
    const page = address >>> PAGE_SHIFT;
    if (this.#leafPages[page] === 1) {
      leaves.add(address); // wherever in its object that is, and whether or not the object is in use: see Span.sweep
      return;
    }
    const span = this.#spanOfPage[page];
    if (span === undefined) return;
    const object = span.objectAt(address);
    if (object < span.capacity && span.isUsed(object) && span.mark(object) && !span.noscan) {
      found.push(span.start + object * span.objectSize);
    }
  }

  #scan(start: Address, size: number, { period, offsets }: Layout, leaves: Marks, found: Address[]): void {
    const { words } = this.#memory;
    for (let at = start; at + period <= start + size; at += period) {
      for (const offset of offsets) {
        const word = (at + offset) >>> 2;
        if (words[word + 1] === pointerHigh) this.#mark(words[word] as number, leaves, found);
      }
    }
  }

  #sweep(leaves: Marks): void {
    const spans = new Set<Span>();
    for (const span of this.#spanOfPage) if (span !== undefined) spans.add(span);
    this.#current.length = 0;
    for (const list of this.#partial) list.length = 0;
    this.#allocated = 0;
    // From the highest address down, so that the lists give the lowest spans first.
    for (const span of [...spans].reverse()) {
      const live = span.sweep(leaves);
      this.#allocated += live * span.objectSize;
      if (live === 0) this.#release(span);
      else if (live < span.capacity) {
        this.#partial[2 * sizeClass(span.objectSize) + (span.noscan ? 1 : 0)]?.push(span);
      }
    }
    this.#pages.join();
  }

  #release(span: Span): void {
    const first = span.start >>> PAGE_SHIFT;
    for (let page = first; page < first + span.pages; page++) this.#spanOfPage[page] = undefined;
    this.#leafPages.fill(0, first, first + span.pages);
    this.#pages.release(span.start, span.pages);
  }
}

/** Bytes in front of each object of a span with pointers. */
function headerOf(span: Span): number {
  return span.pages > 1 && span.capacity === 1 ? 0 : headerSize(span.objectSize, false);
}
