// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells are written as strings here
import { AsyncLocalStorage } from "node:async_hooks";
import { stripVTControlCharacters } from "node:util";
import vm from "node:vm";
import { afterEach, describe, expect, test } from "vitest";
import type { Cell, Outcome, Output } from "../language.ts";
import { type CellContext, TypeScriptLanguage } from "./typescript.ts";

/** Sessions that a test started, and the globals from before it. */
let sessions: TypeScriptLanguage[] = [];
const globals = new Set(Object.getOwnPropertyNames(globalThis));

afterEach(() => {
  for (const session of sessions) session.dispose();
  sessions = [];
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!globals.has(name)) (globalThis as Record<string, unknown>)[name] = undefined;
  }
});

/** Node 22 does not know `using` yet. */
const hasUsing = (() => {
  try {
    return new vm.Script("{ using x = null }") !== undefined;
  } catch {
    return false;
  }
})();

interface Ran {
  outcome: Outcome;
  outputs: Output[];
  /** text/plain of the result, or undefined. */
  result: string | undefined;
  /** Everything printed. */
  printed: string;
}

/** Without colours: those are display.test.ts's. */
function plain<T extends object>(outcome: T): T {
  if (!("traceback" in outcome)) return outcome;
  return { ...outcome, traceback: (outcome.traceback as string[]).map(stripVTControlCharacters) };
}

/** A session: call it with the code of a cell. */
function startSession(modules: Record<string, unknown> = {}, context?: CellContext) {
  const language = new TypeScriptLanguage({
    importModule: async (specifier) => {
      if (!(specifier in modules)) throw new Error(`there is no module "${specifier}"`);
      return modules[specifier];
    },
    evaluate: (script, filename) => vm.runInThisContext(script, { filename }),
    ...(context && { context }),
  });
  sessions.push(language);
  let count = 0;
  const run = async (code: string): Promise<Ran> => {
    const outputs: Output[] = [];
    const cell: Cell = {
      id: `cell-${++count}`,
      executionCount: count,
      silent: false,
      emit: (output) => outputs.push(plain(structuredClone(output))),
      input: async (prompt) => `answer to ${prompt}`,
    };
    const outcome = plain(await language.execute(code, cell));
    const shown = outputs.find((output) => output.type === "result");
    const result = shown?.type === "result" ? String(shown.data["text/plain"]) : undefined;
    const printed = outputs.map((output) => (output.type === "stream" ? output.text : "")).join("");
    return { outcome, outputs, result, printed };
  };
  return Object.assign(run, { language });
}

/** The result of the last of some cells, which must all succeed. */
async function resultOf(...cells: string[]): Promise<string | undefined> {
  const run = startSession();
  let result: string | undefined;
  for (const code of cells) {
    const ran = await run(code);
    expect(ran.outcome, code).toEqual({ status: "ok" });
    result = ran.result;
  }
  return result;
}

/** The error of the last of some cells. */
async function errorOf(...cells: string[]) {
  const run = startSession();
  for (const code of cells.slice(0, -1)) expect((await run(code)).outcome.status).toBe("ok");
  const { outcome } = await run(cells.at(-1)!);
  if (outcome.status !== "error") throw new Error("the cell did not fail");
  return outcome;
}

describe("the last expression is the result", () => {
  test.each([
    ["1 + 1", "2"],
    ["1 + 1;", "2"],
    ["1 + 1;;", "2"],
    ["() => 1", "[Function (anonymous)]"],
    ["(class {})", "[class (anonymous)]"],
    ["1 + 1 // a comment", "2"],
    ["1 + 1\n// a comment\n", "2"],
    ["1 + 1 /* a\ncomment */;", "2"],
    ["(1, 2)", "2"],
    ["({ a: 1 })", "{ a: 1 }"],
    ["'text'", "'text'"],
    ['"use strict"', "'use strict'"],
    ["`a${1}`", "'a1'"],
    ["let a; a = 3", "3"],
    ["null", "null"],
    ["[1, 2].map((x: number) => x * 2)", "[ 2, 4 ]"],
    ["await Promise.resolve(7)", "7"],
    ["const f = async () => 8; await f()", "8"],
    ["(function () { return 9 })()", "9"],
    ["new (class Point { x = 1 })()", "Point { x: 1 }"],
    ["typeof undefinedName", "'undefined'"],
    ["5 as number satisfies number", "5"],
    ["10n ** 20n", "100000000000000000000n"],
    ["/a/g", "/a/g"],
    ["-1\n++globalThis.nothing", "NaN"],
  ])("%s", async (code, expected) => {
    expect(await resultOf(code)).toBe(expected);
  });

  test.each([
    "",
    "   \n",
    "// only a comment",
    "undefined",
    "void 0",
    "const a = 1",
    "let a = 1, b = 2;",
    "var a = 1",
    "function f() { return 1 }",
    "class A {}",
    "enum E { A }",
    "interface I { a: number }",
    "type T = string",
    "declare const outside: number",
    "if (true) { 5 }",
    "for (let i = 0; i < 3; i++) i;",
    "while (false) {}",
    "{ 5 }",
    "switch (1) { case 1: 5 }",
    "try { 5 } catch {}",
    "label: for (;;) { break label }",
    "export const a = 1",
    ";",
  ])("and nothing else is: %s", async (code) => {
    expect(await resultOf(code)).toBeUndefined();
  });

  test("a promise is shown, not awaited, unless the cell says await", async () => {
    expect(await resultOf("Promise.resolve(1)")).toMatch(/^Promise/);
    expect(await resultOf("await 0; Promise.resolve(1)")).toMatch(/^Promise/);
  });
});

