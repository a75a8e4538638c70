import fc from "fast-check";
import { expect, test } from "vitest";
import { type GoMap, Runtime } from "./index.ts";
import type { MapSnapshot } from "./snapshot.ts";

const runtime = (seed = 1) => new Runtime({ seed });

/** The marks and live cells of one chain: `9a 3f 01 00 00 00 00 00`. */
function tophashes(m: GoMap<never, never>, bucket = 0): string {
  const chain = m.snapshot().buckets?.chains[bucket] ?? [];
  return chain
    .map((b) => b.cells.map((c) => (c.tophash >= 5 ? "##" : `0${c.tophash}`)).join(" "))
    .join(" | ");
}

function ints(n: number, hint?: number): GoMap<number, number> {
  const m = runtime().make("map[int]int", hint);
  for (let i = 0; i < n; i++) m.set(i, i);
  return m;
}

test("a delete in the middle leaves emptyOne, and the last one runs back over what is empty before it", () => {
  const m = ints(5);
  m.delete(2);
  expect(tophashes(m as never)).toBe("## ## 01 ## ## 00 00 00");
  m.delete(3);
  expect(tophashes(m as never)).toBe("## ## 01 01 ## 00 00 00");
  m.delete(4);
  expect(tophashes(m as never)).toBe("## ## 00 00 00 00 00 00");
  m.delete(99);
  expect([m.len, m.has(2), m.has(1)]).toEqual([2, false, true]);
});

test("a new key takes the first empty cell", () => {
  const m = ints(5);
  m.delete(1);
  m.set(50, 50);
  expect(m.snapshot().buckets?.chains[0]?.[0]?.cells[1]).toMatchObject({ key: "50" });
});

