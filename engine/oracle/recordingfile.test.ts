import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkDocument } from "./document.ts";
import type { Recording } from "./recording.ts";
import { RecordingError } from "./recordingerror.ts";
import { readRecording } from "./recordingfile.ts";
import { Replay } from "./replay.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hmap-recording-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const number = "0".repeat(16);

/** A recording of a map type with these operations. */
function recordingOf(key: string, elem: string, ...ops: unknown[]) {
  const draws = Array(20).fill(number);
  return {
    format: "bucketmap-trace/1",
    name: "made up",
    type: { key, elem },
    hint: null,
    hashkey: [number, number, number, number],
    draws,
    ops,
    check: [],
    full: [],
  };
}

/** Why a document is no recording, in a sentence without its subject. */
function refusal(document: unknown): string {
  try {
    checkDocument(document);
  } catch (error) {
    expect(error).toBeInstanceOf(RecordingError);
    return (error as Error).message;
  }
  return "nothing";
}

const digest = "0123456789abcdef";
const dump = {
  op: 0,
  count: 0,
  flags: 0,
  B: 0,
  noverflow: 0,
  hash0: 0,
  nevacuate: 0,
  freeOverflow: 0,
  buckets: null,
  oldbuckets: null,
};

describe("what no recording has is refused in a sentence that names the place", () => {
  const wants = (checkpoint: string) =>
    `: checkpoint 1, ${checkpoint}, wants 11 numbers and a digest of 16 hex digits`;
  test.each<[unknown, string]>([
    [["x", 1], ': operation 1, ["x",1], is not of the format bucketmap-trace/1'],
    [["toString"], ': operation 1, ["toString"], is not of the format bucketmap-trace/1'],
    [{}, ": operation 1, {}, is not of the format bucketmap-trace/1"],
    [["s", 1], ': operation 1, ["s",1], wants 3 parts'],
    [
      ["i", 1],
      ': operation 1, ["i",1], wants the bucket and the cell where the iteration begins, and what it produces',
    ],
    [["i", 1, 2, 3], ': operation 1, ["i",1,2,3], wants a key and an elem, or null at the end'],
    [["n", "0", null], ': operation 1, ["n","0",null], wants the number of an iterator'],
    [["n", 0, 5], ': operation 1, ["n",0,5], wants a key and an elem, or null at the end'],
    [
      ["!", "x", "[]int", "text"],
      ': operation 1, ["!","x","[]int","text"], wants the kind of operation (s, g or d), a type and a text',
    ],
  ])("the operation %j", (operation, sentence) => {
    expect(refusal(recordingOf("int", "int", operation))).toBe(sentence);
  });

  test.each<[unknown[], string]>([
    [[7], wants("7")],
    [[[0, 0, 0, 0, 0, 0, 0, 0, -1, 0, 1]], wants("[0,0,0,0,0,0,0,0,-1,0,1]")],
    [[[0, -1, 0, 0, 0, 0, 0, 0, -1, 0, 1, digest]], wants(`[0,-1,0,0,0,0,0,0,-1,0,1,"${digest}"]`)],
    [[[0, 0, 0, 0, 0, 0, 0, 0, -1, 0, 1, "12"]], wants('[0,0,0,0,0,0,0,0,-1,0,1,"12"]')],
    [
      [[2, 0, 0, 0, 0, 0, 0, 0, -1, 0, 1, digest]],
      `: checkpoint 1, [2,0,0,0,0,0,0,0,-1,0,1,"${digest}"], is behind the last operation: there are 1`,
    ],
    [
      [
        [1, 0, 0, 0, 0, 0, 0, 0, -1, 0, 1, digest],
        [0, 0, 0, 0, 0, 0, 0, 0, -1, 0, 1, digest],
      ],
      `: checkpoint 2, [0,0,0,0,0,0,0,0,-1,0,1,"${digest}"], comes too late: checkpoints stand in the order of their operations`,
    ],
  ])("the checkpoints %j", (check, sentence) => {
    expect(refusal({ ...recordingOf("int", "int", ["c"]), check })).toBe(sentence);
  });

  test.each<[object, string]>([
    [{ draws: ["1"] }, 'has "1" as number 1 of "draws": it must be a string of 16 hex digits'],
    [{ hash0: -1 }, 'has -1 as "hash0": it must be a number of 32 bits'],
    [{ hint: 1.5 }, 'has no "hint", a whole number or null: it is not a whole recording'],
    [{ full: {} }, 'has no list "full": it is not a whole recording'],
    [{ heap: [0, 0] }, 'has a "heap" that is no list of 1 numbers, one more than operations'],
    [{ full: [{}] }, ': dump 1 of "full" has no number "op"'],
    [{ full: [{ ...dump, op: 1 }] }, ': dump 1 of "full" is behind the last operation: there are 0'],
    [{ full: [{ ...dump, count: "2" }] }, ': dump 1 of "full" has no number "count"'],
    [
      { full: [dump, { ...dump, overflowList: "2" }] },
      ': dump 2 of "full" has "2" as "overflowList": it must be a number or null',
    ],
    ...[[[], [], []], [[{}]], [[null]], [7], "x"].map((buckets): [object, string] => [
      { full: [{ ...dump, buckets }] },
      ': dump 1 of "full" has no list of chains, a power of two of them, in "buckets"',
    ]),
    [
      { type: { key: "int", elem: "int", flags: "4" } },
      'has "4" as "flags" of its "type": it must be a number',
    ],
  ])("the fields %j", (fields, sentence) => {
    expect(refusal({ ...recordingOf("int", "int"), ...fields })).toBe(sentence);
  });
});

