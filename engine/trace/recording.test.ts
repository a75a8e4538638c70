import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type GoMap, GoPanic, Runtime } from "../index.ts";
import { NOTES_END, OWN_NOTES, SCRATCH, STACK } from "../map/machine.ts";
import { LANDMARKS } from "./events.ts";
import { frameOf, frameSvg, frameText } from "./frame.ts";
import { readRecording } from "./readrecording.ts";
import type { Recording } from "./recording.ts";
import { RECORDING_MIME, type RecordingJson, toJson } from "./recordingjson.ts";

const schema = JSON.parse(readFileSync(new URL("./recording.schema.json", import.meta.url), "utf8"));
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);

/** More than these programs use. */
const MEMORY = 2 ** 21;

/** Programs over one map, as numbers: what to do, and with which key. */
const programs = fc.array(fc.tuple(fc.integer({ min: 0, max: 19 }), fc.integer({ min: 0, max: 60 })), {
  minLength: 1,
  maxLength: 120,
});

const KINDS: Record<string, { type: string; key: (n: number) => unknown; value: (n: number) => unknown }> = {
  ints: { type: "map[int]int", key: (n) => n, value: (n) => n },
  strings: { type: "map[string]int", key: (n) => `key ${n}`, value: (n) => n },
  "small keys": { type: "map[int32]bool", key: (n) => n, value: (n) => n % 2 === 0 },
  interfaces: { type: "map[any]string", key: (n) => (n % 3 === 0 ? n : `k${n}`), value: (n) => `v${n}` },
  floats: { type: "map[float64]float64", key: (n) => (n === 7 ? NaN : n / 2), value: (n) => n },
  "big elems": { type: "map[int][200]byte", key: (n) => n, value: (n) => new Uint8Array(200).fill(n) },
};

function run(
  m: GoMap<unknown, unknown>,
  kind: string,
  program: readonly (readonly [number, number])[],
): void {
  const { key, value } = KINDS[kind] as (typeof KINDS)[string];
  for (const [what, n] of program) {
    if (what < 10) m.set(key(n), value(n));
    else if (what < 14) m.delete(key(n));
    else if (what < 16) m.get(key(n));
    else if (what === 16) m.has(key(n));
    else if (what === 17) for (const [k] of m) if (m.len < 20) m.set(k, value(n));
    if (what === 18 && n > 50) m.clear();
    if (what === 19 && n > 30) m.clone();
  }
}

function positionsOf(r: Recording, fractions: readonly number[]): number[] {
  return [0, ...fractions.map((fraction) => Math.floor(fraction * r.length)), r.length];
}

const bytesOf = (go: Runtime) => Buffer.from(go.unsafe.bytes(0, MEMORY));
/** The image of a recording, zeroes added to the same length. */
function imageOf(r: Recording): Buffer {
  const image = Buffer.alloc(MEMORY);
  image.set(r.memory());
  return image;
}

