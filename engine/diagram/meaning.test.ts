import { expect, test } from "vitest";
import { Runtime } from "../index.ts";

// What drawings say, where it can be right or wrong. How they look is in the golden files.

const runtime = () => new Runtime({ seed: 1 });

test("the drawing of a hash names the bucket and the tophash that the map itself uses", () => {
  const m = runtime().make("map[int]int");
  for (let i = 0; i < 30; i++) m.set(i, i);
  const state = m.snapshot();
  for (let key = 0; key < 30; key++) {
    const { bucket, tophash } = m.hash(key);
    const { text } = m.drawHash(key);
    expect(text).toContain(`choose bucket ${bucket} of ${2 ** state.B}`);
    expect(text).toContain(`0x${tophash.toString(16).padStart(2, "0")}`);
  }
});

test("the bit that the drawing of a hash points out is the one that sends the entry to X or Y", () => {
  const m = runtime().make("map[int]int");
  for (let i = 0; i < 26; i++) m.set(i, i);
  const said = (key: number) => m.drawHash(key).text.replace(/\s+/g, " ");
  const before = Array.from({ length: 27 }, (_, key) => said(key));
  m.set(26, 26); // the growth begins: from 4 buckets to 8
  for (let key = 0; key < 27; key++) {
    const { bucket } = m.hash(key);
    const [bit, half] = bucket < 4 ? [0, "X"] : [1, "Y"];
    const move = half === "X" ? `stays at number ${bucket}` : `moves from number ${bucket - 4} to ${bucket}`;
    expect(before[key]).toContain(`bit 2 is ${bit}: ${half}. When 4 buckets become 8, the entry ${move}`);
    expect(said(key)).toContain(
      `bit 2 is ${bit}: ${half}. In this growth from 4 to 8 buckets the entry ${move}`,
    );
  }
});

test("a high byte below 5 is moved up by 5, and the drawing says so", () => {
  const m = runtime().make("map[int]int");
  m.set(0, 0);
  let key = 0;
  while (m.hash(key).hash >> 56n >= 5n) key++;
  const { hash, tophash } = m.hash(key);
  expect(tophash).toBe(Number(hash >> 56n) + 5);
  expect(m.drawHash(key).text).toContain("below 5 are marks: 5 is added");
});

test("the layout of a type adds up, and tells what pairs would cost", () => {
  const go = runtime();
  expect(go.layout("map[int64]int8").text).toContain(
    "144 bytes instead of 88: each\npair 16, of which 7 bytes are padding",
  );
  expect(go.layout("map[int8]int64").text).toContain("144 bytes instead of 88");
  expect(go.layout("map[int32]int32").text).toContain("need no padding");
  // A last field without size gets a byte, and the alignment rounds it up.
  expect(go.layout("map[int64]struct{}").text).toContain("144 bytes instead of 80");
  expect(go.layout("map[[129]byte]int").text).toContain(
    "129 bytes, over 128: the slot has a pointer to them",
  );
  expect(go.layout("map[[128]byte]int").text).not.toContain("over 128");
});

test("the bytes drawn are the bytes in memory", () => {
  const go = runtime();
  const m = go.make("map[int64]int8");
  m.set(258n, -1);
  const address = m.snapshot().buckets?.address ?? 0;
  const bytes = [...go.unsafe.bytes(address, 88)].map((byte) => byte.toString(16).padStart(2, "0"));
  const rows = [...m.bytes(0).text.matchAll(/│ +(\d+) │ ((?:[0-9a-f]{2} ?){8})│/g)];
  expect(rows.flatMap((row) => (row[2] as string).trim().split(" "))).toEqual(bytes);
  expect(m.bytes(0).text).toContain("02 01 00 00 00 00 00 00 │ key 0: 258");
});

test("a watched heap knows each growth and each collection, and the bytes of both arrays", () => {
  const go = runtime();
  const m = go.make("map[int]int");
  const heap = m.watchHeap("set");
  for (let i = 0; i < 100; i++) {
    m.set(i, i);
    if (i === 50) go.gc();
    heap.sample();
  }
  const { samples, events } = heap.snapshot();
  const growths = events.filter(({ kind }) => kind === "growth").map(({ at }) => at);
  expect(growths).toEqual([8, 13, 26, 52]); // the 9th key, and one more than 6.5 for each of 2, 4 and 8 buckets
  expect(events.filter(({ kind }) => kind === "collection")).toEqual([{ at: 50, kind: "collection" }]);
  expect(samples[26]).toMatchObject({ buckets: 8 * 144, oldbuckets: 4 * 144 });
  expect(heap.length).toBe(100);
  expect(String(heap)).toContain("4 growths, 1 collection");
});

test("memory statistics are those of the heap", () => {
  const go = runtime();
  go.make("map[int]int", 1000);
  const stats = go.memStats();
  expect(stats.heapAlloc).toBe(go.heapAlloc);
  expect([stats.numGC, stats.nextGC]).toEqual([0, 4 * 2 ** 20]);
  expect(String(stats)).toContain(go.heapAlloc.toLocaleString("en"));
});

test("an overview counts what is in the map", () => {
  const m = runtime().make("map[int]int");
  for (let i = 0; i < 1000; i++) m.set(i, i);
  const { buckets } = m.snapshot();
  const chains = buckets?.chains.map(
    (chain) => chain.flatMap(({ cells }) => cells).filter(({ key }) => key).length,
  );
  const drawn = [...m.overview().text.matchAll(/^ +(\d|more) +([\d,]+)/gm)].map((row) => Number(row[2]));
  expect(drawn.reduce((sum, n) => sum + n, 0)).toBe(buckets?.length);
  for (let live = 0; live <= 8; live++) expect(drawn[live]).toBe(chains?.filter((n) => n === live).length);
});

test("an iterator shows where it began and where it stands, until it is over", () => {
  const m = runtime().make("map[int]int");
  for (let i = 0; i < 5; i++) m.set(i, i);
  const iterator = m.iterator();
  expect(String(iterator)).toContain("^ iterator began here");
  expect(String(iterator)).toContain("^ iterator is here");
  while (iterator.next());
  expect(String(iterator)).not.toContain("iterator is here");
});

test("a drawing of part of a map says which part it is", () => {
  const m = runtime().make("map[int]int", 100);
  m.set(1, 1);
  expect(m.draw({ from: 4, limit: 4 }).text).toContain("buckets 4 to 7 shown, 12 more buckets not shown");
  expect(m.draw({ from: 4, limit: 4 }).svg).toContain("buckets 4 to 7 shown, 12 more buckets not shown");
});
