import { expect, test, vi } from "vitest";
import { SeededRandom } from "../memory/random.ts";
import { TypeTable } from "../types/parse.ts";
import { hashGrow } from "./grow.ts";
import { HMAP } from "./hmap.ts";
import { Machine } from "./machine.ts";
import { arrayBuckets, makemap, overLoadFactor, tooManyOverflowBuckets } from "./make.ts";

const int = new TypeTable().parseMap("map[int]int");

test("the load limit is 8 for one bucket and 6.5 a bucket beyond", () => {
  const limits = [8, 13, 26, 52, 104, 208, 416, 832, 1664, 3328, 6656];
  for (const [B, limit] of limits.entries()) {
    expect(overLoadFactor(limit, B)).toBe(false);
    expect(overLoadFactor(limit + 1, B)).toBe(true);
  }
});

test("too many overflow buckets are as many as main ones, at most 32768", () => {
  expect([tooManyOverflowBuckets(3, 2), tooManyOverflowBuckets(4, 2)]).toEqual([false, true]);
  expect([tooManyOverflowBuckets(32_767, 18), tooManyOverflowBuckets(32_768, 18)]).toEqual([false, true]);
});

// runtime/map_test.go, TestMapBuckets
test.each([
  [-1, 1],
  [0, 1],
  [8, 1],
  [9, 2],
  [12, 2],
  [14, 4],
  [24, 4],
  [27, 8],
  [48, 8],
  [53, 16],
])("a hint of %i makes room in %i buckets", (hint, buckets) => {
  const go = new Machine(new SeededRandom(1));
  expect(2 ** go.memory.load8(makemap(go, int, hint) + HMAP.B)).toBe(buckets);
});

test("the system is asked at once for the array of a growth, and not for what a hint may leave empty", () => {
  const go = new Machine(new SeededRandom(1));
  const prefault = vi.spyOn(go.memory, "prefault");
  const h = makemap(go, int, 5000);
  expect(prefault).not.toHaveBeenCalled();
  hashGrow(go, int, h);
  const [array, B] = [go.memory.loadPointer(h + HMAP.buckets), go.memory.load8(h + HMAP.B)];
  expect(prefault.mock.calls).toEqual([[array, arrayBuckets(int, B) * int.bucketSize]]);
});

test("an absurd hint counts as none", () => {
  const go = new Machine(new SeededRandom(1));
  expect(go.memory.load8(makemap(go, int, 2 ** 60) + HMAP.B)).toBe(0);
});

test("a hint that asks for more than there is says so, and the runtime goes on", () => {
  const go = new Machine(new SeededRandom(1));
  expect(() => makemap(go, int, 2 ** 40)).toThrow("out of memory");
  expect(go.memory.load8(makemap(go, int, 9) + HMAP.B)).toBe(1);
});

test("arrays of 144-byte buckets have the spares that Go's have", () => {
  const spares = {
    3: 0,
    4: 2,
    5: 5,
    6: 7,
    7: 14,
    8: 28,
    9: 56,
    10: 113,
    11: 170,
    14: 1024,
    16: 4096,
    18: 16384,
  };
  for (const [B, count] of Object.entries(spares)) {
    expect(arrayBuckets(int, Number(B)) - 2 ** Number(B), `B = ${B}`).toBe(count);
  }
});