describe.each(Object.keys(KINDS))("a recording of a program on %s", (kind) => {
  const type = (KINDS[kind] as { type: string }).type;

  test("undone to its beginning has the memory of before, byte for byte, and of after when it is redone", () => {
    fc.assert(
      fc.property(
        programs,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
        (program, stops) => {
          const go = new Runtime({ seed: 3 });
          const m = go.make(type) as GoMap<unknown, unknown>;
          run(m, kind, program.slice(0, 10));
          const before = bytesOf(go);
          const r = go.record(() => run(m, kind, program));
          const after = bytesOf(go);
          expect(imageOf(r).equals(after)).toBe(true);
          for (const position of positionsOf(r, stops)) r.seek(position);
          expect(imageOf(r).equals(after)).toBe(true);
          for (const position of positionsOf(r, stops).reverse()) r.seek(position);
          expect(imageOf(r).equals(before)).toBe(true);
          expect(bytesOf(go).equals(after)).toBe(true); // the runtime itself has not gone back
        },
      ),
      { numRuns: 25, seed: 11 },
    );
  });

  test("has changed nothing: the same program without one ends in the same state", () => {
    fc.assert(
      fc.property(programs, (program) => {
        const [recorded, plain] = [true, false].map((recording) => {
          const go = new Runtime({ seed: 5 });
          const m = go.make(type) as GoMap<unknown, unknown>;
          if (recording) go.record(() => run(m, kind, program));
          else run(m, kind, program);
          // No program can see these: a string key is not written, and loops read ahead, where nobody watches.
          return bytesOf(go).fill(0, SCRATCH, STACK).fill(0, OWN_NOTES, NOTES_END);
        });
        expect((recorded as Buffer).equals(plain as Buffer)).toBe(true);
      }),
      { numRuns: 15, seed: 12 },
    );
  });

  test("survives as JSON, and can be drawn at every position", () => {
    fc.assert(
      fc.property(
        programs,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }),
        (program, stops) => {
          const go = new Runtime({ seed: 7 });
          const m = go.make(type) as GoMap<unknown, unknown>;
          // Memory that others have and had, between that of the recorded maps.
          const others = [go.make("map[string]string"), go.make("map[string]string")];
          for (const [i, [what, n]] of program.entries()) {
            others[i % 2]?.set(`other ${n}`, "x".repeat(20 * what));
            if (i % 3 === 0) run(m, kind, [[what, n]]);
          }
          others[0]?.release();
          go.gc();
          const r = go.record(() => {
            run(m, kind, program);
            go.gc();
            run(go.make(type) as GoMap<unknown, unknown>, kind, program);
          });
          const json = JSON.parse(JSON.stringify(toJson(r))) as RecordingJson;
          expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
          const copy = readRecording(json);
          for (const position of positionsOf(r, stops)) {
            r.seek(position);
            copy.seek(position);
            expect(copy.sentence).toBe(r.sentence);
            const frame = frameOf(r, 4);
            expect(frameOf(copy, 4).state).toEqual(frame.state);
            expect(frameSvg(frame, { width: 360 })).toBe(frameSvg(frameOf(copy, 4), { width: 360 }));
            expect(frameText(frame)).not.toBe("");
          }
        },
      ),
      { numRuns: 15, seed: 13 },
    );
  });
});

function recordFill(n: number): Recording {
  const go = new Runtime({ seed: 1 });
  const m = go.make("map[int]int");
  return go.record(() => {
    for (let i = 0; i < n; i++) m.set(i, i);
  });
}

test("a map is found again whose pages a big array with copies of keys has taken", () => {
  const go = new Runtime({ seed: 1 });
  const m = go.make("map[int]int", 400_000);
  for (let key = 0; key < 200_000; key++) m.set(key, -1 - key);
  const memory = Buffer.from(go.unsafe.bytes(0, 2 ** 23));
  const r = go.record(() => {
    m.release();
    go.gc();
    go.make("map[string]int", 60_000).set("fig", 1);
  });
  r.seek(0);
  expect(memory.equals(r.memory().subarray(0, 2 ** 23))).toBe(true);
});

test("operations are written as Go would write them", () => {
  const go = new Runtime({ seed: 1 });
  const r = go.record(() => {
    const m = go.make("map[string]int", 4);
    m.set("a", 1);
    m.op("a", "+=", 2);
    m.lookup("a");
    m.has("b");
    m.delete("a");
    m.clear();
    const other = go.make("map[string][]int");
    other.append("x", 1);
    for (const _ of other);
    go.gc();
  });
  expect(Array.from({ length: r.operations }, (_, i) => r.label(i))).toEqual([
    "m := make(map[string]int, 4)",
    'm["a"] = 1',
    'm["a"] += 2',
    'v, ok := m["a"]',
    '_, ok := m["b"]',
    'delete(m, "a")',
    "clear(m)",
    "m2 := make(map[string][]int)",
    'm2["x"] = append(m2["x"], ...)',
    "for k, v := range m2",
    "next of range m2",
    "runtime.GC()",
  ]);
});

