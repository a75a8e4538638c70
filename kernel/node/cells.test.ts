import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Message } from "../core/message.ts";
import { KernelClient } from "./client.ts";
import { kernelCommand } from "./command.ts";

/** Cells in a real kernel process: what its modules, its asynchronous calls and its types do. */
let kernel: KernelClient;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hmap-cells-"));
  const write = (path: string, text: string) => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write("node_modules/modern/package.json", '{ "type": "module", "exports": "./index.js" }');
  write(
    "node_modules/modern/index.js",
    "export const v = 1; export default () => { throw new Error('inside') };",
  );
  write("node_modules/classic/package.json", '{ "main": "index.js" }');
  write("node_modules/classic/index.js", "exports.a = 1; exports.f = () => 2;");
  write("lib/data.json", '{ "x": [1, 2] }');
  write("lib/old.cjs", "exports.z = 9;");
  write("lib/new.mjs", "export let count = 0; export const more = () => ++count;");
  write("lib/enum.ts", "export enum Colour { Red }");
  write("lib/typed.ts", "export const five: number = 5; export type Five = 5;");
  kernel = await KernelClient.start({ argv: kernelCommand(), cwd: folder });
});

afterAll(async () => {
  await kernel.kill();
  rmSync(folder, { recursive: true, force: true });
});

const plain = (message: Message | undefined) =>
  (message?.content.data as Record<string, string> | undefined)?.["text/plain"];

/** The text of the result of the last of some cells, which all succeed. */
async function resultOf(...cells: string[]): Promise<string | undefined> {
  let result: string | undefined;
  for (const code of cells) {
    const { reply, outputs } = await kernel.execute(code);
    expect(reply, code).toMatchObject({ status: "ok" });
    result = plain(outputs.find(({ header }) => header.msg_type === "execute_result"));
  }
  return result;
}

/** The first output of a cell that shows a type warning. */
const nextWarning = () =>
  kernel.awaitPublished("a type warning", (message) => plain(message)?.startsWith("Type warning") === true);

/** Makes sure that the compiler runs. */
async function typesAreReady(): Promise<void> {
  const warning = nextWarning();
  await kernel.execute("const notANumber: number = 'text';");
  await warning;
}

describe("modules of the notebook's folder", () => {
  test.each([
    ["import { v } from 'modern'; v", "1"],
    ["import { a, f } from 'classic'; [a, f()]", "[ 1, 2 ]"],
    ["import classic from 'classic'; classic.f()", "2"],
    ["import old, { z } from './lib/old.cjs'; [old.z, z]", "[ 9, 9 ]"],
    ["import { five, type Five } from './lib/typed.ts'; const n: Five = five as Five; n", "5"],
    ["import data from './lib/data.json' with { type: 'json' }; data", "{ x: [ 1, 2 ] }"],
    ["import data from './lib/data.json'; data.x", "[ 1, 2 ]"],
    ["(await import('./lib/data.json')).default.x", "[ 1, 2 ]"],
    ["(await import('./lib/data.json', { with: { type: 'json' } })).default.x", "[ 1, 2 ]"],
    ["(await import('modern')).v", "1"],
    ["import { more } from './lib/new.mjs'; more(); (await import('./lib/new.mjs')).count", "1"],
    ["require('classic').a + require('./lib/old.cjs').z", "10"],
    ["const load = () => import('node:path'); (await load()).sep.length", "1"],
  ])("%s", async (code, expected) => {
    expect(await resultOf(code)).toBe(expected);
  });

  test("show an error of theirs at the line of the cell that called them", async () => {
    const { reply } = await kernel.execute("import boom from 'modern';\nboom();");
    const traceback = (reply.traceback as string[]).join("\n");
    expect(reply.evalue).toBe("inside");
    expect(traceback).toMatch(/In \[\d+\]:2:1/);
    expect(traceback).not.toMatch(/node_modules|node:|file:/);
  });

  test("that have an enum are refused with a sentence that says where one can be", async () => {
    const { reply } = await kernel.execute("import { Colour } from './lib/enum.ts'; Colour");
    expect(reply.evalue).toBe(
      'Cannot load "./lib/enum.ts": Node only removes types from files, and this needs more (TypeScript enum is not supported in strip-only mode): move that part into a cell.',
    );
  });

  test("that cannot be loaded are an error of the import's line", async () => {
    const { reply } = await kernel.execute("const ok = 1;\nimport { five } from './lib/none.ts';");
    expect((reply.traceback as string[]).join("\n")).toMatch(/In \[\d+\]:2:1\b/);
  });
});

