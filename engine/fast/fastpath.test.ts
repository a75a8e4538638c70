import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type GoMap, Runtime } from "../index.ts";
import { Machine } from "../map/machine.ts";
import { makemapSmall } from "../map/make.ts";
import { SeededRandom } from "../memory/random.ts";
import { TypeTable } from "../types/parse.ts";
import { compile } from "./compile.ts";
import { fastPath } from "./fastpath.ts";
import { SLOW } from "./operations.ts";

test("code.ts is what the compiler makes of assembly/", { timeout: 60_000 }, async () => {
  const committed = readFileSync(fileURLToPath(new URL("code.ts", import.meta.url)), "utf8");
  expect(await compile(), "run `npm run fast`").toBe(committed);
});

test("the fast path does an operation itself, and leaves what will panic to engine/map", () => {
  const go = new Machine(new SeededRandom(1));
  go.fastPath = fastPath(go);
  const t = new TypeTable().parseMap("map[int]int");
  const h = makemapSmall(go);
  const fast = go.fast;
  if (fast === null) throw new Error("no WebAssembly here");
  const number = fast.typeNumber(t);
  expect(fast.assignInt(number, h, 1)).toBe(SLOW); // the first bucket
  expect(fast.assignInt(number, 0, 1)).toBe(SLOW); // a nil map
  expect(fast.accessInt(number, 0, 1)).toBe(0);
});

test("there is no fast path while somebody watches", () => {
  const go = new Machine(new SeededRandom(1));
  go.fastPath = fastPath(go);
  const { fast } = go;
  expect(fast).not.toBeNull();
  go.insideWrite = () => {};
  expect(go.fast).toBeNull();
  go.insideWrite = null;
  go.journal = { changed: () => {} };
  expect(go.fast).toBeNull();
  go.journal = null;
  go.recorder = {} as NonNullable<typeof go.recorder>;
  expect(go.fast).toBeNull();
  go.recorder = null;
  expect(go.fast).toBe(fast);
});

type Step = { do: "set" | "delete" | "get" | "op"; key: number } | { do: "clear" | "clone" | "range" | "gc" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant("set" as const), key: fc.nat(400) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom("delete" as const, "get" as const, "op" as const),
      key: fc.nat(400),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom("clear" as const, "clone" as const, "range" as const, "gc" as const),
    }),
  },
);

// One map type for each way that the fast path treats keys and elems.
const kinds: readonly { type: string; key: (n: number) => unknown; elem: (n: number) => unknown }[] = [
  { type: "map[int]int", key: (n) => (n - 200) * 2 ** 44, elem: (n) => -n },
  { type: "map[int64][128]byte", key: (n) => BigInt(n) << 54n, elem: (n) => new Uint8Array(128).fill(n) },
  { type: "map[uint]string", key: (n) => n, elem: (n) => `elem ${n}` },
  { type: "map[uint32]uint8", key: (n) => n * 10_000_000, elem: (n) => n % 256 },
  { type: "map[[4]byte]struct{}", key: (n) => [n & 255, n >> 8, 0, 1], elem: () => ({}) },
  { type: "map[string]int", key: (n) => "é".repeat(n % 37) + n, elem: (n) => n },
  { type: "map[string][3]string", key: (n) => "key ".repeat(n % 31) + n, elem: (n) => ["a", `b${n}`, ""] },
];

/** Where the heap begins. Before it are scratch memory and what range loops note. */
const HEAP = 3 * 8192;

