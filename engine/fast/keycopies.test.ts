import fc from "fast-check";
import { expect, test } from "vitest";
import { type MapOf, Runtime } from "../index.ts";

/** Short keys of all lengths, and some that have no copy: long ones, and one of none. */
function key(n: number): string {
  if (n === 7) return "";
  if (n % 7 === 0) return `a key of more than fifteen bytes: ${n}`;
  if (n % 5 === 0) return `é${n}`;
  return n.toString(36).padStart(n % 17, "0");
}

/** Entries of which 2^13 buckets are full, and 2^14. */
const FULL = [53_248, 106_496] as const;

// Growing to where copies begin, between two growths, and growing from one array with copies to another; fewer and more.
const count = fc.constantFrom(FULL[0] + 10, FULL[0] + 3000, 60_000, FULL[1] - 100, FULL[1] + 10);

type Step =
  | { do: "set" | "delete" | "recorded" | "hooked" | "unsafe"; n: number }
  | { do: "fill" | "clear" | "clone" | "gc" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constantFrom("set" as const, "delete" as const), n: fc.nat(FULL[1]) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("hooked" as const), n: fc.nat(FULL[1]) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("recorded" as const), n: fc.nat(FULL[1]) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("unsafe" as const), n: fc.nat(FULL[1]) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom("fill" as const, "clear" as const, "clone" as const, "gc" as const),
    }),
  },
);

/** Bytes of a bucket of a map[string]int, and where its first elem is. */
const BUCKET = 208;
const ELEMS = 136;

/** Where the copies of an array's keys are: engine/map/keycopies.ts. */
function copiesOf(array: number, buckets: number): number {
  return array + Math.ceil((buckets * (17 / 16) * BUCKET) / 8192) * 8192;
}

/** Runs a program on a map of `count` entries; gives what all its keys lead to, and its buckets. */
function run(count: number, steps: readonly Step[], fast: boolean) {
  const go = new Runtime({ seed: 1, fast });
  let m = go.make("map[string]int");
  let last = count;
  const seen: (number | boolean)[] = [];
  for (let n = 0; n < count; n++) m.set(key(n), n);
  const write = (n: number) => {
    // A key that is there and one that is not, whose cell the new one takes; its former copy must not be found.
    m.delete(key(n));
    m.set(key(n + 1), n);
    m.set(key(last + n), -n);
  };
  for (const s of steps) {
    if (s.do === "set") write(s.n);
    else if (s.do === "delete") for (let n = s.n; n < s.n + 50; n++) m.delete(key(n));
    else if (s.do === "recorded") go.record(() => write(s.n));
    else if (s.do === "hooked")
      go.during(
        () => write(s.n),
        () => {},
      );
    else if (s.do === "clear") m.clear();
    else if (s.do === "clone") m = m.clone();
    else if (s.do === "gc") go.gc();
    else if (s.do === "fill") for (const end = last + 4000; last < end; last++) m.set(key(last), last);
    else if (s.do === "unsafe") {
      for (let n = s.n; n < s.n + 50; n++) {
        const place = m.has(key(n)) ? mainCellOf(go, m, key(n)) : null;
        if (place === null) continue;
        go.unsafe.store("string", place.slot, unsafe(n));
        seen.push(m.has(key(n)), m.has(unsafe(n)));
      }
    }
  }
  for (let n = 0; n < last + 100; n++) seen.push(m.has(key(n)) && m.get(key(n)));
  const { array, buckets } = arrayOf(go, m);
  return { seen, len: m.len, buckets: go.unsafe.bytes(array, BUCKET * buckets) };
}

/** What an unsafe write makes of a key: another one of the same length. */
function unsafe(n: number): string {
  return `#${key(n).slice(1)}`;
}

function arrayOf(go: Runtime, m: MapOf<"map[string]int">): { array: number; buckets: number } {
  const { address } = m.unsafe;
  const array = Number(go.unsafe.load("uint64", address + 16) & 0xffff_ffffn);
  return { array, buckets: 2 ** (go.unsafe.load("uint8", address + 9) as number) };
}

/** Where a key of a map stands; null unless that is in a main bucket of its present array. */
function mainCellOf(go: Runtime, m: MapOf<"map[string]int">, key: string) {
  const { array, buckets } = arrayOf(go, m);
  const elem = m.unsafe.mapaccess(key) - array;
  const bucket = Math.floor(elem / BUCKET);
  if (bucket < 0 || bucket >= buckets) return null;
  const cell = ((elem % BUCKET) - ELEMS) / 8;
  return { bucket, cell, slot: array + bucket * BUCKET + 8 + 16 * cell };
}

test("string keys of a big map are found, and moved, as without copies, whoever else writes keys", () => {
  fc.assert(
    fc.property(count, fc.array(step, { maxLength: 30, size: "max" }), (count, steps) => {
      const [fast, slow] = [run(count, steps, true), run(count, steps, false)];
      expect(fast.len).toBe(slow.len);
      expect(fast.seen).toEqual(slow.seen);
      expect(Buffer.compare(fast.buckets, slow.buckets)).toBe(0);
    }),
    { numRuns: 15, seed: 1 },
  );
});

