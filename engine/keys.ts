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
import { encodeAscii, encodeUtf8 } from "./types/utf8.ts";

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
    const size = this.write(key);
    const { fast } = this.go;
    const elem = fast === null ? SLOW : fast.accessStr(this.type, this.h, this.bytes, size);
    return elem === SLOW ? mapaccessFaststr(this.go, this.t, this.h, this.bytes, size) : elem;
  }

  /** JavaScript's strings have no address: the one that the map has already is the one that is meant. */
  override assign(key: string): Address {
    const { go, t, h } = this;
    const size = this.write(key);
    go.writes++;
    go.texts.offered = key;
    const { fast } = go;
    const elem = fast === null ? SLOW : fast.assignCopy(this.type, h, this.bytes, size);
    if (elem !== SLOW) return elem;
    let p = storedText(go, t, h, this.bytes, size);
    if (p === 0 && size > 0) {
      p = go.texts.keep(size);
      go.memory.copy(p, this.bytes, size);
    }
    return mapassignFaststr(go, t, h, p, size);
  }

  override delete(key: string): void {
    const size = this.write(key);
    const { fast } = this.go;
    this.go.writes++;
    if (fast !== null && fast.deleteStr(this.type, this.h, this.bytes, size) !== SLOW) return;
    mapdeleteFaststr(this.go, this.t, this.h, this.bytes, size);
  }

  /** Where {@link write} has put the last key's bytes. */
  bytes: Address = 0;

  /** Puts a key's bytes into scratch memory, with room for the longest form they can have. Returns their number. */
  write(key: string): number {
    if (typeof key !== "string") string.check(key); // which says why it is none
    const { memory, scratch } = this.go;
    this.bytes = scratch.renew(3 * key.length);
    if (memory.journal !== null) return this.#writeNoted(key); // a recording must be able to undo scratch memory too
    if (encodeAscii(key, memory.words, this.bytes)) return key.length;
    return encodeUtf8(key, memory.bytes, this.bytes) - this.bytes;
  }

  #writeNoted(key: string): number {
    const { memory } = this.go;
    let end = this.bytes;
    memory.change(this.bytes, 3 * key.length, () => {
      end = encodeUtf8(key, memory.bytes, this.bytes);
    });
    return end - this.bytes;
  }
}