describe("names stay for the next cell and can be declared again", () => {
  test.each([
    ["const", ["const a = 1", "const a = 2", "a"], "2"],
    ["let", ["let a = 1", "let a = 2", "a"], "2"],
    ["let without a value", ["let a = 1", "let a", "[a]"], "[ undefined ]"],
    ["var keeps its value, as in JavaScript", ["var a = 1", "var a", "a"], "1"],
    ["const, then let, then function", ["const a = 1", "let a = 2", "function a() { return 3 }", "a()"], "3"],
    ["class", ["class A { m() { return 1 } }", "class A { m() { return 2 } }", "new A().m()"], "2"],
    ["function", ["function f() { return 1 }", "function f() { return 2 }", "f()"], "2"],
    ["enum", ["enum E { A, B }", "enum E { C }", "E"], "{ '0': 'C', C: 0 }"],
    ["enum in two parts", ["enum E { A } enum E { B = 1 }", "[E.A, E.B]"], "[ 0, 1 ]"],
    [
      "destructuring",
      ["const { a, b: [c, ...d], ...e } = { a: 1, b: [2, 3, 4], f: 5 }", "[a, c, d, e]"],
      "[ 1, 2, [ 3, 4 ], { f: 5 } ]",
    ],
    ["destructuring with defaults", ["let [a = 1, { b = a + 1 } = {}] = []", "[a, b]"], "[ 1, 2 ]"],
    ["var in a block", ["if (true) { var a = 1 }", "a"], "1"],
    ["var in a loop's head", ["for (var i = 0; i < 3; i++);", "i"], "3"],
    ["var in for-of", ["for (var x of [1, 2]);", "x"], "2"],
    ["var in for-in with a pattern", ["for (var [x] in { ab: 1 });", "x"], "'a'"],
    ["let in a block stays there", ["let a = 1; { let a = 2 }", "a"], "1"],
    ["export is ignored", ["export const a = 1; export function f() { return a }", "f()"], "1"],
    ["generator", ["function* g() { yield 1; yield 2 }", "[...g()]"], "[ 1, 2 ]"],
    ["async function", ["async function f() { return 1 }", "await f()"], "1"],
    [
      "async generator",
      ["async function* g() { yield 1 }", "for await (const x of g()) var y = x", "y"],
      "1",
    ],
    [
      "a host's read-only or computed global",
      ["const crypto = 1, performance = 2, navigator = 3", "[crypto, performance, navigator]"],
      "[ 1, 2, 3 ]",
    ],
    [
      "undeclared type names",
      ["interface A { x: number }; type B = A", "const b: B = { x: 1 }; b"],
      "{ x: 1 }",
    ],
  ] as [string, string[], string][])("%s", async (_, cells, expected) => {
    expect(await resultOf(...cells)).toBe(expected);
  });

  test.each([
    [["class Map<K, V> { size = 'mine'; a?: K; b?: V }", "new Map().size"], "'mine'"],
    [["class Map { a = 1 }", "class Map { a = 2 }", "new Map().a"], "2"],
    [
      [
        "const Promise = 1, Object = 2, Array = 3, JSON = 4, Symbol = 5, Error = 6",
        "[Promise, Object, Array, JSON, Symbol, Error]",
      ],
      "[ 1, 2, 3, 4, 5, 6 ]",
    ],
    [["let console = 1", "console += 1", "console"], "2"],
    [["function display() { return 'mine' }", "const f = () => display()", "f()"], "'mine'"],
    [["var process = await Promise.resolve(1)", "process"], "1"],
    [["const Set = 1; { const Set = 2 }", "const g = (Set: number) => Set", "[Set, g(3)]"], "[ 1, 3 ]"],
  ])(
    "names of the host's own globals can be used, and the kernel and its libraries keep theirs: %o",
    async (cells, expected) => {
      const host = globalThis.Map;
      expect(await resultOf(...cells)).toBe(expected);
      expect(globalThis.Map).toBe(host);
      expect(new globalThis.Map([[1, 2]]).get(1)).toBe(2);
    },
  );

  test("a cell that hides a global is strict and has its positions all the same", async () => {
    const error = await errorOf("class Map {}\nundeclared = new Map();");
    expect(error).toMatchObject({ ename: "ReferenceError", evalue: "undeclared is not defined" });
    expect(error.traceback[1]).toBe("    at In [1]:2:12");
  });

  test("a function of an earlier cell sees the new value", async () => {
    expect(await resultOf("let n = 1; const read = () => n", "let n = 2", "read()")).toBe("2");
  });

  test("a class keeps its own name inside, so that its methods go on working after it is declared again", async () => {
    const cells = [
      "class A { static make() { return new A() } v = 1 }\nconst Old = A",
      "class A { v = 2 }",
      "Old.make().v",
    ];
    expect(await resultOf(...cells)).toBe("1");
  });

  test("functions can be used above their declaration, in cells that await too", async () => {
    expect(await resultOf("const a = f(); function f() { return 1 }\na")).toBe("1");
    expect(await resultOf("const a = await f(); async function f() { return 1 }\na")).toBe("1");
  });

  test("functions, classes and arrow functions have their names", async () => {
    expect(
      await resultOf(
        "function f() {}; const g = () => {}; class C {}; let { h = () => {} } = {}; [f, g, C, h].map((x) => x.name)",
      ),
    ).toBe("[ 'f', 'g', 'C', 'h' ]");
  });
});