test("the run back goes through overflow buckets to the start of the chain", () => {
  const m = runtime().make("map[int]int", 20);
  const keys: number[] = [];
  for (let key = 0; keys.length < 20; key++) if (m.hash(key).bucket === 0) keys.push(key);
  for (const key of keys) m.set(key, 0);
  for (const key of keys.slice(4, 19)) m.delete(key);
  expect(tophashes(m as never)).toMatch(/^(## ){4}(01 ){4}\| (01 ){8}\| (01 ){3}## 00/);
  m.delete(keys[19] as number);
  expect(tophashes(m as never)).toMatch(/^(## ){4}(00 ){4}\| (00 ){8}\| 00/);
  expect(m.snapshot()).toMatchObject({ count: 4, noverflow: 2 }); // nothing is given back
});

test("the delete that empties a map draws a new hash0", () => {
  const m = ints(2);
  const { hash0 } = m.snapshot();
  m.delete(0);
  expect(m.snapshot().hash0).toBe(hash0);
  m.delete(1);
  expect(m.snapshot().hash0).not.toBe(hash0);
});

test("a delete does growth work, but never starts a growth", () => {
  const m = ints(27);
  expect(m.snapshot()).toMatchObject({ nevacuate: 2, B: 3 });
  m.delete(-1);
  expect(m.snapshot().oldbuckets).toBeNull();
});

test("a deleted int key stays in its cell, a string's pointer goes and its length stays", () => {
  const go = runtime();
  const a = go.make("map[int]int");
  a.set(7, 8);
  const keySlot = (a.snapshot().buckets?.address ?? 0) + 8;
  a.delete(7);
  expect(go.unsafe.load("int", keySlot)).toBe(7);
  expect(go.unsafe.load("int", keySlot + 64)).toBe(0);
  const b = go.make("map[string]int");
  b.set("fig", 1);
  const stringSlot = (b.snapshot().buckets?.address ?? 0) + 8;
  b.delete("fig");
  expect([go.unsafe.load("uint64", stringSlot), go.unsafe.load("uint64", stringSlot + 8)]).toEqual([0n, 3n]);
});

test("clear keeps the array and its spares, draws a new hash0 and drops the old array", () => {
  const m = ints(110, 100);
  const before = m.snapshot();
  expect(before.oldbuckets).not.toBeNull();
  m.clear();
  const after = m.snapshot();
  expect(after).toMatchObject({
    count: 0,
    B: before.B,
    nevacuate: 0,
    noverflow: 0,
    oldbuckets: null,
    spares: 5,
  });
  expect(after.buckets?.address).toBe(before.buckets?.address);
  expect(after.hash0).not.toBe(before.hash0);
});

test("clear removes NaN keys, and a loop of deletes does not", () => {
  const m = runtime().make("map[float64]int");
  for (let i = 0; i < 3; i++) m.set(Number.NaN, i);
  m.set(1, 1);
  m.deleteAll();
  expect([m.len, m.has(Number.NaN)]).toEqual([3, false]);
  m.clear();
  expect(m.len).toBe(0);
});

test("+0 and -0 are one key, and the later one is kept", () => {
  const m = runtime().make("map[float64]int");
  m.set(0, 1);
  m.set(-0, 2);
  expect(m.len).toBe(1);
  expect([...m]).toEqual([[-0, 2]]);
});

test("interface keys are equal when their types and values are", () => {
  const go = runtime();
  const m = go.make("map[any]string");
  m.set(1, "int");
  m.set(go.value("int64", 1n), "int64");
  m.set(go.value("float64", 1), "float64");
  m.set(null, "nil");
  m.set(go.value("struct{ a int; b string }", { a: 1, b: "x" }), "struct");
  expect([m.len, m.get(1), m.get(go.value("int64", 1n)), m.get(null)]).toEqual([5, "int", "int64", "nil"]);
  expect(m.get(go.value("struct{ a int; b string }", { a: 1, b: "x" }))).toBe("struct");
  expect(m.hash(1).hash).toBe(m.hash(go.value("int64", 1n)).hash); // the type is not hashed
});

test.each([
  ["[]int", null, "[]int"],
  ["map[string]int", null, "map[string]int"],
  ["func()", null, "func()"],
  ["struct{ f []int }", {}, "struct { f []int }"],
  ["[1]any", "slice inside", "[]int"],
])("a key that holds %s cannot be hashed, even to look it up in an empty map", (type, value, named) => {
  const go = runtime();
  const m = go.make("map[any]int");
  const inside = value === "slice inside" ? [go.value("[]int", null)] : value;
  const key = go.value(type, inside);
  const text = `runtime error: hash of unhashable type ${named}`;
  for (const filled of [false, true]) {
    if (filled) m.set("a", 1);
    const before = m.snapshot();
    expect(() => m.get(key)).toThrow(text);
    expect(() => m.delete(key)).toThrow(text);
    expect(() => m.set(key, 1)).toThrow(text);
    expect(m.snapshot()).toEqual(before);
  }
});

test("a nil map can be read, deleted from, cleared and ranged over, but not written", () => {
  const m = runtime().nil("map[string]int");
  expect([m.isNil, m.len, m.get("a"), m.has("a"), [...m]]).toEqual([true, 0, 0, false, []]);
  m.delete("a");
  m.clear();
  expect(m.clone().isNil).toBe(true);
  expect(() => m.set("a", 1)).toThrow("assignment to entry in nil map");
  expect(String(m)).toContain("nil map");
});

test("a literal makes room for its entries, and a later one wins", () => {
  const m = runtime().literal("map[string]int", [
    ["a", 1],
    ["b", 2],
    ["a", 3],
  ]);
  expect([m.len, m.get("a")]).toEqual([2, 3]);
});

test("a map that does not escape has its header and first bucket on the stack, and costs the heap nothing", () => {
  const go = runtime();
  const m = go.make("map[int]int", { escapes: false });
  expect(m.snapshot().buckets?.length).toBe(1);
  m.set(1, 1);
  expect(go.heapAlloc).toBe(0);
});

test("m[k] op= v makes one assign of it; a division by zero finds the map untouched", () => {
  const m = runtime().make("map[string]int8");
  m.op("a", "+=", 127);
  m.op("a", "+=", 1); // wraps around, as in Go
  expect(m.get("a")).toBe(-128);
  m.op("b", "-=", 5);
  m.op("b", "*=", 3);
  m.op("b", "%=", 4);
  expect(m.get("b")).toBe(-3);
  expect(() => m.op("c", "/=", 0)).toThrow("runtime error: integer divide by zero");
  expect(m.has("c")).toBe(false);
  const words = runtime().make("map[int]string");
  words.op(1, "+=", "ab");
  words.op(1, "+=", "cd");
  expect(words.get(1)).toBe("abcd");
  expect(() => words.op(1, "-=", "x")).toThrow(
    "invalid operation: operator - not defined on m[1] (map index expression of type string)",
  );
});

test("complex elems have the four operators, and divide as Go does", () => {
  const m = runtime().make("map[int]complex128");
  const after = (operator: "+=" | "-=" | "*=" | "/=", operand: readonly [number, number]) => {
    m.op(1, operator, operand);
    return m.get(1);
  };
  expect(after("+=", [1, 2])).toEqual([1, 2]);
  expect(after("*=", [1, 2])).toEqual([-3, 4]);
  expect(after("/=", [1, 2])).toEqual([1, 2]);
  expect(after("-=", [0, 1])).toEqual([1, 1]);
  expect(after("/=", [0, 0])).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  expect(after("/=", [2, -3])).toEqual([Number.NaN, Number.POSITIVE_INFINITY]);
  m.op(2, "/=", [0, 0]);
  expect(m.get(2)).toEqual([Number.NaN, Number.NaN]);
  expect(() => m.op(1, "%=", [1, 0])).toThrow(
    "invalid operation: operator % not defined on m[1] (map index expression of type complex128)",
  );
  const single = runtime().make("map[int]complex64");
  single.set(1, [1.1, 2.2]);
  single.op(1, "*=", [3.3, -0.7]); // printed by Go: (5.17+6.4900002i)
  expect(single.get(1)).toEqual([Math.fround(5.17), Math.fround(6.4900002)]);
  single.op(1, "/=", [0.1, 0.3]); // (24.64-9.0199995i)
  expect(single.get(1)).toEqual([Math.fround(24.64), Math.fround(-9.0199995)]);
});

test("an operator that panics finds the map as in Go: a negative shift with the entry there, a division without", () => {
  const m = runtime().make("map[int]int");
  expect(() => m.op(1, "<<=", -1)).toThrow("runtime error: negative shift amount");
  expect([m.len, m.get(1)]).toEqual([1, 0]);
  expect(() => m.op(2, "%=", 0)).toThrow("runtime error: integer divide by zero");
  expect(m.len).toBe(1);
  const go = runtime();
  const any = go.make("map[any]int") as GoMap<unknown, number>;
  any.set(1, 1);
  expect(() => any.op(go.value("[]int", null), "/=", 0)).toThrow("hash of unhashable type []int");
  expect(() => go.nil("map[int]int").op(1, "<<=", -1)).toThrow("assignment to entry in nil map");
  const wide = go.make("map[int64]int64");
  wide.op(1n, "+=", 5n);
  wide.op(1n, "<<=", 62n);
  expect(wide.get(1n)).toBe(2n ** 62n);
});

test("an operator on float32 has a float32 beside it", () => {
  const m = runtime().make("map[int]float32");
  m.op(1, "+=", 16777216);
  m.op(1, "+=", 1.00000001);
  expect(m.get(1)).toBe(16777216);
  expect(() => m.op(1, "<<=", 1)).toThrow(
    "invalid operation: shifted operand m[1] (map index expression of type float32) must be integer",
  );
});

test("what an absent key reads as cannot be assigned through either", () => {
  const m = runtime().make("map[int]struct{ s string; a [2]int }");
  const value = m.get(7) as { s: string; a: number[] };
  expect(() => {
    value.s = "x";
  }).toThrow("cannot assign to struct field m[7].s in map");
  expect(() => {
    value.a[1] = 5;
  }).toThrow("cannot assign to m[7].a[1] (neither addressable nor a map index expression)");
});

test("a stale address: after growth a write through what mapassign returned goes to the old bucket", () => {
  const go = runtime();
  const m = go.make("map[int]int");
  const place = m.unsafe.mapassign(0);
  go.unsafe.store("int", place, 1);
  expect(m.get(0)).toBe(1);
  for (let i = 1; i < 9; i++) m.set(i, i);
  go.unsafe.store("int", place, 2);
  expect(m.get(0)).toBe(1);
  expect(go.unsafe.load("int", place)).toBe(2);
  expect(m.unsafe.mapaccess(0)).not.toBe(place);
});

test("concurrent writes, reads and iterations meet the mark of the write they interrupt", () => {
  const go = runtime();
  const attempt = (other: (m: GoMap<number, number>) => void) => {
    const m = go.make("map[int]int");
    m.set(1, 1);
    go.during(
      () => m.set(2, 2),
      () => other(m),
    );
  };
  expect(() => attempt((m) => m.set(3, 3))).toThrow("concurrent map writes");
  expect(() => attempt((m) => m.delete(3))).toThrow("concurrent map writes");
  expect(() => attempt((m) => m.clear())).toThrow("concurrent map writes");
  expect(() => attempt((m) => m.get(3))).toThrow("concurrent map read and map write");
  expect(() => attempt((m) => [...m])).toThrow("concurrent map iteration and map write");
  expect(() => attempt((m) => m.clone())).toThrow("concurrent map clone and map write");
  expect(() => attempt(() => go.make("map[int]int").set(1, 1))).not.toThrow();
  const m = go.make("map[int]int");
  expect(() =>
    go.during(
      () => m.set(1, 1),
      () => m.get(1),
    ),
  ).not.toThrow(); // an empty map is not looked into
});

test("a clone has the same entries and seed, and is sized for them", () => {
  const m = ints(1000);
  for (let i = 10; i < 1000; i++) m.delete(i);
  const c = m.clone();
  expect(new Map(c)).toEqual(new Map(m));
  expect([c.snapshot().B, c.snapshot().hash0]).toEqual([1, m.snapshot().hash0]);
  c.set(5, 500);
  expect(m.get(5)).toBe(5);
});

test("an iteration stands on its first entry at once, and its fields can be looked at", () => {
  const m = ints(100);
  const it = m.iterator();
  const { startBucket, B, done } = it.snapshot();
  expect([done, B]).toEqual([false, 4]);
  expect(m.hash(it.key).bucket).toBeGreaterThanOrEqual(startBucket);
  const seen = new Set([it.key]);
  while (it.next()) seen.add(it.key);
  expect([seen.size, it.done, it.next()]).toEqual([100, true, false]);
  expect(() => it.key).toThrow("the iteration is over");
  expect(m.snapshot().flags & 3).toBe(3);
});

test("iterations of one map begin at different places", () => {
  const m = ints(8);
  const firsts = Array.from({ length: 64 }, () => m.iterator().key);
  expect(new Set(firsts).size).toBe(8);
});

test("the collector frees what a map lets go, and keeps what an iteration still needs", () => {
  const go = runtime();
  const m = go.make("map[int][128]byte", 1000);
  m.set(1, m.get(1));
  const full = go.heapAlloc;
  const it = m.iterator();
  m.release();
  go.gc();
  expect(go.heapAlloc).toBeGreaterThan(full - 100);
  expect(it.key).toBe(1);
  it.close();
  go.gc();
  expect(go.heapAlloc).toBe(0);
});

test("a released map says so when the collector has freed it, and goes on when something in memory points to it", () => {
  const go = runtime();
  const m = go.make("map[string]int");
  m.set("fig", 1);
  m.release();
  expect(m.get("fig")).toBe(1); // not collected yet
  go.gc();
  go.make("map[string]int").set("plum", 2); // which gets the same memory
  const uses: (() => unknown)[] = [
    () => m.len,
    () => m.get("fig"),
    () => m.lookup("fig"),
    () => m.has("fig"),
    () => m.set("fig", 1),
    () => m.op("fig", "+=", 1),
    () => m.delete("fig"),
    () => m.clear(),
    () => m.deleteAll(),
    () => m.clone(),
    () => m.iterator(),
    () => [...m],
    () => m.hash("fig"),
    () => m.unsafe,
    () => m.snapshot(),
    () => m.toString(),
    () => m.watchHeap(),
    () => m.overview(),
  ];
  for (const use of uses) expect(use).toThrow("the collector has freed this map");
  expect(() => go.record(() => m.set("fig", 1))).toThrow("the collector has freed this map");
  m.release();

  const outer = go.make("map[int]map[string]int");
  const inner = go.make("map[string]int");
  outer.set(1, inner);
  inner.set("fig", 3);
  inner.release();
  go.gc();
  expect([inner.get("fig"), outer.get(1)?.get("fig")]).toEqual([3, 3]);
});

test("a variable lives as long as a map points to it", () => {
  const go = runtime();
  const m = go.make("map[int]*[1000]byte");
  m.set(1, go.new("[1000]byte"));
  go.gc();
  expect(go.heapAlloc).toBe(48 + 144 + 1024);
  m.set(1, null);
  go.gc();
  expect(go.heapAlloc).toBe(48 + 144);
});

// The figures of 100 Go Mistakes, number 28, for a tenth of the entries: an array does not shrink.
test("a map never gives its buckets back: not to delete, not to clear, not to the collector", () => {
  const go = runtime();
  const m = go.make("map[int][128]byte");
  const zero = m.get(0);
  for (let i = 0; i < 100_000; i++) m.set(i, zero);
  go.gc();
  const full = go.heapAlloc;
  for (let i = 0; i < 100_000; i++) m.delete(i);
  go.gc();
  expect(go.heapAlloc).toBe(full);
  m.set(1, zero);
  m.clear();
  go.gc();
  // Only overflow buckets that were allocated one by one go: the array, its spares and two headers stay.
  expect(go.heapAlloc).toBe(Math.ceil(((2 ** 14 + 2 ** 10) * 1104) / 8192) * 8192 + 48 + 24);
});

/** What holds of every state of a map; each line guards a rule of the essay in map/hmap.ts. */
function checkRules(m: GoMap<never, never>, state: MapSnapshot): void {
  let live = 0;
  for (const array of [state.buckets, state.oldbuckets]) {
    for (const chain of array?.chains ?? []) {
      const tops = chain.flatMap((bucket) => bucket.cells.map((cell) => cell.tophash));
      live += tops.filter((top) => top >= 5).length;
      const isEvacuated = (tops[0] as number) >= 2 && (tops[0] as number) <= 4;
      expect(tops.every((top) => (top >= 2 && top <= 4) === isEvacuated)).toBe(true); // rule 8
      const rest = tops.indexOf(0);
      if (rest >= 0) expect(tops.slice(rest).every((top) => top === 0)).toBe(true); // rule 2
      expect(tops.at(rest === -1 ? -1 : rest - 1)).not.toBe(rest === 0 ? -1 : 1);
    }
  }
  expect(live).toBe(state.count);
  expect(state.count).toBe(m.len);
  expect(state.flags & 4).toBe(0); // rule 4
}

type Step =
  | { do: "set"; key: number; value: number }
  | { do: "delete"; key: number }
  | { do: "clear" | "clone" | "begin" }
  | { do: "next"; it: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant("set" as const), key: fc.nat(90), value: fc.nat(1000) }),
  },
  { weight: 7, arbitrary: fc.record({ do: fc.constant("delete" as const), key: fc.nat(90) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom("clear" as const, "clone" as const, "begin" as const) }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant("next" as const), it: fc.nat(3) }) },
);

