// What the benchmark does to every map, in Go too (main.go has the same): keys by number, and the orders they come in.

/** Kinds of keys; `hashed` and `fresh` are strings. */
export const KINDS = ["int53", "small", "hashed", "fresh"] as const;
export type Kind = (typeof KINDS)[number];

/** What is timed, in this order, on one map after another. */
export const OPERATIONS = ["insert", "hit", "miss", "overwrite", "iterate", "delete"] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Nanoseconds per operation. */
export type Timings = Readonly<Record<Operation, number>>;

/** How each kind is called in the report. */
export const KIND_TITLES: Readonly<Record<Kind, string>> = {
  int53: "map[int]int, keys up to 2^53",
  small: "map[int]int, keys below 2^30 (small integers: V8 does not box them)",
  hashed: "map[string]int, strings that have been hashed before (V8 keeps a string's hash in the string)",
  fresh: "map[string]int, strings made just before each operation, as a program that reads input has them",
};

const MASK30 = 2 ** 30 - 1;

/** A bijection of the numbers below 2^30 that leaves no order. */
function mix30(i: number): number {
  let x = i ^ (i >>> 15);
  x = Math.imul(x, 0x2c1b3c6d) & MASK30;
  x ^= x >>> 12;
  x = Math.imul(x, 0x297a2d39) & MASK30;
  return x ^ (x >>> 15);
}

/** Key number i of a kind of integers. */
function intKey(kind: "int53" | "small", i: number): number {
  const high = mix30(i);
  return kind === "small" ? high : high * 2 ** 23 + (mix30(i + 2 ** 29) & (2 ** 23 - 1));
}

/** The numbers 0 to n - 1, shuffled. */
function shuffled(n: number, seed: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  let state = seed;
  for (let i = n - 1; i > 0; i--) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    const j = Math.floor((((t ^ (t >>> 14)) >>> 0) * (i + 1)) / 2 ** 32);
    const swap = order[i] as number;
    order[i] = order[j] as number;
    order[j] = swap;
  }
  return order;
}

/** The keys of each operation but `iterate`, in its order, made before the clock runs. */
export type KeyLists = Readonly<Record<Exclude<Operation, "iterate">, readonly unknown[]>>;

/** The keys of one kind, by number: for n entries, those below n are inserted, those from n to 2n - 1 are not. */
export class Keys {
  readonly kind: Kind;
  readonly n: number;
  /** The bytes of all string keys, and where each begins. */
  readonly #text: Buffer;
  readonly #starts: Int32Array;

  constructor(kind: Kind, n: number) {
    this.kind = kind;
    this.n = n;
    const isString = kind === "hashed" || kind === "fresh";
    const words = isString ? Array.from({ length: 2 * n }, (_, i) => `key:${mix30(i)}`) : [];
    this.#text = Buffer.from(words.join(""), "latin1");
    this.#starts = new Int32Array(words.length + 1);
    for (const [i, word] of words.entries()) this.#starts[i + 1] = (this.#starts[i] as number) + word.length;
  }

  /** Key number i. A string is made anew each time. */
  key(i: number): number | string {
    if (this.kind === "int53" || this.kind === "small") return intKey(this.kind, i);
    // A string cut out of a buffer is flat and has not been hashed; one put together with + may be a rope.
    return this.#text.toString("latin1", this.#starts[i], this.#starts[i + 1]);
  }
}

/** The keys of one kind for one number of entries, in the order of each operation. */
export class Workload {
  readonly kind: Kind;
  readonly n: number;
  readonly #keys: Keys;
  readonly #hits: Int32Array;
  readonly #overwrites: Int32Array;
  readonly #deletes: Int32Array;
  readonly #same: KeyLists | undefined;

  constructor(kind: Kind, n: number) {
    this.kind = kind;
    this.n = n;
    this.#keys = new Keys(kind, n);
    this.#hits = shuffled(n, 1);
    this.#overwrites = shuffled(n, 2);
    this.#deletes = shuffled(n, 3);
    if (kind === "fresh") return;
    const keys = Array.from({ length: 2 * n }, (_, i) => this.#keys.key(i));
    new Set(keys); // hashes strings
    this.#same = this.#lists((i) => keys[i]);
  }

  /** The keys for one map: the same values every time, and fresh strings if that is the kind. */
  lists(): KeyLists {
    return this.#same ?? this.#lists((i) => this.#keys.key(i));
  }

  /** The keys of `insert` alone, likewise. */
  insertions(): readonly unknown[] {
    return this.#same?.insert ?? this.#insertions((i) => this.#keys.key(i));
  }

  #insertions(key: (i: number) => unknown): unknown[] {
    return Array.from({ length: this.n }, (_, i) => key(i));
  }

  #lists(key: (i: number) => unknown): KeyLists {
    const { n } = this;
    const inOrder = (order: Int32Array) => Array.from(order, (i) => key(i));
    return {
      insert: this.#insertions(key),
      hit: inOrder(this.#hits),
      miss: Array.from({ length: n }, (_, i) => key(n + i)),
      overwrite: inOrder(this.#overwrites),
      delete: inOrder(this.#deletes),
    };
  }
}
