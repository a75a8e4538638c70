import { describe, expect, test } from "vitest";
import { type GoMap, Runtime } from "./index.ts";

function ints(go: Runtime, n: number): GoMap<number, number> {
  const m = go.make("map[int]int");
  for (let i = 0; i < n; i++) m.set(i, i);
  return m;
}

describe("a range loop reads some buckets ahead, and yet", () => {
  test("does not give an entry that has been deleted meanwhile", () => {
    const m = ints(new Runtime({ seed: 1 }), 100);
    const seen: number[] = [];
    for (const [key] of m) {
      expect(m.has(key)).toBe(true);
      seen.push(key);
      m.delete((key + 1) % 100);
      m.delete((key + 2) % 100);
    }
    expect(m.len).toBeLessThan(100);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test("gives all entries when the memory that they are in grows", () => {
    for (const type of ["map[int]int", "map[string]int"] as const) {
      const go = new Runtime({ seed: 1 });
      const m = go.make(type) as GoMap<unknown, number>;
      const keys = Array.from({ length: 300 }, (_, i) => (type === "map[int]int" ? i : `key ${i}`));
      for (const [i, key] of keys.entries()) m.set(key, i);
      const seen: [unknown, number][] = [];
      for (const entry of m) {
        seen.push(entry);
        if (seen.length === 100) go.make("map[int][128]byte", 100_000); // writes to no map
      }
      expect(new Map(seen)).toEqual(new Map(keys.map((key, i) => [key, i])));
    }
  });

  test.each([
    ["an elem", 0],
    ["a key", -64], // from an elem to its key, in a bucket of ints
  ])(
    "stops at %s that JavaScript does not hold exactly, when it comes to it, and at no other",
    (_, place) => {
      const most = 2n ** 53n - 1n;
      for (const value of [
        most,
        -most,
        most + 1n,
        -most - 1n,
        2n ** 62n + 1n,
        2n ** 63n - 1n,
        -(2n ** 63n),
      ]) {
        for (let key = 0; key < 8; key++) {
          const go = new Runtime({ seed: 1 });
          const m = ints(go, 8);
          go.unsafe.store("int64", m.unsafe.mapaccess(key) + place, value);
          const seen: number[] = [];
          const loop = () => {
            for (const entry of m) seen.push(entry[place === 0 ? 1 : 0]);
          };
          if (value >= -most && value <= most) {
            loop();
            expect(seen).toHaveLength(8);
            expect(seen).toContain(Number(value));
          } else {
            expect(loop).toThrow(/outside the numbers that JavaScript holds exactly/);
            expect(seen.every((one) => one >= 0 && one < 8)).toBe(true);
          }
        }
      }
    },
  );

  test("gives the elem that is there now", () => {
    const m = ints(new Runtime({ seed: 1 }), 100);
    let round = 0;
    for (const [key, elem] of m) {
      expect(elem).toBe(m.get(key));
      round++;
      for (let i = 0; i < 100; i++) m.set(i, round * 1000 + i);
    }
    expect(round).toBe(100);
  });

  test("gives an elem that was changed in raw memory", () => {
    const go = new Runtime({ seed: 1 });
    const m = ints(go, 8);
    let first = true;
    for (const [, elem] of m) {
      if (!first) expect(elem).toBe(-7);
      for (let i = 0; i < 8; i++) go.unsafe.store("int", m.unsafe.mapaccess(i), -7);
      first = false;
    }
  });

  test("ends where the map is cleared", () => {
    const m = ints(new Runtime({ seed: 1 }), 100);
    let rounds = 0;
    for (const _ of m) {
      rounds++;
      m.clear();
    }
    expect(rounds).toBe(1);
  });

  test("tells a recorder that comes later of each of its steps", () => {
    const go = new Runtime({ seed: 1 });
    const m = ints(go, 8);
    const loop = m[Symbol.iterator]();
    const keys = [loop.next(), loop.next(), loop.next()].map((result) => result.value?.[0]);
    const recording = go.record(() => {
      for (let i = 0; i < 3; i++) keys.push(loop.next().value?.[0]);
    });
    for (let result = loop.next(); !result.done; result = loop.next()) keys.push(result.value[0]);
    expect(recording.operations).toBe(3);
    expect(keys.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test("twenty of them can be under way at a time", () => {
    const m = ints(new Runtime({ seed: 1 }), 50);
    const loops = Array.from({ length: 20 }, () => m[Symbol.iterator]());
    const seen = loops.map(() => [] as number[]);
    for (let i = 0; i < 50; i++) {
      for (const [at, loop] of loops.entries()) seen[at]?.push(loop.next().value?.[0] as number);
    }
    for (const keys of seen) expect(keys.toSorted((a, b) => a - b)).toEqual([...Array(50).keys()]);
    for (const loop of loops) expect([loop.next().done, loop.next().done]).toEqual([true, true]);
  });

  test("refuses an int that is no number here only when it comes to it", () => {
    const go = new Runtime({ seed: 1 });
    const m = ints(go, 8);
    const elem = m.unsafe.mapaccess(5);
    go.unsafe.store("int64", elem, 2n ** 60n);
    const seen: number[] = [];
    expect(() => {
      for (const [key] of m) seen.push(key);
    }).toThrow("1152921504606847000 is outside the numbers that JavaScript holds exactly");
    expect(seen).not.toContain(5);
  });
});

describe("string keys are remembered, and yet", () => {
  test("come out right when a collection has given their place to others", () => {
    const go = new Runtime({ seed: 1 });
    for (let round = 0; round < 6; round++) {
      const m = go.make("map[string]int");
      for (let i = 0; i < 700; i++) m.set(`round ${round}, key ${i}`, i);
      for (const [key, elem] of m) expect(key).toBe(`round ${round}, key ${elem}`);
      for (const [key, elem] of m) expect(key).toBe(`round ${round}, key ${elem}`);
      m.release();
      go.gc();
    }
  });

  test("come out right when one beyond ASCII has got the place of another", () => {
    const go = new Runtime({ seed: 1 });
    for (const key of ["eight by", "d\u00e9j\u00e0 vu", "\ud800 and 5", "again by"]) {
      const m = go.make("map[string]int");
      m.set(key, 1);
      expect([...m]).toEqual([[key.replace("\ud800", "\ufffd"), 1]]);
      m.release();
      go.gc();
    }
  });

  test("come out as the bytes are that raw memory has been given", () => {
    const go = new Runtime({ seed: 1 });
    const m = go.make("map[string]int");
    m.set("before", 1);
    const slot = m.unsafe.mapaccess("before") - 8 * 16; // the first key slot, eight keys before the first elem
    expect([...m]).toEqual([["before", 1]]);
    go.unsafe.store("string", slot, "behind");
    expect([...m]).toEqual([["behind", 1]]);
  });

  test("the empty one and those beyond ASCII too", () => {
    const m = new Runtime({ seed: 1 }).make("map[string]int");
    const keys = ["", "é", "日本", "a\u0000b", "\ud800", "key:1234567890123456"];
    for (const [i, key] of keys.entries()) m.set(key, i);
    const expected = keys.map((key, i) => [key.replace("\ud800", "\ufffd"), i]);
    expect(new Map(m)).toEqual(new Map(expected as [string, number][]));
  });
});
