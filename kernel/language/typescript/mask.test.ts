// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells are written as strings here
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toCursor, toOffset } from "./codepoints.ts";
import { declarationsByLooks } from "./declarations.ts";
import { maskCode } from "./mask.ts";
import { compileCell } from "./rewrite.ts";

describe("masking blanks what is no code", () => {
  test.each([
    ["a // b", "a     "],
    ["a /* b\nc */ d", "a     \n     d"],
    ["f('a(b', \"c\")", "f('   ', \" \")"],
    ["`a ${b + `c`} d` + e", "`   {b + ` `}  ` + e"],
    ["x = /[/{]+/g.test(y)", "x = /     /g.test(y)"],
    ["a / b / c", "a / b / c"],
    ["f(a)[0] / 2 // c", "f(a)[0] / 2     "],
    ["return /a/", "return / /"],
    ["'it\\'s' x", "'     ' x"],
    ["'open\nnext", "'    \nnext"],
    ["`open ${", "`      {"],
  ])("%s", (code, masked) => {
    expect(maskCode(code)).toBe(masked);
  });

  test("and keeps length and lines, whatever the text", () => {
    fc.assert(
      fc.property(codeLike, (code) => {
        const masked = maskCode(code);
        expect(masked.length).toBe(code.length);
        expect(masked.split("\n").length).toBe(code.split("\n").length);
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

describe("the declarations of a cell are seen by looks", () => {
  test.each([
    ["const a = 1, b = 2; let c; var d", "a:constant b:constant c:variable d:variable"],
    ["let x: Map<string, number> = new Map(), y = 1", "x:variable y:variable"],
    [
      "const { a, b: [c, ...d], e = { f: 1 }, ...g } = h\nlet q",
      "a:constant c:constant d:constant e:constant g:constant q:variable",
    ],
    ["export async function f() { let inner = 1 }\nfunction* g() {}", "f:function g:function"],
    ["abstract class B<T> extends C {}\ndeclare class D {}", "B:class D:class"],
    ["enum E { A }\nconst enum F { B }", "E:enum F:enum"],
    ["interface I { a: string }\ntype T = { const: 1 }\ndeclare namespace N {}", "I:type T:type N:type"],
    [
      "import a, { b as c, type D } from 'x'; import type { E } from 'y'\nimport * as ns from \"z\"",
      "a:import c:import D:type E:type ns:import",
    ],
    ["const f = (a, b) => a, g = [\n  1,\n  2\n],\n  h = 3", "f:constant g:constant h:constant"],
    ["for (const i of x) { const j = 1 }", ""],
    ["let s = `${ {const: 1} } const z = 1`; // const y = 2", "s:variable"],
    ["const half = {", "half:constant"],
    ["o.const = 1; import('x'); x.type = y", ""],
  ])("%s", (code, expected) => {
    const found = declarationsByLooks(code).map(({ name, kind }) => `${name}:${kind}`);
    expect(found.join(" ")).toBe(expected);
  });

  test("as the rewriting of the cell finds them", async () => {
    const part = fc.constantFrom(
      "const a = 1, b = [1, 2]",
      "let { c, d: { e = 5 }, ...f } = g()",
      "var [h, , i = 'a, b'] = j;",
      "function k(l, m = 1) { var n = 2; return n }",
      "class O extends P { q = 1; r() { let s } }",
      "import T, { u as v } from 'w'",
      "enum X { Y = 1 }",
      "const z = (a0, b0) => { const c0 = a0; return c0 }",
      "let d0 = `${e0}, f0 = ${'g0'}`",
      "if (h0) { const i0 = 1; let j0 = 2 }",
      "const k0: Record<string, number> = {}, l0 = /[,;]/",
      "await m0(); // let n0 = 1",
      "type P0 = { a: 1 }\ninterface Q0 {}",
    );
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(part, { minLength: 1 }), async (parts) => {
        const code = parts.join("\n");
        const found = declarationsByLooks(code).filter(({ kind }) => kind !== "type");
        const { names } = await compileCell(code);
        expect(found.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
      }),
      { seed: 2, numRuns: 300 },
    );
  });
});

test("cursor positions go from code points to UTF-16 units and back", () => {
  expect(toOffset("a😀b", 2)).toBe(3);
  expect(toCursor("a😀b", 3)).toBe(2);
  expect(toCursor("a😀b", 2)).toBe(1);
  expect([toOffset("ab", 9), toCursor("ab", 9), toOffset("", 0)]).toEqual([2, 2, 0]);
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat(30), (text, cursor) => {
      const length = [...text].length;
      expect(toCursor(text, toOffset(text, cursor))).toBe(Math.min(cursor, length));
    }),
    { seed: 3 },
  );
});

/** Texts of the characters that matter. */
const codeLike = fc
  .array(
    fc.constantFrom(..."abA1 \n.,;:=()[]{}<>\"'`$/\\*?😀é".split(""), "${", "//", "/*", "const ", "return "),
  )
  .map((parts) => parts.join(""));
