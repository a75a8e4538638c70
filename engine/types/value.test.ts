import { expect, expectTypeOf, test } from "vitest";
import { type GoMap, type Pointer, Runtime, type Slice } from "../index.ts";

const runtime = () => new Runtime({ seed: 1 });

test("TypeScript reads Go's type syntax", () => {
  const go = runtime();
  expectTypeOf(go.make("map[int64]uint64")).toEqualTypeOf<GoMap<bigint, bigint>>();
  expectTypeOf(go.make("map[[4]byte]bool")).toEqualTypeOf<GoMap<readonly number[], boolean>>();
  expectTypeOf(go.make("map[string]*int")).toEqualTypeOf<GoMap<string, Pointer<number> | null>>();
  expectTypeOf(go.make("map[rune][]string")).toEqualTypeOf<GoMap<number, Slice<string> | null>>();
  expectTypeOf(go.make("map[any]int").get).parameter(0).toEqualTypeOf<unknown>();
  expectTypeOf(go.make("map[int]struct{ s string; n int }").get(0).s).toEqualTypeOf<string | undefined>();
  expectTypeOf(go.make("map[int]struct{ int; *string }").get(0).int).toEqualTypeOf<number | undefined>();
  expectTypeOf(go.make("map[int]struct{ int; *string }").get(0).string).toEqualTypeOf<
    Pointer<string> | null | undefined
  >();
  expectTypeOf(go.make("map[string]map[int]int").get("")).toEqualTypeOf<GoMap<number, number> | null>();
});

/** Puts values of one type through a map, as keys where they can be and as elems, and takes them out again. */
function roundTrip(type: string, values: readonly unknown[]): unknown[] {
  const elems = runtime().make(`map[int]${type}`);
  for (const [i, value] of values.entries()) elems.set(i, value);
  return values.map((_, i) => elems.get(i));
}

test.each<[string, unknown[]]>([
  ["bool", [true, false]],
  ["int8", [-128, 127]],
  ["int16", [-32768, 32767]],
  ["int32", [-(2 ** 31), 2 ** 31 - 1]],
  ["uint8", [0, 255]],
  ["uint16", [65535]],
  ["uint32", [2 ** 32 - 1]],
  ["int", [Number.MIN_SAFE_INTEGER, -1, Number.MAX_SAFE_INTEGER]],
  ["uint", [0, Number.MAX_SAFE_INTEGER]],
  ["int64", [-(2n ** 63n), 2n ** 63n - 1n]],
  ["uint64", [0n, 2n ** 64n - 1n]],
  ["float64", [0, -0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 5e-324]],
  ["float32", [0, -0, 1.5, Number.NaN]],
  ["complex128", [[1, -2]]],
  ["string", ["", "fig", "ångström 🗺"]],
  ["[3]int", [[1, 2, 3]]],
  ["struct{ a int; b string }", [{ a: 1, b: "x" }]],
  ["[2]struct{ p [2]bool }", [[{ p: [true, false] }, { p: [false, true] }]]],
  ["any", [null, 1, 1.5, "x", true]],
])("%s goes in and comes out", (type, values) => {
  expect(roundTrip(type, values)).toEqual(values);
});

test.each<[string, unknown, string]>([
  ["int8", 128, "128 does not fit into int8, which holds -128 to 127"],
  ["uint", -1, "-1 does not fit into uint, which starts at 0"],
  ["int", 2 ** 53, "int64 takes a bigint"],
  ["int64", 1, "int64 wants a bigint, such as 7n, not a number"],
  ["uint64", -1n, "-1 does not fit into uint64"],
  ["bool", 1, "bool wants true or false, not a number"],
  ["float64", "1", 'float64 wants a number, not "1"'],
  ["[2]int", [1], "[2]int wants an array of length 2, not 1"],
  ["[2]int", [1, "x"], 'element 1 of [2]int: int wants a number, not "x"'],
  ["struct{ a int }", { b: 1 }, "unknown field b in struct literal of type struct { a int }"],
  ["struct{ a struct{ b bool } }", { a: { b: 1 } }, "field a: field b: bool wants true or false"],
  ["complex64", [1], "complex64 wants [real, imaginary]"],
  ["any", undefined, "an interface wants a number, string, boolean, null, or go.value(type, value)"],
  ["*int", 5, '*int wants go.new("int") or null'],
  ["[]int", [1], '[]int wants go.slice("int", ...) or null'],
  ["map[int]int", {}, 'map[int]int wants go.make("map[int]int") or null'],
])("%s refuses %o, and the map is unchanged", (type, value, message) => {
  const m = runtime().make(`map[int]${type}`);
  expect(() => m.set(1, value)).toThrow(message);
  expect(m.len).toBe(0);
});

test("a struct may leave fields out, which are then zero, and never has its blank ones", () => {
  const m = runtime().make("map[int]struct{ a int; _ string; b string }");
  m.set(1, { b: "x" });
  expect(m.get(1)).toEqual({ a: 0, b: "x" });
});

