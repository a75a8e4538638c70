// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells are written as strings here
import vm from "node:vm";
import { afterEach, describe, expect, test } from "vitest";
import type { Cell, Outcome, Output } from "../language.ts";
import { TypeScriptLanguage, type TypeScriptOptions } from "./typescript.ts";

let sessions: TypeScriptLanguage[] = [];
const globals = new Set(Object.getOwnPropertyNames(globalThis));

afterEach(() => {
  for (const session of sessions) session.dispose();
  sessions = [];
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!globals.has(name)) (globalThis as Record<string, unknown>)[name] = undefined;
  }
});

/** A session: call it with the code of a cell, which must succeed, for what it shows. */
function startSession(options: Partial<TypeScriptOptions> = {}) {
  const language = new TypeScriptLanguage({
    importModule: (specifier) => Promise.reject(new Error(`there is no module "${specifier}"`)),
    evaluate: (script, filename) => vm.runInThisContext(script, { filename }),
    ...options,
  });
  sessions.push(language);
  let count = 0;
  const execute = async (code: string, mayFail: boolean, silent: boolean) => {
    const outputs: Output[] = [];
    const cell: Cell = {
      id: `cell-${++count}`,
      executionCount: count,
      silent,
      emit: (output) => void outputs.push(structuredClone(output)),
      input: () => Promise.reject(new Error("nobody is there")),
    };
    const outcome: Outcome = await language.execute(code, cell);
    if (!mayFail) expect(outcome, code).toEqual({ status: "ok" });
    return { outputs, outcome };
  };
  const run = async (code: string, { silent = false } = {}) => (await execute(code, false, silent)).outputs;
  return Object.assign(run, {
    /** For a cell that fails: what it shows before, and how it ends. */
    failing: (code: string) => execute(code, true, false),
  });
}

/** The bundles that a cell shows. */
async function bundles(code: string) {
  const outputs = await startSession()(code);
  return outputs.map((output) => ("data" in output ? output.data : output));
}

describe("display.html and its like show each kind in its own MIME type, with text beside it", () => {
  test.each([
    ["display.html('<b>hi</b>')", { "text/html": "<b>hi</b>", "text/plain": "<b>hi</b>" }],
    [
      "display.svg('<svg><title>a dot</title></svg>')",
      { "image/svg+xml": "<svg><title>a dot</title></svg>", "text/plain": "a dot" },
    ],
    [
      "display.png(new Uint8Array([137, 80, 78, 71]))",
      { "image/png": "iVBORw==", "text/plain": "(a picture, PNG)" },
    ],
    ["display.jpeg('/9j/')", { "image/jpeg": "/9j/", "text/plain": "(a picture, JPEG)" }],
    ["display.markdown('# One')", { "text/markdown": "# One", "text/plain": "# One" }],
    ["display.latex('$x$')", { "text/latex": "$x$", "text/plain": "$x$" }],
    [
      "display.json({ a: [1, null], b: undefined })",
      { "application/json": { a: [1, null] }, "text/plain": "{ a: [ 1, null ], b: undefined }" },
    ],
    [
      "display.vega({ mark: 'bar' })",
      { "application/vnd.vegalite.v5+json": { mark: "bar" }, "text/plain": "(a chart, Vega-Lite)" },
    ],
  ])("%s", async (code, bundle) => {
    expect(await bundles(code)).toEqual([bundle]);
  });

  test.each([
    ["https://vega.github.io/schema/vega/v5.json", "application/vnd.vega.v5+json"],
    ["https://vega.github.io/schema/vega-lite/v4.8.json", "application/vnd.vegalite.v4+json"],
  ])("a chart's $schema %s decides on %s", async (schema, type) => {
    const [bundle] = await bundles(`display.vega({ $schema: '${schema}' })`);
    expect(bundle).toHaveProperty([type]);
  });

  test.each([
    ["display.html(5)", "display.html takes a string, and this is 5"],
    ["display.json(() => 1)", "display.json takes what JSON can hold, and this is [Function (anonymous)]"],
    ["display.png([1])", "display.png takes the file's bytes or its base64, and this is [ 1 ]"],
    ["display.vega('bar')", "display.vega takes a Vega-Lite or Vega specification, and this is 'bar'"],
  ])("%s fails with a sentence", async (code, evalue) => {
    const { outcome } = await startSession().failing(code);
    expect(outcome).toMatchObject({ status: "error", ename: "TypeError", evalue });
  });
});

