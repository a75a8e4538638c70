import type { Address, Memory } from "./memory.ts";
import { CLASS_PAGES, CLASS_SIZES, headerSize, isSmall, PAGE_SIZE, sizeClass } from "./sizeclasses.ts";

const TINY_SIZE = 16;

/** The span that a size class is being served from: the next free object, and the end of the last one. */
interface Span {
  next: Address;
  end: Address;
}

/**
 * Go's allocator (runtime/malloc.go, Go 1.23), as far as a program can see it: sizes are rounded to Go's size
 * classes, small objects of one class stand side by side in spans of whole pages, pointer-free objects apart
 * from the others, tiny pointer-free ones share 16-byte blocks, and large objects have pages of their own.
 */
export class Heap {
  readonly #memory: Memory;
  readonly #spans: { scan: Span; noscan: Span }[] = CLASS_SIZES.map(() => ({
    scan: { next: 0, end: 0 },
    noscan: { next: 0, end: 0 },
  }));
  #tiny: Span = { next: 0, end: 0 };
  #end: Address; // the first page never handed out
  #allocated = 0;

  /** @param start the first byte that the heap may use; rounded up to a whole page */
  constructor(memory: Memory, start: Address) {
    this.#memory = memory;
    this.#end = Math.ceil(start / PAGE_SIZE) * PAGE_SIZE;
  }

  /** Bytes of all objects, each at its size class or page-rounded: Go's `MemStats.HeapAlloc`. */
  get heapAlloc(): number {
    return this.#allocated;
  }

  /**
   * Allocates `size` zeroed bytes, as `mallocgc` does.
   *
   * @param noscan whether the memory will hold no pointers
   * @throws RangeError when the memory cannot grow that far; nothing has been allocated then
   */
  allocate(size: number, noscan: boolean): Address {
    if (size === 0) return zeroBase;
    if (!isSmall(size)) {
      const bytes = Math.ceil(size / PAGE_SIZE) * PAGE_SIZE;
      const address = this.#takePages(bytes);
      this.#allocated += bytes;
      return address;
    }
    if (noscan && size < TINY_SIZE) return this.#allocateTiny(size);
    const header = headerSize(size, noscan);
    return this.#allocateSmall(sizeClass(size + header), noscan) + header;
  }

  /** Pages for the engine's own use, at least `bytes` long, that count as no object. */
  reserve(bytes: number): Address {
    return this.#takePages(Math.ceil(bytes / PAGE_SIZE) * PAGE_SIZE);
  }

  #allocateSmall(index: number, noscan: boolean): Address {
    const size = CLASS_SIZES[index] as number;
    const pair = this.#spans[index] as { scan: Span; noscan: Span };
    const span = noscan ? pair.noscan : pair.scan;
    if (span.next + size > span.end) {
      const bytes = (CLASS_PAGES[index] as number) * PAGE_SIZE;
      span.next = this.#takePages(bytes);
      span.end = span.next + bytes;
    }
    const address = span.next;
    span.next += size;
    this.#allocated += size;
    return address;
  }

  /** Tiny objects are packed into a block of 16 bytes, each at the alignment its size asks for. */
  #allocateTiny(size: number): Address {
    const alignment = size % 8 === 0 ? 8 : size % 4 === 0 ? 4 : size % 2 === 0 ? 2 : 1;
    const address = Math.ceil(this.#tiny.next / alignment) * alignment;
    if (this.#tiny.next !== 0 && address + size <= this.#tiny.end) {
      this.#tiny.next = address + size;
      return address;
    }
    const block = this.#allocateSmall(sizeClass(TINY_SIZE), true);
    // As in Go, the new block is kept only when more of it is left than of the present one.
    if (this.#tiny.next === 0 || size < this.#tiny.next - (this.#tiny.end - TINY_SIZE)) {
      this.#tiny = { next: block + size, end: block + TINY_SIZE };
    }
    return block;
  }

  #takePages(bytes: number): Address {
    this.#memory.ensure(this.#end + bytes);
    const address = this.#end;
    this.#end += bytes;
    return address;
  }
}

/** Where every object of size zero stands: the runtime's `zerobase`. */
export const zeroBase: Address = 8;
