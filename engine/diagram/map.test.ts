import { expect, test } from "vitest";
import { Runtime } from "../index.ts";
import { mapSvg, mapText } from "./index.ts";

const runtime = () => new Runtime({ seed: 1 });

test("an empty map is its header alone", () => {
  expect(String(runtime().make("map[string]int"))).toMatchInlineSnapshot(`
    "map[string]int  hmap at 0xc000006000
    count 0  B 0  hash0 0x2a39073f  noverflow 0  spares 0
    buckets nil: the first assign makes one"
  `);
});

test("one bucket: tophash, keys and elems in the order of memory", () => {
  const m = runtime().make("map[string]int");
  for (const [i, key] of ["fig", "kiwi", "plum"].entries()) m.set(key, i + 1);
  expect(String(m)).toMatchInlineSnapshot(`
    "map[string]int  hmap at 0xc000006000
    count 3  B 0  hash0 0x2a39073f  noverflow 0  spares 0

    buckets at 0xc00000a000: 1 (208 bytes each)
    bucket 0
    ┌─────────┬────────┬────────┬────────┬────────┬────────┬────────┬────────┬────────┐
    │ tophash │   dc   │   30   │   6e   │   00   │   00   │   00   │   00   │   00   │
    │ key     │ "fig"  │ "kiwi" │ "plum" │        │        │        │        │        │
    │ elem    │   1    │   2    │   3    │        │        │        │        │        │
    └─────────┴────────┴────────┴────────┴────────┴────────┴────────┴────────┴────────┘"
  `);
});

test("fourteen keys stand in four buckets, each packed from the top", () => {
  const m = runtime().make("map[int]int");
  for (let i = 0; i < 14; i++) m.set(i, i * i);
  expect(String(m)).toMatchInlineSnapshot(`
    "map[int]int  hmap at 0xc000006000
    count 14  B 2  hash0 0x2a39073f  noverflow 0  spares 0

    buckets at 0xc000010000: 4 (144 bytes each)
    bucket 0
    ┌─────────┬──────┬──────┬──────┬──────┬──────┬──────┬──────┬──────┐
    │ tophash │  b5  │  29  │  00  │  00  │  00  │  00  │  00  │  00  │
    │ key     │  2   │  10  │      │      │      │      │      │      │
    │ elem    │  4   │ 100  │      │      │      │      │      │      │
    └─────────┴──────┴──────┴──────┴──────┴──────┴──────┴──────┴──────┘
    bucket 1
    ┌─────────┬──────┬──────┬──────┬──────┬──────┬──────┬──────┬──────┐
    │ tophash │  a8  │  a5  │  37  │  3a  │  5b  │  db  │  00  │  00  │
    │ key     │  0   │  7   │  8   │  9   │  12  │  13  │      │      │
    │ elem    │  0   │  49  │  64  │  81  │ 144  │ 169  │      │      │
    └─────────┴──────┴──────┴──────┴──────┴──────┴──────┴──────┴──────┘
    bucket 2
    ┌─────────┬──────┬──────┬──────┬──────┬──────┬──────┬──────┬──────┐
    │ tophash │  54  │  00  │  00  │  00  │  00  │  00  │  00  │  00  │
    │ key     │  11  │      │      │      │      │      │      │      │
    │ elem    │ 121  │      │      │      │      │      │      │      │
    └─────────┴──────┴──────┴──────┴──────┴──────┴──────┴──────┴──────┘
    bucket 3
    ┌─────────┬──────┬──────┬──────┬──────┬──────┬──────┬──────┬──────┐
    │ tophash │  9e  │  d5  │  08  │  78  │  4c  │  00  │  00  │  00  │
    │ key     │  1   │  3   │  4   │  5   │  6   │      │      │      │
    │ elem    │  1   │  9   │  16  │  25  │  36  │      │      │      │
    └─────────┴──────┴──────┴──────┴──────┴──────┴──────┴──────┴──────┘"
  `);
});

test("of a big map the first buckets are drawn, and the picture says how many are left out", () => {
  const m = runtime().make("map[int]int", 100_000);
  for (let i = 0; i < 100_000; i++) m.set(i, i);
  const bundle = (m as unknown as Record<symbol, () => Record<string, string>>)[
    Symbol.for("Jupyter.display")
  ]?.();
  expect(bundle?.["image/svg+xml"]).toContain("16,368 more buckets not shown");
  expect(bundle?.["text/plain"]).toContain("16,368 more buckets not shown");
  expect(bundle?.["image/svg+xml"]?.length).toBeLessThan(300_000);
});

test("of many spares there is a row around the next one to be taken", () => {
  const m = runtime().make("map[int]int", 100_000);
  for (let i = 0; i < 60_000; i++) m.set(i, i);
  const state = m.snapshot({ limit: 4 });
  const { length, places } = state.buckets!;
  const nextFree = places - state.spares;
  expect(nextFree).toBeGreaterThan(length + 3);
  const boxes = (svg: string) =>
    [...svg.matchAll(/>(\d+)<\/text><text[^>]*>(taken|free)</g)].map(([, place, word]) => [
      Number(place),
      word,
    ]);
  const row = boxes(mapSvg(state));
  expect(row.length).toBeLessThan(10);
  expect(row).toContainEqual([nextFree - 1, "taken"]);
  expect(row).toContainEqual([nextFree, "free"]);
  // At either end the row stays within the array.
  expect(boxes(mapSvg({ ...state, spares: 0 })).at(-1)).toEqual([places - 1, "taken"]);
  expect(boxes(mapSvg({ ...state, spares: places - length }))[0]).toEqual([length, "free"]);
});

test("keys that XML or a narrow cell cannot hold are escaped and cut", () => {
  const m = runtime().make("map[string]int");
  m.set('<script>"&', 1);
  m.set("\u0000\ud800", 2);
  m.set("a rather long key", 3);
  const svg = mapSvg(m.snapshot());
  expect(svg).not.toContain("<script");
  expect(svg).toContain("&lt;script&gt;");
  expect(svg).toContain("key &quot;a rather long key&quot;"); // whole in the tooltip
  expect(svg.isWellFormed()).toBe(true);
  expect(mapText(m.snapshot())).toContain('"a rather l…');
  expect(mapText(m.snapshot())).toContain('"\\u0000\ufffd"');
});

test("a picture has a name and a description", () => {
  const m = runtime().make("map[string]int");
  m.set("fig", 1);
  expect(mapSvg(m.snapshot())).toContain(
    "<title>map[string]int with 1 entry</title><desc>1 bucket: bucket 0 holds",
  );
});
