import type { Heap } from "../memory/heap.ts";
import type { Address } from "../memory/memory.ts";
import type { CompositeType } from "../types/composite.ts";
import type { GoType } from "../types/gotype.ts";
import type { MapType } from "../types/maptype.ts";

/** Objects in the heap: where each begins, and its bytes. */
export type Objects = readonly (readonly [start: Address, size: number])[];

/** Objects that are looked for at most: with more, a recording is too big for most of its uses anyway. */
const MOST_OBJECTS = 100_000;

/** Finds what the maps of a recording had before it: with what the recording changes, that is all that drawing them needs. */
export class FormerObjects {
  readonly #heap: Heap;
  #objects: [start: Address, size: number][] | null = [];

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /** The objects; null when it is not known which they are. */
  get objects(): Objects | null {
    return this.#objects;
  }

  /** To be told of a map that was there before, as soon as an operation on it begins. */
  found(t: MapType, h: Address): void {
    this.made(t);
    if (this.#objects === null) return;
    const objects = this.#heap.reachable(h, MOST_OBJECTS);
    this.#objects = objects && this.#objects.concat(objects);
  }

  /** To be told of a map that is made. */
  made({ key, elem }: MapType): void {
    if (isReference(key) || isReference(elem)) this.#objects = null; // they may be to anything
  }
}

/** Whether values of a type are drawn with what they refer to, but for strings: theirs is theirs alone. */
function isReference(type: GoType): boolean {
  if (type.kind === "array" || type.kind === "struct") {
    return (type as CompositeType<unknown>).parts.some((part) => isReference(part.type));
  }
  return type.kind === "pointer" || type.kind === "slice" || type.kind === "interface";
}