describe("a display by its id", () => {
  test("is updated from another cell, and cleared through its handle", async () => {
    const run = startSession();
    const shown = await run("const here = display(1, { id: 'total' }); here.id");
    expect(shown).toMatchObject([
      { type: "display", display_id: "total" },
      { data: { "text/plain": "'total'" } },
    ]);
    expect(await run("display.update('total', { a: 2 })")).toEqual([
      { type: "update_display", display_id: "total", data: { "text/plain": "{ a: 2 }" }, metadata: {} },
    ]);
    const outputs = await run("setTimeout(() => {}, 0); here.clear()");
    expect(outputs).toEqual([
      { type: "update_display", display_id: "total", data: { "text/plain": "" }, metadata: {} },
    ]);
  });

  test("display.clear takes away what the cell showed", async () => {
    expect(await startSession()("display.clear(); display.clear({ wait: true })")).toEqual([
      { type: "clear_output", wait: false },
      { type: "clear_output", wait: true },
    ]);
  });
});

describe("tables", () => {
  const box = [
    "┌─────────┬───┬───────┐",
    "│ (index) │ a │ b     │",
    "├─────────┼───┼───────┤",
    "│ 0       │ 1 │ 'x<y' │",
    "│ 1       │ 2 │       │",
    "└─────────┴───┴───────┘",
  ].join("\n");
  const left = 'style="text-align: left"';
  const html = [
    `<table><thead><tr><th scope="col" ${left}>(index)</th><th scope="col" ${left}>a</th><th scope="col" ${left}>b</th></tr></thead><tbody>`,
    `<tr><th>0</th><td>1</td><td ${left}>x&lt;y</td></tr>`,
    `<tr><th>1</th><td>2</td><td ${left}></td></tr>`,
    "</tbody></table>",
  ].join("\n");

  test.each([
    "[{ a: 1, b: 'x<y' }, { a: 2 }]",
    "console.table([{ a: 1, b: 'x<y' }, { a: 2 }])",
    "display.table([{ a: 1, b: 'x<y', c: 3 }, { a: 2 }], ['a', 'b'])",
  ])("%s is a table, as text and as HTML", async (code) => {
    expect(await bundles(code)).toEqual([{ "text/plain": box, "text/html": html }]);
  });

  test.each([
    [
      "console.table(new Map([['k', 1]]))",
      "┌─────────┬─────┬────────┐\n│ (index) │ Key │ Values │\n├─────────┼─────┼────────┤\n│ 0       │ 'k' │ 1      │\n└─────────┴─────┴────────┘",
    ],
    [
      "console.table(['x'])",
      "┌─────────┬────────┐\n│ (index) │ Values │\n├─────────┼────────┤\n│ 0       │ 'x'    │\n└─────────┴────────┘",
    ],
    [
      "console.table(new Set([null]))",
      "┌─────────┬────────┐\n│ (index) │ Values │\n├─────────┼────────┤\n│ 0       │ null   │\n└─────────┴────────┘",
    ],
  ])("%s", async (code, expected) => {
    expect((await bundles(code))[0]).toMatchObject({ "text/plain": expected });
  });

  test("in a group console.table prints text, indented with the rest", async () => {
    const outputs = await startSession()("console.group(); console.table(['x']); console.groupEnd()");
    expect(outputs).toMatchObject([{ type: "stream", text: expect.stringMatching(/^ {2}┌.*\n {2}│/) }]);
  });

  test.each(["[]", "[1, { a: 1 }]", "[{}]", "[new Date(0), { a: 1 }]", "[[1]]"])(
    "%s is no table by itself",
    async (code) => {
      expect(Object.keys((await bundles(code))[0] as object)).toEqual(["text/plain"]);
    },
  );

  test("of many rows the first are shown, and the rest is counted", async () => {
    const [bundle] = await bundles("Array.from({ length: 1e5 }, (_, i) => ({ i, text: 'x'.repeat(1000) }))");
    const { "text/plain": text, "text/html": markup } = bundle as Record<string, string>;
    expect(text).toMatch(/99,800 more rows not shown$/);
    expect(markup).toMatch(/<p>99,800 more rows not shown<\/p>$/);
    expect(text!.length + markup!.length).toBeLessThan(300_000);
  });
});

