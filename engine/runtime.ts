import { GoMap } from "./gomap.ts";
import { Machine } from "./map/machine.ts";
import { makemap, makemapSmall } from "./map/make.ts";
import { SeededRandom } from "./memory/random.ts";
import type { ElemName, GoValue, KeyName } from "./types/infer.ts";
import type { MapType } from "./types/maptype.ts";
import { parseMapType } from "./types/parse.ts";

/** How to start a {@link Runtime}. */
export interface RuntimeOptions {
  /** Any safe integer: everything random follows from it, so a run can be repeated. A fresh one by default. */
  seed?: number;
}

/**
 * One Go process, as far as maps are concerned: its memory, its allocator, its random source, its hash key. Maps
 * are made by it and live in its memory.
 *
 *     const go = new Runtime({ seed: 1 });
 *     const m = go.make("map[string]int", 10);
 */
export class Runtime {
  /** The seed that everything random in this runtime follows from. */
  readonly seed: number;
  readonly #machine: Machine;
  readonly #types = new Map<string, MapType>();

  /** @throws RangeError when the seed is not a safe integer */
  constructor(options: RuntimeOptions = {}) {
    const seed = options.seed ?? freshSeed();
    if (!Number.isSafeInteger(seed)) throw new RangeError(`seed must be a whole number, not ${String(seed)}`);
    this.seed = seed;
    this.#machine = new Machine(new SeededRandom(seed));
  }

  /**
   * Go's `make(map[K]V)` and `make(map[K]V, hint)`.
   *
   * @param type a map type as Go writes it; TypeScript takes the types of keys and elems from it
   * @param hint for how many entries to make room. Without one no bucket is made before the first assign.
   * @throws TypeError when the type is not a map type, or not supported
   * @throws TypeError when the hint is not a whole number
   */
  make<Name extends string>(
    type: Name,
    hint?: number,
  ): GoMap<GoValue<KeyName<Name>>, GoValue<ElemName<Name>>> {
    const t = this.#mapType(type);
    if (hint === undefined) return new GoMap(this.#machine, t, makemapSmall(this.#machine));
    if (!Number.isInteger(hint)) throw new TypeError(`the hint must be a whole number, not ${String(hint)}`);
    return new GoMap(this.#machine, t, makemap(this.#machine, t, hint));
  }

  /** Bytes of all objects in the heap, each as big as Go's allocator makes it: `MemStats.HeapAlloc`. */
  get heapAlloc(): number {
    return this.#machine.heap.heapAlloc;
  }

  /** One MapType for each map type, shared by all its maps, as in Go. */
  #mapType(source: string): MapType {
    const known = this.#types.get(source);
    if (known !== undefined) return known;
    const parsed = parseMapType(source);
    const t = this.#types.get(parsed.name) ?? parsed;
    this.#types.set(source, t).set(t.name, t);
    return t;
  }
}

/** What this file needs of the platform's Web Crypto: present in every browser and in Node. */
interface Platform {
  crypto: { getRandomValues(words: Uint32Array): Uint32Array };
}

/** A seed from the platform: the one thing that the engine takes from outside, and only when none is given. */
function freshSeed(): number {
  const { crypto } = globalThis as unknown as Platform;
  return crypto.getRandomValues(new Uint32Array(1))[0] as number;
}