test("at each position stands the state of then", () => {
  const r = recordFill(30);
  for (let operation = 0; operation < 30; operation++) {
    r.seek(r.endOf(operation));
    expect(r.snapshot()).toMatchObject({ count: operation + 1 });
    r.seek(r.startOf(operation));
    expect(r.snapshot()).toMatchObject({ count: operation });
  }
});

test("the next growth, and the one before, can be jumped to", () => {
  const r = recordFill(30);
  r.seek(0);
  const growths: string[] = [];
  for (let at = r.find("growth"); at >= 0; at = r.find("growth")) {
    r.seek(at);
    growths.push(r.label(r.operation));
    expect(r.event?.kind).toBe("growthStarted");
  }
  expect(growths).toEqual(["m[8] = 8", "m[13] = 13", "m[26] = 26"]);
  r.seek(r.find("growth", -1));
  expect(r.label(r.operation)).toBe("m[13] = 13");
  r.seek(0);
  expect(r.find("growth", -1)).toBe(-1);
});

test("every landmark leads to a step of its kinds", () => {
  const go = new Runtime({ seed: 1 });
  const r = go.record(() => {
    const m = go.make("map[int]int", 20);
    for (let i = 0; i < 60; i++) m.set(i, i);
    for (const [key] of m) m.delete(key);
    go.gc();
  });
  for (const [landmark, kinds] of Object.entries(LANDMARKS)) {
    r.seek(0);
    const at = r.find(landmark as keyof typeof LANDMARKS);
    expect(at, landmark).toBeGreaterThan(0);
    r.seek(at);
    expect(kinds).toContain(r.event?.kind);
  }
});

test("an iterator's place is known while it is under way", () => {
  const go = new Runtime({ seed: 2 });
  const m = go.make("map[int]int");
  for (let i = 0; i < 5; i++) m.set(i, i);
  const r = go.record(() => {
    for (const [key] of m) if (key === 3) break;
  });
  r.seek(r.endOf(0));
  expect(r.iterators()).toMatchObject([{ map: 0, cell: expect.any(Number) }]);
  r.seek(0);
  expect(r.iterators()).toEqual([]);
});

test("a panic ends the program and is kept", () => {
  const go = new Runtime({ seed: 1 });
  const m = go.nil("map[int]int");
  const r = go.record(() => m.set(1, 1));
  expect(r.error).toBeInstanceOf(GoPanic);
  expect(r.error?.message).toBe("assignment to entry in nil map");
  expect(readRecording(toJson(r)).error?.message).toBe("assignment to entry in nil map");
});

test("what cannot be recorded is refused, and the machine is as before", () => {
  const go = new Runtime({ seed: 1 });
  const m = go.make("map[int]int");
  expect(() => go.record(() => go.record(() => {}))).toThrow(
    "a recording is under way: end it before you begin another one",
  );
  expect(() => go.record(async () => {})).toThrow("record a function that is not async");
  expect(() => go.record(() => m.set("a" as never, 1))).toThrow(TypeError);
  const r = go.record(() => m.set(1, 1));
  expect(r.operations).toBe(1);
  expect(() => r.seek(1e6)).toThrow(`a position is a whole number from 0 to ${r.length}, not 1000000`);
});

