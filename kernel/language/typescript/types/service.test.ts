// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells are written as strings here
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CompilerProcess } from "../../../node/compiler.ts";
import type { Output } from "../../language.ts";
import { TypeService, type TypeServiceOptions } from "./service.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hmap-types-"));
  mkdirSync(join(folder, "lib"));
  writeFileSync(
    join(folder, "lib", "five.ts"),
    "/** The number after four. */\nexport const five: number = 5;",
  );
  writeFileSync(join(folder, "lib", "old.cjs"), "exports.six = 6;");
  writeFileSync(join(folder, "data.json"), '{ "name": "fig", "count": 3 }');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sessions: Session[] = [];
afterAll(() => {
  for (const { service } of sessions) service.dispose();
});

/** Cells one after the other, and what is known about them. */
class Session {
  readonly service: TypeService;
  compilers: CompilerProcess[] = [];
  log: string[] = [];
  #shown: string[] = [];
  #count = 0;
  static #shared: Session | undefined;

  constructor(options: Partial<TypeServiceOptions> = {}) {
    this.service = new TypeService({
      folder,
      packages: { hmap: join(root, "engine/index.ts") },
      typeRoots: [join(root, "node_modules/@types")],
      globals: {
        display: `import("${root}kernel/language/typescript/displays.ts").Display`,
        live: `import("${root}kernel/language/typescript/displays.ts").Displays["live"]`,
        Jupyter: `import("${root}kernel/core/serve.ts").JupyterApi`,
      },
      start: (files) => {
        const compiler = new CompilerProcess(folder, files);
        this.compilers.push(compiler);
        return compiler;
      },
      log: (line) => this.log.push(line),
      ...options,
    });
    sessions.push(this);
  }

  /** A session without cells; its compiler is the same for all tests, as starting one takes a while. */
  static fresh(): Session {
    Session.#shared ??= new Session();
    const session = Session.#shared;
    session.service.reset();
    session.#count = 0;
    session.#shown = [];
    return session;
  }