describe("cells are strict", () => {
  test("assigning to an undeclared name fails", async () => {
    expect(await errorOf("undeclared = 1")).toMatchObject({
      ename: "ReferenceError",
      evalue: "undeclared is not defined",
    });
  });

  test("assigning to a const of the same cell fails before anything runs, with the position", async () => {
    const run = startSession();
    const { outcome, printed } = await run("const a = 1;\nconsole.log(a);\nif (a) a += 1;");
    expect(outcome).toMatchObject({
      ename: "SyntaxError",
      evalue: "Assignment to constant variable. (In [1]:3:8)",
    });
    expect(printed).toBe("");
  });

  test.each([
    "const a = 1; const f = (a: number) => { a = 2; return a }; f(1)",
    "const a = 1; { let a = 1; a = 2 }; 2",
    "const a = 1; for (let a = 0; a < 1; a++); 2",
    "const a = 1; try { throw 1 } catch (a) { a = 2 }; 2",
    "const a = 1; (function a() {})(); 2",
    "const a = { b: 1 }; a.b = 2",
    "const a = 1; function f() { if (a) { var b = 1 } var a = 2; a = 3; return 2 }; f()",
    "const a = 1; switch (1) { case 1: let a; a = 2 }; 2",
    "const a = 1; class B { m(a: number) { a = 2; return a } }; new B().m(1)",
  ])("a name that hides a const may be assigned to: %s", async (code) => {
    expect(await resultOf(code)).toBe("2");
  });

  test.each([
    "[a] = [2]",
    "({ a } = { a: 2 })",
    "for (a of [1]);",
    "a++",
    "(() => { a = 2 })",
    "({ b: [...a] } = { b: [] })",
  ])("every way to assign to a const is seen: %s", async (code) => {
    expect((await errorOf(`const a = 1;\n${code}`)).evalue).toMatch(/^Assignment to constant variable\./);
  });
});

