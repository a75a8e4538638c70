import type { Address } from "../memory/memory.ts";
import type { MapType } from "../types/maptype.ts";

/** What an operation of the fast path gives when it has done nothing and leaves everything to engine/map. */
export const SLOW = -1;

/**
 * The operations that programs do by the million (access, assign, delete and the step of an iterator, of the
 * variants fast32, fast64 and faststr) once more, in WebAssembly, on the same memory. What they do is what the
 * functions of engine/map do, byte for byte; every recording is replayed with both. They tell nobody of what they
 * do, so a machine that somebody watches does without them.
 *
 * What is rare they leave to engine/map: they call its functions for a growth, an overflow bucket and a new seed,
 * and give {@link SLOW} where there will be a panic, or a map's first bucket.
 *
 * Addresses that they give are of elems; 0 is "absent". A step of an iterator gives a number of entries, 0 at the end:
 * see `nextEntries` in engine/map/dispatch.ts.
 */
export interface FastPath {
  /** Does without the copies of keys from now on (engine/map/keycopies.ts): somebody may write keys unseen. */
  readonly distrustKeyCopies: () => void;
  /** The number that stands for a map type of one of the three variants: `t` below. */
  typeNumber(t: MapType): number;
  readonly access32: (t: number, h: Address, key: number) => Address;
  readonly assign32: (t: number, h: Address, key: number) => Address;
  readonly delete32: (t: number, h: Address, key: number) => Address;
  readonly next32: (t: number, it: Address, ahead: Address, most: number) => number;
  readonly access64: (t: number, h: Address, high: number, low: number) => Address;
  readonly assign64: (t: number, h: Address, high: number, low: number) => Address;
  readonly delete64: (t: number, h: Address, high: number, low: number) => Address;
  readonly next64: (t: number, it: Address, ahead: Address, most: number) => number;
  readonly accessStr: (t: number, h: Address, p: Address, size: number) => Address;
  readonly assignStr: (t: number, h: Address, p: Address, size: number) => Address;
  readonly deleteStr: (t: number, h: Address, p: Address, size: number) => Address;
  readonly nextStr: (t: number, it: Address, ahead: Address, most: number) => number;
  /** Makes an iterator stand on an entry that was noted. */
  readonly standOn: (it: Address, note: Address) => void;
  /** An int key as it is in JavaScript. What is no int is left to engine/map, which says so. */
  readonly accessInt: (t: number, h: Address, key: number) => Address;
  readonly assignInt: (t: number, h: Address, key: number) => Address;
  readonly deleteInt: (t: number, h: Address, key: number) => Address;
  /** `m[k]` and `m[k] = v` where elems are ints: the value, or NaN for {@link SLOW}. */
  readonly getInt: (t: number, h: Address, key: number) => number;
  readonly setInt: (t: number, h: Address, key: number, value: number) => Address;
  /**
   * A string key as it is in JavaScript: copied, by way of `go.texts`, when it is assigned and the map does not have it.
   * What is no string must not come here, since WebAssembly says nothing of use about it.
   */
  readonly accessString: (t: number, h: Address, key: string) => Address;
  readonly assignString: (t: number, h: Address, key: string) => Address;
  readonly deleteString: (t: number, h: Address, key: string) => Address;
  readonly getString: (t: number, h: Address, key: string) => number;
  readonly setString: (t: number, h: Address, key: string, value: number) => Address;
}