  /** Has the compiler know a cell, as if it had run. */
  cell(code: string, status: "ok" | "error" = "ok"): void {
    const id = `cell-${++this.#count}`;
    const show = (output: Output) => {
      if (output.type === "display") this.#shown.push(String(output.data["text/plain"]));
    };
    this.service.cellBegan({ id, code, executionCount: this.#count }, show);
    this.service.cellEnded(id, status);
  }

  /** The type warnings of these cells, all run. */
  async warnings(...cells: string[]): Promise<string[]> {
    this.service.start();
    await this.ready();
    for (const code of cells) this.cell(code);
    // Questions are answered in turn: the first before the checks, the second behind them; what a check then asks of the
    // session comes at once.
    await this.service.inspect("x", 1, 0);
    await this.service.inspect("x", 1, 0);
    return this.#shown;
  }

  /** The first lines of {@link warnings}. */
  async messages(...cells: string[]): Promise<string[]> {
    const shown = await this.warnings(...cells);
    const lines = shown.flatMap((text) => text.split("\n").filter((line) => line.startsWith("Type warning")));
    // Cells are checked together, and in no particular order.
    return lines.toSorted();
  }

  async ready(): Promise<void> {
    this.service.start();
    // Each answer comes in its turn, the first that is not undefined behind the start.
    while ((await this.service.inspect("x", 1, 0)) === undefined) await new Promise(setImmediate);
  }

  async complete(code: string) {
    await this.ready();
    const { matches, cursor_start, cursor_end, metadata } = (await this.service.complete(
      code,
      [...code].length,
    ))!;
    const types = (metadata._jupyter_types_experimental ?? []) as {
      text: string;
      type: string;
      signature?: string;
    }[];
    return { matches, cursor_start, cursor_end, types };
  }

  async inspect(code: string, detail: 0 | 1 = 0): Promise<string | undefined> {
    await this.ready();
    const { data } = (await this.service.inspect(code, [...code].length, detail))!;
    return data["text/plain"] as string | undefined;
  }
}

const engine =
  'import { Runtime } from "hmap";\nconst go = new Runtime({ seed: 1 });\nconst m = go.make("map[string]int");';

describe("completion", () => {
  test("knows the members of what earlier cells made, and their types", async () => {
    const session = Session.fresh();
    session.cell(engine);
    const { matches, types, cursor_start, cursor_end } = await session.complete("'😀'; m.");
    expect(matches).toEqual(expect.arrayContaining(["set", "lookup", "delete", "clear", "iterator"]));
    expect(matches).not.toContain("addressOfElem");
    expect([cursor_start, cursor_end]).toEqual([7, 7]);
    expect(types.map(({ text }) => text)).toEqual(matches);
    expect(types.find(({ text }) => text === "set")).toEqual({
      text: "set",
      type: "function",
      signature: "(key: string, value: number) => void",
      start: 7,
      end: 7,
    });
  });

  test.each([
    ["const text = 'a'; text.toUp", ["toUpperCase"]],
    ["const p: { alpha: number; beta?: string } = { ", ["alpha", "beta"]],
    ["enum Colour { Red, Green }\nColour.", ["Green", "Red"]],
    ["const zebra = 1; { const zeal = 2; ze", ["zeal", "zebra"]],
    ["function outer(first: number) { fir", ["first"]],
    ["const choice: 'left' | 'right' = 'l", ["left"]],
    ["Math.fl", ["floor"]],
    ["cons", ["console", "const"]],
    ["display.sv", ["svg"]],
    ["live(1).st", ["stop"]],
    ["const f = Object.assign(() => 1, { extra: 1 }); f.", ["extra"]],
    ["(() => 1).ca", ["call", "caller"]],
    ["displ", ["display"]],
    ["// Math.fl", []],
    ["import { five } from './lib/five.ts'; five.toF", ["toFixed"]],
  ])("%s", async (code, expected) => {
    const { matches } = await Session.fresh().complete(code);
    expect(matches).toEqual(expected);
  });

  test("members have the types of the moment, also when those of a type with the same name were asked for", async () => {
    const session = Session.fresh();
    const signatures = async (code: string) =>
      (await session.complete(code)).types.map(({ signature }) => signature);
    session.cell("class Box<T> { item(value: T) {} }");
    session.cell("type Item = { a: 1 }; const box = new Box<keyof Item>();");
    expect(await signatures("box.it")).toEqual(['(value: "a") => void']);
    expect(await signatures(" box.it")).toEqual(['(value: "a") => void']);
    session.cell("type Item = { b: 1 }; const box = new Box<keyof Item>();");
    expect(await signatures("box.it")).toEqual(['(value: "b") => void']);
    for (const argument of ["string", "number"]) {
      const own = `class Own extends Box<${argument}> {}; const own = new Own(); own.it`;
      expect(await signatures(own)).toEqual([`(value: ${argument}) => void`]);
    }
  });

  test("offers names of earlier cells, with the type they have now", async () => {
    const session = Session.fresh();
    session.cell("let value = 1; interface Shape { sides: number }");
    session.cell("let value = 'text'; const valley = [1]");
    const { types } = await session.complete("val");
    expect(types.map(({ text, signature }) => [text, signature])).toEqual([
      ["valley", "number[]"],
      ["value", "string"],
    ]);
    expect((await session.complete("const s: Sha")).matches).toContain("Shape");
    expect((await session.complete("value.toF")).matches).toEqual([]);
  });

  test("says that it is not ready while the compiler starts", async () => {
    const { service } = new Session();
    expect(await service.complete("Math.", 5)).toBeUndefined();
    expect(await service.inspect("Math", 4, 0)).toBeUndefined();
  });
});

describe("inspection", () => {
  test("of a call of the engine gives signature and documentation, anywhere in its arguments", async () => {
    const session = Session.fresh();
    session.cell(engine);
    const set = await session.inspect("m.set(");
    expect(set).toMatch(/^\(method\) GoMap<string, number>\.set\(key: string, value: number\): void\n\n\S/);
    expect(await session.inspect('m.set("a", ')).toBe(set);
    const make = await session.inspect('go.make("map[string]int", ');
    expect(make).toMatch(/^\(method\) Runtime\.make</);
    expect(make).toContain("- `hint` ");
    const { data } = (await session.service.inspect("m.set(", 6, 0))!;
    expect(data["text/markdown"]).toMatch(
      /^```typescript\n\(method\) GoMap<string, number>\.set\(.*\n```\n\n\S/,
    );
  });

  test.each([
    ["let a = 'x'; a", "let a: string"],
    [
      "function twice(n: number, m = 2) { return n * m }\ntwice(",
      "function twice(n: number, m?: number): number",
    ],
    ["class A<T> { x?: T }\nA", "class A<T>"],
    ["interface P { a: number }\nlet p: P", "interface P"],
    ["type T = { a: 1 } | string\nlet t: T", "type T = string | { a: 1; }"],
    ["enum E { A }\nE", "enum E"],
    [
      "/** Says hello.\n * @param who the one */\nfunction hello(who: string) {}\nhello(",
      "function hello(who: string): void\n\nSays hello.\n\n- `who` the one",
    ],
    ["import { five } from './lib/five.ts'; five", "const five: number\n\nThe number after four."],
    ["display.markdown(", expect.stringMatching(/^\(property\) Display\.markdown: \(/)],
    ["display(", expect.stringMatching(/Shows a value in the middle of a cell/)],
    ["nowhere", undefined],
    ["'text'", undefined],
  ])("%s", async (code, expected) => {
    expect(await Session.fresh().inspect(code)).toEqual(expected);
  });
});

describe("type warnings", () => {
  test("show the place, the line and the reason", async () => {
    const code = "const ok = 1;\n\tconst wrong: number = 'text';";
    expect(await Session.fresh().warnings(code)).toEqual([
      "Type warning at In [1]:2:8: Type 'string' is not assignable to type 'number'. (TS2322)\n  2 | \tconst wrong: number = 'text';\n    | \t      ~~~~~",
    ]);
  });

  test("know what earlier cells declared", async () => {
    const cells = [engine, "m.set('a', 1)", "m.set('a', 'b')", "m.put('a')"];
    expect(await Session.fresh().messages(...cells)).toEqual([
      "Type warning at In [3]:1:12: Argument of type 'string' is not assignable to parameter of type 'number'. (TS2345)",
      expect.stringMatching(
        /^Type warning at In \[4\]:1:3: Property 'put' does not exist on type .* \(TS2339\)$/,
      ),
    ]);
  });

  test.each([
    [["const a = 1", "const a = 'text'", "a.length"]],
    [["class A { x = 1 }\nconst a = new A()", "class A { y = 1 }", "a.x; new A().y"]],
    [["function f() { return 1 }", "function f(x: string) { return x }", "f('a').length"]],
    [["let x: string | null = null", "x = 'a'", "x?.length"]],
    [["let x = null", "x = 5"], "x stays open when it begins as null"],
    [["let x", "x = 5", "x = 'a'", "x.anything"]],
    [["const list = []", "list.push(1); list.push('a')", "list[0].anything"]],
    [["var v = 1", "var v = 'a'", "v.length"]],
    [
      [
        "import { five } from './lib/five.ts'",
        "five.toFixed()",
        "import { five } from './lib/five.ts'; five",
      ],
    ],
    [["import data from './data.json' with { type: 'json' }", "data.count.toFixed(); data.name.length"]],
    [["import old from './lib/old.cjs'", "old.six.toFixed()"]],
    [["const five = (await import('./lib/five.ts')).five", "five.toFixed()"]],
    [["import lodash from 'a-package-nobody-has'", "lodash.chunk([1])"]],
    [
      [
        "import { readFileSync } from 'node:fs'; import path from 'path'",
        "readFileSync(path.join('a', 'b'), 'utf8').length; process.pid.toFixed(); Buffer.from('a')",
      ],
    ],
    [["await Promise.resolve(1)", "for await (const x of [1]) console.log(x)"]],
    [["enum E { A, B }", "const e: E = E.A", "e.toFixed()"]],
    [
      [
        "type T = { a: number }; interface I extends T {}",
        "const i: I = { a: 1 }; type T = string; const t: T = 'a'",
      ],
    ],
    [["function f(a, b = 1) { return a + b }\nconst g = (x) => x", "f('a') + g(1).anything"]],
    [
      [
        "console.log(1); setTimeout(() => {}, 1); display(1); structuredClone({ a: 1 }).a; queueMicrotask(() => {})",
      ],
    ],
    [["const { a, b: [c] } = { a: 1, b: ['x'] }", "a.toFixed(); c.length"]],
    [["class P { constructor(private x: number, readonly y = 2) {} }", "new P(1).y"]],
    [["using x = { [Symbol.dispose]() {} }"]],
    [["const maybe = Math.random() > 2 ? null : { n: 1 }", "if (maybe) [1].map(() => maybe.n)"]],
    [["const Map = 1", "Map.toFixed()"]],
    [["try { throw new Error('a') } catch (e) { e.message.length }"]],
    [["(1, 2)", "1 as unknown as string; ({}) satisfies object"]],
    [["export const a = 1; export function f() {}", "a; f()"]],
    [["// @ts-nocheck\nconst n: number = 'a'", "n.toFixed()"]],
    [["// @ts-ignore\nconst n: number = 'a'"]],
  ] as [string[]][])("are not shown for %j", async (cells) => {
    expect(await Session.fresh().messages(...cells)).toEqual([]);
  });

  test("leave out a cell that does not parse, and what it declared", async () => {
    const session = Session.fresh();
    expect(
      await session.messages("const a = 'x'", "const a = 1; const n: number = 'x'; function half( {"),
    ).toEqual([]);
    expect(await session.inspect("a")).toBe('const a: "x"');
    expect(await session.messages("a.length")).toEqual([]);
  });

  test("take a variable of a cell that failed for anything", async () => {
    const session = Session.fresh();
    await session.ready();
    session.cell(
      "const part = { a: 1 }; interface Kept { k: number }; function f(): number { throw 1 }; f()",
      "error",
    );
    expect(await session.messages("part.b; const k: Kept = { k: 'no' }; f().toFixed()")).toEqual([
      expect.stringMatching(/In \[2\]:1:27: Type 'string' is not assignable to type 'number'/),
    ]);
  });

  test("about a name wait for the end of the cell, and ask whether it is there", async () => {
    const asked: string[] = [];
    const session = new Session({
      isDefined: async (name) => {
        asked.push(name);
        return name === "made";
      },
    });
    const messages = await session.messages("globalThis.made = 1", "made + 1; missing + 1");
    expect(asked).toEqual(["made", "missing"]);
    expect(messages).toEqual(["Type warning at In [2]:1:11: Cannot find name 'missing'. (TS2304)"]);
  });

  test("are not shown beside a cell that has failed, which says itself what is wrong", async () => {
    const session = Session.fresh();
    await session.ready();
    session.cell("nowhere; const n: number = 'a'", "error");
    expect(await session.messages()).toEqual([]);
  });

  test("are shown beside a cell that goes on running", async () => {
    const session = Session.fresh();
    await session.ready();
    const shown = Promise.withResolvers<Output>();
    session.service.cellBegan(
      { id: "long", code: "const n: number = 'a'; for (;;);", executionCount: 1 },
      shown.resolve,
    );
    expect(await shown.promise).toMatchObject({ type: "display" });
    session.service.cellEnded("long", "ok");
  });

  test("of a cell that is run again are those of before, unless what it means has changed", async () => {
    const asked: unknown[] = [];
    const session = new Session({
      start: (files) => {
        const compiler = new CompilerProcess(folder, files);
        return {
          request: (method, parameters) => {
            if (method === "getSemanticDiagnostics") asked.push(parameters);
            return compiler.request(method, parameters);
          },
          dispose: () => compiler.dispose(),
        };
      },
    });
    const wrong = "const n: number = text";
    expect(await session.messages("const text = 'a'", wrong)).toHaveLength(1);
    const before = asked.length;
    expect(await session.messages(wrong)).toHaveLength(2);
    expect(asked).toHaveLength(before);
    expect(await session.messages("const text = 1", wrong)).toHaveLength(2);
    expect(asked.length).toBeGreaterThan(before);
  });

  test("of one cell and of several at once are the same", async () => {
    const cells = ["interface P { x: number }", "const p: P = { x: 'a' }", "p.y"];
    const together = [...(await Session.fresh().messages(...cells))];
    const session = Session.fresh();
    for (const code of cells) await session.warnings(code);
    expect(await session.messages()).toEqual(together);
    expect(together).toHaveLength(2);
  });

  test("can be turned off", async () => {
    expect(await new Session({ warnings: false }).messages("const n: number = 'a'")).toEqual([]);
  });

  test("forget the cells of a session that began anew", async () => {
    const session = Session.fresh();
    expect(await session.messages("const a = 1", "a.length")).toHaveLength(1);
    session.service.reset();
    expect(await session.inspect("a")).toBeUndefined();
    expect(await session.complete("const b = 1; a")).not.toMatchObject({
      matches: expect.arrayContaining(["a"]),
    });
  });
});

describe("the compiler", () => {
  test("is started anew when it ends, with all cells", async () => {
    const session = new Session();
    session.cell("const kept = [1]");
    await session.ready();
    session.compilers[0]!.dispose();
    expect(await session.service.inspect("kept", 4, 0)).toBeUndefined();
    expect(await session.inspect("kept")).toBe("const kept: number[]");
    expect(session.compilers).toHaveLength(2);
  });

  test("is not asked for again and again where there is none, and says so once", async () => {
    const session = new Session({
      start: () => {
        throw new Error("there is no compiler here");
      },
    });
    session.cell("const a = 1");
    session.cell("a");
    expect(await session.service.complete("a", 1)).toBeUndefined();
    expect(session.log).toEqual(["there is no compiler here"]);
  });

  test("answers at every place of every cell, whatever is typed", async () => {
    const session = new Session();
    session.cell(engine);
    await session.ready();
    const piece = fc.constantFrom(
      ..."m.|go.|make(|'map[int]|{|}|(|)|<|>|=>|;|\n|const |class |import |from |'|`|${|//|/*|😀|@|x|1|=|:|?.|await |type |enum ".split(
        "|",
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 10 }), fc.nat(40), async (pieces, cursor) => {
        const code = pieces.join("");
        expect(await session.service.complete(code, cursor)).toMatchObject({ matches: expect.any(Array) });
        expect(await session.service.inspect(code, cursor, 1)).toMatchObject({ found: expect.any(Boolean) });
      }),
      { seed: 5, numRuns: 150 },
    );
    expect(session.log).toEqual([]);
    expect(session.compilers).toHaveLength(1);
  });
});