describe("a const of an earlier cell", () => {
  test.each([
    "a = 2",
    "a += 1",
    "a++",
    "[a] = [2]",
    "({ a } = { a: 2 })",
    "({ a = 3 } = {})",
    "({ b: [...a] } = { b: [] })",
    "for (a of [1]);",
    "(() => a = 2)()",
    "const f = () => { a = 2 }; f()",
    "true ? a = 1 : 0",
  ])("cannot be assigned to: %s", async (code) => {
    const error = await errorOf("const a = 1", `1;\n${code}`);
    expect(error).toMatchObject({ ename: "TypeError", evalue: "Assignment to constant variable." });
    expect(error.traceback[1]).toMatch(/In \[2\]:2:/);
  });

  test("fails where it is assigned to, as in one script", async () => {
    const run = startSession();
    await run("const a = 1");
    const caught =
      "let log = 'begun'; try { a = 2 } catch (e) { log += ` ${e instanceof TypeError}` } [log, a]";
    expect((await run(caught)).result).toBe("[ 'begun true', 1 ]");
  });

  test.each([
    [["const a = 1", "const a = 2", "a"], "2"],
    [["const a = 1", "let a = 2", "a = 3", "a"], "3"],
    [["const a = { b: 1 }", "a.b = 2; a"], "{ b: 2 }"],
    [["const a = 1", "{ let a = 1; a = 2 }; const f = (a: number) => { a = 5; return a }; f(1)"], "5"],
    [["import { a } from 'm'", "let a = 2; a = 3; a"], "3"],
  ])("can be declared again, and hidden: %o", async (cells, expected) => {
    const run = startSession({ m: { a: 1 } });
    let last: Ran | undefined;
    for (const code of cells) {
      last = await run(code);
      expect(last.outcome).toEqual({ status: "ok" });
    }
    expect(last?.result).toBe(expected);
  });
});

describe("imports", () => {
  const modules = { shapes: { default: "square", circle: "round", area: () => 12 }, side: {} };

  test.each([
    ["import { circle } from 'shapes'; circle", "'round'"],
    ["import { circle as c } from 'shapes'; c", "'round'"],
    ["import shape from 'shapes'; shape", "'square'"],
    ["import shape, { area } from 'shapes'; [shape, area()]", "[ 'square', 12 ]"],
    ["import * as shapes from 'shapes'; shapes.circle", "'round'"],
    ["import shape, * as shapes from 'shapes'; [shape, shapes.circle]", "[ 'square', 'round' ]"],
    ["import { default as d, 'circle' as c } from 'shapes'; [d, c]", "[ 'square', 'round' ]"],
    ["import 'side'; 1", "1"],
    ["import type { Shape } from 'nowhere'; 1", "1"],
    ["import { type Shape, circle } from 'shapes'; circle", "'round'"],
    ["import { Shape, circle } from 'shapes'; const s: Shape = circle; s", "'round'"],
    ["area2();\nimport { area } from 'shapes';\nfunction area2() { return area() }\narea2()", "12"],
    ["(await import('shapes')).circle", "'round'"],
    ["const load = () => import('shapes'); (await load()).circle", "'round'"],
    ["const { circle } = await import('shapes')\ncircle", "'round'"],
  ])("%s", async (code, expected) => {
    expect((await startSession(modules)(code)).result).toBe(expected);
  });

  test("stay for the next cell", async () => {
    const run = startSession(modules);
    await run("import { circle } from 'shapes'");
    expect((await run("circle")).result).toBe("'round'");
    expect((await run("const circle = 1; circle")).result).toBe("1");
  });

  test("a function of an earlier cell can still import", async () => {
    const run = startSession(modules);
    await run("const load = (name: string) => import(name)");
    expect((await run("(await load('shapes')).circle")).result).toBe("'round'");
  });

  test("an export that does not exist is an error when it is used", async () => {
    const { outcome } = await startSession(modules)("import { square } from 'shapes';\nsquare");
    expect(outcome).toMatchObject({
      ename: "SyntaxError",
      evalue: 'the module "shapes" has no export named "square"',
    });
  });

  test("the host's sentence for an unknown module is the error", async () => {
    const { outcome } = await startSession(modules)("import 'nowhere'");
    expect(outcome).toMatchObject({ status: "error", evalue: 'there is no module "nowhere"' });
  });

  test("attributes reach the host", async () => {
    const seen: unknown[] = [];
    const language = new TypeScriptLanguage({
      importModule: async (specifier, attributes) => {
        seen.push([specifier, attributes]);
        return {};
      },
      evaluate: (script, filename) => vm.runInThisContext(script, { filename }),
    });
    sessions.push(language);
    const cell: Cell = { id: "1", executionCount: 1, silent: false, emit: () => {}, input: async () => "" };
    await language.execute(
      "import 'a' with { type: 'json' }; await import('b', { with: { type: 'json' } })",
      cell,
    );
    expect(seen).toEqual([
      ["a", { type: "json" }],
      ["b", { type: "json" }],
    ]);
  });
});

