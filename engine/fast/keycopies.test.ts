import fc from "fast-check";
import { expect, test } from "vitest";
import { Runtime } from "../index.ts";

/** Short keys of all lengths, and some that have no copy: long ones, and one of none. */
function key(n: number): string {
  if (n === 7) return "";
  if (n % 7 === 0) return `a key of more than sixteen bytes: ${n}`;
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

/** Runs a program on a map of `count` entries; gives what all its keys lead to, and its buckets. */
function run(count: number, steps: readonly Step[], fast: boolean) {
  const go = new Runtime({ seed: 1, fast });
  let m = go.make("map[string]int");
  let last = count;
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
    else if (m.has(key(s.n))) {
      const buckets = addressOf(go, m.unsafe.address + 16);
      const elem = m.unsafe.mapaccess(key(s.n));
      const cell = (((elem - buckets) % BUCKET) - ELEMS) / 8;
      if (cell >= 0) go.unsafe.store("string", elem - ELEMS - 8 * cell + 8 + 16 * cell, `unsafe ${s.n}`);
    }
  }
  const found: number[] = [];
  for (let n = 0; n < last + 100; n++) found.push(m.has(key(n)) ? m.get(key(n)) : Number.NaN);
  for (const s of steps) if (s.do === "unsafe") found.push(m.get(`unsafe ${s.n}`));
  const size = BUCKET * 2 ** (go.unsafe.load("uint8", m.unsafe.address + 9) as number);
  return { found, len: m.len, buckets: go.unsafe.bytes(addressOf(go, m.unsafe.address + 16), size) };
}

function addressOf(go: Runtime, place: number): number {
  return Number(go.unsafe.load("uint64", place) & 0xffff_ffffn);
}

test("string keys of a big map are found, and moved, as without copies, whoever else writes keys", () => {
  fc.assert(
    fc.property(count, fc.array(step, { maxLength: 30, size: "max" }), (count, steps) => {
      const [fast, slow] = [run(count, steps, true), run(count, steps, false)];
      expect(fast.len).toBe(slow.len);
      expect(fast.found).toEqual(slow.found);
      expect(Buffer.compare(fast.buckets, slow.buckets)).toBe(0);
    }),
    { numRuns: 15, seed: 1 },
  );
});