describe("what a cell leaves behind belongs to it", () => {
  test("output of timers, promises and events, also while later cells run", async () => {
    const first = kernel.begin(`
      const go = Promise.withResolvers(), done = [];
      const late = (name, more) => { const { promise, resolve } = Promise.withResolvers(); done.push(promise); return () => { console.log(name); more?.(); resolve() } };
      import { EventEmitter } from "node:events";
      const timer = late("timer"), micro = late("promise"), tick = late("tick"), immediate = late("immediate");
      go.promise.then(() => { setTimeout(timer); process.nextTick(tick); setImmediate(immediate); queueMicrotask(micro) });
      setTimeout(late("timer of the cell itself"), 1);
      void (async () => { const finish = late("after an await"); await go.promise; finish() })();
    `);
    await Promise.all([first.reply, first.idle]);
    const id = (await first.reply).parent_header.msg_id;
    const lines = ["timer", "promise", "tick", "immediate", "timer of the cell itself", "after an await"];
    const printed = () =>
      kernel.published
        .filter((message) => message.parent_header.msg_id === id && message.header.msg_type === "stream")
        .flatMap(({ content }) => String(content.text).trimEnd().split("\n"));
    const all = kernel.awaitPublished("the last line", () => lines.every((line) => printed().includes(line)));
    const { outputs } = await kernel.execute(
      "console.log('second'); go.resolve(); await Promise.all(done); console.log('end')",
    );
    expect(outputs.map(({ content }) => content.text).join("")).toBe("second\nend\n");
    await all;
    expect(printed().toSorted()).toEqual(lines.toSorted());
  });

  test("what a timer says over a comm, or shows, while later cells run", async () => {
    const first = kernel.begin(`
      const gate2 = Promise.withResolvers();
      const line = Jupyter.comms.open("widget", {});
      void gate2.promise.then(() => setTimeout(() => { line.send({ late: 1 }); Jupyter.comms.open("later", {}); display("late") }));
    `);
    await Promise.all([first.reply, first.idle]);
    const id = (await first.reply).parent_header.msg_id;
    const late = [
      kernel.awaitPublished("a comm_msg", ({ header }) => header.msg_type === "comm_msg"),
      kernel.awaitPublished("a comm_open", ({ header }) => header.msg_type === "comm_open"),
      kernel.awaitPublished("a display", ({ header }) => header.msg_type === "display_data"),
    ];
    const second = await kernel.execute("gate2.resolve(); 1");
    expect(second.reply.status).toBe("ok");
    for (const { parent_header } of await Promise.all(late)) expect(parent_header.msg_id).toBe(id);
  });

  test("a rejection that nobody handles and an error in a timer, also after later cells", async () => {
    const first = kernel.begin(
      "const gate = Promise.withResolvers(); void gate.promise.then(() => { throw new Error('lost') }); void gate.promise.then(() => setTimeout(() => { throw new Error('thrown late') }));",
    );
    await Promise.all([first.reply, first.idle]);
    const id = (await first.reply).parent_header.msg_id;
    const errors = ["lost", "thrown late"].map((evalue) =>
      kernel.awaitPublished(evalue, (m) => m.header.msg_type === "error" && m.content.evalue === evalue),
    );
    expect(await resultOf("gate.resolve(); 1 + 1")).toBe("2");
    for (const error of await Promise.all(errors)) {
      expect(error.parent_header.msg_id).toBe(id);
      expect((error.content.traceback as string[]).join("\n")).toMatch(/In \[\d+\]:1:/);
    }
    expect(await resultOf("2 + 2")).toBe("4");
  });
});

describe("types over ZeroMQ", () => {
  const engine =
    'import { Runtime } from "hmap";\nconst runtime = new Runtime({ seed: 1 });\nconst m = runtime.make("map[string]int");';

  test("complete the members of a map with their types, in code points, also while a cell spins", async () => {
    await kernel.execute(engine);
    await typesAreReady();
    const complete = async () => {
      const code = "'😀'; m.se";
      return (await kernel.request("complete_request", { code, cursor_pos: [...code].length })).content;
    };
    const expected = {
      status: "ok",
      matches: ["set"],
      cursor_start: 7,
      cursor_end: 9,
      metadata: {
        _jupyter_types_experimental: [
          {
            text: "set",
            type: "function",
            signature: "(key: string, value: number) => void",
            start: 7,
            end: 9,
          },
        ],
      },
    };
    // On a busy machine the values that there are may be the whole answer, until the compiler is quicker.
    await vi.waitFor(async () => expect(await complete()).toEqual(expected), { timeout: 100_000 });
    const spinning = kernel.begin("display(0); while (true) {}");
    await spinning.output("display_data");
    expect(await complete()).toEqual(expected);
    const inspected = await kernel.request("inspect_request", {
      code: "m.set(",
      cursor_pos: 6,
      detail_level: 0,
    });
    expect(inspected.content.found).toBe(true);
    expect(plain(inspected)).toMatch(
      /^\(method\) GoMap<string, number>\.set\(key: string, value: number\): void\n\n/,
    );
    await kernel.interrupt();
    await spinning.idle;
  });

  test("warn beside the cell, and not about names that only exist when it runs", async () => {
    await typesAreReady();
    const cell = kernel.begin("globalThis.made = 1; made + 1;\nconst wrong: string = 5;\nwrong");
    const warning = await nextWarning();
    const reply = await cell.reply;
    expect(reply.content.status).toBe("ok");
    expect(warning.parent_header.msg_id).toBe(reply.parent_header.msg_id);
    expect(warning.header.msg_type).toBe("display_data");
    expect(plain(warning)).toMatch(
      /^Type warning at In \[\d+\]:2:7: Type 'number' is not assignable to type 'string'\. \(TS2322\)\n.*\n.*~{5}$/,
    );
  });

  test("can be turned off in the kernelspec's environment", async () => {
    const quiet = await KernelClient.start({
      argv: kernelCommand(),
      cwd: folder,
      env: { HMAP_TYPES: "off" },
    });
    try {
      await quiet.execute("const made = { inner: 1 };");
      const { content } = await quiet.request("complete_request", { code: "made.", cursor_pos: 5 });
      expect(content.matches).toEqual(["inner"]);
    } finally {
      await quiet.kill();
    }
  });
});
