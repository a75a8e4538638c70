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

test("an overwritten string key gets the pointer of the new string", () => {
  const go = new Runtime({ seed: 1 });
  const m = go.make("map[string]int");
  m.set("a string of some length", 1);
  const slot = (m.snapshot().buckets?.address ?? 0) + 8;
  const former = go.unsafe.load("uintptr", slot);
  m.set("a string of some length", 2);
  expect(go.unsafe.load("uintptr", slot)).not.toBe(former);
  expect([...m]).toEqual([["a string of some length", 2]]);
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
