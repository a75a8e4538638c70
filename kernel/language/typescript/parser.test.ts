// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells are written as strings here
import { parse } from "acorn";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { Cell } from "../language.ts";
import { parseCell, parsePlainly, type Uninterrupted } from "./parser.ts";
import { stripTypes } from "./strip.ts";

/** What is left of a cell without its types, or undefined when it does not parse with them. */
function stripped(code: string): string | undefined {
  try {
    return stripTypes(code).code;
  } catch {
    return undefined;
  }
}

/** The syntax tree of some JavaScript, without places. */
function shape(code: string): string {
  const program = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  return JSON.stringify(program, (key, value) =>
    key === "start" || key === "end" || key === "raw" || typeof value === "bigint" ? undefined : value,
  );
}

const isPlain = (code: string) => parsePlainly(code) !== undefined;

describe("a cell of plain JavaScript is left as it is", () => {
  test.each([
    "1 + 1",
    "for (let i = 0; i < 3; i++) { if (i > 1) break }",
    "const max = (a, b) => a > b ? a : b; max(1, 2) < 3",
    "if (a < b && c > d) e()",
    "const m = go.make('map[string]int'); m.set('fig', 1); m",
    "const html = `<b>${a < b ? '>' : '<'}</b>`",
    "[1, 2].map((n) => n << 1)",
    "type = 1; module.exports = { type, declare: 2 }",
    "type\nA = 1",
    "namespace\nN\n{ 1 }",
    "abstract\nclass A { declare\nx = 1; public\nm() {} }",
    "class A { static x = 1; get y() { return this.x }; readonly; declare = 1 }",
    "import type from 'a'; import { type as b } from 'c'",
    "x\n!y",
    "a ? (b) : c => d",
  ])("%s", async (code) => {
    expect(isPlain(code)).toBe(true);
    expect((await parseCell(code)).code).toBe(code);
  });
});

describe("a cell that JavaScript reads otherwise than TypeScript has its types taken out", () => {
  test.each([
    ["f<T>(x)", "f(x)"],
    ["new Map<A, B>(x)", "new Map(x)"],
    ["g(f<A, B>(x))", "g(f(x))"],
    ["f<T>`x`", "f`x`"],
    ["f<A<B>>(x)", "f(x)"],
    ["f<A<B<C>>>(x)", "f(x)"],
    ["f<{ a: A, b: [B] }>(x)", "f(x)"],
    ["f<(() => { a; b })>(x)", "f(x)"],
    ["f<A['b; && c']>(x)", "f(x)"],
    ["f<typeof a, -1, 'b'>(x)", "f(x)"],
  ])("%s", async (code, expected) => {
    const { code: left } = await parseCell(code);
    expect(left).toBe(expected);
  });
});

describe("what takes out types", () => {
  test("is loaded for the first cell that needs it, and not stopped meanwhile", async () => {
    vi.resetModules();
    const fresh = await import("./parser.ts");
    let loads = 0;
    const uninterrupted: Uninterrupted = (work) => {
      loads++;
      return work();
    };
    await fresh.parseCell("1 + 1", uninterrupted);
    expect(loads).toBe(0);
    for (const code of ["1 as number", "2 as number"]) await fresh.parseCell(code, uninterrupted);
    expect(loads).toBe(1);
  });

  test("is not followed by a cell that was interrupted while it loaded", async () => {
    vi.resetModules();
    const { TypeScriptLanguage } = await import("./typescript.ts");
    let ran = false;
    const language = new TypeScriptLanguage({
      importModule: () => Promise.reject(new Error("no imports here")),
      evaluate: () => () => {
        ran = true;
      },
      uninterrupted: async (work) => {
        const loaded = await work();
        language.interrupt();
        return loaded;
      },
    });
    const cell: Cell = { id: "1", executionCount: 1, silent: false, emit: () => {}, input: async () => "" };
    await language.execute("1 as number", cell);
    expect(ran).toBe(false);
    await language.execute("2 as number", cell);
    expect(ran).toBe(true);
    language.dispose();
  });
});

/** Names that mean something in TypeScript somewhere, and others. */
const name = fc.constantFrom(
  ..."a b f A type declare abstract module namespace global readonly override accessor as is satisfies keyof infer asserts of get set async out unique".split(
    " ",
  ),
);
const gap = fc.constantFrom("", " ", " ", " ", "\n", " // c\n", " /* c */ ", "; ", ";\n");
const sign = fc.constantFrom(
  ..."< > << >> >>> >= >>= <= = => ? : ! ; , . ?. ... + - * / % ^ & | && || ?? == ++ ( ) [ ] { } ` ' @ #".split(
    " ",
  ),
  "${",
  "`",
);
const word = fc.constantFrom(
  ..."typeof void new class extends implements enum const let var function return if else for import export default from static public private this null await in instanceof case switch do while yield 1 'x;' /x/g".split(
    " ",
  ),
);

