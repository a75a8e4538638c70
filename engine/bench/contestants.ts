import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Runtime } from "../index.ts";
import { Driver, type TestedMap } from "./drivers.ts";
import { type Keys, type Kind, OPERATIONS, type Operation, type Timings, type Workload } from "./workload.ts";

// hmap and V8's Map, in this process.

setFlagsFromString("--expose-gc");
// Each forced collection ages functions that are waiting for their turn, and V8 forgets what it knows of old ones.
setFlagsFromString("--no-flush-bytecode");
const gc = runInNewContext("gc") as () => void;

/** The Go type of a kind of keys. */
function mapType(kind: Kind): "map[int]int" | "map[string]int" {
  return kind === "int53" || kind === "small" ? "map[int]int" : "map[string]int";
}

/** An implementation that maps of one kind of keys are made with. */
export interface Contestant {
  readonly name: string;
  /** A new, empty map. */
  make(): TestedMap;
  /** Lets a map go. */
  drop(m: TestedMap): void;
  /** Collects what it can collect itself: JavaScript's garbage is V8's affair. */
  collect(): void;
  /** Bytes that maps take now, once all garbage is gone. */
  memory(): number;
}

// All kinds of keys share one, as they share main.go's process.
const runtime = new Runtime({ seed: 1 });

/** Ours, through its public interface. */
class Hmap implements Contestant {
  readonly name = "hmap";
  readonly #type: "map[int]int" | "map[string]int";
  // V8 throws away optimised code when a collection finds no object of a class left: one always stays.
  readonly #kept: unknown;

  constructor(kind: Kind) {
    this.#type = mapType(kind);
    const m = this.make();
    this.#kept = [m, m[Symbol.iterator]()];
  }

  make(): TestedMap {
    return runtime.make(this.#type) as unknown as TestedMap;
  }

  drop(m: TestedMap): void {
    (m as unknown as { release(): void }).release();
  }

  collect(): void {
    runtime.gc();
  }

  memory(): number {
    this.collect();
    return this.#kept === undefined ? 0 : runtime.heapAlloc;
  }
}

/** V8's own. */
class V8Map implements Contestant {
  readonly name = "V8 Map";
  readonly #kept = this.make();

  make(): TestedMap {
    return new Map() as unknown as TestedMap;
  }

  drop(): void {}

  collect(): void {}

  memory(): number {
    gc();
    return this.#kept === undefined ? 0 : process.memoryUsage().heapUsed;
  }
}

/** Times one contestant with one kind of keys. */
export class Match {
  readonly contestant: Contestant;
  readonly kind: Kind;
  readonly #driver: Driver;

  constructor(contestant: Contestant, kind: Kind) {
    this.contestant = contestant;
    this.kind = kind;
    this.#driver = new Driver(contestant.name, kind);
  }

  /** Times `passes` maps one after another; the mean of each operation. */
  time(workload: Workload, passes: number): Timings {
    const sums = Object.fromEntries(OPERATIONS.map((operation) => [operation, 0])) as Record<
      Operation,
      number
    >;
    gc();
    // V8 goes on sweeping in other threads. As main.go does, a map is filled before the clock runs.
    const first = this.contestant.make();
    this.#driver.insert(first, workload.insertions());
    this.contestant.drop(first);
    this.contestant.collect();
    for (let pass = 0; pass < passes; pass++) {
      const keys = workload.lists();
      const m = this.contestant.make();
      const timings = this.#driver.time(m, keys);
      for (const operation of OPERATIONS) sums[operation] += timings[operation] / passes;
      this.contestant.drop(m);
    }
    return sums;
  }

  /** Bytes per entry of a map with n entries, its keys included, inserted one by one. */
  bytesPerEntry(keys: Keys): number {
    const m = this.contestant.make();
    const before = this.contestant.memory();
    for (let i = 0; i < keys.n; i++) m.set(keys.key(i), i);
    const bytes = (this.contestant.memory() - before) / keys.n;
    if (m.get(keys.key(0)) !== 0) throw new Error(`${this.contestant.name} has lost its first entry`);
    this.contestant.drop(m);
    return bytes;
  }
}

/** hmap and V8's Map for one kind of keys. */
export function matchesOf(kind: Kind): Match[] {
  return [new Hmap(kind), new V8Map()].map((contestant) => new Match(contestant, kind));
}
