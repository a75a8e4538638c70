import { type KeyLists, type Kind, OPERATIONS, type Operation, type Timings } from "./workload.ts";

/** A map under test: ours, or JavaScript's. They have these methods in common. */
export interface TestedMap {
  set(key: unknown, value: number): unknown;
  get(key: unknown): number | undefined;
  has(key: unknown): boolean;
  delete(key: unknown): unknown;
  [Symbol.iterator](): Iterator<[unknown, number]>;
}

type Loop = (m: TestedMap, keys: readonly unknown[]) => number;

/** The timed loops. Each returns a number that depends on everything it did, so that nothing can be left out. */
const LOOPS: Readonly<Record<Operation, string>> = {
  insert: "for (let i = 0; i < keys.length; i++) m.set(keys[i], i); return keys.length;",
  hit: "let sum = 0; for (let i = 0; i < keys.length; i++) sum += m.get(keys[i]); return sum;",
  miss: "let found = 0; for (let i = 0; i < keys.length; i++) if (m.has(keys[i])) found++; return found;",
  overwrite: "for (let i = 0; i < keys.length; i++) m.set(keys[i], i); return keys.length;",
  iterate:
    "let sum = 0; let last; for (const [key, value] of m) { sum += value; last = key; } return last === undefined ? -1 : sum;",
  delete: "for (let i = 0; i < keys.length; i++) m.delete(keys[i]); return keys.length;",
};

/** What the loops return for n entries. */
function expected(operation: Operation, n: number): number {
  if (operation === "miss") return 0;
  return operation === "hit" || operation === "iterate" ? (n * (n - 1)) / 2 : n;
}

/** Drives maps of one implementation and kind through the operations, and times them. */
export class Driver {
  readonly #loops: Readonly<Record<Operation, Loop>>;
  readonly #name: string;

  /** @param name of the implementation */
  constructor(name: string, kind: Kind) {
    this.#name = `${name}, ${kind}`;
    // V8 shares what it learns between functions of equal text: the comment makes each text unique, or the calls
    // in one loop would be slower for what another one's maps are.
    const loop = (operation: Operation) =>
      new Function("m", "keys", `/* ${name} ${kind} ${operation} */ ${LOOPS[operation]}`) as Loop;
    this.#loops = Object.fromEntries(
      OPERATIONS.map((operation) => [operation, loop(operation)]),
    ) as unknown as Record<Operation, Loop>;
  }

  /** Fills an empty map, untimed. */
  insert(m: TestedMap, keys: readonly unknown[]): void {
    this.#loops.insert(m, keys);
  }

  /**
   * Does everything once on an empty map, which is empty again afterwards.
   *
   * @throws Error when the map gives wrong answers
   */
  time(m: TestedMap, keys: KeyLists): Timings {
    const n = keys.insert.length;
    const nanoseconds = {} as Record<Operation, number>;
    for (const operation of OPERATIONS) {
      const loop = this.#loops[operation];
      const given = operation === "iterate" ? [] : keys[operation];
      const start = performance.now();
      const result = loop(m, given);
      nanoseconds[operation] = ((performance.now() - start) * 1e6) / n;
      if (result !== expected(operation, n)) {
        throw new Error(`${this.#name}: ${operation} of ${n} gave ${result}, not ${expected(operation, n)}`);
      }
    }
    for (const left of m) throw new Error(`${this.#name}: ${left} is still there after all was deleted`);
    return nanoseconds;
  }
}