const whole = fc.letrec((tie) => {
  const expression = tie("expression") as fc.Arbitrary<string>;
  const type = tie("type") as fc.Arbitrary<string>;
  const statement = tie("statement") as fc.Arbitrary<string>;
  const join = (...parts: (string | fc.Arbitrary<string>)[]) =>
    fc
      .tuple(...parts.flatMap((part) => [typeof part === "string" ? fc.constant(part) : part, gap]))
      .map((texts) => texts.map((text) => text.replace(/^;/, "")).join(""));
  const binary = fc.constantFrom(..."< > << >> >>> >= <= + - & | && || , ?? == in".split(" "));
  return {
    type: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      name,
      fc.constantFrom("1", "'x'", "'a;b'", "`t${string}`", "-1", "void", "this"),
      join(type, "|", type),
      join(type, "&", type),
      join(type, "[", "]"),
      join(type, "[", type, "]"),
      join("[", type, ",", type, "]"),
      join("{", name, ":", type, "}"),
      join("{", name, ":", type, ",", name, "}"),
      join("(", type, ")"),
      join("typeof", " ", name),
      join(name, "<", type, ">"),
      join(name, "<", type, ",", type, ">"),
      join("(", ")", "=>", type),
      join("(", "(", ")", "=>", type, ")"),
      join(name, ".", name),
    ),
    expression: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      name,
      fc.constantFrom("1", "'x'", "/x/g", "`t`", "null", "this"),
      join(expression, binary, expression),
      join(name, "<", type, ">", "(", expression, ")"),
      join("new ", name, "<", type, ",", type, ">", "(", expression, ")"),
      join(name, "<", type, ">", "`x`"),
      join(name, "<", type, ">"),
      join(name, "?.", "<", type, ">", "(", ")"),
      join("(", expression, ")"),
      join("[", expression, ",", expression, "]"),
      join("{", name, ":", expression, ",", name, "}"),
      join("(", "{", name, "(", ")", "{", statement, "}", "}", ")"),
      join(name, "(", expression, ")"),
      join("!", expression),
      join(expression, "!"),
      join(expression, " as ", type),
      join(expression, " satisfies ", type),
      join("<", type, ">", expression),
      join("(", name, ")", "=>", expression),
      join("(", name, ":", type, ")", ":", type, "=>", expression),
      join("async ", "(", name, ")", "=>", expression),
      join(expression, "?", expression, ":", expression),
      join(expression, "?", "(", name, ")", ":", name, "=>", expression),
      join("`${", expression, "}`"),
      join("function ", name, "(", name, ")", "{", statement, "}"),
      join("class ", name, " extends ", expression, "{", "}"),
      join(name, ".", name),
      join(name, "?.", name),
      join(name, "++"),
    ),
    statement: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      expression,
      join(name, " ", statement),
      join("let ", name, "=", expression),
      join("let ", name, ":", type, "=", expression),
      join("const ", "{", name, ",", name, "}", "=", expression),
      join("{", statement, "}"),
      join("if", "(", expression, ")", statement),
      join("for", "(", "let i", "=", expression, ";", expression, ";", expression, ")", statement),
      join("for", "(", "const ", name, " of ", expression, ")", statement),
      join("switch", "(", expression, ")", "{", "case ", expression, ":", statement, "}"),
      join("function ", name, "(", name, ")", "{", statement, "}"),
      join("class ", name, "{", name, gap, name, gap, name, "(", ")", "{", "}", "}"),
      join("class ", name, "{", "static ", name, "=", expression, ";", name, ";", "}"),
      join("class ", name, "{", "[", expression, "]", "=", expression, "}"),
      join("class ", name, "{", "constructor", "(", name, gap, name, ")", "{", "}", "}"),
      join(name, " class ", name, "{", "}"),
      join("type ", name, "=", type),
      join("interface ", name, "{", name, ":", type, "}"),
      join("import ", name, ",", "{", name, " as ", name, "}", " from ", "'m'"),
      join("import ", "{", name, gap, name, "}", " from ", "'m'"),
      join("import ", name, gap, name, " from ", "'m'"),
      join("export ", "{", name, " as ", name, "}"),
      join("export ", statement),
      join("enum ", name, "{", name, "=", expression, "}"),
      join(name, ":", statement),
      join("return ", expression),
    ),
  };
});

const generated = fc
  .array(fc.tuple(whole.statement as fc.Arbitrary<string>, fc.constantFrom("\n", ";\n", " ")), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => parts.flat().join(""));
const soup = fc
  .array(fc.tuple(fc.oneof(name, sign, word), gap), { maxLength: 12 })
  .map((parts) => parts.flat().join(""));

test("what is left as it is would be the same without its types", () => {
  let plain = 0;
  fc.assert(
    fc.property(fc.oneof({ arbitrary: generated, weight: 5 }, soup), (code) => {
      if (!isPlain(code)) return;
      plain++;
      const left = stripped(code);
      // What does not parse with types does without: a conditional with an arrow function, say.
      if (left !== undefined) expect(shape(left), left).toBe(shape(code));
    }),
    { seed: 5, numRuns: 20_000 },
  );
  expect(plain).toBeGreaterThan(500);
});
