// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells are written as strings here
import vm from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CellFunction, compileCell } from "./rewrite.ts";

const noImports = {
  dynamic: () => Promise.reject(new Error("no imports here")),
  static: () => Promise.reject(new Error("no imports here")),
  constants: {},
};

/** What a program logs, and the name of the error that ended it. */
type Behaviour = unknown[];

/** Runs cells one after the other in a global scope of their own. */
async function runCells(cells: string[]): Promise<Behaviour> {
  const log: Behaviour = [];
  const context = vm.createContext({ log: (...values: unknown[]) => log.push(...values) });
  try {
    for (const code of cells) {
      const { script, async } = await compileCell(code);
      expect(async).toBe(false);
      (vm.runInContext(script, context) as CellFunction)(noImports);
    }
  } catch (error) {
    log.push((error as Error).name);
  }
  return log;
}

/** Runs the same as one strict function, without any rewriting. */
function runPlainly(code: string): Behaviour {
  const log: Behaviour = [];
  const context = vm.createContext({ log: (...values: unknown[]) => log.push(...values) });
  try {
    vm.runInContext(`(() => { "use strict";\n${code}\n})()`, context);
  } catch (error) {
    log.push((error as Error).name);
  }
  return log;
}

/** Statements over the variables v0, v1, ... declared before; each may leave out its semicolon. */
const statement = fc.constantFrom(
  (n: number, old: string) => `let v${n} = ${old} + 1`,
  (n: number, old: string) => `const v${n} = [${old}, 2].length`,
  (n: number, old: string) => `var v${n} = typeof ${old}, w${n} = ${n}`,
  (n: number, old: string) =>
    `const { a: v${n} = 3, ...r${n} } = { b: ${old} }\nlog(Object.keys(r${n}).join())`,
  (n: number, old: string) => `let [v${n}, [q${n}] = [1]] = [${old}]\nlog(q${n})`,
  (n: number, old: string) => `let v${n}\nlog(v${n})\nv${n} = ${old}`,
  (n: number, old: string) =>
    `function v${n}(x = ${n}) { return x }\nlog(v${n}(), v${n}.name, typeof ${old})`,
  (n: number, old: string) =>
    `class v${n} { static s = ${n}; #p = typeof ${old}; m() { return this.#p } }\nlog(v${n}.s, v${n}.name, new v${n}().m())`,
  (n: number, old: string) => `const v${n} = () => ${old}\nlog(v${n}.name, typeof v${n}())`,
  (n: number, old: string) =>
    `var v${n} = 0\nfor (var i${n} = 0, j${n}; i${n} < 3; i${n}++) { var k${n} = i${n}; v${n} += k${n} }\nlog(i${n}, j${n}, k${n}, ${old} === v${n})`,
  (n: number, old: string) =>
    `const v${n} = []\nfor (var e${n} of [1, ${n}]) v${n}.push(e${n})\nlog(v${n}.length, e${n}, typeof ${old})`,
  (n: number, old: string) =>
    `let v${n} = 0\nlabel${n}: for (let i = 0; i < 3; i++) { for (;;) { if (i === 1) break label${n}; v${n}++; continue label${n} } }\nlog(v${n}, typeof ${old})`,
  (n: number, old: string) =>
    `let v${n} = 1\n{ let v${n} = 2; v${n}++; log(v${n}) }\nlog(v${n} , typeof ${old})`,
  (n: number, old: string) =>
    `if (${n} % 2) { var v${n} = 'odd' } else var v${n} = 'even'\nlog(v${n}, typeof ${old})`,
  (n: number, old: string) =>
    `let v${n} = 5\ntry { v${n}.a.b.c; log(${old}) } catch (v${n}) { v${n} = 1; log(v${n}) } finally { log(v${n}) }`,
  (n: number, old: string) =>
    `var v${n} = (function* () { yield* [1, ${n}] })()\nlog([...v${n}].join(), typeof ${old})`,
  (n: number, old: string) =>
    `const v${n} = (x) => { switch (x) { case 1: let y = 2; y++; return y; default: return typeof ${old} } }\nlog(v${n}(1), v${n}(2))`,
  (n: number, old: string) =>
    `let v${n} = { get a() { return ${n} }, ['b' + 1]: 2, c() { return this.a } }\nlog(v${n}.c(), v${n}.b1, typeof ${old})`,
  (n: number, old: string) =>
    `enumLike: { var v${n} = ${n}; if (v${n}) break enumLike; log('never', ${old}) }`,
  (n: number, old: string) =>
    `var v${n} = ((a, b = a, ...c) => [a, b, c.length])(1, undefined, ${old}, 4)\nlog(v${n}.join())`,
  (n: number) => `if (${n} > 6) undeclared${n} = 1\nvar v${n} = ${n}`,
  (n: number, old: string) =>
    `var v${n} = \`a\${${old} === undefined ? 1 : 2}\`\n;[1, 2].forEach((x) => { v${n} += x })\nlog(v${n})`,
);

