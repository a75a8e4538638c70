import { SLOW } from "./fast/operations.ts";
import { mapaccessFast64, mapaccessFaststr, storedText } from "./map/access.ts";
import { mapassignFast64, mapassignFaststr } from "./map/assign.ts";
import { mapdeleteFast64, mapdeleteFaststr } from "./map/delete.ts";
import { accessKey, assignKey, deleteKey } from "./map/dispatch.ts";
import { HMAP } from "./map/hmap.ts";
import type { Machine } from "./map/machine.ts";
import type { Address } from "./memory/memory.ts";
import { highWord, int, lowWord } from "./types/basic.ts";
import type { Space } from "./types/gotype.ts";
import type { MapType } from "./types/maptype.ts";
import { string } from "./types/string.ts";

/**
 * A map's operations on JavaScript keys: the calls that the compiler makes of `m[k]`, `m[k] = v` and
 * `delete(m, k)`, with the key put where they want it. Addresses are of elems; 0 is "absent".
 */
export interface KeyOperations {
  access(key: unknown): Address;
  assign(key: unknown): Address;
  delete(key: unknown): void;
  /** Leaves the key's hash in `go.hasher`. */
  hash(key: unknown): void;
}

/** The operations for a map of this type at this address. */
export function keyOperations(go: Machine, t: MapType, h: Address): KeyOperations {
  if (hasIntKeys(t)) return new IntKeys(go, t, h);
  if (hasStringKeys(t)) return new StringKeys(go, t, h);
  return new KeysInMemory(go, t, h);
}

/** Whether the keys are ints, and of the variant that has its own code for them. */
export function hasIntKeys(t: MapType): boolean {
  return (t.key as unknown) === int && t.variant === "fast64";
}

/** Whether the keys are strings, and of the variant that has its own code for them. */
export function hasStringKeys(t: MapType): boolean {
  return (t.key as unknown) === string && t.variant === "faststr";
}

/** What is left when the collector has freed the map: each operation throws an Error that says so. */
export const freedKeys: KeyOperations = {
  access: refuse,
  assign: refuse,
  delete: refuse,
  hash: refuse,
};

function refuse(): never {
  throw freed();
}

/** What a map says whose memory is not its own any more. */
export function freed(): Error {
  return new Error(
    "the collector has freed this map: it was released, and nothing pointed to it; call release() when you are done with a map",
  );
}

/** Keys of any type: written to memory first. */
class KeysInMemory implements KeyOperations {
  protected readonly go: Machine;
  protected readonly t: MapType;
  protected readonly h: Address;

  constructor(go: Machine, t: MapType, h: Address) {
    this.go = go;
    this.t = t;
    this.h = h;
  }

  access(key: unknown): Address {
    return accessKey(this.go, this.t, this.h, this.#write(key, this.go.scratch));
  }

  assign(key: unknown): Address {
    this.go.writes++;
    return assignKey(this.go, this.t, this.h, this.#write(key, this.go.heap));
  }

  delete(key: unknown): void {
    this.go.writes++;
    deleteKey(this.go, this.t, this.h, this.#write(key, this.go.scratch));
  }

  hash(key: unknown): void {
    const seed = this.go.memory.load32(this.h + HMAP.hash0);
    this.t.key.hash(this.go, this.#write(key, this.go.scratch), 0, seed);
  }

  /** Puts a key into scratch memory, and what it points to into `space`. Returns its address. */
  #write(key: unknown, space: Space): Address {
    const { go, t } = this;
    const check: (value: unknown, go: Machine) => void = t.key.check;
    check(key, go);
    go.scratch.reset();
    const a = go.scratch.allocate(t.key.size);
    go.memory.clear(a, t.key.size); // padding and blank fields too
    t.key.store(go, a, key, space);
    return a;
  }
}

/** `map[int]...`, the commonest: a number becomes two words without going through memory. */
export class IntKeys extends KeysInMemory {
  readonly type = this.go.fastPath?.typeNumber(this.t) ?? 0;

  override access(key: number): Address {
    const { fast } = this.go;
    if (fast !== null && typeof key === "number") {
      const elem = fast.accessInt(this.type, this.h, key);
      if (elem !== SLOW) return elem;
    }
    int.check(key);
    return mapaccessFast64(this.go, this.t, this.h, highWord(key), lowWord(key));
  }

  override assign(key: number): Address {
    const { fast } = this.go;
    this.go.writes++;
    if (fast !== null && typeof key === "number") {
      const elem = fast.assignInt(this.type, this.h, key);
      if (elem !== SLOW) return elem;
    }
    int.check(key);
    return mapassignFast64(this.go, this.t, this.h, highWord(key), lowWord(key));
  }

  override delete(key: number): void {
    const { fast } = this.go;
    this.go.writes++;
    if (fast !== null && typeof key === "number" && fast.deleteInt(this.type, this.h, key) !== SLOW) return;
    int.check(key);
    mapdeleteFast64(this.go, this.t, this.h, highWord(key), lowWord(key));
  }
}

/** `map[string]...`: only the bytes are written, not the string's pointer and length. */
export class StringKeys extends KeysInMemory {
  readonly type = this.go.fastPath?.typeNumber(this.t) ?? 0;

  override access(key: string): Address {
    const { go } = this;
    const { fast } = go;
    if (fast !== null && typeof key === "string") {
      const elem = fast.accessString(this.type, this.h, key);
      if (elem !== SLOW) return elem;
    }
    const size = this.#write(key);
    return mapaccessFaststr(go, this.t, this.h, go.texts.written, size);
  }

  /** JavaScript's strings have no address: the one that the map has already is the one that is meant. */
  override assign(key: string): Address {
    const { go, t, h } = this;
    const { fast } = go;
    go.writes++;
    if (fast !== null && typeof key === "string") {
      const elem = fast.assignString(this.type, h, key);
      if (elem !== SLOW) return elem;
    }
    const size = this.#write(key);
    const { written } = go.texts;
    let p = storedText(go, t, h, written, size);
    if (p === 0 && size > 0) {
      p = go.texts.keep(size, key);
      go.memory.copy(p, written, size);
    }
    return mapassignFaststr(go, t, h, p, size);
  }

  override delete(key: string): void {
    const { go } = this;
    const { fast } = go;
    go.writes++;
    if (fast !== null && typeof key === "string" && fast.deleteString(this.type, this.h, key) !== SLOW) {
      return;
    }
    const size = this.#write(key);
    mapdeleteFaststr(go, this.t, this.h, go.texts.written, size);
  }

  #write(key: string): number {
    if (typeof key !== "string") string.check(key); // which says why it is none
    return this.go.texts.write(key);
  }
}
