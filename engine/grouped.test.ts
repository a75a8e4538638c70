import fc from "fast-check";
import { expect, test } from "vitest";
import { grouped } from "./grouped.ts";

test("a whole number is grouped as English does it", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (number) => {
      expect(grouped(number)).toBe(number.toLocaleString("en"));
    }),
    { examples: [[0], [999], [1000], [-1000], [1_000_000]] },
  );
});
