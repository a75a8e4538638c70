import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Runtime } from "../runtime.ts";
import type { MapSnapshot } from "../snapshot.ts";
import type { Drawing } from "./drawing.ts";
import { mapBundle } from "./mapbundle.ts";
import { readSnapshot } from "./readsnapshot.ts";
import { snapshotDrawing } from "./snapshotdrawing.ts";
import { SNAPSHOT_MIME } from "./snapshotjson.ts";

const schema = JSON.parse(readFileSync(new URL("./snapshot.schema.json", import.meta.url), "utf8"));
const validate = new Ajv2020({ strict: true, allErrors: true, strictRequired: false }).compile(schema);

type Drawn = { snapshot(options?: object): MapSnapshot };

/** What a notebook file holds of a map, in all forms. */
function bundleOf(map: Drawn) {
  return JSON.parse(JSON.stringify(mapBundle((options) => map.snapshot(options))));
}

/** The snapshot of a map as a notebook file holds it, found valid. */
function jsonOf(map: Drawn) {
  const json = bundleOf(map)[SNAPSHOT_MIME];
  expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
  return json;
}

const bytes = (bundle: unknown) => new TextEncoder().encode(JSON.stringify(bundle)).length;

describe("the JSON snapshot of a map", () => {
  test("is valid for a nil map, an empty one, a growing one, and one with overflow buckets", () => {
    const go = new Runtime({ seed: 4 });
    expect(jsonOf(go.nil("map[int]int")).map.address).toBe(0);
    expect(jsonOf(go.make("map[int]int")).map.buckets).toBe(null);
    const m = go.make("map[int]string");
    for (let i = 0; i < 27; i++) m.set(i, `<${i}>`);
    expect(jsonOf(m).map.oldbuckets).not.toBe(null);
  });

  test("is valid on every state that random programs reach, and reads back as what it was", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(fc.tuple(fc.boolean(), fc.nat(40)), { maxLength: 120 }),
        (seed, ops) => {
          const m = new Runtime({ seed }).make("map[uint8]string", 3);
          for (const [isSet, key] of ops) {
            if (isSet) m.set(key, `${key} “\u0001”`);
            else m.delete(key);
          }
          const json = jsonOf(m);
          expect(readSnapshot(json)).toEqual({ map: json.map });
        },
      ),
      { seed: 23, numRuns: 60 },
    );
  });

  test.each<[string, (json: ReturnType<typeof jsonOf>) => void]>([
    ["another version", (json) => Object.assign(json, { format: "hmap-snapshot/2" })],
    ["fewer than no entries", (json) => Object.assign(json.map, { count: -1 })],
    ["a key without an elem", (json) => delete json.map.buckets.chains[0][0].cells[0].elem],
    [
      "a tophash beyond a byte",
      (json) => Object.assign(json.map.buckets.chains[0][0].cells[0], { tophash: 256 }),
    ],
    ["a bucket of seven", (json) => json.map.buckets.chains[0][0].cells.pop()],
    ["what it does not know", (json) => Object.assign(json.map, { surprise: 1 })],
  ])("the schema refuses %s", (_, change) => {
    const json = jsonOf(new Runtime({ seed: 1 }).literal("map[int]int", [[1, 2]]));
    change(json);
    expect(validate(json)).toBe(false);
  });
});

describe("what a notebook shows of a map stays below 300 KB and says what it left out", () => {
  test("for a million keys", () => {
    const m = new Runtime({ seed: 1 }).make("map[int]int");
    for (let i = 0; i < 1e6; i++) m.set(i, i);
    const bundle = bundleOf(m);
    expect(bytes(bundle)).toBeLessThan(300_000);
    expect(validate(bundle[SNAPSHOT_MIME])).toBe(true);
    expect(bundle["text/plain"]).toMatch(/262,128 more buckets( and .*)? not shown$/);
    expect(bundle["image/svg+xml"]).toContain("262,128 more buckets");
  });

  test("for long keys full of what markup has to escape", () => {
    const m = new Runtime({ seed: 1 }).make("map[string]string");
    for (let i = 0; i < 500; i++) m.set(`${i}&<世\u0001`.repeat(3000), '&"<>'.repeat(1000));
    const bundle = bundleOf(m);
    expect(bytes(bundle)).toBeLessThan(300_000);
    expect(validate(bundle[SNAPSHOT_MIME])).toBe(true);
    expect(JSON.stringify(bundle[SNAPSHOT_MIME])).toContain("…");
  });

  test("for one long chain", () => {
    const m = new Runtime({ seed: 1 }).make("map[int]int", 100_000);
    for (let key = 0; m.len < 60; key++) if (m.hash(key).bucket === 3) m.set(key, key);
    const bundle = bundleOf({ snapshot: (options) => m.snapshot({ ...options, links: 2 }) });
    expect(bundle["text/plain"]).toMatch(/more buckets and 6 more overflow buckets not shown$/);
    expect(bundle["image/svg+xml"]).toContain("6 more overflow buckets not shown");
    expect(validate(bundle[SNAPSHOT_MIME])).toBe(true);
  });
});