describe("a key or elem that is not of its type is refused, and the operation is named", () => {
  test.each<[string, unknown, string]>([
    ["bool", 1, "1 is not a value of type bool: it takes true or false"],
    ["int8", 128, "128 is not a value of type int8: it takes what fits into 8 bits"],
    ["uint16", -1, "-1 is not a value of type uint16: it takes what fits into 16 bits"],
    [
      "int64",
      2 ** 53,
      "9007199254740992 is not a value of type int64: it takes a whole number; beyond 2^53 - 1 a string of decimal digits",
    ],
    ["uint64", "-1", '"-1" is not a value of type uint64: it takes what fits into 64 bits'],
    ["float64", "7ff", '"7ff" is not a value of type float64: it takes the bits as 16 hex digits'],
    ["float32", 1, "1 is not a value of type float32: it takes the bits as 8 hex digits"],
    ["complex128", [number], `["${number}"] is not a value of type complex128: it takes a list of 2 values`],
    ["string", null, "null is not a value of type string: it takes a string"],
    ["[3]byte", [1, 2, 3], "[1,2,3] is not a value of type [3]uint8: it takes a whole number below 2^32"],
    ["[2]int", [1], "[1] is not a value of type [2]int: it takes a list of 2 values"],
    [
      "struct{a int; _ int; b int}",
      [1, 2, 3],
      "[1,2,3] is not a value of type struct { a int; _ int; b int }: it takes a list of 2 values",
    ],
    [
      "interface{}",
      ["uint16", 1],
      expect.stringMatching(
        /^\["uint16",1\] is not a value of type interface \{\}: it takes \[type, value\] with one of int, /,
      ),
    ],
  ])("%s, %j", (type, value, sentence) => {
    const replay = () =>
      new Replay(recordingOf(type, type, ["s", value, value]) as unknown as Recording).compare();
    expect(replay).toThrow(RecordingError);
    try {
      replay();
    } catch (error) {
      const said = (error as Error).message.replace(
        `operation 1, ${JSON.stringify(["s", value, value])}: `,
        "",
      );
      expect(said).toEqual(sentence);
    }
  });

  test.each<[unknown[], string]>([
    [["n", 3, null], 'operation 2, ["n",3,null]: iterator 3 has not been begun'],
    [["n", 0, null], 'operation 2, ["n",0,null]: iterator 0 is over already'],
    [
      ["!", "s", "[]int", "runtime error: hash of unhashable type []int"],
      'operation 2, ["!","s","[]int","runtime error: hash of unhashable type []int"]: a key of type int can always be hashed',
    ],
  ])("%j", (operation, sentence) => {
    const recording = recordingOf("int", "int", ["i", null], operation) as unknown as Recording;
    expect(() => new Replay(recording).compare()).toThrow(sentence);
  });
});

