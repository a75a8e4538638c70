import { Address } from "./hmap";

// What is rare is done by engine/map: the host gives these functions.

/** Begins a growth. */
export declare function hashGrow(t: u32, h: Address): void;

/** Gives the bucket at `b` an overflow bucket. */
export declare function newoverflow(t: u32, h: Address, b: Address): Address;

/** Writes a string to scratch memory. Where its bytes are; their number is in the word before them. */
export declare function writeText(s: externref): Address;

/** Memory for the bytes of a string key, `size` of them, that a map is to keep. */
export declare function keepText(size: u32, s: externref): Address;

/** Draws a new hash0. */
export declare function renewHash0(h: Address): void;

/** Throws what engine/map throws when a cell of an old bucket has a mark that it cannot have. */
export declare function badMapState(): void;
