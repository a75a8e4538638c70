import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { NOTES_END, SCRATCH } from "../map/machine.ts";
import { SeededRandom } from "../memory/random.ts";

const platform = WebAssembly;

/** Compiles, and notes whether the code brings along what it knows of strings or asks for it. */
class Compiler {
  static readonly imports = platform.Module.imports;
  static asks: boolean | undefined;

  constructor(code: Uint8Array<ArrayBuffer>, options?: { builtins: string[] }) {
    const module = new (platform.Module as new (code: unknown, options: unknown) => WebAssembly.Module)(
      code,
      options,
    );
    Compiler.asks = platform.Module.imports(module).some((wanted) => wanted.module === "wasm:js-string");
    // biome-ignore lint/correctness/noConstructorReturn: the platform's own has to come out
    return module;
  }
}

/** One that knows nothing of built-in modules, as those of older browsers. */
class OlderCompiler extends Compiler {
  constructor(code: Uint8Array<ArrayBuffer>) {
    super(code);
  }
}

const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: "binary-ascii", maxLength: 20 }) },
  { weight: 2, arbitrary: fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 5 }) },
  fc.string({ unit: "binary-ascii", maxLength: 100 }),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom("a", "\u007f", "\u0080", "ÿ", "\u0161", "\ud83d", "\uff61"),
    maxLength: 18,
  }),
);

/** Operations by number, and the numbers of their keys. */
const programs = fc.array(fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 40 })), { maxLength: 300, size: "max" });

describe.each([
  { where: "where WebAssembly can read strings", builtins: true },
  { where: "where it has to ask for them", builtins: false },
])("string keys, $where,", ({ builtins }) => {
  let engine: typeof import("../index.ts");

  beforeAll(async () => {
    vi.resetModules();
    engine = await import("../index.ts");
    const { Memory, Instance } = platform;
    vi.stubGlobal("WebAssembly", { Memory, Instance, Module: builtins ? Compiler : OlderCompiler });
    const { fastPath } = await import("./fastpath.ts");
    const { Machine } = await import("../map/machine.ts");
    const fast = fastPath(new Machine(new SeededRandom(1)));
    vi.unstubAllGlobals();
    expect(fast).not.toBeNull();
    expect(Compiler.asks).toBe(!builtins);
  });

  afterAll(() => vi.resetModules());

  test.each(["map[string]int", "map[string][3]uint8"])(
    "of a %s are the keys that they are without",
    (type) => {
      fc.assert(
        fc.property(
          fc.array(text, { minLength: 1, maxLength: 41, size: "max" }),
          programs,
          (texts, program) => {
            const run = (fast: boolean) => {
              const go = new engine.Runtime({ seed: 2, fast });
              const m = go.make(type) as unknown as {
                set(key: string, value: unknown): void;
                get(key: string): unknown;
                has(key: string): boolean;
                delete(key: string): void;
                [Symbol.iterator](): Iterator<[string, unknown]>;
              };
              const seen: unknown[] = [];
              for (const [i, [operation, number]] of program.entries()) {
                const key = texts[number % texts.length] as string;
                if (operation < 2) m.set(key, type === "map[string]int" ? i : [i % 256, 1, 2]);
                else if (operation === 2) m.delete(key);
                else if (operation === 3) seen.push(m.has(key));
                else if (operation === 4) seen.push(m.get(key));
                else for (const entry of m as Iterable<[string, unknown]>) seen.push(entry);
              }
              return { seen, heap: go.unsafe.bytes(NOTES_END, 2 ** 18) };
            };
            const [fast, slow] = [run(true), run(false)];
            expect(fast.seen).toEqual(slow.seen);
            expect(Buffer.compare(fast.heap, slow.heap)).toBe(0);
          },
        ),
        { numRuns: 100, seed: 3 },
      );
    },
  );

  test.each([...Array(34).keys(), 100, 8191, 8192, 8193])(
    "of %i characters are told apart by each of them",
    (length) => {
      const m = new engine.Runtime({ seed: 1 }).make("map[string]int");
      const key = Array.from({ length }, (_, i) => String.fromCharCode(97 + (i % 26))).join("");
      m.set(key, 1);
      const step = Math.ceil(length / 100);
      for (const other of ["A", "\u0000", "\u00ff", "\u0161", "\u8061"]) {
        for (let i = 0; i < length; i += step) {
          expect(m.has(`${key.slice(0, i)}${other}${key.slice(i + 1)}`)).toBe(false);
        }
      }
      expect(m.has(`${key}a`)).toBe(false);
      expect(m.get(key)).toBe(1);
      expect([...m]).toEqual([[key, 1]]);
    },
  );

  test("are written to scratch memory when they are too long to be read", () => {
    const go = new engine.Runtime({ seed: 1 });
    const m = go.make("map[string]int");
    m.set("a", 1);
    const key = "a key of twenty-seven bytes";
    expect(m.has(key)).toBe(false);
    const written = builtins ? SCRATCH : SCRATCH + 8; // behind their number
    expect(Buffer.from(go.unsafe.bytes(written, key.length)).toString()).toBe(key);
  });

  test("are the same however JavaScript keeps them", () => {
    const m = new engine.Runtime({ seed: 1 }).make("map[string]int");
    const long = "a string that is cut into pieces, which point into it";
    for (const [from, to] of [
      [2, 16],
      [2, 18],
      [0, 40],
      [9, 10],
    ] as const) {
      const flat = Array.from(long.slice(from, to)).join("");
      m.set(flat, from);
      const rope = `${long.slice(from, from + 1)}${long.slice(from + 1, to)}`;
      const name = Object.keys({ [flat]: 0 })[0] as string;
      expect([long.slice(from, to), rope, name].map((key) => m.get(key))).toEqual([from, from, from]);
    }
    expect(m.len).toBe(4);
  });

  test("move on whatever stands in the empty slots beside them", () => {
    const go = new engine.Runtime({ seed: 1 });
    const m = go.make("map[string]int");
    const key = (i: number) => `key ${i}`;
    for (let i = 0; i < 13; i++) m.set(key(i), i); // the most for two buckets
    const buckets = Number(go.unsafe.load("uint64", m.unsafe.address + 16) & 0xffff_ffffn);
    let empty = 0;
    for (const bucket of [buckets, buckets + 208]) {
      for (const [cell, top] of go.unsafe.bytes(bucket, 8).entries()) {
        if (top > 1) continue;
        go.unsafe.store("uint64", bucket + 8 + 16 * cell, 2n ** 64n - 1n); // as an address: beyond all memory
        empty++;
      }
    }
    expect(empty).toBeGreaterThan(2);
    for (let i = 13; i < 40; i++) m.set(key(i), i);
    for (let i = 0; i < 40; i++) expect(m.get(key(i))).toBe(i);
  });

  test("that are none are refused in words, and change nothing", () => {
    const m = new engine.Runtime({ seed: 1 }).make("map[string]int");
    m.set("a", 1);
    for (const key of [1, null, undefined, {}, ["a"], Symbol("a"), new String("a")]) {
      const none = key as unknown as string;
      for (const operation of [
        () => m.set(none, 2),
        () => m.get(none),
        () => m.has(none),
        () => m.delete(none),
      ]) {
        expect(operation).toThrow("string wants a string, not ");
      }
    }
    expect([...m]).toEqual([["a", 1]]);
  });
});
