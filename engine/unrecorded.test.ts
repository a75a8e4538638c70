import { expect, test } from "vitest";
import { type GoMap, Runtime } from "./index.ts";

// What recordings of real maps cannot show, because they have neither addresses nor collections, and look at one map
// at a time. The mutation check plants mistakes in each of these things.

/** Puts entries into main bucket 0 until its chain has this many overflow buckets. */
function crowd<K>(m: GoMap<K, number>, overflowBuckets: number, key: (i: number) => K): K[] {
  const keys: K[] = [];
  for (let i = 0; (m.snapshot().buckets?.chains[0]?.length ?? 1) <= overflowBuckets; i++) {
    if (m.hash(key(i)).bucket !== 0) continue;
    keys.push(key(i));
    m.set(key(i), keys.length);
  }
  return keys;
}

/** Takes memory that has been freed, for buckets with pointers and without, and fills it. */
function overwriteFreeMemory(go: Runtime): void {
  const ints = go.make("map[int]int", 500);
  const strings = go.make("map[string]int", 500);
  for (let i = 0; i < 5000; i++) {
    ints.set(-i - 1, -1);
    strings.set(`fill ${i}`, -1);
  }
}

/** Inserts negative keys until the map has grown to B = 4. */
function growToFour(m: GoMap<number, number>): void {
  const header = () => m.snapshot({ limit: 0 });
  for (let i = -1; header().B < 4 || header().oldbuckets !== null; i--) m.set(i, i);
}

/** Bytes of the heap when everything unused is gone. */
function live(go: Runtime): number {
  go.gc();
  return go.heapAlloc;
}

// Go writes the pointer of the string that comes with an assign, and in Go that is as a rule the very string that the
// map has: `m[k] = 2` after `m[k] = 1` allocates nothing. JavaScript's strings have no address to tell it by.
test.each([true, false])("a string key that the map has is not allocated once more (fast: %s)", (fast) => {
  const go = new Runtime({ seed: 1, fast });
  for (const type of ["map[string]int", "map[string]string"]) {
    const m = go.make(type) as GoMap<string, unknown>;
    const elem = (i: number) => (type === "map[string]int" ? i : "");
    for (let i = 0; i < 100; i++) m.set(`a string of some length, ${i % 27}`, elem(i)); // in mid growth too
    const before = go.heapAlloc;
    for (let i = 0; i < 27; i++) m.set(`a string of some length, ${i}`, elem(-i));
    expect(go.heapAlloc).toBe(before);
    expect(m.len).toBe(27);
  }
});

test.each<[string, (i: number) => unknown]>([
  ["map[int]int", (i) => i],
  ["map[string]int", (i) => `key ${i}`],
])("the overflow buckets of a %s are not collected", (type, key) => {
  const go = new Runtime({ seed: 1 });
  const m = go.make(type as "map[int]int", 50);
  const keys = crowd(m, 4, key as (i: number) => number);
  go.gc();
  overwriteFreeMemory(go);
  expect(keys.map((k) => m.get(k))).toEqual(keys.map((_, i) => i + 1));
});

test("a map that has grown keeps nothing of its old array: it takes what its clone takes", () => {
  const go = new Runtime({ seed: 1 });
  const m = go.make("map[int]int", 50);
  crowd(m, 4, (i) => i);
  growToFour(m);
  const bytes = live(go);
  const clone = m.clone();
  m.release();
  expect(clone.snapshot().noverflow).toBe(m.snapshot().noverflow);
  expect(live(go)).toBe(bytes);
});

test("an iteration keeps the overflow buckets of the array that it began with", () => {
  const go = new Runtime({ seed: 1 });
  const m = go.make("map[int]int", 50);
  const keys = crowd(m, 4, (i) => i);
  const it = m.iterator();
  const produced = [it.key];
  growToFour(m);
  go.gc();
  overwriteFreeMemory(go);
  while (it.next()) produced.push(it.key);
  expect(produced.filter((key) => key >= 0).sort((a, b) => a - b)).toEqual(keys);
});

test("a map and its clone share no elem that is kept behind a pointer", () => {
  const m = new Runtime({ seed: 1 }).make("map[int][40]int");
  const ones = Array.from({ length: 40 }, () => 1);
  m.set(1, ones);
  const clone = m.clone();
  clone.set(1, ones.with(39, 2));
  expect(m.get(1)).toEqual(ones);
  expect(clone.get(1)).toEqual(ones.with(39, 2));
});

test("a map and its clone share no key behind a pointer that an overwrite changes", () => {
  const m = new Runtime({ seed: 1 }).make("map[[20]float64]int");
  const zeroes = Array.from({ length: 20 }, () => 0);
  m.set(zeroes, 1);
  const clone = m.clone();
  clone.set(zeroes.with(0, -0), 2);
  expect([...m]).toEqual([[zeroes, 1]]);
  expect([...clone]).toEqual([[zeroes.with(0, -0), 2]]);
});
