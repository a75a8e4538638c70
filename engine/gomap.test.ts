import { expect, expectTypeOf, test } from "vitest";
import { type GoMap, Runtime } from "./index.ts";

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

test.each(["map[int]int", "map[string]int", "map[bool]bool"])(
  "a %s is called GoMap where objects are inspected",
  (type) => {
    expect(new Runtime({ seed: 1 }).make(type).constructor.name).toBe("GoMap");
  },
);
