import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeTuple, TupleReader } from "./tuples.ts";

test("messages arrive as they were sent, in whatever pieces", () => {
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.integer({ min: 0, max: 70_000 }).map((length) => "é".repeat(length)),
  );
  const tuple = fc.record({ kind: fc.integer({ min: 1, max: 6 }), name: fc.string(), text });
  fc.assert(
    fc.property(fc.array(tuple, { maxLength: 5 }), fc.array(fc.nat(), { maxLength: 8 }), (tuples, cuts) => {
      const bytes = Buffer.concat(tuples.map(encodeTuple));
      const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
      const reader = new TupleReader();
      const read = places
        .slice(1)
        .flatMap((end, index) => [...reader.read(bytes.subarray(places[index], end))]);
      expect(read).toEqual(tuples);
    }),
    { seed: 1, numRuns: 200 },
  );
});

test("a number that is marked as one is read", () => {
  expect([...new TupleReader().read(Buffer.from([0x93, 0xcc, 4, 0xc4, 1, 97, 0xc4, 0]))]).toEqual([
    { kind: 4, name: "a", text: "" },
  ]);
});

test("what is no such message is refused", () => {
  expect(() => [...new TupleReader().read(Buffer.from("Content-Length: 3"))]).toThrow(
    "where a message begins",
  );
  expect(() => [...new TupleReader().read(Buffer.from([0x93, 4, 7]))]).toThrow("where bytes begin");
});