const program = fc
  .array(fc.record({ statement, semicolon: fc.boolean(), old: fc.nat() }), { minLength: 1, maxLength: 10 })
  .map((parts) =>
    parts.map(
      (part, n) =>
        part.statement(n, n === 0 ? "undefined" : `v${part.old % n}`) + (part.semicolon ? ";" : ""),
    ),
  );

test("a program behaves as a cell as it does without rewriting", async () => {
  await fc.assert(
    fc.asyncProperty(program, async (statements) => {
      const code = statements.join("\n");
      expect(await runCells([code])).toEqual(runPlainly(code));
    }),
    { numRuns: 150 },
  );
});

test("a program behaves the same when each of its statements is a cell", async () => {
  await fc.assert(
    fc.asyncProperty(program, async (statements) => {
      expect(await runCells(statements)).toEqual(runPlainly(statements.join("\n")));
    }),
    { numRuns: 100 },
  );
});

test("a program behaves the same when it is run again in the same scope", async () => {
  await fc.assert(
    fc.asyncProperty(program, async (statements) => {
      const code = statements.join("\n");
      const once = runPlainly(code);
      // An error ends the second run too, at the same place.
      const twice = await runCells([`try {} finally {}\n${code}`]);
      expect(twice).toEqual(once);
      if (once.at(-1) !== "ReferenceError") expect(await runCells([code, code])).toEqual([...once, ...once]);
    }),
    { numRuns: 100 },
  );
});

test("every place in the script leads back to the same text in the cell", async () => {
  await fc.assert(
    fc.asyncProperty(program, async (statements) => {
      const code = statements.join("\n");
      const compiled = await compileCell(code);
      const lines = compiled.script.split("\n");
      const source = code.split("\n");
      for (const [row, line] of lines.entries()) {
        for (const match of line.matchAll(/\blog\b/g)) {
          const { line: sourceLine, column } = compiled.source({ line: row + 1, column: match.index + 1 });
          expect(source[sourceLine - 1]!.slice(column - 1)).toMatch(/^log\b/);
        }
      }
    }),
    { numRuns: 100 },
  );
});

describe("the script", () => {
  test("declares exactly the cell's top-level names", async () => {
    const { names } = await compileCell(
      "let a, { b } = x; function c() { var no } class D {} { let no2; var e } import f from 'f'; enum G { H } export const i = 1; for (let no3 of []);",
    );
    expect(names.sort()).toEqual(["D", "G", "a", "b", "c", "e", "f", "i"].sort());
  });

  test.each([
    ["1", false],
    ["await 1", true],
    ["async () => await 1", false],
    ["class A { async m() { await 1 } x = async () => { await 1 } }", false],
    ["class A extends (await B) {}", true],
    ["for await (const x of y);", true],
    ["{ await using x = y }", true],
    ["import 'a'", true],
    ["import('a')", false],
    ["import type { A } from 'a'", false],
    ["`${await 1}`", true],
  ])("is async only where it must be: %s", async (code, async) => {
    expect((await compileCell(code)).async).toBe(async);
  });

  test("uses a name for its parameter that the cell does not have", async () => {
    expect(await runCells(["const $host = 1, $host$ = 2; log($host, $host$)"])).toEqual([1, 2]);
  });
});
