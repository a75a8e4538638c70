import { expect, test } from "vitest";
import { Runtime } from "../index.ts";

/** Elem number 1 of a map as its picture shows it. */
function shown(type: string, value: unknown): string | undefined {
  const go = new Runtime({ seed: 1 });
  const m = go.make(`map[int]${type}`);
  m.set(1, value instanceof Function ? value(go) : value);
  return m.snapshot().buckets?.chains[0]?.[0]?.cells[0]?.elem;
}

test.each<[string, unknown, string]>([
  ["int", -7, "-7"],
  ["string", "fig", '"fig"'],
  ["float64", -0, "-0"],
  ["complex128", [1, -2], "(1-2i)"],
  ["[2]uint8", [1, 2], "[1 2]"],
  ["struct{ a int; _ int8; b string }", { a: 1, b: "c" }, '{1 "c"}'],
  ["any", null, "nil"],
  ["any", 1, "1"],
  ["any", 1.5, "1.5"],
  ["any", "fig", '"fig"'],
  ["any", (go: Runtime) => go.value("float64", 1), "float64(1)"],
  ["any", (go: Runtime) => go.value("int64", 1n), "int64(1)"],
  ["any", (go: Runtime) => go.value("[2]int", [1, 2]), "[2]int([1 2])"],
  ["[2]any", [1, null], "[1 nil]"],
])("a %s is shown as Go writes it: %j", (type, value, words) => {
  expect(shown(type, value)).toBe(words);
});

test("integers that JavaScript does not hold are shown to the last digit", () => {
  const go = new Runtime({ seed: 1 });
  const m = go.make("map[int][2]uint");
  m.set(Number.MAX_SAFE_INTEGER, [1, 2]);
  const { address } = m.snapshot().buckets ?? { address: 0 };
  go.unsafe.store("int64", address + 8, -(2n ** 63n) + 1n);
  go.unsafe.store("uint64", address + 8 + 64, 2n ** 64n - 1n);
  expect(m.snapshot().buckets?.chains[0]?.[0]?.cells[0]).toMatchObject({
    key: "-9223372036854775807",
    elem: "[18446744073709551615 2]",
  });
});
