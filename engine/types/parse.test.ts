import { expect, test } from "vitest";
import { parseMapType } from "./parse.ts";

test("a bucket of map[string]int is 208 bytes, of map[int]int 144", () => {
  const byString = parseMapType("map[string]int");
  expect(byString).toMatchObject({
    bucketSize: 208,
    elemOffset: 136,
    overflowOffset: 200,
    variant: "faststr",
  });
  expect(byString.bucketHasPointers).toBe(true);
  const byInt = parseMapType(" map [ int ] int ");
  expect(byInt).toMatchObject({
    name: "map[int]int",
    bucketSize: 144,
    variant: "fast64",
    bucketHasPointers: false,
  });
});

test.each([
  ["map[float64]int", "key type float64 is not supported yet: use int or string"],
  ["map[string][]byte", "elem type []byte is not supported yet: use int"],
  ["map[[4]byte]int", "key type [4]byte is not supported yet"],
  ["[]int", '"[]int" is not a map type; write one as in Go: map[string]int'],
  ["", "an empty string is not a map type"],
  ["map[string", '"map[string" lacks the ] that ends the key type'],
  ["map[]int", '"map[]int" lacks a key type'],
  ["map[string]", '"map[string]" lacks an elem type'],
])("%s is refused, and the message says why", (source, message) => {
  expect(() => parseMapType(source)).toThrow(message);
});
