import { SLOW } from "./fast/operations.ts";
import { GoMap } from "./gomap.ts";
import { hasIntKeys, hasStringKeys, IntKeys, StringKeys } from "./keys.ts";
import { FREED } from "./map/handles.ts";
import type { Machine } from "./map/machine.ts";
import type { Address } from "./memory/memory.ts";
import { int } from "./types/basic.ts";
import type { MapType } from "./types/maptype.ts";

// Maps whose elems are ints can be read and written with one call of the fast path, which does all at once. Each type
// of keys has a class of its own, with its own methods, for V8's sake: it compiles a method for everything that has
// ever come there, and one `get` for all would box the numbers that it gives as soon as a program has two types of maps.

/** A map of this type at this address. */
export function newMap<K, V>(go: Machine, t: MapType, h: Address): GoMap<K, V> {
  if (h !== 0 && go.fastPath !== null && (t.elem as unknown) === int) {
    if (hasIntKeys(t)) return new IntIntMap(go, t, h) as unknown as GoMap<K, V>;
    if (hasStringKeys(t)) return new StringIntMap(go, t, h) as unknown as GoMap<K, V>;
  }
  return new GoMap(go, t, h);
}

/** `map[int]int`. What the fast path leaves alone, a map that somebody watches and a key that is none, is the base's. */
class IntIntMap extends GoMap<number, number> {
  static override readonly name = GoMap.name;
  readonly #go: Machine;
  readonly #type: number;
  /** 0 once the collector has freed the map. */
  #h: Address;

  constructor(go: Machine, t: MapType, h: Address) {
    const keys = new IntKeys(go, t, h);
    super(go, t, h, keys);
    this.#go = go;
    this.#type = keys.type;
    this.#h = h;
  }

  override get(key: number): number {
    const { fast } = this.#go;
    if (fast !== null && this.#h !== 0 && typeof key === "number") {
      const value = fast.getInt(this.#type, this.#h, key);
      if (!Number.isNaN(value)) return value;
    }
    return super.get(key);
  }

  override set(key: number, value: number): void {
    const go = this.#go;
    const { fast } = go;
    if (fast !== null && this.#h !== 0 && typeof key === "number") {
      int.check(value);
      go.collectIfDue();
      go.writes++;
      if (fast.setInt(this.#type, this.#h, key, value) !== SLOW) return;
    }
    super.set(key, value);
  }

  override [FREED](): void {
    super[FREED]();
    this.#h = 0;
  }
}

/** `map[string]int`, likewise. */
class StringIntMap extends GoMap<string, number> {
  static override readonly name = GoMap.name;
  readonly #go: Machine;
  readonly #type: number;
  /** 0 once the collector has freed the map. */
  #h: Address;

  constructor(go: Machine, t: MapType, h: Address) {
    const keys = new StringKeys(go, t, h);
    super(go, t, h, keys);
    this.#go = go;
    this.#type = keys.type;
    this.#h = h;
  }

  override get(key: string): number {
    const { fast } = this.#go;
    if (fast !== null && this.#h !== 0 && typeof key === "string") {
      const value = fast.getString(this.#type, this.#h, key);
      if (!Number.isNaN(value)) return value;
    }
    return super.get(key);
  }

  override set(key: string, value: number): void {
    const go = this.#go;
    const { fast } = go;
    if (fast !== null && this.#h !== 0 && typeof key === "string") {
      int.check(value);
      go.collectIfDue();
      go.writes++;
      if (fast.setString(this.#type, this.#h, key, value) !== SLOW) return;
    }
    super.set(key, value);
  }

  override [FREED](): void {
    super[FREED]();
    this.#h = 0;
  }
}