test("two strings that differ in zero bytes at their ends are told apart by their length", () => {
  const go = new Runtime({ seed: 1 });
  const m = go.make("map[string]int");
  for (let n = 0; n < 60_000; n++) m.set(key(n), n);
  // In the first map of this seed these two come into one bucket with one tophash.
  const [nine, eleven] = ["00161095\0", "00161095\0\0\0"] as const;
  const [{ bucket, tophash }, other] = [m.hash(nine), m.hash(eleven)];
  expect(other).toMatchObject({ bucket, tophash });
  m.set(nine, 1);
  expect([m.has(nine), m.has(eleven)]).toEqual([true, false]);
  m.set(eleven, 2);
  m.delete(nine);
  expect([m.has(nine), m.get(eleven)]).toEqual([false, 2]);
});

test("what was copied of a short string is not found in a cell that a long one has taken or moved to", () => {
  const go = new Runtime({ seed: 1 });
  const m = go.make("map[string]int");
  const fill = (from: number, to: number) => {
    for (let n = from; n < to; n++) m.set(String(n), n);
  };
  // In the first map of this seed these two, too.
  const [short, long] = ["x73923", "a key too long for a copy: 11"] as const;
  fill(0, FULL[0] - 10);
  m.set(short, 1);
  m.set(long, 2);
  fill(FULL[0] - 10, 60_000);
  expect(arrayOf(go, m).buckets).toBe(2 ** 14);
  const [{ bucket, tophash }, other] = [m.hash(short), m.hash(long)];
  expect(other).toMatchObject({ bucket, tophash });
  m.delete(short);
  expect([m.has(short), m.get(long)]).toEqual([false, 2]);

  m.delete(long);
  m.set(short, 3);
  const place = mainCellOf(go, m, short);
  m.delete(short);
  m.set(long, 4);
  expect(place).not.toBeNull();
  expect(mainCellOf(go, m, long)).toEqual(place);
  expect([m.has(short), m.get(long)]).toEqual([false, 4]);
});

/** A key of eight bytes: of its copy they are the first word, and the second one has the size only. */
const eight = (n: number) => String(n).padStart(8, "0");

/** How many of the eight-byte keys of some numbers stand in main buckets; looks at the copy of each of them. */
function copied(go: Runtime, m: MapOf<"map[string]int">, from: number, to: number): number {
  const { array, buckets } = arrayOf(go, m);
  const copies = copiesOf(array, buckets);
  let seen = 0;
  for (let n = from; n < to; n++) {
    const place = mainCellOf(go, m, eight(n));
    if (place === null) continue;
    const words = go.unsafe.bytes(copies + 128 * (1 + place.bucket) + 16 * place.cell, 16);
    expect(Buffer.from(words).toString()).toBe(`${eight(n)}${"\0".repeat(7)}\b`);
    seen++;
  }
  return seen;
}

test("a big map that is packed into as many buckets keeps its string keys, and their copies", () => {
  const go = new Runtime({ seed: 1 });
  const m = go.make("map[string]int");
  let before = 0;
  for (let from = 0; from < 100 * FULL[1]; from += FULL[1]) {
    const end = from + FULL[1];
    for (let n = from; n < end; n++) m.set(eight(n), n);
    const { array, buckets } = arrayOf(go, m);
    expect(buckets).toBe(2 ** 14);
    if (before !== 0 && array !== before) {
      for (let n = from; n < end; n++) m.set(eight(n), n + (m.get(eight(n)) as number)); // until all have moved
      for (let n = from; n < end; n++) if (m.get(eight(n)) !== 2 * n) throw new Error(`${eight(n)} is lost`);
      expect(copied(go, m, from, end)).toBeGreaterThan(95_000);
      return;
    }
    before = array;
    // Overflow buckets stay, and the next keys need them elsewhere.
    for (let n = from; n < end; n++) m.delete(eight(n));
  }
  throw new Error("the map has not been packed");
});

test("the words of each short string stand behind the buckets, until somebody else writes a key there", () => {
  const go = new Runtime({ seed: 1 });
  const m = go.make("map[string]int", 60_000);
  for (let n = 0; n < 60_000; n++) m.set(eight(n), n);
  const { array, buckets } = arrayOf(go, m);
  expect(buckets).toBe(2 ** 14);
  expect(copied(go, m, 0, 60_000)).toBeGreaterThan(55_000);

  const copies = copiesOf(array, buckets);
  const areGivenUp = () => go.unsafe.load("uint32", copies);
  expect(areGivenUp()).toBe(0);
  go.record(() => m.set(eight(5), 6));
  expect(areGivenUp()).toBe(0); // no key was written
  go.record(() => m.set("a new one", 6));
  expect(areGivenUp()).toBe(1);
  m.clear();
  expect(areGivenUp()).toBe(0);
  go.record(() => m.set("a new one", 6));
  m.release();
  go.gc();
  const next = go.make("map[string]int", 60_000);
  expect(arrayOf(go, next)).toEqual({ array, buckets });
  expect(areGivenUp()).toBe(0);
});