test("a key that cannot be hashed is made for every type of key that can have one inside, also of a foreign type", () => {
  for (const key of [
    "interface{}",
    "[2]interface{}",
    "struct{_ interface{}; a int; b [1]struct{c interface{}}}",
  ]) {
    for (const type of ["[]int", "main.T", "struct { F []int }", "[2][]string"]) {
      for (const kind of ["s", "g", "d"]) {
        const panic = ["!", kind, type, `runtime error: hash of unhashable type ${type}`];
        const recording = recordingOf(key, "int", panic) as unknown as Recording;
        expect(new Replay(recording).compare().difference?.what).toBe("1 random numbers taken, 20 recorded");
      }
    }
  }
});

const junk: readonly unknown[] = [
  null,
  -1,
  1e300,
  1.5,
  255,
  2 ** 40,
  true,
  "x",
  "-5",
  "ffffffff",
  number,
  [],
  {},
  ["nil"],
  ["int", 5],
  ["chan int", 0],
  [[[]]],
  "[]int",
  "map[int",
  "[99999999999]int",
  "struct{a, a int}",
];

/** Puts something else in one place of a document. */
function spoil(node: unknown, choose: (below: number) => number, depth = 0): unknown {
  if (typeof node !== "object" || node === null || (depth > 1 && choose(4) === 0))
    return junk[choose(junk.length)];
  const keys = Object.keys(node);
  if (keys.length === 0) return junk[choose(junk.length)];
  const key = keys[choose(keys.length)] as string;
  const changed = (Array.isArray(node) ? [...node] : { ...node }) as Record<string, unknown>;
  if (choose(8) > 0) changed[key] = spoil(changed[key], choose, depth + 1);
  else if (Array.isArray(changed)) changed.splice(Number(key), 1);
  else delete changed[key];
  return changed;
}

test.each(["u32-u32-small", "s1-i8-small", "any-any-small", "i64-i64-clear", "panic-any-i64"])(
  "whatever is wrong in %s, it is a difference or one sentence about the recording",
  { timeout: 120_000 },
  (name) => {
    const path = fileURLToPath(new URL(`recordings/${name}.json.gz`, import.meta.url));
    const document = JSON.parse(gunzipSync(readFileSync(path)).toString());
    const spoilt = join(folder, "spoilt.json");
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
        const choose = (below: number) => (numbers.next().value as number) % below;
        writeFileSync(spoilt, JSON.stringify(spoil(document, choose)));
        try {
          const { difference } = new Replay(readRecording(spoilt)).compare();
          expect(difference?.what ?? "").not.toMatch(
            /Cannot|undefined|not iterable|not a function|Invalid|Maximum/,
          );
        } catch (error) {
          expect((error as Error).name).toMatch(/^RecordingError$|^Error$/);
          expect((error as Error).message).not.toMatch(/\n|undefined/);
        }
      }),
      { numRuns: 60, seed: 1 },
    );
  },
);

test("a file cut off anywhere is one sentence about the file", () => {
  const whole = readFileSync(fileURLToPath(new URL("recordings/u32-u32-small.json.gz", import.meta.url)));
  const cut = join(folder, "cut.json.gz");
  for (let size = 0; size < whole.length; size += 97) {
    writeFileSync(cut, whole.subarray(0, size));
    expect(() => readRecording(cut)).toThrow(
      size < 2 ? `${cut} is not JSON, nor gzipped JSON` : `${cut} is damaged or cut off`,
    );
  }
});
