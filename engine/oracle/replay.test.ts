import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Recording } from "./recording.ts";
import { readRecording } from "./recordingfile.ts";
import { Replay, replayBothWays } from "./replay.ts";

const folder = fileURLToPath(new URL("recordings/", import.meta.url));
const names = readdirSync(folder).map((file) => file.replace(".json.gz", ""));

/** The family of a recording: what README.md lists them by. */
function familyOf(name: string): string {
  return /-(small|fuzz|clear|big)$/.exec(name)?.[1] ?? /^(bigb|[a-z]+)/.exec(name)?.[1] ?? name;
}

/** A recording that may be changed. */
type Draft = { -readonly [Field in keyof Recording]: Recording[Field] };

/** A dump that may be changed. */
interface DumpDraft {
  op: number;
  count: number;
  hasExtra: boolean;
  overflowList: number | null;
  nbuckets: number | null;
  buckets: { at: number; top: string; k: string[]; e: string[] }[][];
  oldbuckets: DumpDraft["buckets"] | null;
}

function recording(name: string): Draft {
  return structuredClone(readRecording(`${folder}${name}.json.gz`)) as Draft;
}

describe("what real Go 1.23 maps did, ours do", () => {
  const families = Map.groupBy(names, familyOf);

  test("there are recordings of every family and of more than fifty map types", () => {
    expect([...families.keys()].sort()).toEqual(
      "big bigb churn clear clone collide fuzz grow heap hint iter nan panic samesize small str zero".split(
        " ",
      ),
    );
    expect(families.get("small")?.length).toBeGreaterThan(50);
  });

  test.each([...families])("every recording of the family %s agrees", { timeout: 120_000 }, (_, members) => {
    for (const name of members) {
      const read = readRecording(`${folder}${name}.json.gz`);
      const { difference, operations, checkpoints } = replayBothWays(read);
      expect(difference, name).toBeNull();
      expect([operations, checkpoints], name).toEqual([read.ops.length, read.check.length]);
    }
  });
});