test("what is damaged is refused, wherever the damage is", () => {
  const json = JSON.stringify(toJson(recordFill(12)));
  fc.assert(
    fc.property(fc.nat(json.length - 1), fc.constantFrom("", "9", "A", "-", '"', "]", "{"), (at, what) => {
      let damaged: RecordingJson;
      try {
        damaged = JSON.parse(json.slice(0, at) + what + json.slice(at + 1)) as RecordingJson;
      } catch {
        return; // no JSON any more: refused before it comes here
      }
      try {
        const r = readRecording(damaged);
        for (const position of [0, 1, r.length >> 1, r.length]) {
          r.seek(position);
          void r.sentence;
        }
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }),
    { numRuns: 300, seed: 14 },
  );
  expect(() => readRecording({ ...toJson(recordFill(1)), steps: 1e6 })).toThrow(
    "this is not an hmap recording: ",
  );
  expect(() => readRecording(null)).toThrow("this is not an hmap recording");
});

test("an image that is too big, or no number, is refused", () => {
  for (const size of [2 ** 40, -4, 3, "4"]) {
    expect(() => readRecording({ ...toJson(recordFill(1)), size } as never)).toThrow(
      "this is not an hmap recording: size must be a whole number",
    );
  }
});

test("a file of another version is refused", () => {
  expect(() => readRecording({ ...toJson(recordFill(1)), format: "hmap-recording/2" } as never)).toThrow(
    "this is not an hmap recording: its format is hmap-recording/2, and this reads hmap-recording/1",
  );
});

/** What a notebook gets, by MIME type. */
function show(r: Recording): Record<string, string> {
  return (r[Symbol.for("Jupyter.display") as never] as () => Record<string, string>).call(r);
}

test("a notebook gets a recording as text, picture and data, or a word why there is no data", () => {
  const small = show(recordFill(3));
  expect(Object.keys(small).sort()).toEqual(
    [RECORDING_MIME, "image/svg+xml", "text/html", "text/plain"].sort(),
  );
  expect(small["text/plain"]).toMatch(
    /^recording of 3 operations, 31 steps, at step 31: the elem, 8 bytes, is stored/,
  );
  const big = show(recordFill(20_000));
  expect(Object.keys(big).sort()).toEqual(["image/svg+xml", "text/html", "text/plain"]);
  expect(big["text/plain"]).toContain(
    "too long to be played here: record fewer operations to get the player",
  );
  // A front end shows the picture, and not the text: so it has to say it, too.
  expect(big["image/svg+xml"]?.replace(/<[^>]*>/g, " ").replace(/ +/g, " ")).toContain(
    "too long to be played here: record fewer operations to get the player",
  );
  expect(small["image/svg+xml"]).not.toContain("recording of");
  expect(JSON.stringify(big).length).toBeLessThan(300_000);
});

test("a notebook can play a short recording, however much other maps hold", () => {
  const go = new Runtime({ seed: 1 });
  const other = go.make("map[int][128]byte");
  for (let i = 0; i < 10_000; i++) other.set(i, new Array(128).fill(7));
  const m = go.make("map[string]string");
  m.set("before", "this");
  const r = go.record(() => m.set("now", "that"));
  const json = show(r)[RECORDING_MIME];
  const played = readRecording(json);
  expect(String(frameText(frameOf(played)))).toContain('"before"');
  expect(JSON.stringify(json).length).toBeLessThan(5_000);
});

test("a recording whose elems refer to memory takes all memory along", () => {
  const go = new Runtime({ seed: 1 });
  const shared = go.slice("int", [1, 2, 3]);
  const m = go.make("map[string][]int");
  const r = go.record(() => m.set("now", shared));
  const played = readRecording(toJson(r));
  played.seek(played.length);
  expect(frameText(frameOf(played))).toContain("[1 2 3]");
});

test.each([
  ["of too big a map to be played here: record a smaller one", 20_000],
  ["in too much memory to be played here: record in a Runtime of its own", 1_700_000],
])("a recording %s to get the player", (words, hint) => {
  const go = new Runtime({ seed: 1 });
  const zeros = new Array(128).fill(0);
  const m = go.make("map[int][128]byte", hint);
  if (hint < 1e6) for (let i = 0; i < hint; i++) m.set(i, zeros);
  const r = go.record(() => m.set(1, zeros));
  const shown = show(r);
  expect(shown["text/plain"]).toContain(`${words} to get the player`);
  expect(Object.keys(shown)).not.toContain(RECORDING_MIME);
});
