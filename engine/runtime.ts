import type { Drawing } from "./diagram/drawing.ts";
import { MemStats } from "./diagram/heapgauge.ts";
import { typeDrawing } from "./diagram/typelayout.ts";
import { fastPath } from "./fast/fastpath.ts";
import { GoMap } from "./gomap.ts";
import { newMap } from "./intelems.ts";
import { GoPanic } from "./map/errors.ts";
import { Machine } from "./map/machine.ts";
import { makemap, makemapSmall, makemapStack } from "./map/make.ts";
import { Operation } from "./map/recorder.ts";
import { noPointers } from "./memory/layout.ts";
import type { Address } from "./memory/memory.ts";
import { type RandomSource, SeededRandom } from "./memory/random.ts";
import { record } from "./trace/record.ts";
import type { Recording } from "./trace/recording.ts";
import type { GoType } from "./types/gotype.ts";
import type { ElemName, GoValue, KeyName } from "./types/infer.ts";
import { Dynamic } from "./types/interface.ts";
import { TypeTable } from "./types/parse.ts";
import { Pointer, Slice } from "./types/reference.ts";
import { typeSnapshot } from "./typesnapshot.ts";

/** How to start a {@link Runtime}. */
export interface RuntimeOptions {
  /** Any safe integer: everything random follows from it, so a run can be repeated. A fresh one by default. */
  seed?: number;
  /** Where random numbers come from instead: a recording's draws, say. The hash key is drawn first. */
  random?: RandomSource;
  /** Whether the collector runs by itself whenever the heap has doubled, as with GOGC=100. On by default. */
  collecting?: boolean;
  /**
   * Whether the commonest operations are done by the engine's WebAssembly when nobody watches them, or always by the
   * TypeScript of engine/map. Both do the same; the first is several times as fast, and the default.
   */
  fast?: boolean;
}

/** How to make a map. */
export interface MakeOptions {
  /** For how many entries to make room. */
  hint?: number;
  /** Whether the map escapes to the heap, as one does that is returned or stored. On by default. */
  escapes?: boolean;
}

/** A map of the type that a string names. */
export type MapOf<Name extends string> = GoMap<GoValue<KeyName<Name>>, GoValue<ElemName<Name>>>;

/**
 * One Go process, as far as maps are concerned: its memory, its allocator and collector, its random source, its
 * hash key, its types. Maps are made by it and live in its memory.
 *
 *     const go = new Runtime({ seed: 1 });
 *     const m = go.make("map[string]int", 10);
 */
export class Runtime {
  /** The seed that everything random in this runtime follows from; undefined with a random source of one's own. */
  readonly seed: number | undefined;
  readonly #machine: Machine;
  readonly #types = new TypeTable();

  /** @throws RangeError when the seed is not a safe integer */
  constructor(options: RuntimeOptions = {}) {
    this.seed = options.random === undefined ? (options.seed ?? freshSeed()) : undefined;
    if (this.seed !== undefined && !Number.isSafeInteger(this.seed)) {
      throw new RangeError(`seed must be a whole number, not ${String(this.seed)}`);
    }
    this.#machine = new Machine(options.random ?? new SeededRandom(this.seed as number));
    this.#machine.collecting = options.collecting ?? true;
    if (options.fast !== false) this.#machine.fastPath = fastPath(this.#machine);
  }

  /**
   * Go's `make(map[K]V)` and `make(map[K]V, hint)`. A channel type makes a channel, which can only be stored.
   *
   * @param type a map type as Go writes it; TypeScript takes the types of keys and elems from it
   * @param hint for how many entries to make room. Without one no bucket is made before the first assign.
   * @throws TypeError when the type is not a map type, or the hint is not a whole number
   */
  make<Name extends string>(type: Name, hint?: number | MakeOptions): MapOf<Name> {
    const options: MakeOptions = typeof hint === "object" ? hint : hint === undefined ? {} : { hint };
    if (options.hint !== undefined && !Number.isInteger(options.hint)) {
      throw new TypeError(`the hint must be a whole number, not ${String(options.hint)}`);
    }
    const t = this.#types.parseMap(type);
    const go = this.#machine;
    go.recorder?.begun(Operation.make, t, 0, undefined, options.hint);
    go.collectIfDue();
    if (options.escapes === false) return newMap(go, t, makemapStack(go, t, options.hint ?? 0));
    const h = options.hint === undefined ? makemapSmall(go) : makemap(go, t, options.hint);
    go.hold(h);
    return newMap(go, t, h);
  }