describe("live", () => {
  test("shows a value, and anew after each cell that changed how it looks", async () => {
    const run = startSession();
    const [first] = await run("const point = { x: 1 }; live(point)");
    expect(first).toMatchObject({ type: "display", data: { "text/plain": "{ x: 1 }" } });
    const { display_id } = first as { display_id: string };
    expect(await run("const other = 5;")).toEqual([]);
    expect(await run("point.x = 2; console.log('changed')")).toMatchObject([
      { type: "stream" },
      { type: "update_display", display_id, data: { "text/plain": "{ x: 2 }" } },
    ]);
  });

  test("shows what the same cell changed after it", async () => {
    const outputs = await startSession()("const list = [1]; live(list); list.push(2); undefined");
    expect(outputs).toMatchObject([
      { type: "display", data: { "text/plain": "[ 1 ]" } },
      { type: "update_display", data: { "text/plain": "[ 1, 2 ]" } },
    ]);
  });

  test("follows a function's value, and a cell that fails", async () => {
    const run = startSession();
    await run("let n = 1; live(() => n * 10);");
    expect((await run.failing("n = 2; throw new Error('no')")).outputs).toMatchObject([
      { type: "update_display", data: { "text/plain": "20" } },
    ]);
  });

  test("shown twice it is one display in two places", async () => {
    const run = startSession();
    const [first] = await run("const o = { x: 1 }; live(o);");
    const [update, second] = await run("o.x = 2; live(o);");
    expect(update).toMatchObject({ type: "update_display", data: { "text/plain": "{ x: 2 }" } });
    const ids = [first, update, second].map((output) => (output as { display_id: string }).display_id);
    expect(new Set(ids).size).toBe(1);
  });

  test("waits for a bundle that comes later", async () => {
    const run = startSession();
    await run(
      "let n = 1; const late = { async [Symbol.for('Jupyter.display')]() { return { 'text/plain': `late ${n}` } } }; live(late);",
    );
    expect(await run("n = 2; undefined")).toMatchObject([
      { type: "update_display", data: { "text/plain": "late 2" } },
    ]);
    expect(await run("n;")).toHaveLength(1);
  });

  test("a silent cell shows nothing, and the next one makes good for it", async () => {
    const run = startSession();
    await run("const p = { x: 1 }; live(p);");
    expect(await run("p.x = 2; undefined", { silent: true })).toEqual([]);
    expect(await run("0;")).toMatchObject([{ data: { "text/plain": "0" } }, { type: "update_display" }]);
  });

  test("says once what goes wrong, and stops; stop() stops it too", async () => {
    const run = startSession();
    await run("let broken = false; live(() => { if (broken) throw new RangeError('gone'); return 1 });");
    const outputs = await run("broken = true; undefined");
    expect(outputs).toMatchObject([{ type: "error", ename: "RangeError", evalue: "gone" }]);
    expect(await run("broken = true; undefined")).toEqual([]);
    await run("const q = { x: 1 }; const shown = live(q);");
    expect(await run("shown.stop(); q.x = 2; undefined")).toEqual([]);
  });

  test("of more than 32 the oldest stays as it is", async () => {
    const run = startSession();
    await run(
      "const many = Array.from({ length: 33 }, (_, i) => ({ i })); for (const one of many) live(one); undefined",
    );
    const outputs = await run("for (const one of many) one.i++; undefined");
    expect(outputs).toHaveLength(32);
    expect(outputs[0]).toMatchObject({ data: { "text/plain": "{ i: 2 }" } });
  });
});