describe("statements keep apart without semicolons", () => {
  test.each([
    ["const a = [1]\nconst [b] = a\nb", "1"],
    ["let log = []\nlet f = (x) => log.push(x)\nf(1)\nconst { length } = log\nlength", "1"],
    ["var f = () => 1\nfunction g() {}\n(f)()", "1"],
    ["let a = 1\nlet b\n(a)\nb = a\nb", "1"],
    ["class A {}\n[1][0]", "1"],
    ["let i = 0\nlet j\n++i\ni", "1"],
    ["const f = (x) => x\nconst a = f\n(5)\na", "5"],
    ["if (true) var a = 1\nelse var a = 2\na", "1"],
    ["let a = 1 // one\nlet b = 2 /* two */\n;[a, b]", "[ 1, 2 ]"],
  ])("%s", async (code, expected) => {
    expect(await resultOf(code)).toBe(expected);
  });
});

describe("errors before the cell runs show the line, a caret and the position", () => {
  test("a syntax error in TypeScript", async () => {
    const error = await errorOf("let a = 1;\nconst x: = 3;");
    expect(error).toEqual({
      status: "error",
      ename: "SyntaxError",
      evalue: 'unexpected "=" (In [1]:2:10)',
      traceback: ['SyntaxError: unexpected "=" (In [1]:2:10)', "", "  2 | const x: = 3;", "    |          ^"],
    });
  });

  test("a syntax error that only the JavaScript parser sees is placed behind the types that were removed", async () => {
    const error = await errorOf("const f: Map<string, number> = new Map<string, number>(), f = 2;");
    expect(error.evalue).toBe("Identifier 'f' has already been declared (In [1]:1:59)");
  });

  test.each([
    ["foo(", "the cell ends in the middle of something (In [1]:1:5)"],
    ["let s = 'abc", "Unterminated string constant (In [1]:1:9)"],
    ["}", 'unexpected "}" (In [1]:1:1)'],
    ["return 1", "'return' outside of function (In [1]:1:1)"],
    ["let a;\nlet a;", "Identifier 'a' has already been declared (In [1]:2:5)"],
    [
      "namespace N { export const a = 1 }",
      "namespaces do not work in cells: make `N` an object, or leave its members at the top level (In [1]:1:1)",
    ],
    [
      "let a = 1;\n  export module Geo.Shapes { }",
      "namespaces do not work in cells: make `Geo` an object, or leave its members at the top level (In [1]:2:10)",
    ],
    [
      "function dec(x: unknown) {}\n@dec class A {}",
      "decorators do not work in cells: call the decorator as a function (In [1]:2:1)",
    ],
    [
      "class A { @dec m() {} }",
      "decorators do not work in cells: call the decorator as a function (In [1]:1:11)",
    ],
    [
      "class A { accessor x = 1 }",
      "`accessor` does not work in cells: leave it out, or write a getter and a setter (In [1]:1:20)",
    ],
    [
      "import defer * as late from 'm'",
      "`import defer` does not work in cells: import the module (In [1]:1:14)",
    ],
    ["import.meta.url", "a cell has no `import.meta`: it is not a file (In [1]:1:1)"],
    ["export * from 'a'", "a cell cannot export from another module: import it (In [1]:1:1)"],
    ["export default 1", "a cell has no default export: leave out `export default` (In [1]:1:1)"],
  ])("%s", async (code, evalue) => {
    expect(await errorOf(code)).toMatchObject({ ename: "SyntaxError", evalue });
  });

  test("declared namespaces and things that are called so are fine", async () => {
    expect(
      await resultOf(
        "declare namespace N { const a: number }\nconst namespace = 1, module = { exports: 2 }; namespace + module.exports",
      ),
    ).toBe("3");
  });

  test("a cell that does not parse changes nothing", async () => {
    const run = startSession();
    await run("let a = 1");
    await run("let a = 2; }");
    expect((await run("a")).result).toBe("1");
  });

  test.runIf(hasUsing)(
    "using at the top level is closed when the cell ends, and its name ends with it",
    async () => {
      const run = startSession();
      const resource = "{ [Symbol.dispose]() { log.push('closed') } }";
      const first = await run(
        `const log: string[] = [];\nusing x = ${resource};\nlog.push(typeof x); const late = () => typeof x; log.length`,
      );
      expect(first.result).toBe("1");
      expect((await run("[log.join(), late(), typeof x]")).result).toBe(
        "[ 'object,closed', 'object', 'undefined' ]",
      );
      const failed = await run(`using y = ${resource}; throw new Error('no')`);
      expect(failed.outcome.status).toBe("error");
      expect((await run("log.length")).result).toBe("3");
      const later = "{ async [Symbol.asyncDispose]() { await 0; log.push('closed later') } }";
      expect((await run(`await using z = ${later}; 1`)).result).toBe("1");
      expect((await run("log.at(-1)")).result).toBe("'closed later'");
    },
  );

  test.runIf(hasUsing)("using works in a block", async () => {
    expect(
      await resultOf(
        "const log: string[] = [];\n{ using x = { [Symbol.dispose]() { log.push('closed') } }; log.push('open') }\nlog",
      ),
    ).toBe("[ 'open', 'closed' ]");
  });
});