test("an embedded field is set and read by its type's name", () => {
  const m = runtime().make("map[struct{ int8; b string }]struct{ float64 }");
  m.set({ int8: 1, b: "x" }, { float64: 1.5 });
  expect(m.get({ int8: 1, b: "x" })).toEqual({ float64: 1.5 });
  expect(m.get({ int8: 2, b: "x" })).toEqual({ float64: 0 });
});

test("an int that has grown beyond the safe integers says so when it is read", () => {
  const m = runtime().make("map[int]int");
  m.set(1, Number.MAX_SAFE_INTEGER);
  m.op(1, "+=", 1);
  expect(() => m.get(1)).toThrow("outside the numbers that JavaScript holds exactly; int64 takes a bigint");
});

test.each<[string, (go: Runtime) => unknown, string]>([
  [
    "*int",
    (go) => go.new("int", 1),
    "*int: this pointer was made by another Runtime; make it with this one's new",
  ],
  ["[]int", (go) => go.slice("int", [1]), "[]int: this slice was made by another Runtime"],
  ["map[int]int", (go) => go.make("map[int]int"), "map[int]int: this map was made by another Runtime"],
  ["chan int", (go) => go.chan("chan int"), "chan int: this channel was made by another Runtime"],
  ["any", (go) => go.value("*int", go.new("int")), "*int: this pointer was made by another Runtime"],
  [
    "struct{ a [1]*int }",
    (go) => ({ a: [go.new("int")] }),
    "field a: element 0 of [1]*int: *int: this pointer was made by another Runtime",
  ],
])("a %s of another runtime is refused, and the map is unchanged", (type, make, message) => {
  const m = runtime().make(`map[int]${type}`);
  expect(() => m.set(1, make(runtime()))).toThrow(message);
  expect(m.len).toBe(0);
  const lists = runtime().make(`map[int][]${type}`) as GoMap<number, Slice<unknown> | null>;
  expect(() => lists.append(1, make(runtime()))).toThrow(message);
  expect(lists.len).toBe(0);
});

test("a nil map is a value of its type like any other", () => {
  const go = runtime();
  const m = go.make("map[int]map[int]int");
  m.set(1, go.nil("map[int]int"));
  expect([m.len, m.get(1)]).toEqual([1, null]);
});

test("raw memory is read and written where there is some", () => {
  const go = runtime();
  const m = go.make("map[int]int32");
  const place = m.unsafe.mapassign(1);
  go.unsafe.store("int32", place, 7);
  expect([m.get(1), go.unsafe.load("int32", place)]).toEqual([7, 7]);
  expect(() => go.unsafe.store("int", m.unsafe.mapaccess(2), 1)).toThrow(
    "runtime error: invalid memory address or nil pointer dereference",
  );
  expect(() => go.unsafe.load("int32", 2 ** 40)).toThrow(
    "there is no memory for a value of type int32 at 1099511627776",
  );
  expect(() => go.unsafe.load("int32", place + 1)).toThrow("begins at a multiple of 4");
});

test("pointers share their variable, slices their array, and maps are handles", () => {
  const go = runtime();
  const p = go.new("int", 5);
  const pointers = go.make("map[string]*int");
  pointers.set("a", p);
  pointers.get("a")?.set(6);
  expect(p.get()).toBe(6);

  const slices = go.make("map[string][]int");
  slices.append("a", 1, 2);
  slices.append("a", 3);
  const s = slices.get("a") as Slice<number>;
  s.set(0, 9);
  expect(slices.get("a")?.toArray()).toEqual([9, 2, 3]);
  expect([s.len, s.cap]).toEqual([3, 4]);
  expect(() => s.get(3)).toThrow("index out of range [3] with length 3");

  const maps = go.make("map[string]map[int]int");
  const inner = go.make("map[int]int");
  maps.set("a", inner);
  expect(maps.get("a")).toBe(inner);
  const functions = go.make("map[string]func()");
  const f = () => {};
  functions.set("f", f);
  expect(functions.get("f")).toBe(f);
});

test("a value read from a map is a copy, and assigning through it is refused in Go's words", () => {
  const go = runtime();
  const structs = go.make("map[int]struct{ s string; in struct{ n int } }");
  structs.set(0, { s: "a", in: { n: 1 } });
  const value = structs.get(0) as { s: string; in: { n: number } };
  expect(() => {
    value.s = "b";
  }).toThrow("cannot assign to struct field m[0].s in map");
  expect(() => {
    value.in.n = 2;
  }).toThrow("cannot assign to m[0].in.n (neither addressable nor a map index expression)");
  const mine = { ...value, s: "b" };
  structs.set(0, mine);
  expect(structs.get(0).s).toBe("b");
  const arrays = go.make("map[string][2]int");
  arrays.set("k", [1, 2]);
  expect(() => {
    (arrays.get("k") as number[])[1] = 5;
  }).toThrow('cannot assign to m["k"][1] (neither addressable nor a map index expression)');
  expect(() => arrays.addressOf("k")).toThrow(
    'invalid operation: cannot take address of m["k"] (map index expression of type [2]int)',
  );
});
