/**
 * Go's size classes: runtime/sizeclasses.go and runtime/msize.go of Go 1.23. A small object is given the least
 * class that holds it; a large one gets whole pages.
 */

/** Bytes in a page of Go's heap. */
export const PAGE_SIZE = 8192;

/** The largest request that a size class serves; one with a type header must leave room for it. */
const MAX_SMALL_SIZE = 32_768;

/** Bytes of the type header in front of a small object that has pointers and is over 512 bytes (since Go 1.22). */
const HEADER_SIZE = 8;
const MIN_SIZE_FOR_HEADER = 512;

/** Bytes of each size class. */
export const CLASS_SIZES: readonly number[] = [
  8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352, 384, 416,
  448, 480, 512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072, 3200,
  3456, 4096, 4864, 5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10_240, 10_880, 12_288, 13_568, 14_336,
  16_384, 18_432, 19_072, 20_480, 21_760, 24_576, 27_264, 28_672, 32_768,
];

/** Pages of one span of each class: enough that little is left over at the span's end. */
export const CLASS_PAGES: readonly number[] = [
  1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1,
  2, 1, 2, 1, 3, 2, 3, 1, 3, 2, 3, 4, 5, 6, 1, 7, 6, 5, 4, 3, 5, 7, 2, 9, 7, 5, 8, 3, 10, 7, 4,
];

/** For each multiple of 8 bytes the class that holds it. */
const classOfEighth = new Uint8Array(MAX_SMALL_SIZE / 8 + 1);
for (let eighth = 1, index = 0; eighth < classOfEighth.length; eighth++) {
  if (eighth * 8 > (CLASS_SIZES[index] as number)) index++;
  classOfEighth[eighth] = index;
}

/** The index of the least size class of at least `size` bytes; `size` is 1 to 32768. */
export function sizeClass(size: number): number {
  return classOfEighth[(size + 7) >>> 3] as number;
}

/** Whether an object is small enough for a size class (mallocgc's test: a header must still fit). */
export function isSmall(size: number): boolean {
  return size <= MAX_SMALL_SIZE - HEADER_SIZE;
}

/** Bytes of type header in front of an object: 8 for small ones with pointers over 512 bytes, else 0. */
export function headerSize(size: number, noscan: boolean): number {
  return !noscan && size > MIN_SIZE_FOR_HEADER && isSmall(size) ? HEADER_SIZE : 0;
}

/**
 * The bytes that a request for `size` really gets to use: the `roundupsize` of runtime/msize.go, on which the
 * number of spare overflow buckets depends.
 *
 * @param noscan whether the memory holds no pointers
 */
export function roundupsize(size: number, noscan: boolean): number {
  if (!isSmall(size)) return Math.ceil(size / PAGE_SIZE) * PAGE_SIZE;
  if (size === 0) return 0;
  const header = headerSize(size, noscan);
  return (CLASS_SIZES[sizeClass(size + header)] as number) - header;
}

/** The bytes that a request for `size` takes from the heap: its size class, header included, or whole pages. */
export function occupiedSize(size: number, noscan: boolean): number {
  return roundupsize(size, noscan) + headerSize(size, noscan);
}