describe("errors of running code are placed where the person typed them", () => {
  test("line and column count the types that were removed", async () => {
    const error = await errorOf(
      "const a: Record<string, { b: number }> = {};\nconst c: number = (a.x as { b: number }).b;",
    );
    expect(error.traceback).toEqual([
      "TypeError: Cannot read properties of undefined (reading 'b')",
      "    at In [1]:2:42",
      "",
      "  2 | const c: number = (a.x as { b: number }).b;",
      "    |                                          ^",
    ]);
  });

  test("calls through earlier cells name those cells, and nothing of the kernel is shown", async () => {
    const error = await errorOf(
      "// one\nfunction inner(x: string): never {\n  throw new RangeError(`bad ${x}`);\n}",
      "const outer = (x: string) => inner(x);",
      "\n\nouter('day');",
    );
    expect(error.traceback).toEqual([
      "RangeError: bad day",
      "    at inner (In [1]:3:9)",
      "    at outer (In [2]:1:30)",
      "    at In [3]:3:1",
      "",
      "  3 |   throw new RangeError(`bad ${x}`);",
      "    |         ^",
    ]);
  });

  test("functions that were hoisted keep their lines", async () => {
    const error = await errorOf("let n = 1;\nn++;\nfunction f() {\n  n.x.y;\n}\nf();");
    expect(error.traceback.slice(1, 3)).toEqual(["    at f (In [1]:4:7)", "    at In [1]:6:1"]);
  });

  test("after an await", async () => {
    const error = await errorOf("await 0;\nthrow new Error('late');");
    expect(error.traceback.slice(0, 2)).toEqual(["Error: late", "    at In [1]:2:7"]);
  });

  test("methods, constructors and callbacks", async () => {
    const error = await errorOf(
      "class A {\n  constructor(private x: number) { this.fail(); }\n  fail() { [1].forEach(() => { throw new Error('deep') }) }\n}\nnew A(1);",
    );
    expect(error.traceback.slice(1, 5)).toEqual([
      expect.stringMatching(/^ {4}at In \[1\]:3:38$/),
      "    at A.fail (In [1]:3:16)",
      "    at new A (In [1]:2:41)",
      "    at In [1]:5:1",
    ]);
  });

  test("a recursion is told shortly", async () => {
    const deep =
      "const deep = (n: number): never => {\n  if (n === 0) throw new Error('bottom');\n  return deep(n - 1);\n};\ndeep(20);";
    const { traceback } = await errorOf(deep);
    expect(traceback.slice(0, 6).map((line) => line.trim())).toEqual([
      "Error: bottom",
      "at deep (In [1]:2:22)",
      "at deep (In [1]:3:10)",
      "at deep (In [1]:3:10)",
      "… 18 times more",
      "at In [1]:5:1",
    ]);
  });

  test("a cause is told with its own place", async () => {
    const { traceback } = await errorOf(
      "const cause = new Error('inside');\nthrow new Error('outside', { cause });",
    );
    expect(traceback).toContain("Caused by: Error: inside");
    expect(traceback).toContain("    at In [1]:1:15");
  });

  test("of errors that are printed or shown are those of failing cells, also of an error within a value", async () => {
    const run = startSession();
    await run("interface Gone {}\nconst fail = () => new Error('made')");
    const { printed } = await run(
      "console.error(fail());\nconsole.log({ of: [fail()], code: 7 });\nconsole.trace('here')",
    );
    expect(printed).toBe(
      [
        "Error: made",
        "    at fail (In [1]:2:20)",
        "    at In [2]:1:15",
        "{",
        "  of: [",
        "    Error: made",
        "        at fail (In [1]:2:20)",
        "        at In [2]:2:20",
        "  ],",
        "  code: 7",
        "}",
        "Trace: here",
        "    at In [2]:3:9",
        "",
      ].join("\n"),
    );
    expect((await run("Object.assign(fail(), { code: 1 })")).result).toBe(
      "Error: made\n    at fail (In [1]:2:20)\n    at In [3]:1:15 {\n  code: 1\n}",
    );
    expect((await run("console.log('    at home (in:1:2)')")).printed).toBe("    at home (in:1:2)\n");
  });

  test("causes that go round in a circle end", async () => {
    const { traceback } = await errorOf("const e = new Error('a'); e.cause = e; throw e");
    expect(traceback[0]).toBe("Error: a");
  });

  test.each([
    ["throw 5", "Uncaught 5"],
    ["throw { code: 1 }", "Uncaught { code: 1 }"],
    ["throw undefined", "Uncaught undefined"],
    ["await Promise.reject('no')", "Uncaught 'no'"],
  ])("a thrown value that is no error: %s", async (code, line) => {
    expect((await errorOf(code)).traceback).toEqual([line]);
  });

  test("an error class of one's own shows its name", async () => {
    expect(
      await errorOf(
        "class GoPanic extends Error { override name = 'GoPanic' }\nthrow new GoPanic('nil map')",
      ),
    ).toMatchObject({
      ename: "GoPanic",
      evalue: "nil map",
    });
  });

  test("too deep a recursion is an error like any other", async () => {
    expect(await errorOf("const f = (): never => f();\nf()")).toMatchObject({ ename: "RangeError" });
  });

  test.each([
    ["const x = go.make()", 11],
    ["let longer: string = go.make();", 22],
    ["const x = (go.make())", 11],
    ["const x = await go.make()", 11],
    ["const a = 1, x = go.make()", 16],
    ["x = 1 + go", 9],
  ])("a variable that was never declared, in %s", async (code, column) => {
    const { ename, traceback } = await errorOf(`let x;\nx;`, code);
    expect(ename).toBe("ReferenceError");
    expect(traceback[1]).toBe(`    at In [2]:1:${column}`);
  });

  test("a variable that was never declared", async () => {
    expect(await errorOf("1;\nnowhere")).toMatchObject({
      ename: "ReferenceError",
      traceback: [
        "ReferenceError: nowhere is not defined",
        "    at In [1]:2:1",
        "",
        "  2 | nowhere",
        "    | ^",
      ],
    });
  });
});