// One map type for each way keys and elems are kept.
const kinds: readonly { type: string; key: (n: number) => unknown; elem: (n: number) => unknown }[] = [
  { type: "map[int]int", key: (n) => n, elem: (n) => n },
  { type: "map[uint32]uint8", key: (n) => n, elem: (n) => n % 256 },
  { type: "map[string]string", key: (n) => `key ${n}`, elem: (n) => `v${n}` },
  { type: "map[int8]bool", key: (n) => n, elem: (n) => n % 2 === 0 },
  { type: "map[float64]float32", key: (n) => n / 4, elem: (n) => n },
  { type: "map[any]any", key: (n) => (n % 2 === 0 ? n : `s${n}`), elem: (n) => n },
  {
    type: "map[[129]byte][200]byte",
    key: (n) => [n, ...Array(128).fill(0)],
    elem: (n) => [n % 256, ...Array(199).fill(1)],
  },
  { type: "map[struct{ a int16; b string }]struct{}", key: (n) => ({ a: n, b: "x" }), elem: () => ({}) },
];

test.each(kinds)("a random program on a $type does what it does on a Map, and every rule holds", (kind) => {
  const plain = (value: unknown) => JSON.stringify(value);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 220 }), fc.maxSafeInteger(), (steps, seed) => {
      const go = runtime(seed);
      let m = go.make(kind.type) as GoMap<unknown, unknown>;
      const model = new Map<string, string>();
      // An iteration, what was there when it began and has stayed, and what it has produced.
      let running: { it: ReturnType<typeof m.iterator>; stayed: Set<string>; produced: string[] }[] = [];
      const produce = (run: (typeof running)[number]) => {
        if (run.it.done) return;
        const key = plain(run.it.key);
        expect(plain(run.it.elem)).toBe(model.get(key)); // rules 11 and 13
        run.produced.push(key);
      };
      for (const s of steps) {
        if (s.do === "set") {
          m.set(kind.key(s.key), kind.elem(s.value));
          model.set(plain(kind.key(s.key)), plain(kind.elem(s.value)));
        } else if (s.do === "delete") {
          const key = plain(kind.key(s.key));
          m.delete(kind.key(s.key));
          model.delete(key);
          for (const run of running) run.stayed.delete(key);
        } else if (s.do === "clear") {
          m.clear();
          model.clear();
          running = []; // what comes after a clear is the sentinel quirk's, and compared with Go itself
        } else if (s.do === "clone") {
          m = m.clone();
          running = [];
        } else if (s.do === "begin" && running.length < 4) {
          const run = { it: m.iterator(), stayed: new Set(model.keys()), produced: [] };
          running.push(run);
          produce(run);
        } else if (s.do === "next") {
          const run = running[s.it];
          if (run?.it.next()) produce(run);
        }
        checkRules(m as never, m.snapshot());
      }
      for (const run of running) {
        while (run.it.next()) produce(run);
        const stayed = run.produced.filter((key) => run.stayed.has(key));
        expect(stayed.toSorted()).toEqual([...run.stayed].toSorted()); // rule 10
      }
      for (let n = 0; n <= 90; n++) {
        const key = kind.key(n);
        expect(m.has(key)).toBe(model.has(plain(key)));
        if (m.has(key)) expect(plain(m.get(key))).toBe(model.get(plain(key)));
      }
      expect(new Map([...m].map(([k, v]) => [plain(k), plain(v)]))).toEqual(model);
    }),
    { numRuns: 25, seed: 1 },
  );
});
