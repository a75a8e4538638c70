// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells are written as strings here
import fc from "fast-check";
import { expect, test } from "vitest";
import { isComplete } from "./iscomplete.ts";

test.each([
  "",
  "1",
  "1 + 1;",
  "if (a) { b() }",
  "const a: Map<string, number> = new Map()",
  "function f() {}",
  "`a${b}c`",
  "// comment",
  "/* comment */",
  "await f()",
  "import { a } from 'b'",
  "if (a) b()",
  "class A {}\n",
  "type A = { b: string }",
  "f(\n1\n)",
  "a\n  .b()",
])("complete: %s", async (code) => {
  expect(await isComplete(code)).toEqual({ status: "complete" });
});

test.each([
  ["if (a) {", "  "],
  ["function f() {\n  if (a) {", "    "],
  ["f(", "  "],
  ["f(1,", ""],
  ["[1, 2", ""],
  ["const a = {\n  b: [", "    "],
  ["1 +", ""],
  ["a &&", ""],
  ["const a =", ""],
  ["const f = () =>", "  "],
  ["`text", ""],
  ["`text ${a", ""],
  ["/* comment", ""],
  ["class A {\n  m() {\n  }", "  "],
  ["a.", ""],
  ["a ?", ""],
  ["if (a)", ""],
  ["for (const x of xs)", ""],
  ["const f: (a: string", ""],
  ["type A = {", "  "],
  ["import {", "  "],
  ["try {}", ""],
  ["do {} while (a", ""],
  ["new", ""],
  ["switch (a) {\n  case 1:", "  "],
  ["return_(", "  "],
  ["\tif (a) {", "\t  "],
  ["f( // comment", ""],
  ["interface A {", "  "],
  ["enum E {", "  "],
])("incomplete: %s", async (code, indent) => {
  expect(await isComplete(code)).toEqual({ status: "incomplete", indent });
});

test.each([
  "}",
  "f)",
  "const = 3",
  "a b",
  "1 +* 2",
  "'text",
  "let a; let a",
  "namespace N { let a }",
  "@d class A {}",
  "return 1",
  "const x: = 3",
  "if (a)) {",
  "[1, 2}",
])("invalid: %s", async (code) => {
  expect(await isComplete(code)).toEqual({ status: "invalid" });
});

test("the beginning of a complete cell is never invalid at a line's end, and its end is complete", async () => {
  const cell =
    "function f(a: number): string {\n  const b = [\n    a,\n    2,\n  ];\n  return `x${\n    b\n  }`;\n}\nf(\n  1,\n)\n";
  for (let end = 0; end <= cell.length; end++) {
    if (cell[end] !== "\n") continue;
    expect((await isComplete(cell.slice(0, end))).status, cell.slice(0, end)).not.toBe("invalid");
  }
  expect((await isComplete(cell)).status).toBe("complete");
});

test("any text gets an answer", async () => {
  const piece = fc.constantFrom(
    "{",
    "}",
    "(",
    ")",
    "`",
    "${",
    "'",
    "/*",
    "*/",
    "//",
    "\n",
    "a",
    " ",
    "=>",
    "<",
    ">",
    "class ",
    "namespace N",
    "@",
    "#",
    "\\",
    "😀",
    ":",
    "?.",
    "import ",
    "async ",
    "enum E",
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece).map((parts) => parts.join("")),
      async (code) => {
        expect(["complete", "incomplete", "invalid"]).toContain((await isComplete(code)).status);
      },
    ),
    { numRuns: 1000 },
  );
});