describe("errors are in colour", () => {
  test("the name and the caret red, positions cyan, line numbers green", async () => {
    const { outcome } = await startSession().failing(
      "function f() {\n  throw new RangeError('too far', { cause: new Error('why') });\n}\nf()",
    );
    expect((outcome as { traceback: string[] }).traceback).toEqual([
      "\u001b[31mRangeError\u001b[39m: too far",
      "    at f (\u001b[36mIn [1]:2:9\u001b[39m)",
      "    at \u001b[36mIn [1]:4:1\u001b[39m",
      "",
      "  \u001b[32m2\u001b[39m |   throw new RangeError('too far', { cause: new Error('why') });",
      "    |         \u001b[31m^\u001b[39m",
      "",
      "\u001b[31mCaused by: Error\u001b[39m: why",
      "    at f (\u001b[36mIn [1]:2:44\u001b[39m)",
      "    at \u001b[36mIn [1]:4:1\u001b[39m",
      "",
      "  \u001b[32m2\u001b[39m |   throw new RangeError('too far', { cause: new Error('why') });",
      "    |                                            \u001b[31m^\u001b[39m",
    ]);
  });

  test("a syntax error's too; name and message stay plain for machines", async () => {
    const { outcome } = await startSession().failing("const x: = 3;");
    expect(outcome).toMatchObject({ ename: "SyntaxError", evalue: 'unexpected "=" (In [1]:1:10)' });
    expect((outcome as { traceback: string[] }).traceback[0]).toBe(
      '\u001b[31mSyntaxError\u001b[39m: unexpected "=" (In [1]:1:10)',
    );
  });
});

describe("display.player", () => {
  const recording =
    "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/plain': 'a recording', 'text/html': '<img>', 'application/vnd.hmap.recording.v1+json': { label: '</script>' } }) })";
  const playerScript = async () => "define()";

  test("adds a player to a recording's bundle: the picture, the script, the data without an end of scripts in it", async () => {
    const [output] = await startSession({ playerScript })(`display.player(${recording}); undefined`);
    const { data } = output as { data: Record<string, string> };
    expect(data["text/plain"]).toBe("a recording");
    expect(data["application/vnd.hmap.recording.v1+json"]).toEqual({ label: "</script>" });
    const html = data["text/html"]!;
    const id = /<hmap-player data-id="(hmap-[0-9a-f]+)">/.exec(html)?.[1];
    expect(html).toContain("<img></hmap-player>");
    expect(html).toContain("<script>define()</script>");
    expect(html).toContain(`hmap-player[data-id="${id}"]`);
    expect(html).toContain('{"label":"\\u003c/script>"}');
    expect(html.match(/<\/script>/g)).toHaveLength(2);
  });

  test("is not needed for a recording where the kernel plays them", async () => {
    const kernel = startSession({ playerScript, playsRecordings: true });
    const [shown] = await kernel(`display(${recording}); undefined`);
    expect((shown as { data: Record<string, string> }).data["text/html"]).toContain("<hmap-player data-id=");
    const [plain] = await kernel("display(5); undefined");
    expect(Object.keys((plain as { data: object }).data)).toEqual(["text/plain"]);
  });

  test("fails with a sentence for what cannot be played, and where there is no player", async () => {
    const nothing = await startSession({ playerScript }).failing("display.player(5)");
    expect(nothing.outcome).toMatchObject({
      ename: "TypeError",
      evalue:
        "display.player takes a recording, a map or what else hmap draws, and this is 5; a recording may be too long to be played",
    });
    const nowhere = await startSession().failing(`display.player(${recording})`);
    expect(nowhere.outcome).toMatchObject({ evalue: "display.player is not there in this page" });
  });
});
