import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Runtime as EngineRuntime } from "../engine/index.ts";
import { notLoaded, partsOnDemand } from "./siteparts.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What the worker has of the engine, and what it loads. */
interface Engine {
  Runtime: typeof EngineRuntime;
  beforeRun(code: string): Promise<unknown> | undefined;
  beforeText(value: unknown): Promise<unknown> | undefined;
  diagramModule(): Promise<Record<string, unknown>>;
  inspect(value: unknown): string;
}

let folder: string;
let copies = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hmap-parts-"));
  const source = `
    export { Runtime } from ${JSON.stringify(`${root}engine/index.ts`)};
    export { beforeRun, beforeText, diagramModule } from ${JSON.stringify(`${root}kernel/browser/parts.ts`)};
    export { inspect } from "node-inspect-extracted";`;
  const entry = `${root}entry.js`;
  await build({
    root,
    configFile: false,
    logLevel: "error",
    plugins: [
      {
        name: "entry",
        enforce: "pre",
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? source : null),
      },
      partsOnDemand(),
    ],
    build: {
      outDir: join(folder, "built"),
      target: "esnext",
      minify: false,
      lib: { entry, formats: ["es"], fileName: () => "entry.mjs" },
      rollupOptions: { output: { chunkFileNames: "[name].mjs" } },
    },
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The bundle as a worker has it that has run no cell yet: a copy, as Node keeps modules. */
async function fresh(): Promise<Engine> {
  const copy = join(folder, `copy-${copies++}`);
  cpSync(join(folder, "built"), copy, { recursive: true });
  return import(/* @vite-ignore */ pathToFileURL(join(copy, "entry.mjs")).href);
}

const argumentLists = [[], [0], ["fig"], ["fig", 1], ["map[string]int"], [() => {}], [() => {}, () => {}]];

/** Calls a method in all ways that might reach what it needs, and looks at what it returns. */
function needsMore({ Runtime }: Engine, on: "go" | "m", name: string): boolean {
  return argumentLists.some((values) => {
    const go = new Runtime({ seed: 1 });
    const m = go.make("map[string]int");
    m.set("fig", 1);
    try {
      // biome-ignore lint/suspicious/noExplicitAny: every method in turn
      const target: any = on === "go" ? go : m;
      const result = target[name](...values);
      result?.sample?.();
      result?.[Symbol.for("Jupyter.display")]?.();
      return false;
    } catch (error) {
      return (error as Error).message === notLoaded;
    }
  });
}

function methods({ Runtime }: Engine): ["go" | "m", string][] {
  const go = new Runtime({ seed: 1 });
  const named = (on: "go" | "m", object: object): ["go" | "m", string][] => {
    const prototype = Object.getPrototypeOf(object);
    if (prototype === Object.prototype) return [];
    const names = Object.entries(Object.getOwnPropertyDescriptors(prototype))
      .filter(([name, { value }]) => typeof value === "function" && name !== "constructor")
      .map(([name]): ["go" | "m", string] => [on, name]);
    return [...names, ...named(on, prototype)];
  };
  return [...named("go", go), ...named("m", go.make("map[string]int"))];
}

test("without its parts the engine does all but the rarer drawings and recordings, which say what is missing", async () => {
  const engine = await fresh();
  const lacking = methods(engine).filter(([on, name]) => needsMore(engine, on, name));
  expect(lacking.map(([on, name]) => `${on}.${name}`).sort()).toEqual([
    "go.layout",
    "go.memStats",
    "go.record",
    "m.bytes",
    "m.drawBucket",
    "m.drawHash",
    "m.layout",
    "m.overview",
    "m.overviewPixels",
    "m.watchHeap",
  ]);
});

test("a cell that names a method gets all that the method needs", async () => {
  for (const [on, name] of methods(await fresh())) {
    const engine = await fresh();
    await engine.beforeRun(`${on}.${name}()`);
    expect([name, needsMore(engine, on, name)]).toEqual([name, false]);
  }
});

test("what a cell names is waited for once, and a cell that names nothing waits for nothing", async () => {
  const { beforeRun } = await fresh();
  expect(beforeRun("m.set(1, 2)")).toBeUndefined();
  expect(beforeRun("m.bytes(0)")).toBeInstanceOf(Promise);
  await beforeRun("m.bytes(0)");
  expect(beforeRun("m.bytes(1)")).toBeUndefined();
});

test("hmap/diagram has everything, and draws", async () => {
  const { diagramModule, Runtime } = await fresh();
  const whole = await import("../engine/diagram/index.ts");
  const diagram = (await diagramModule()) as typeof whole;
  expect(Object.keys(diagram).sort()).toEqual(Object.keys(whole).sort());
  const m = new Runtime({ seed: 1 }).make("map[string]int", 100);
  expect(m.overview()).toBeInstanceOf(diagram.Drawing);
});

test("values are put into words once that is loaded, which those do not need that have words of their own", async () => {
  const { beforeText, inspect, Runtime } = await fresh();
  expect(() => inspect({ a: 1 })).toThrow(notLoaded);
  const m = new Runtime({ seed: 1 }).make("map[string]int");
  expect([m, new RangeError("too far")].map((value) => beforeText(value))).toEqual([undefined, undefined]);
  await beforeText(new Error("outer", { cause: { a: 1 } }));
  expect(inspect({ a: 1 })).toBe("{ a: 1 }");
});

/** A file of the bundle with all that it imports at once. */
function withImports(file: string, seen = new Set<string>()): string {
  if (seen.has(file)) return "";
  seen.add(file);
  const code = readFileSync(join(folder, "built", file), "utf8");
  const imports = [...code.matchAll(/\bfrom "\.\/([^"]+)"/g)].map(([, name]) => withImports(name!, seen));
  return [code, ...imports].join("\n");
}

test("the first load has none of it", () => {
  const first = withImports("entry.mjs");
  expect(first).toContain(JSON.stringify(notLoaded));
  for (const name of ["TapeRecorder", "HeapWatch", "bytesSnapshot", "inspect"]) {
    expect(first, name).not.toMatch(new RegExp(`(?:class|function) ${name}\\b(?!\\(\\.\\.\\.given)`));
  }
});
