/** What this file needs of the platform's WebAssembly: present in every browser and in Node. */
interface Platform {
  WebAssembly: {
    Memory: new (limits: { initial: number; maximum: number }) => GrowingBuffer;
  };
}

interface GrowingBuffer {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
const { WebAssembly } = globalThis as unknown as Platform;

const WASM_PAGE = 65_536;

/** The smallest page of today's systems. */
const SYSTEM_PAGE = 4096;

/** Up to so many bytes a loop over words costs less than a call of copyWithin or fill. */
const SHORT = 128;

const MAX_PAGES = 32_768; // 2 GiB: addresses stay non-negative 32-bit integers, which is what V8 is fastest with

/** An address: a byte offset into one {@link Memory}. 0 is nil and never holds an object. */
export type Address = number;

/** Who is told of every word of a {@link Memory} that changes. */
export interface Journal {
  /**
   * @param word number of the 32-bit word: its address divided by 4
   * @param difference the bits that have changed: old XOR new, so that the same XOR takes the change back
   */
  changed(word: number, difference: number): void;
}

/**
 * One linear memory, little-endian as amd64 is.
 *
 * It is a 32-bit `WebAssembly.Memory`, which TypeScript uses as plain bytes and engine/fast from inside. That grows
 * in place up to 2 GiB, where a resizable ArrayBuffer would make every access three times slower. The views must be
 * renewed after each growth, so nobody else keeps one.
 */
export class Memory {
  readonly #memory: GrowingBuffer | null;
  /** The memory as 32-bit words. Renewed by {@link ensure}: do not keep it. */
  words: Int32Array;
  /** The memory as bytes. Renewed by {@link ensure}: do not keep it. */
  bytes: Uint8Array;
  /** The memory as doubles. Renewed by {@link ensure}: do not keep it. */
  doubles: Float64Array;
  #view: DataView;
  /**
   * Who is told of every change, while somebody records. Writing to {@link bytes} or {@link words} goes unnoticed.
   * A machine's is set with `Machine.journal`, which takes its fast path away meanwhile.
   */
  journal: Journal | null = null;
  /** Called when the views have been renewed: for those who keep one a while nevertheless. */
  renewed: () => void = () => {};

