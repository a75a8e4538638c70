// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells are written as strings here
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Rollup } from "vite";
import { beforeAll, expect, test } from "vitest";
import { compileCell } from "../kernel/language/typescript/rewrite.ts";
import { cellLanguageOnly } from "./sitelanguage.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const entry = `${root}kernel/language/typescript/rewrite.ts`;

/** The rewriting of cells as a page would load it. */
async function bundle(plugins: ReturnType<typeof cellLanguageOnly>[]): Promise<string> {
  const result = (await build({
    root,
    configFile: false,
    logLevel: "error",
    plugins,
    build: {
      write: false,
      target: "esnext",
      lib: { entry, formats: ["es"], fileName: "language" },
      // What is loaded when it is needed is part of it here.
      rollupOptions: { output: { codeSplitting: false } },
    },
  })) as Rollup.RollupOutput[];
  return result[0]!.output[0].code;
}

let whole: string;
let light: string;
let compileLight: typeof compileCell;

beforeAll(async () => {
  whole = await bundle([]);
  light = await bundle([cellLanguageOnly()]);
  const module = await import(`data:text/javascript;base64,${Buffer.from(light).toString("base64")}`);
  compileLight = module.compileCell;
});

test("the page's language is much lighter without the parts for other languages", () => {
  const weight = (code: string) => gzipSync(code, { level: 9 }).length;
  expect(weight(whole) - weight(light)).toBeGreaterThan(15_000);
});

/** What a cell becomes, or what it is refused with, and where. */
async function outcome(compile: typeof compileCell, code: string): Promise<unknown> {
  try {
    const { script, names, async } = await compile(code);
    return { script, names, async };
  } catch (error) {
    const { message, position } = error as Error & { position: unknown };
    return { message, position };
  }
}

const cells = [
  "import a, { b as c, type D } from 'x'; import type E from 'y'; import * as f from 'z'; c",
  "enum E { A, B = 'b' } const enum F { C = 1 << 2 } declare enum G { H }",
  "class A<T extends B> extends C<T> implements D { constructor(private readonly x: number, public y?: T) { super() } }",
  "abstract class A { abstract m(): void; declare x: number; static #p = 1; override n<T>(this: A, x: T): asserts x is T { } }",
  "const f = async <T,>(x: T, ...rest: readonly T[]): Promise<T> => x!; f<number>(1)",
  "let x = y as unknown as { [K in keyof T]?: T[K] } satisfies object; let z = <any>x",
  "a?.b?.[c] ?? d?.(); a ||= b; a ??= 1_000; try { } catch { }",
  "{ using x = y; await using z = w } for await (const q of r) q",
  "type T = typeof import('x'); interface I { new (): I; (a: string): void; readonly [key: string]: unknown }",
  "function over(a: string): void; function over(a: number): void; function over(a: any) { return `${a as string}` }",
  "export const a = 1; export type { T }; export { a as b }; export interface J {}",
  "label: for (const [k, v] of Object.entries(o) as [string, number][]) { if (k! < v) continue label }",
  "const n = a < b, m = c > (d), o = a < b > (c); const r = /<div>/.exec('<')",
  "let jsx = <div/>; 1",
  "namespace N { export const a = 1 }",
  "@dec class A {}",
  "accessor; get; set; of; async; type; declare; type = 1; declare = 2; type\nA = 1",
  "new.target; import.meta",
  "let unfinished = {",
  "const named = /(?<year>\\d{4})-\\k<year>(?<!x)[\\p{L}--[a-z]]/v, sticky = /a{2,}?/dgimsuy",
  "let open = /(/;",
  "let range = 1;\nconst r = /[z-a]/u;",
  "let nothing = /*/; /+/g",
  "const flags = /a/gx;",
];

test("it makes the same of every cell", async () => {
  const notebooks = readdirSync(`${root}notebooks`).filter((name) => name.endsWith(".ipynb"));
  const sources = notebooks.flatMap((name) => {
    const notebook = JSON.parse(readFileSync(`${root}notebooks/${name}`, "utf8"));
    return notebook.cells
      .filter((cell: { cell_type: string }) => cell.cell_type === "code")
      .map(({ source }: { source: string | string[] }) => [source].flat().join(""));
  }) as string[];
  expect(sources.length).toBeGreaterThan(50);
  for (const code of [...cells, ...sources])
    expect(await outcome(compileLight, code), code).toEqual(await outcome(compileCell, code));
});
