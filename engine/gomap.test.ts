import fc from "fast-check";
import { expect, expectTypeOf, test } from "vitest";
import { type GoMap, Runtime } from "./index.ts";
import type { MapSnapshot } from "./snapshot.ts";

const runtime = () => new Runtime({ seed: 1 });

test("TypeScript takes the types of keys and elems from the Go type", () => {
  const m = runtime().make("map[string]int");
  expectTypeOf(m).toEqualTypeOf<GoMap<string, number>>();
  expectTypeOf(runtime().make("map[int]int").get).parameter(0).toEqualTypeOf<number>();
});

test("an absent key reads as the zero value, and the comma-ok form tells", () => {
  const m = runtime().make("map[string]int");
  expect(m.get("fig")).toBe(0);
  expect(m.lookup("fig")).toEqual([0, false]);
  m.set("fig", 0);
  expect(m.lookup("fig")).toEqual([0, true]);
  expect([m.has("fig"), m.has("Fig"), m.len]).toEqual([true, false, 1]);
});

test("setting a key again overwrites its elem", () => {
  const m = runtime().make("map[int]int", 100);
  m.set(-7, 1);
  m.set(-7, -(2 ** 53) + 1);
  expect([m.len, m.get(-7)]).toEqual([1, -(2 ** 53) + 1]);
});

test("the same seed gives the same bytes, another seed others", () => {
  const build = (seed: number) => {
    const m = new Runtime({ seed }).make("map[string]int");
    for (let i = 0; i < 40; i++) m.set(`key ${i}`, i);
    return m.snapshot();
  };
  expect(build(5)).toEqual(build(5));
  expect(build(5).hash0).not.toBe(build(6).hash0);
});

test("runtimes without a seed differ", () => {
  const seeds = Array.from({ length: 4 }, () => new Runtime().seed);
  expect(new Set(seeds).size).toBe(4);
});

test("two maps of one runtime hash the same key differently", () => {
  const go = runtime();
  const [a, b] = [go.make("map[string]int"), go.make("map[string]int")];
  expect(a.hash("fig").hash).not.toBe(b.hash("fig").hash);
});

test("a hash tells where a key will be: the bucket by its low bits, the tophash by its high byte", () => {
  const m = runtime().make("map[int]int", 50);
  for (let key = 0; key < 50; key++) {
    const { hash, tophash, bucket } = m.hash(key);
    expect(bucket).toBe(Number(hash & 7n));
    expect(tophash).toBe(Number(hash >> 56n) < 5 ? Number(hash >> 56n) + 5 : Number(hash >> 56n));
    m.set(key, key);
    const chain = m.snapshot().buckets?.chains[bucket] ?? [];
    expect(chain.flatMap((b) => b.cells)).toContainEqual({ tophash, key: String(key), elem: String(key) });
  }
});

test("an empty map takes 48 bytes, and the first entry of a map[string]int 208 more for its bucket", () => {
  const go = runtime();
  const m = go.make("map[string]int");
  expect(go.heapAlloc).toBe(48);
  m.set("sixteen bytes ok", 1);
  expect(go.heapAlloc).toBe(48 + 208 + 16);
});

test("a thousand ints take the bytes that Go's allocator gives: B is 8, with 284 buckets in whole pages", () => {
  const go = runtime();
  const m = go.make("map[int]int", 1000);
  expect(go.heapAlloc).toBe(48 + 24 + 40_960);
  expect(m.snapshot()).toMatchObject({ B: 8, spares: 28 });
});

test.each<[unknown, string]>([
  ["7", 'int wants a number, not "7"'],
  [7n, "int wants a number, not a bigint"],
  [undefined, "int wants a number, not undefined"],
  [1.5, "int wants a whole number, not 1.5"],
  [Number.NaN, "int wants a whole number, not NaN"],
  [2 ** 53, "is outside the numbers that JavaScript holds exactly; int64 takes a bigint"],
])("%s is no int, as key or as elem, and nothing has changed", (value, message) => {
  const m = runtime().make("map[int]int") as GoMap<unknown, unknown>;
  const before = m.snapshot();
  expect(() => m.set(value, 1)).toThrow(message);
  expect(() => m.set(1, value)).toThrow(message);
  expect(() => m.get(value)).toThrow(message);
  expect(m.snapshot()).toEqual(before);
});

