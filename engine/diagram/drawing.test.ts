import fc from "fast-check";
import { expect, test } from "vitest";
import { type Drawing, type GoMap, Runtime } from "../index.ts";
import { columnsOf } from "./columns.ts";
import { gallery } from "./gallery.ts";
import { SNAPSHOT_MIME } from "./snapshotjson.ts";

const runtime = () => new Runtime({ seed: 1 });

/** Whether every element of an SVG that is opened is closed, in order, and every attribute quoted. */
function isWellFormed(svg: string): boolean {
  const open: string[] = [];
  let last = 0;
  for (const tag of svg.matchAll(/<(\/?)([a-z]+)((?: [\w:-]+="[^"<]*")*)(\/?)>/g)) {
    if (/[<>]/.test(svg.slice(last, tag.index))) return false;
    last = tag.index + tag[0].length;
    if (tag[1] === "/") {
      if (open.pop() !== tag[2]) return false;
    } else if (tag[4] !== "/") open.push(tag[2] as string);
  }
  return last === svg.length && open.length === 0;
}

/** Looks at all forms of a drawing. */
function expectDrawn(drawing: Drawing, widths: readonly number[] = [360]): void {
  for (const svg of [drawing.svg, ...widths.map((width) => drawing.svgIn(width))]) {
    if (!isWellFormed(svg)) expect.fail(`not well-formed: ${svg}`);
    expect(svg).not.toMatch(/="[^"]*(?:NaN|undefined|Infinity)/);
    expect(svg).not.toMatch(/(?:width|height)="-/);
    expect(svg).toMatch(/<title>[^<]+<\/title><desc>[^<]+<\/desc>/);
  }
  expect(drawing.text).not.toMatch(/undefined|\[object/);
  for (const [box] of drawing.text.matchAll(/^┌[^└]*└.*$/gmu)) {
    expect(new Set(box.split("\n").map(columnsOf)).size, box).toBe(1);
  }
}

/** Draws everything that can be drawn of a map. */
function expectAllDrawn<K>(m: GoMap<K, unknown>, key: K, number: number): void {
  expectDrawn(m.draw());
  expectDrawn(m.draw({ from: number, limit: 2 }));
  expectDrawn(m.overview());
  expectDrawn(m.layout());
  expectDrawn(m.drawHash(key));
  const { buckets, oldbuckets } = m.snapshot({ limit: 0 });
  expect(m.overviewPixels().width).toBeGreaterThan(0);
  if (buckets !== null) {
    expectDrawn(m.drawBucket(number % buckets.length));
    expectDrawn(m.bytes(number % buckets.length));
  }
  if (oldbuckets !== null) {
    expectDrawn(m.drawBucket(number % oldbuckets.length, { old: true }));
    expectDrawn(m.bytes(number % oldbuckets.length, { old: true }));
  }
  const iterator = m.iterator();
  expectDrawn(iterator.draw());
  iterator.next();
  expectDrawn(iterator.draw());
  iterator.close();
}

/** A key or elem of a type for each number. */
const types: Readonly<Record<string, (n: number) => readonly [key: unknown, elem: unknown]>> = {
  "map[int]int": (n) => [n, -n],
  "map[string]string": (n) => [
    ["", "東京", "\u202e<&>\u0000", "שלום", "🍎🍏 &\"'", `k${n}`][n % 6] + String(n >> 3),
    `${n}`,
  ],
  "map[int8]struct{}": (n) => [(n % 256) - 128, {}],
  "map[[200]byte]*int": (n) => [new Uint8Array(200).fill(n), null],
  "map[float64][150]uint8": (n) => [n % 5 === 0 ? Number.NaN : n / 4, new Uint8Array(150)],
  "map[any]any": (n) => [n % 2 === 0 ? n : `${n}`, null],
  "map[struct{}]bool": () => [{}, true],
};

test("whatever a program has done to a map, everything of it can be drawn", () => {
  const step = fc.tuple(
    fc.constantFrom("set", "set", "set", "fill", "delete", "drain", "clear"),
    fc.nat(400),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(types)),
      fc.nat(40),
      fc.array(step, { maxLength: 12 }),
      fc.nat(40),
      (type, hint, steps, number) => {
        const entry = types[type] as (n: number) => readonly [key: unknown, elem: unknown];
        const m = runtime().make(type, hint) as GoMap<unknown, unknown>;
        const heap = m.watchHeap();
        const set = (n: number) => m.set(...entry(n));
        for (const [what, n] of steps) {
          if (what === "set") set(n);
          else if (what === "fill") for (let i = 0; i < n / 4; i++) set(n + i);
          else if (what === "delete") m.delete(entry(n)[0]);
          else if (what === "drain") for (let i = 0; i < n; i++) m.delete(entry(n + i)[0]);
          else m.clear();
          heap.sample();
        }
        expectAllDrawn(m, entry(number)[0], number);
        expectDrawn(heap.draw());
      },
    ),
    { seed: 1, numRuns: 50 },
  );
});

test("a map of a single kind of state is drawn too: nil, empty, one bucket, of an empty key type", () => {
  const go = runtime();
  expectDrawn(go.nil("map[string]int").draw());
  expectDrawn(go.nil("map[string]int").overview());
  expectDrawn(go.make("map[string]int").draw());
  expectDrawn(go.make("map[string]int").overview());
  expectDrawn(go.layout("map[struct{}]struct{}"));
  expectDrawn(go.layout("map[[128]byte][129]byte"));
  expectDrawn(go.memStats());
});

test("every drawing of the gallery is well-formed, named and aligned in every width", () => {
  for (const { drawing } of gallery()) expectDrawn(drawing, [240, 360, 1400]);
});

test("no picture is wider than it was asked to be", () => {
  for (const { name, drawing } of gallery()) {
    for (const width of [240, 360, 600, 1400]) {
      expect(
        Number(/width="(\d+)"/.exec(drawing.svgIn(width))?.[1]),
        `${name} in ${width}`,
      ).toBeLessThanOrEqual(width);
    }
  }
});

test("a drawing is text, a picture, and what a notebook wants", () => {
  const m = runtime().make("map[string]int");
  m.set("fig", 1);
  const drawing = m.drawBucket(0);
  expect(String(drawing)).toBe(drawing.text);
  const own = drawing as unknown as Record<symbol, () => unknown>;
  expect(own[Symbol.for("nodejs.util.inspect.custom")]?.()).toBe(drawing.text);
  expect(own[Symbol.for("Jupyter.display")]?.()).toEqual({
    "text/plain": drawing.text,
    "image/svg+xml": drawing.svg,
    "text/html": expect.stringContaining("<img"),
    [SNAPSHOT_MIME]: { format: "hmap-snapshot/1", chain: m.snapshot() },
  });
});

test("a drawing shows the state at the time it was made", () => {
  const m = runtime().make("map[string]int");
  m.set("fig", 1);
  const [drawing, before] = [m.draw(), m.draw().text];
  m.set("plum", 2);
  expect(drawing.text).toBe(before);
});

test("what cannot be drawn is refused in a sentence that says what can", () => {
  const m = runtime().make("map[string]int");
  expect(() => m.drawBucket(0)).toThrow("the map has no bucket yet: the first set makes one");
  m.set("fig", 1);
  expect(() => m.drawBucket(1)).toThrow("bucket 1: give a number from 0 to 0");
  expect(() => m.bytes(0, { overflow: 1 })).toThrow("bucket 0 has 0 overflow buckets: there is no number 1");
  expect(() => m.drawBucket(0, { old: true })).toThrow("the map is not growing: it has no old array");
  expect(() => m.draw().svgIn(100)).toThrow("width must be 240 pixels or more, not 100");
  expect(() => runtime().layout("int")).toThrow("not a map type");
});

test("a focus and a mark are in the picture, in the text and in the legend", () => {
  const m = runtime().make("map[string]int");
  m.set("fig", 1);
  const bucket = m.snapshot().buckets?.address ?? 0;
  const { svg, text } = m.draw({
    focus: [{ bucket, cell: 0, part: "key" }, { field: "count" }],
    marks: [{ bucket, cell: 0, name: "iterator" }],
  });
  expect(svg.match(/class="hmap-focus"/g)).toHaveLength(3); // the key, the field and the legend
  expect(svg).toContain("iterator is here");
  expect(text).toContain('"fig"*');
  expect(text).toContain("count 1*");
  expect(text).toContain("^ iterator is here");
});
