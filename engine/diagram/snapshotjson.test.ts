import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Runtime } from "../runtime.ts";
import { mapBundle, SNAPSHOT_MIME } from "./mapbundle.ts";
import { mapSvg } from "./mapsvg.ts";
import { readSnapshot } from "./snapshotjson.ts";

const schema = JSON.parse(readFileSync(new URL("./snapshot.schema.json", import.meta.url), "utf8"));
const validate = new Ajv2020({ strict: true, allErrors: true, strictRequired: false }).compile(schema);

type Drawn = { snapshot(options?: object): ReturnType<typeof readSnapshot> };

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
          expect(readSnapshot(json)).toEqual(json.map);
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
    [5, "the snapshot must be an object"],
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
      "this is not an hmap snapshot: map.buckets.chains[0][0].cells[0].tophash must be a whole number, 0 or more",
    );
  });

  test("markup in strings is drawn as text", () => {
    const wrong = json();
    wrong.map.type = "<script>alert(1)</script>";
    for (const cell of wrong.map.buckets.chains[0][0].cells) {
      if (cell.key !== undefined) cell.key = '"/><img src=x onerror=alert(1)>';
    }
    const svg = mapSvg(readSnapshot(wrong));
    expect(svg).not.toMatch(/<(?!\/?(svg|g|title|desc|rect|path|text|circle|line|defs|pattern|tspan)\b)/);
    expect(svg).toContain("&lt;script&gt;");
  });
});
