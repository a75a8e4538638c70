import fc from "fast-check";
import { expect, test } from "vitest";
import { TypeTable } from "./parse.ts";

const types = new TypeTable();

// Sizes and layouts from Go 1.23 on amd64.
test.each([
  ["bool", 1, 1],
  ["int", 8, 8],
  ["complex64", 8, 4],
  ["complex128", 16, 8],
  ["string", 16, 8],
  ["interface{}", 16, 8],
  ["[]byte", 24, 8],
  ["[3]int16", 6, 2],
  ["struct{}", 0, 1],
  ["struct{a bool; b int64; c bool}", 24, 8],
  ["struct{a int64; b struct{}}", 16, 8], // a byte behind the last field, so that its address stays inside
  ["struct{a struct{}; b int64}", 8, 8],
  ["struct{A, B int16; _ int32; C uint8; D string; E uint32; F uint16; G uint8}", 40, 8],
  ["map[string]chan func(int) error", 8, 8],
])("%s takes %i bytes, aligned to %i", (source, size, align) => {
  expect(types.parse(source)).toMatchObject({ size, align });
});

test.each([
  ["map[int64]int64", 144, "fast64"],
  ["map[string]int64", 208, "faststr"],
  ["map[int64][128]byte", 1104, "fast64"],
  ["map[int64][129]byte", 144, "slow"],
  ["map[int8]int8", 32, "slow"],
  ["map[bool]struct{}", 24, "slow"],
  ["map[struct{}]struct{}", 16, "slow"],
  ["map[interface{}]interface{}", 272, "slow"],
  ["map[rune]uint32", 80, "fast32"],
  ["map[[4]byte]bool", 56, "fast32"],
  ["map[struct{X, Y int32}]int", 144, "fast64"],
  ["map[struct{a int32; b int8}]int", 144, "slow"], // padding: not plain memory
  ["map[float64]int", 144, "slow"],
  ["map[*int]int", 144, "fast64"],
  ["map[[1]string]int", 208, "faststr"],
  ["map[struct{s string}]int", 208, "faststr"],
  ["map[[200]byte]int", 144, "slow"],
])("a bucket of %s is %i bytes, and its variant is %s", (source, bucketSize, variant) => {
  expect(types.parseMap(source)).toMatchObject({ bucketSize, variant });
});

test("a map type's flags say what its keys are", () => {
  const flags = (source: string) => types.parseMap(source).flags;
  expect(flags("map[int]int")).toBe(4);
  expect(flags("map[string]int")).toBe(12);
  expect(flags("map[float64]int")).toBe(8);
  expect(flags("map[any]int")).toBe(24);
  expect(flags("map[[129]byte][129]byte")).toBe(7);
});

test("types are one object however they are written", () => {
  expect(types.parse("[4]byte")).toBe(types.parse("[ 4 ] uint8"));
  expect(types.parse("struct{a, b int}")).toBe(types.parse("struct {\n a int\n b int\n}"));
  expect(types.parse("any")).toBe(types.parse("interface { }"));
  expect(types.parseMap("map[rune]byte")).toBe(types.parseMap("map[int32]uint8"));
  expect(types.parse("struct{a int; b []string}").name).toBe("struct { a int; b []string }");
});

// What reflect prints for these in Go 1.23.
test.each([
  ["struct{ int32; b string }", "struct { int32; b string }"],
  ["struct{ *int; string }", "struct { *int; string }"],
  ['struct{ a int "json:\\"a\\""; b bool }', 'struct { a int "json:\\"a\\""; b bool }'],
  ['struct{ a int `k:"v"` }', 'struct { a int "k:\\"v\\"" }'],
  ["chan<- int", "chan<- int"],
  ["<-chan []string", "<-chan []string"],
  ["chan (<-chan int)", "chan (<-chan int)"],
  ["chan<- chan int", "chan<- chan int"],
  ["func(a, b int, rest ...string) (n int, err error)", "func(int, int, ...string) (int, error)"],
  ["func(int, string)", "func(int, string)"],
  ["func(f func(x int) bool) <-chan int", "func(func(int) bool) <-chan int"],
  ["map[string]func(func(), []int)", "map[string]func(func(), []int)"],
  ["[0x10]int", "[16]int"],
  ["[010]int", "[8]int"],
  ["[1_000]bool", "[1000]bool"],
])("%s is the type %s", (source, name) => {
  expect(types.parse(source).name).toBe(name);
  expect(types.parse(name)).toBe(types.parse(source));
});

test("an embedded field has the name of its type, and lies as any other", () => {
  expect(types.parse("struct{ int8; *int64 }")).toMatchObject({
    size: 16,
    parts: [
      { name: "int8", offset: 0 },
      { name: "int64", offset: 8 },
    ],
  });
  expect(types.parse("struct{ int }")).not.toBe(types.parse("struct{ int int }"));
});

test("a long array is a type like others, and its elements are listed when they are wanted", () => {
  expect(types.parse("[16777216][16]uint64")).toMatchObject({ size: 2 ** 31, align: 8 });
  expect(types.parseMap("map[int][1000000]*int")).toMatchObject({ indirectElem: true, bucketSize: 144 });
});

test.each([
  ["[]int", '"[]int" is not a map type; write one as in Go: map[string]int'],
  ["", "a type is missing"],
  ["map[string", '] is missing at the end (in "map[string")'],
  ["map[]int", "the key type is missing: write one as in map[string]int"],
  ["map[string]", "the elem type is missing"],
  ["map[[]int]string", "invalid map key type []int"],
  ["map[func()]string", "invalid map key type func()"],
  ["map[struct{a map[int]int}]int", "invalid map key type struct { a map[int]int }"],
  ["map[strng]int", 'unknown type strng (in "map[strng]int", at character 5)'],
  ["map[string]int int", "unexpected int after the type map[string]int"],
  ["map[[x]int]int", "an array wants its length in brackets, as in [4]byte"],
  ["map[struct{a int a}]int", "; is missing before a"],
  ["map[struct{a int; a string}]int", "field a is there twice"],
  ["map[struct{int; int string}]int", "field int is there twice"],
  ["map[struct{Color}]int", "unknown type Color"],
  ["map[int]interface{ String() string }", "methods are not known here: write interface{} for any interface"],
  ["map[int]func(a int, string)", "a type is missing behind the name"],
  ["map[int][99999999999]byte", "an array of 99999999999 elements is too long: 16777216 are the most here"],
  ["map[int][1e999]byte", "an array wants its length in brackets"],
  ["map[int][65536][65536]byte", "[65536][65536]uint8 takes 4294967296 bytes, and memory has 2 GiB"],
  [`map[int]${"[]".repeat(5000)}int`, "a type is nested more than 100 deep"],
])("%s is refused, and the message says why", (source, message) => {
  expect(() => types.parseMap(source)).toThrow(message);
});

test("a type that is no string is refused", () => {
  expect(() => types.parseMap(undefined as never)).toThrow(
    'a type is given as a string, such as "map[string]int", not as undefined',
  );
  expect(() => types.parse([] as never)).toThrow("not as an array");
});

test("no text makes the parser do anything but read a type or throw a TypeError", () => {
  const piece = fc.constantFrom(
    ..."map [ ] { } ( ) , ; * struct int string 4 any func chan <- ... `t` _ a \n é".split(" "),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      try {
        const type = types.parse(pieces.join(" "));
        expect(types.parse(type.name).size).toBe(type.size);
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
      }
    }),
    { numRuns: 3000, seed: 1 },
  );
});