describe("console", () => {
  test("log, info and debug go to stdout, warn and error to stderr", async () => {
    const { outputs } = await startSession()(
      "console.log('a %d', 1); console.info({ b: 2 }); console.debug('c'); console.warn('d'); console.error(new Error('e').message)",
    );
    expect(outputs.map((output) => (output.type === "stream" ? [output.name, output.text] : output))).toEqual(
      [
        ["stdout", "a 1\n"],
        ["stdout", "{ b: 2 }\n"],
        ["stdout", "c\n"],
        ["stderr", "d\n"],
        ["stderr", "e\n"],
      ],
    );
  });

  test.each([
    ["console.table(5)", "5\n"],
    ["console.group('g'); console.log('a\\nb'); console.groupEnd(); console.log('c')", "g\n  a\n  b\nc\n"],
    [
      "console.count(); console.count(); console.countReset(); console.count('x'); console.count()",
      "default: 1\ndefault: 2\nx: 1\ndefault: 1\n",
    ],
    ["console.assert(1 === 1); console.assert(false, 'why')", "Assertion failed: why\n"],
    ["console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 })", "{ a: [Object] }\n"],
    ["console.timeEnd('t')", 'There is no timer "t": start it with console.time.\n'],
    ["const { log } = console; log('bound')", "bound\n"],
  ])("%s", async (code, expected) => {
    expect((await startSession()(code)).printed).toBe(expected);
  });

  test("clear clears the cell's output", async () => {
    expect((await startSession()("console.clear()")).outputs).toEqual([
      { type: "clear_output", wait: false },
    ]);
  });

  test("without a context for asynchronous calls, late output goes to the cell that ran last", async () => {
    const run = startSession();
    const first = await run(
      "const done = Promise.withResolvers(); void setTimeout(() => { console.log('late'); done.resolve() })",
    );
    const second = await run("await done.promise");
    expect([first.printed, second.printed]).toEqual(["", "late\n"]);
  });

  test("with one it goes to the cell that started it, and so does an error that nobody caught", async () => {
    const run = startSession({}, new AsyncLocalStorage<Cell>());
    const first = await run(
      "const done = Promise.withResolvers(); void setTimeout(() => { console.log('late'); report(new Error('lost')); done.resolve() })",
    );
    (globalThis as Record<string, unknown>).report = (error: unknown) => run.language.reportError(error);
    const second = await run("await done.promise");
    expect(first.outputs).toMatchObject([
      { type: "stream", text: "late\n" },
      { type: "error", ename: "Error", evalue: "lost" },
    ]);
    expect(second.outputs).toEqual([]);
  });
});