test("a key that is no string is refused", () => {
  const m = runtime().make("map[string]int") as GoMap<unknown, number>;
  expect(() => m.set(null, 1)).toThrow("string wants a string, not null");
});

test("a hint or seed that is no whole number is refused", () => {
  expect(() => runtime().make("map[int]int", 1.5)).toThrow("the hint must be a whole number, not 1.5");
  expect(() => new Runtime({ seed: 0.5 })).toThrow("seed must be a whole number, not 0.5");
});

test("keys longer than the scratch area are found again", () => {
  const m = runtime().make("map[string]int");
  const long = "é".repeat(50_000);
  m.set(long, 1);
  m.set(`${long}x`, 2);
  expect([m.get(long), m.get(`${long}x`), m.has(`${long}y`)]).toEqual([1, 2, false]);
});

test("long keys of a one-bucket map that agree at both ends are told apart by hashing", () => {
  const m = runtime().make("map[string]int");
  const keys = ["a", "b", "c"].map((middle) => `same${middle.repeat(40)}same`);
  for (const [i, key] of keys.entries()) m.set(key, i);
  expect(keys.map((key) => m.get(key))).toEqual([0, 1, 2]);
  expect(m.has(`same${"d".repeat(40)}same`)).toBe(false);
  expect(m.has(`same${"d".repeat(40)}none`)).toBe(false);
});

/** What holds of every state of a map; each line guards a rule of the runtime. */
function checkInvariants(state: MapSnapshot): void {
  let live = 0;
  for (const array of [state.buckets, state.oldbuckets]) {
    for (const chain of array?.chains ?? []) {
      const tops = chain.flatMap((bucket) => bucket.cells.map((cell) => cell.tophash));
      live += tops.filter((top) => top >= 5).length;
      const isEvacuated = (tops[0] as number) >= 2 && (tops[0] as number) <= 4;
      // A chain is evacuated whole or not at all.
      expect(tops.every((top) => (top >= 2 && top <= 4) === isEvacuated)).toBe(true);
      // Behind the first emptyRest there is nothing but emptyRest.
      const rest = tops.indexOf(0);
      if (rest >= 0) expect(tops.slice(rest).every((top) => top === 0)).toBe(true);
    }
  }
  expect(live).toBe(state.count);
  expect(state.flags & 4).toBe(0);
}

test("a random program on a map agrees with JavaScript's Map, and the rules hold after each step", () => {
  const key = fc.oneof(fc.integer({ min: -40, max: 200 }), fc.maxSafeInteger());
  const program = fc.array(fc.record({ key, value: fc.maxSafeInteger(), reads: fc.boolean() }), {
    maxLength: 150,
  });
  fc.assert(
    fc.property(program, fc.maxSafeInteger(), fc.option(fc.nat(70)), (steps, seed, hint) => {
      const go = new Runtime({ seed });
      const ints = hint === null ? go.make("map[int]int") : go.make("map[int]int", hint);
      const strings = hint === null ? go.make("map[string]int") : go.make("map[string]int", hint);
      const model = new Map<number, number>();
      for (const step of steps) {
        if (!step.reads) {
          model.set(step.key, step.value);
          ints.set(step.key, step.value);
          strings.set(`k${step.key}`, step.value);
        }
        const expected = [model.get(step.key) ?? 0, model.has(step.key)];
        expect(ints.lookup(step.key)).toEqual(expected);
        expect(strings.lookup(`k${step.key}`)).toEqual(expected);
        checkInvariants(ints.snapshot());
        checkInvariants(strings.snapshot());
      }
      for (const [k, v] of model) expect([ints.get(k), strings.get(`k${k}`)]).toEqual([v, v]);
      expect([ints.len, strings.len]).toEqual([model.size, model.size]);
    }),
    { numRuns: 60, seed: 1 },
  );
});

test("every entry survives growth to 4096 buckets, a few buckets with each write", () => {
  const m = runtime().make("map[int]int");
  let grew = 0;
  for (let i = 0; i < 20_000; i++) {
    m.set(i * 7919, i);
    if (m.snapshot({ limit: 0 }).oldbuckets !== null) grew++;
  }
  expect(grew).toBeGreaterThan(2000);
  for (let i = 0; i < 20_000; i++) expect(m.get(i * 7919)).toBe(i);
  expect(m.snapshot({ limit: 0 })).toMatchObject({ count: 20_000, B: 12 });
});
