import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type Mutation, mutate } from "./mutation.ts";
import { mutations } from "./mutationlist.ts";

const source = (file: string) => readFileSync(fileURLToPath(new URL(`../${file}`, import.meta.url)), "utf8");

const text = `function first() {
  if (one) {
    go();
  }
}

class Both {
  second() {
    go();
  }
}
`;
const mutation: Mutation = { mistake: "", file: "both.ts", from: "go();", to: "$& stop();" };

test("a mutation replaces its text in the function that it names, and nowhere else", () => {
  expect(mutate(text, { ...mutation, inside: "function first" })).toBe(text.replace("go", "$$& stop"));
  const second = mutate(text, { ...mutation, inside: "second(" });
  expect(second).toContain("  second() {\n    $& stop();\n  }");
  expect(second).toContain("if (one) {\n    go();");
});

test("a text that is not there exactly once is refused in a sentence", () => {
  expect(() => mutate(text, mutation)).toThrow(
    'both.ts has the text "go();" 2 times, not once: mend the list',
  );
  expect(() => mutate(text, { ...mutation, inside: "function first", from: "return" })).toThrow(
    '"function first" of both.ts has the text "return" 0 times, not once: mend the list',
  );
  expect(() => mutate(text, { ...mutation, inside: "third" })).toThrow(
    'both.ts does not have the text "third" exactly once: mend the list',
  );
});

test("every mistake of the list can be planted in the engine as it is", () => {
  for (const listed of mutations) {
    const right = source(listed.file);
    expect(mutate(right, listed), listed.mistake).not.toBe(right);
  }
});

test("no two mistakes of the list are called the same, and each that a test catches says why", () => {
  const names = mutations.map(({ file, mistake }) => `${file}: ${mistake}`);
  expect(new Set(names).size).toBe(names.length);
  expect(mutations.filter(({ test: by, unseen }) => by !== undefined && unseen === undefined)).toEqual([]);
});