describe("display", () => {
  const map =
    "({ [Symbol.for('Jupyter.display')]() { return { 'text/plain': 'a map', 'image/svg+xml': '<svg/>' } } })";
  const bundle = { "text/plain": "a map", "image/svg+xml": "<svg/>" };

  test("a last value with Jupyter.display is shown as it says", async () => {
    expect((await startSession()(map)).outputs).toEqual([{ type: "result", data: bundle, metadata: {} }]);
  });

  test("also when it answers later", async () => {
    const { outputs } = await startSession()(map.replace("[Symbol", "async [Symbol"));
    expect(outputs).toEqual([{ type: "result", data: bundle, metadata: {} }]);
  });

  test("display shows a value in its place among what is printed", async () => {
    const { outputs } = await startSession()(`console.log(1); display(${map}); console.log(2)`);
    expect(outputs.map((output) => output.type)).toEqual(["stream", "display", "stream"]);
    expect(outputs[1]).toMatchObject({ data: bundle });
  });

  test("the cell waits for displays that answer later", async () => {
    const { outputs } = await startSession()(`display(${map.replace("[Symbol", "async [Symbol")});`);
    expect(outputs).toMatchObject([{ type: "display", data: bundle }]);
  });

  test("its handle updates what it showed, also from another cell", async () => {
    const run = startSession();
    const first = await run("const shown = display(1); 0");
    const second = await run("shown.update(2)");
    const [display] = first.outputs as [Output & { type: "display" }];
    expect(display.display_id).toBeTruthy();
    // The update is an output of the cell that asked for it: nbclient drops what belongs to a cell that has ended.
    expect(second.outputs).toMatchObject([
      { type: "update_display", display_id: display.display_id, data: { "text/plain": "2" } },
    ]);
  });

  test("the handle as a last value is not shown", async () => {
    expect((await startSession()("display(1)")).result).toBeUndefined();
  });

  test("raw takes a bundle: bytes become base64, everything else JSON", async () => {
    const { outputs } = await startSession()(
      "display({ 'text/html': '<b>hi</b>', 'image/png': new Uint8Array([1, 2, 255]), 'application/json': { a: [1, new Date(0)] } }, { raw: true }); 0",
    );
    expect(outputs[0]).toMatchObject({
      data: {
        "text/html": "<b>hi</b>",
        "image/png": "AQL/",
        "application/json": { a: [1, "1970-01-01T00:00:00.000Z"] },
      },
    });
  });

  test.each([
    ["throws", "({ [Symbol.for('Jupyter.display')]() { throw new Error('no picture') } })", "no picture"],
    [
      "rejects",
      "display({ async [Symbol.for('Jupyter.display')]() { throw new Error('no picture') } })",
      "no picture",
    ],
    [
      "returns no bundle",
      "({ [Symbol.for('Jupyter.display')]: () => 5 })",
      'a MIME bundle is an object such as { "text/plain": "..." }, and this is 5',
    ],
  ])("an object whose method %s makes the cell fail", async (_, code, evalue) => {
    expect((await errorOf(code)).evalue).toBe(evalue);
  });

  test("results are plain text without colours", async () => {
    expect(
      await resultOf(
        "({ a: [1, 'b', null, undefined, true, Symbol('s'), new Map([[1, { c: 2 }]]), new Set([1])] })",
      ),
    ).toBe(
      "{\n  a: [\n    1,\n    'b',\n    null,\n    undefined,\n    true,\n    Symbol(s),\n    Map(1) { 1 => [Object] },\n    Set(1) { 1 }\n  ]\n}",
    );
  });
});

test("input asks the person", async () => {
  expect((await startSession()("await input('Name? ')")).result).toBe("'answer to Name? '");
});

describe("user expressions", () => {
  const cell: Cell = { id: "e", executionCount: 1, silent: false, emit: () => {}, input: async () => "" };

  test("give the value's bundle or the error", async () => {
    const run = startSession();
    await run("const a = 20");
    expect(await run.language.evaluate("a + 1 // comment", cell)).toEqual({
      status: "ok",
      data: { "text/plain": "21" },
      metadata: {},
    });
    expect(await run.language.evaluate("{ b: a }", cell)).toMatchObject({
      data: { "text/plain": "{ b: 20 }" },
    });
    expect(await run.language.evaluate("nowhere", cell)).toMatchObject({
      status: "error",
      ename: "ReferenceError",
    });
    expect(await run.language.evaluate("1 +", cell)).toMatchObject({ status: "error", ename: "SyntaxError" });
  });
});

test("disposing puts back the host's console", () => {
  const before = console;
  const { language } = startSession();
  expect(console).not.toBe(before);
  language.dispose();
  expect(console).toBe(before);
});