test.each(kinds)(
  "a random program on a $type leaves the heap that it leaves without the fast path",
  (kind) => {
    const run = (steps: readonly Step[], seed: number, fast: boolean) => {
      const go = new Runtime({ seed, fast });
      let m = go.make(kind.type) as GoMap<unknown, unknown>;
      const seen: unknown[] = [];
      let n = 0;
      for (const s of steps) {
        n++;
        if (s.do === "set") m.set(kind.key(s.key), kind.elem(n));
        else if (s.do === "delete") m.delete(kind.key(s.key));
        else if (s.do === "get")
          seen.push(m.lookup(kind.key(s.key)), m.get(kind.key(s.key)), m.has(kind.key(s.key)));
        else if (s.do === "op") m.unsafe.mapassign(kind.key(s.key));
        else if (s.do === "clear") m.clear();
        else if (s.do === "clone") m = m.clone();
        else if (s.do === "gc") go.gc();
        else {
          const rest = 1 + (n % 170); // entries between writes
          for (const entry of m) {
            seen.push(entry);
            if (++n % rest !== 0) continue;
            m.set(kind.key(n % 400), kind.elem(n)); // grows while it is iterated
            m.delete(kind.key((n * 7) % 400));
            if (n % 50 === 0) break;
          }
        }
      }
      return { seen, memory: go.unsafe.bytes(HEAP, 2 ** 20) };
    };
    fc.assert(
      fc.property(fc.array(step, { maxLength: 700, size: "max" }), fc.maxSafeInteger(), (steps, seed) => {
        const fast = run(steps, seed, true);
        const slow = run(steps, seed, false);
        expect(fast.seen).toEqual(slow.seen);
        expect(Buffer.compare(fast.memory, slow.memory)).toBe(0);
      }),
      { numRuns: 25, seed: 1 },
    );
  },
);

test("keys that count up, in a map larger than the processor's caches, leave the heap that they leave without the fast path", () => {
  const run = (fast: boolean) => {
    const go = new Runtime({ seed: 1, fast });
    const m = go.make("map[int][128]byte");
    const count = 120_000; // 36 MB in 32,768 buckets
    for (let key = 0; key < count; key++) m.unsafe.mapassign(key);
    for (let key = 0; key < count; key += key % 64 === 40 ? 9 : 1) m.delete(key);
    for (let key = 0; key < count / 2; key++) m.unsafe.mapassign(key);
    return go.unsafe.bytes(HEAP, go.heapAlloc);
  };
  expect(Buffer.compare(run(true), run(false))).toBe(0);
});

test("ints that count up, in a map as large, are read and leave the heap as without the fast path", () => {
  const run = (fast: boolean) => {
    const go = new Runtime({ seed: 1, fast });
    const m = go.make("map[int]int");
    const count = 450_000; // 19 MB in 131,072 buckets
    let sum = 0;
    for (let key = 0; key < count; key++) m.set(key, 2 * key);
    for (let key = -10; key < count; key++) sum += m.get(key);
    for (let key = 0; key < count; key += key % 64 === 40 ? 9 : 1) m.set(key, m.get(key) + 1);
    for (let key = 0; key < count + 9; key++) if (m.has(key)) sum += 3 * m.get(key);
    for (let key = 1000; key < count; key++) m.delete(key);
    return { sum, count: m.len, heap: go.unsafe.bytes(HEAP, go.heapAlloc) };
  };
  const [fast, slow] = [run(true), run(false)];
  expect([fast.sum, fast.count]).toEqual([slow.sum, slow.count]);
  expect(Buffer.compare(fast.heap, slow.heap)).toBe(0);
});

test("a key or an elem that is no int is refused in the same words, and changes nothing", () => {
  const inexact = [2 ** 53, -(2 ** 53), 2 ** 63, -(2 ** 63), 2 ** 64, 1e300];
  const others = [
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    "1",
    null,
    1n,
    undefined,
  ];
  for (const fast of [true, false]) {
    const m = new Runtime({ seed: 1, fast }).make("map[int]int");
    m.set(1, 1);
    for (const wrong of [...inexact, ...others] as number[]) {
      const words = inexact.includes(wrong) ? "int64 takes a bigint" : /int wants a (whole )?number/;
      expect(() => m.set(wrong, 2)).toThrow(words);
      expect(() => m.set(1, wrong)).toThrow(words);
      expect(() => m.get(wrong)).toThrow(words);
      expect(() => m.delete(wrong)).toThrow(words);
      expect([m.len, m.get(1)]).toEqual([1, 1]);
    }
    m.set(-0, 3);
    expect(m.len).toBe(2);
    expect([m.get(0), m.get(Number.MAX_SAFE_INTEGER), m.get(Number.MIN_SAFE_INTEGER)]).toEqual([3, 0, 0]);
  }
});