  /** `var m map[K]V`: a nil map, which can be read but not written. */
  nil<Name extends string>(type: Name): MapOf<Name> {
    return new GoMap(this.#machine, this.#types.parseMap(type), 0);
  }

  /** A map literal, `map[K]V{k: v, ...}`: made with room for its entries, which are then assigned in order. */
  literal<Name extends string>(
    type: Name,
    entries: readonly (readonly [key: GoValue<KeyName<Name>>, elem: GoValue<ElemName<Name>>])[],
  ): MapOf<Name> {
    const m = this.make(type, entries.length);
    for (const [key, elem] of entries) m.set(key, elem);
    return m;
  }

  /**
   * Go's `new(T)`: a pointer to a fresh variable. The variable lives as long as something in memory points to it;
   * until the pointer is stored somewhere, this program holds it.
   */
  new<Name extends string>(type: Name, value?: GoValue<Name>): Pointer<GoValue<Name>> {
    const t = this.#types.parse(type);
    const go = this.#machine;
    go.collectIfDue();
    const address = go.heap.allocate(t.size, t.layout);
    go.hold(address);
    const pointer = new Pointer(go, t, address);
    if (value !== undefined) pointer.set(value);
    return pointer as Pointer<GoValue<Name>>;
  }

  /** A slice literal, `[]T{values...}`. Held like {@link new}. */
  slice<Name extends string>(elem: Name, values: readonly GoValue<Name>[] = []): Slice<GoValue<Name>> {
    const t = this.#types.parse(elem);
    const go = this.#machine;
    const check: (value: unknown, go: Machine) => void = t.check;
    for (const value of values) check(value, go);
    go.collectIfDue();
    const address = go.heap.allocate(values.length * t.size, t.layout);
    go.hold(address);
    for (const [i, value] of values.entries()) t.store(go, address + i * t.size, value, go.heap);
    return new Slice(go, t, address, values.length, values.length) as Slice<GoValue<Name>>;
  }

  /** A channel, which can only be stored in a map or used as a key. */
  chan(type: string): { readonly type: string } {
    const t = this.#types.parse(type);
    if (t.kind !== "chan")
      throw new TypeError(`${JSON.stringify(type)} is not a channel type; write one as chan int`);
    const address = this.#machine.heap.allocate(96, noPointers);
    this.#machine.hold(address);
    const channel = { type: t.name };
    this.#machine.handles.set(address, channel);
    return channel;
  }

  /**
   * How a map type lays out its buckets, drawn.
   *
   * @throws TypeError when the type is not a map type
   */
  layout(type: string): Drawing {
    return typeDrawing(typeSnapshot(this.#types.parseMap(type)));
  }

  /** A value with its Go type, for an interface: `go.value("int64", 1n)` is Go's `any(int64(1))`. */
  value<Name extends string>(type: Name, value: GoValue<Name>): Dynamic<GoValue<Name>> {
    const t = this.#types.parse(type);
    const check: (value: unknown) => void = t.check;
    check(value);
    return new Dynamic(t, value) as Dynamic<GoValue<Name>>;
  }

  /** Bytes of all objects in the heap, each as big as Go's allocator makes it: `MemStats.HeapAlloc`. */
  get heapAlloc(): number {
    return this.#machine.heap.heapAlloc;
  }

  /** Collections so far: `MemStats.NumGC`. */
  get collections(): number {
    return this.#machine.heap.collections;
  }

  /** Memory statistics as they are now, and drawn: of Go's `runtime.MemStats` what this heap has. */
  memStats(): MemStats {
    const { heapAlloc, nextGC, collections } = this.#machine.heap;
    return new MemStats({ heapAlloc, nextGC, numGC: collections });
  }

  /** Go's `runtime.GC()`: frees what no map, iterator, pointer or handle reaches. */
  gc(): void {
    this.#machine.recorder?.begun(Operation.gc, null, 0);
    this.#machine.collect();
  }

  /**
   * Runs a program and records every step of its map operations, and all that they change in memory. The recording can
   * be gone through forwards and backwards; the maps are as the program left them.
   *
   *     const r = go.record(() => m.set(1, 10));
   *     r.seek(1); // after the first step
   *     r.sentence;
   *
   * A panic or fatal error of Go ends the program, and is the recording's `error`.
   *
   * @throws Error when a recording is under way already
   * @throws TypeError when the program is an async function
   */
  record(program: () => unknown): Recording {
    return record(this.#machine, program);
  }

  /**
   * Runs `other` in the middle of each write that `write` makes, when the map is marked as being written: as a
   * second goroutine would at the wrong moment. Go's checks then meet what they are made for.
   *
   * @throws GoFatalError what the operation of `other` meets: "concurrent map writes", say
   */
  during(write: () => void, other: () => void): void {
    const go = this.#machine;
    go.insideWrite = () => {
      go.insideWrite = null;
      other();
    };
    try {
      write();
    } finally {
      go.insideWrite = null;
    }
  }

  /** Raw memory. */
  get unsafe(): UnsafeMemory {
    const go = this.#machine;
    const types = this.#types;
    return {
      load: (type, address) => {
        const t = types.parse(type);
        checkPlace(go, t, address);
        return t.load(go, address) as never;
      },
      store: (type, address, value) => {
        const t = types.parse(type);
        const check: (value: unknown, go: Machine) => void = t.check;
        check(value, go);
        checkPlace(go, t, address);
        go.recorder?.begun(Operation.store, null, 0);
        go.writes++;
        go.texts.forget();
        go.fastPath?.distrustKeyCopies();
        t.store(go, address, value, go.heap);
      },
      bytes: (address, size) => go.memory.bytes.slice(address, address + size),
    };
  }
}

/**
 * {@link Runtime.unsafe}: memory read and written at any address, as Go's package unsafe allows. At nil that panics as in
 * Go; a RangeError says that there is no memory, or that a value of the type cannot begin there.
 */
export interface UnsafeMemory {
  load<Name extends string>(type: Name, address: Address): GoValue<Name>;
  store<Name extends string>(type: Name, address: Address, value: GoValue<Name>): void;
  /** A copy of `size` bytes. */
  bytes(address: Address, size: number): Uint8Array;
}

/**
 * Refuses an address where no value of the type can be.
 *
 * @throws GoPanic at nil; RangeError where there is no memory, or where the type's values cannot begin
 */
function checkPlace(go: Machine, type: GoType, address: Address): void {
  if (address === 0) throw new GoPanic("runtime error: invalid memory address or nil pointer dereference");
  if (!Number.isInteger(address) || address < 0 || address + type.size > go.memory.size) {
    throw new RangeError(`there is no memory for a value of type ${type.name} at ${address}`);
  }
  if (address % type.align !== 0) {
    throw new RangeError(
      `a value of type ${type.name} begins at a multiple of ${type.align}, not at ${address}`,
    );
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
