/**
 * Where the pointers are in a piece of memory: the same offsets again and again, a period apart. Offsets and period
 * are bytes, multiples of 8. Go keeps this as a type's GCData; the collector looks nowhere else.
 */
export interface Layout {
  readonly period: number;
  readonly offsets: readonly number[];
}

/** Memory without pointers: the collector does not look into it. */
export const noPointers: Layout = { period: 8, offsets: [] };

/** Memory in which every word is a pointer, or may be taken for one. */
export const allPointers: Layout = { period: 8, offsets: [0] };

/** The pointers of a stretch of memory laid out by `layout`, `size` bytes long, that begins at `start`. */
export function pointerOffsets({ period, offsets }: Layout, start: number, size: number): number[] {
  const found: number[] = [];
  if (offsets.length > 0) {
    for (let at = 0; at < size; at += period) found.push(...offsets.map((offset) => start + at + offset));
  }
  return found;
}