describe("a recording that says one thing wrong is found out", () => {
  /** The place and sentence of the first difference. */
  function difference(changed: Draft) {
    const { difference: found } = new Replay(changed, false).compare();
    expect(new Replay(changed, true).compare().difference?.what).toBe(found?.what);
    return found && { op: found.op, operation: found.operation, what: found.what };
  }

  /** The number of the first operation that satisfies a condition. */
  function find(changed: Draft, condition: (operation: readonly unknown[]) => boolean): number {
    const at = changed.ops.findIndex(condition);
    expect(at).toBeGreaterThanOrEqual(0);
    return at;
  }

  /** Changes one operation; gives the operation as it is now. */
  function change(changed: Draft, at: number, place: number, value: unknown): readonly unknown[] {
    const operation = (changed.ops[at] as readonly unknown[]).with(place, value);
    changed.ops = changed.ops.with(at, operation as unknown as Recording["ops"][number]);
    return operation;
  }

  test("a digest", () => {
    const changed = recording("u32-u32-small");
    const checkpoint = changed.check[30] as Recording["check"][number];
    const digest = checkpoint[11];
    changed.check = changed.check.with(30, checkpoint.with(11, "0123456789abcdef") as never);
    expect(difference(changed)).toEqual({
      op: checkpoint[0],
      what: `the bytes of the buckets differ (digest ${digest}, 0123456789abcdef recorded)`,
    });
  });

  test.each([
    [1, "count"],
    [2, "flags"],
    [3, "B"],
    [4, "noverflow"],
    [5, "hash0"],
    [6, "nevacuate"],
    [7, "growing"],
    [8, "nextOverflow"],
    [9, "freeOverflow"],
  ])("number %i of a checkpoint, the %s", (place, field) => {
    const changed = recording("grow-i64-i64");
    const checkpoint = changed.check[40] as Recording["check"][number];
    const is = checkpoint[place] as number;
    changed.check = changed.check.with(40, checkpoint.with(place, is + 1) as never);
    expect(difference(changed)).toEqual({
      op: checkpoint[0],
      what: `${field} is ${is}, ${is + 1} recorded`,
    });
  });

  test("the number of draws at a checkpoint", () => {
    const changed = recording("u32-u32-small");
    changed.check = changed.check.map((checkpoint) => checkpoint.with(10, 99) as never);
    expect(difference(changed)).toEqual({ op: 0, what: "1 random numbers taken, 99 recorded" });
  });

  test("what a lookup gave", () => {
    const changed = recording("u32-u32-small");
    const at = find(changed, ([op, , elem]) => op === "g" && typeof elem === "number");
    const [, , elem] = changed.ops[at] as [string, number, number];
    const other = (elem ^ 1) >>> 0;
    const operation = change(changed, at, 2, other);
    expect(difference(changed)).toEqual({ op: at, operation, what: `elem is ${elem}, recorded ${other}` });
  });

  test("whether a key was there", () => {
    const there = recording("str-str-small");
    const hit = find(there, ([op, , elem]) => op === "g" && elem !== null);
    change(there, hit, 2, null);
    expect(difference(there)?.what).toMatch(/^key ".*" is there, recorded otherwise$/);
    const absent = recording("str-str-small");
    const miss = find(absent, ([op, , elem]) => op === "g" && elem === null);
    change(absent, miss, 2, "fig");
    expect(difference(absent)).toMatchObject({
      op: miss,
      what: expect.stringMatching(/^key ".*" is absent/),
    });
  });

  test("where an iteration began", () => {
    const changed = recording("iter-grow-i64-i64");
    const at = find(changed, ([op, start]) => op === "i" && start !== null);
    const [, start, offset] = changed.ops[at] as [string, number, number];
    change(changed, at, 2, (offset + 1) % 8);
    expect(difference(changed)?.what).toBe(
      `the iteration begins at ${start},${offset}, recorded at ${start},${(offset + 1) % 8}`,
    );
  });

  test("an entry that an iterator gave", () => {
    const changed = recording("iter-grow-i64-i64");
    const at = find(changed, ([op, , key]) => op === "n" && typeof key === "number");
    const [, , key] = changed.ops[at] as [string, number, number];
    const operation = change(changed, at, 2, key + 1);
    expect(difference(changed)).toEqual({ op: at, operation, what: `key is ${key}, recorded ${key + 1}` });
  });

  test("the end of an iteration", () => {
    const changed = recording("iter-grow-i64-i64");
    const at = find(changed, ([op, , key]) => op === "n" && key === null);
    change(changed, at, 2, 1);
    changed.ops = changed.ops.with(at, [...(changed.ops[at] as [string]), 1]);
    expect(difference(changed)?.what).toBe("the iteration ends here, recorded otherwise");
  });

  test("a draw that is missing, and one too many", () => {
    const short = recording("u32-u32-small");
    short.draws = short.draws.slice(0, -1);
    expect(difference(short)?.what).toBe("takes more random numbers than the recording has");
    const long = recording("u32-u32-small");
    const taken = long.draws.length;
    long.draws = [...long.draws, "0000000000000001"];
    expect(difference(long)).toEqual({
      op: long.ops.length,
      what: `${taken} random numbers taken, ${taken + 1} recorded`,
    });
  });

  test.each([
    ["variant", "fast64", "variant of map[uint32]uint32 is fast32, fast64 recorded"],
    ["bucketSize", 144, "bucketSize of map[uint32]uint32 is 80, 144 recorded"],
    ["flags", 12, "flags of map[uint32]uint32 is 4, 12 recorded"],
    ["bucketHasPointers", true, "bucketHasPointers of map[uint32]uint32 is false, true recorded"],
    ["keySize", 8, "keySize of map[uint32]uint32 is 4, 8 recorded"],
    ["elemSize", 8, "elemSize of map[uint32]uint32 is 4, 8 recorded"],
    ["keySlot", 8, "keySlot of map[uint32]uint32 is 4, 8 recorded"],
    ["elemSlot", 8, "elemSlot of map[uint32]uint32 is 4, 8 recorded"],
  ])("a fact of the map type: %s", (fact, value, what) => {
    const changed = recording("u32-u32-small");
    changed.type = { ...changed.type, [fact]: value };
    expect(difference(changed)).toEqual({ op: 0, what });
  });

  test("the seed after make", () => {
    const changed = recording("u32-u32-small");
    const hash0 = changed.hash0 as number;
    changed.hash0 = hash0 ^ 1;
    expect(difference(changed)).toEqual({ op: 0, what: `hash0 is ${hash0}, ${hash0 ^ 1} recorded` });
  });

  test("the bytes that make and the operations allocate", () => {
    const changed = recording("heap-i64-b129");
    const heap = changed.heap as number[];
    changed.heap = heap.with(0, 64);
    expect(difference(changed)).toEqual({ op: 0, what: "48 bytes allocated so far, 64 recorded" });
    changed.heap = heap.with(9, 1);
    expect(difference(changed)).toEqual({
      op: 8,
      operation: changed.ops[8],
      what: `${heap[9]} bytes allocated so far, 1 recorded`,
    });
  });

  test("the text of a panic", () => {
    const changed = recording("panic-any-i64");
    const at = find(changed, ([op, , , text]) => op === "!" && String(text).endsWith("[]int"));
    const operation = change(changed, at, 3, "hash of unhashable type []int");
    expect(difference(changed)).toEqual({
      op: at,
      operation,
      what: 'panics with "runtime error: hash of unhashable type []int", recorded "hash of unhashable type []int"',
    });
  });

  test.each<[string, (dump: DumpDraft) => void, string]>([
    ["count", (dump) => (dump.count = 9), "count is 26, 9 recorded"],
    ["extra", (dump) => (dump.hasExtra = false), "hasExtra is true, false recorded"],
    ["list of overflow buckets", (dump) => (dump.overflowList = 7), "overflowList is 1, 7 recorded"],
    ["array", (dump) => (dump.nbuckets = 5), "nbuckets is 4, 5 recorded"],
    ["old array", (dump) => (dump.oldbuckets = []), "oldbuckets is nil, recorded otherwise"],
    ["number of chains", (dump) => dump.buckets.pop(), "buckets has 4 main buckets, 3 recorded"],
    ["chain", (dump) => dump.buckets[1]!.pop(), "buckets[1] is a chain of 1, 0 recorded"],
    [
      "place",
      (dump) => (dump.buckets[1]![0]!.at = -1),
      "buckets[1], bucket 0 of the chain: its place is 1, -1 recorded",
    ],
    [
      "tophash",
      (dump) => (dump.buckets[1]![0]!.top = "00"),
      expect.stringMatching(
        /^buckets\[1\], bucket 0 of the chain: its tophashes are [0-9a-f]{16}, "00" recorded$/,
      ),
    ],
    [
      "key",
      (dump) => (dump.buckets[1]![0]!.k[2] = "ff"),
      expect.stringMatching(/^buckets\[1\], bucket 0 of the chain: key 2 is [0-9a-f]{8}, "ff" recorded$/),
    ],
    [
      "elem",
      (dump) => (dump.buckets[1]![0]!.e[0] = "ff"),
      expect.stringMatching(/^buckets\[1\], bucket 0 of the chain: elem 0 is [0-9a-f]{8}, "ff" recorded$/),
    ],
  ])("a dump: its %s", (_, mistake, what) => {
    const changed = recording("u32-u32-small");
    const dump = changed.full[1] as unknown as DumpDraft; // four buckets, one of them with an overflow bucket
    mistake(dump);
    expect(difference(changed)).toEqual({ op: dump.op, what });
  });
});