describe("reading a snapshot that anybody may have written", () => {
  const json = () => jsonOf(new Runtime({ seed: 1 }).literal("map[string]int", [["fig", 2]]));

  test.each([
    [5, "this is not an hmap snapshot: it must be an object"],
    [{ format: "hmap-snapshot/9" }, "its format is hmap-snapshot/9"],
    [{ format: "hmap-snapshot/1", map: [] }, "map must be an object"],
    [{ format: "hmap-snapshot/1", map: { type: 1 } }, "map.type must be a string"],
  ])("%j is refused: %s", (wrong, message) => {
    expect(() => readSnapshot(wrong)).toThrow(message);
  });

  test("a number that is markup is refused, with its place", () => {
    const wrong = json();
    wrong.map.buckets.chains[0][0].cells[0].tophash = "<script>";
    expect(() => readSnapshot(wrong)).toThrow(
      "this is not an hmap snapshot: map.buckets.chains[0][0].cells[0].tophash must be a whole number from 0 to 255",
    );
  });

  test("markup in strings is drawn as text", () => {
    const wrong = json();
    wrong.map.type = "<script>alert(1)</script>";
    for (const cell of wrong.map.buckets.chains[0][0].cells) {
      if (cell.key !== undefined) cell.key = '"/><img src=x onerror=alert(1)>';
    }
    const { svg } = snapshotDrawing(readSnapshot(wrong));
    expect(svg).not.toMatch(/<(?!\/?(svg|g|title|desc|rect|path|text|circle|line|defs|pattern|tspan)\b)/);
    expect(svg).toContain("&lt;script&gt;");
  });
});

/** One drawing of each kind, of maps in several states. */
function drawings(seed: number): Record<string, Drawing> {
  const go = new Runtime({ seed });
  const m = go.make("map[string]int");
  const heap = m.watchHeap();
  for (let i = 0; i < 27; i++) {
    m.set(`key ${i}`, i);
    heap.sample();
  }
  const iterator = m.iterator();
  iterator.next();
  const { address = 0 } = m.snapshot().buckets ?? {};
  return {
    map: m.draw(),
    "map with marks": m.draw({
      marks: [{ bucket: address, cell: 3, name: "somebody", kind: "start" }],
      focus: [{ bucket: address, part: "tophash" }, { field: "count" }],
    }),
    iterator: iterator.draw(),
    chain: m.drawBucket(1),
    "old chain": m.drawBucket(1, { old: true }),
    bytes: m.bytes(0),
    "bytes with pointers": go.literal("map[[200]byte]*int", [[new Array(200).fill(0), null]]).bytes(0),
    hash: m.drawHash("key 3"),
    type: m.layout(),
    heap: heap.draw(),
    memStats: go.memStats(),
  };
}

const kinds = Object.keys(drawings(1));
/** The JSON that a notebook file holds of a drawing. */
const saved = (drawing: Drawing) => JSON.parse(JSON.stringify(drawing.bundle[SNAPSHOT_MIME]));

describe.each(kinds)("the drawing of a kind: %s", (kind) => {
  const drawing = drawings(2)[kind]!;

  test("comes in four forms, of which the HTML is the picture, inert", () => {
    expect(Object.keys(drawing.bundle)).toEqual(["text/plain", "image/svg+xml", "text/html", SNAPSHOT_MIME]);
    const [, alt, picture] =
      /^<img alt="([^"]*)" src="data:image\/svg\+xml;base64,([^"]*)" style="max-width: 100%">$/.exec(
        drawing.bundle["text/html"] ?? "",
      ) ?? [];
    expect(alt).toBe(drawing.title.replaceAll('"', "&quot;"));
    expect(Buffer.from(picture ?? "", "base64").toString()).toBe(drawing.svg);
  });

  test("has JSON that the schema knows, from which the same is drawn again", () => {
    const json = saved(drawing);
    expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
    const again = snapshotDrawing(readSnapshot(json));
    expect([again.title, again.text, again.svg]).toEqual([drawing.title, drawing.text, drawing.svg]);
    expect(saved(again)).toEqual(json);
  });

  test("whatever stands in its JSON instead, it is refused with a place, or drawn without markup of others", () => {
    const hostile = fc.constantFrom<unknown>(
      ...["<script>alert(1)</script>", '"/><img src=x>', "\ud800", null, true, -1, 0.5, 0, 63, 255],
      ...[Number.MAX_SAFE_INTEGER, 2 ** 31, {}, [], [null], { __proto__: null, field: "x" }],
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), hostile), { minLength: 1, maxLength: 3 }), (changes) => {
        const json = saved(drawing);
        for (const [where, value] of changes) replaceLeaf(json, where, value);
        let svg: string;
        let text: string;
        try {
          const again = snapshotDrawing(readSnapshot(json));
          svg = again.svgIn(600);
          text = again.text;
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          expect((error as Error).message).toMatch(/^this is not an hmap snapshot/);
          return;
        }
        expect(svg.replace(/<\/?(svg|g|title|desc|rect|path|text|circle|line|tspan)\b/g, "")).not.toContain(
          "<",
        );
        expect(svg.length + text.length).toBeLessThan(1_000_000);
      }),
      { seed: 7, numRuns: 150 },
    );
  });
});

/** Puts a value in the place of one of the leaves of some JSON. */
function replaceLeaf(json: unknown, where: number, value: unknown): void {
  const leaves: [holder: Record<string, unknown>, name: string][] = [];
  const walk = (holder: Record<string, unknown>) => {
    for (const [name, member] of Object.entries(holder)) {
      if (name === "format") continue;
      leaves.push([holder, name]);
      if (typeof member === "object" && member !== null) walk(member as Record<string, unknown>);
    }
  };
  walk(json as Record<string, unknown>);
  const [holder, name] = leaves[where % leaves.length]!;
  holder[name] = structuredClone(value);
}

test("a drawing that is too long for a notebook leaves out its JSON, and then its HTML", () => {
  const m = new Runtime({ seed: 1 }).make("map[int]int");
  const heap = m.watchHeap();
  for (let i = 0; i < 10_000; i++) heap.sample();
  expect(Object.keys(heap.draw().bundle)).toEqual(["text/plain", "image/svg+xml", "text/html"]);
  for (let i = 0; i < 5000; i++) m.set(i, i);
  const all = m.draw({ limit: 1000 });
  expect(Object.keys(all.bundle)).toEqual(["text/plain", "image/svg+xml"]);
});