  /** @param image bytes to be the memory, a whole number of words, which then cannot grow; an empty one by default */
  constructor(image?: ArrayBuffer) {
    this.#memory = image === undefined ? new WebAssembly.Memory({ initial: 64, maximum: MAX_PAGES }) : null;
    const buffer = image ?? (this.#memory as GrowingBuffer).buffer;
    this.words = new Int32Array(buffer);
    this.bytes = new Uint8Array(buffer);
    this.doubles = new Float64Array(buffer, 0, buffer.byteLength >>> 3);
    this.#view = new DataView(buffer);
  }

  /** The `WebAssembly.Memory` itself, for code that works on it directly; null for an image, which has none. */
  get shared(): object | null {
    return this.#memory;
  }

  /** Bytes there are now. */
  get size(): number {
    return this.bytes.length;
  }

  /**
   * Makes the memory at least `size` bytes long; new bytes are zero.
   *
   * @throws RangeError when the memory cannot grow that far: 2 GiB, or what the platform gives.
   */
  ensure(size: number): void {
    if (size <= this.bytes.length) return;
    if (this.#memory === null)
      throw new RangeError("the past cannot be added to: this is the image of a memory");
    if (size > MAX_PAGES * WASM_PAGE) {
      throw new RangeError(`out of memory: ${size} bytes wanted, and 2 GiB is all that addresses reach`);
    }
    // Four times as much each time: pages that nobody touches cost nothing, but V8 collects its garbage when a memory has
    // grown, and all that uses the views needs new ones.
    const handy = Math.min(Math.max(size, 4 * this.bytes.length), MAX_PAGES * WASM_PAGE);
    if (!grow(this.#memory, handy) && !grow(this.#memory, size)) {
      throw new RangeError(`out of memory: this machine does not give the engine ${size} bytes`);
    }
    this.words = new Int32Array(this.#memory.buffer);
    this.bytes = new Uint8Array(this.#memory.buffer);
    this.doubles = new Float64Array(this.#memory.buffer);
    this.#view = new DataView(this.#memory.buffer);
    this.renewed();
  }

  /**
   * Has the system give the pages of `size` bytes at `a` now, which are zero, or of no use yet: some are set to zero. It
   * gives a page when that is first written, and takes a fifth longer for it where programs write here and there than
   * for one page after another.
   */
  prefault(a: Address, size: number): void {
    for (let at = a; at < a + size; at += SYSTEM_PAGE) this.store32(at, 0);
  }

  /** The byte at `a`, 0 to 255. */
  load8(a: Address): number {
    return this.bytes[a] as number;
  }

  /** The two bytes at `a`, 0 to 65535. */
  load16(a: Address): number {
    return this.load8(a) | (this.load8(a + 1) << 8);
  }

  /** The word at `a`, a multiple of 4, as a signed 32-bit integer. */
  load32(a: Address): number {
    return this.words[a >>> 2] as number;
  }

  /** Four bytes at any address, as a signed 32-bit integer. */
  load32Unaligned(a: Address): number {
    const shift = (a & 3) << 3;
    if (shift === 0) return this.load32(a);
    return (this.load32(a) >>> shift) | (this.load32(a + 4) << (32 - shift)); // the two words that it lies across
  }

  store8(a: Address, value: number): void {
    if (this.journal !== null) this.#noteByte(a, value);
    this.bytes[a] = value;
  }

  store16(a: Address, value: number): void {
    this.store8(a, value);
    this.store8(a + 1, value >>> 8);
  }

  /** Stores the low 32 bits of `value` at `a`, a multiple of 4. */
  store32(a: Address, value: number): void {
    if (this.journal !== null) this.journal.changed(a >>> 2, (this.words[a >>> 2] as number) ^ value);
    this.words[a >>> 2] = value;
  }

  loadInt64(a: Address): bigint {
    return this.#view.getBigInt64(a, true);
  }

  /** Stores the low 64 bits of `value`. */
  storeInt64(a: Address, value: bigint): void {
    this.change(a, 8, () => this.#view.setBigInt64(a, value, true));
  }

  loadFloat32(a: Address): number {
    return this.#view.getFloat32(a, true);
  }

  storeFloat32(a: Address, value: number): void {
    this.change(a, 4, () => this.#view.setFloat32(a, value, true));
  }

  loadFloat64(a: Address): number {
    return this.#view.getFloat64(a, true);
  }

  storeFloat64(a: Address, value: number): void {
    this.change(a, 8, () => this.#view.setFloat64(a, value, true));
  }

  /** Copies `size` bytes between places that do not overlap. */
  copy(to: Address, from: Address, size: number): void {
    if (size > SHORT || ((to | from) & 3) !== 0) {
      this.#copyBytes(to, from, size);
    } else if (size === 8) {
      this.store32(to, this.load32(from));
      this.store32(to + 4, this.load32(from + 4));
    } else {
      let i = 0;
      for (; i + 4 <= size; i += 4) this.store32(to + i, this.load32(from + i));
      for (; i < size; i++) this.store8(to + i, this.load8(from + i));
    }
  }

  /** Whether `size` bytes at two places are the same. */
  equal(p: Address, q: Address, size: number): boolean {
    if (p === q) return true;
    let i = 0;
    if (((p | q) & 3) === 0) {
      for (; i + 4 <= size; i += 4) if (this.load32(p + i) !== this.load32(q + i)) return false;
    }
    for (; i < size; i++) {
      if (this.load8(p + i) !== this.load8(q + i)) return false;
    }
    return true;
  }

  /** Zeroes `size` bytes. */
  clear(a: Address, size: number): void {
    if (size <= SHORT && ((a | size) & 7) === 0 && this.journal === null) {
      const { doubles } = this;
      for (let i = a >>> 3; i < (a + size) >>> 3; i++) doubles[i] = 0;
      return;
    }
    if (size <= SHORT && ((a | size) & 3) === 0) {
      for (let i = 0; i < size; i += 4) this.store32(a + i, 0);
    } else {
      this.#clearBytes(a, size);
    }
  }

  /**
   * Runs `write`, which may write the `size` bytes at `a` directly, and tells the journal what has changed. Whoever
   * writes to {@link bytes} goes through here.
   */
  change(a: Address, size: number, write: () => void): void {
    const { journal } = this;
    if (journal === null) {
      write();
      return;
    }
    const first = a >>> 2;
    const before = this.words.slice(first, (a + size + 3) >>> 2);
    write();
    for (let i = 0; i < before.length; i++) {
      const difference = (before[i] as number) ^ (this.words[first + i] as number);
      if (difference !== 0) journal.changed(first + i, difference);
    }
  }

  // Closures are made in methods of their own: V8 would make room for what they capture on every call.
  #clearBytes(a: Address, size: number): void {
    this.change(a, size, () => this.bytes.fill(0, a, a + size));
  }

  #copyBytes(to: Address, from: Address, size: number): void {
    this.change(to, size, () => this.bytes.copyWithin(to, from, from + size));
  }

  #noteByte(a: Address, value: number): void {
    const shift = (a & 3) << 3;
    this.journal?.changed(a >>> 2, (((this.bytes[a] as number) ^ value) & 0xff) << shift);
  }

  /** The address held by the pointer at `a`. */
  loadPointer(a: Address): Address {
    return this.load32(a);
  }

  /** Writes a pointer: 8 bytes, as {@link pointerHigh} explains. */
  storePointer(a: Address, pointer: Address): void {
    this.store32(a, pointer);
    this.store32(a + 4, pointer === 0 ? 0 : pointerHigh);
  }
}

/** Makes a memory so many bytes long, rounded up to its pages; returns whether the platform gives them. */
function grow(memory: GrowingBuffer, size: number): boolean {
  try {
    memory.grow(Math.ceil((size - memory.buffer.byteLength) / WASM_PAGE));
    return true;
  } catch {
    return false;
  }
}

/**
 * The high word of every non-nil pointer. Go on linux/amd64 puts its heap at 0xc000000000, so offset 0x1040 of
 * our memory is Go's address 0xc000001040, and a pointer in a bucket has the bytes that Go's would have.
 */
export const pointerHigh = 0xc0;

/** An address as Go prints it with `%p`: `0xc000001040`, or `nil`. */
export function formatAddress(a: Address): string {
  return a === 0 ? "nil" : `0xc0${a.toString(16).padStart(8, "0")}`;
}
