import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";
import { readPages } from "../kernel/cli/convertfiles.ts";
import { notebookFromMarkdown } from "../kernel/notebook/markdown.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const content = fileURLToPath(new URL("content/docs", import.meta.url));

/**
 * A page's cells as one file: each is a block in the one before, so that it sees their names and may declare them
 * again, as cells may.
 */
function program(text: string): string {
  const cells = notebookFromMarkdown(text).cells.filter(({ cell_type }) => cell_type === "code");
  const blocks = cells.map(({ source }) => `{\n${source.replace(/^import .*$/m, "")}\n`);
  return `import { Runtime } from "hmap";\n${blocks.join("")}${"}".repeat(blocks.length)}\n`;
}

test("the cells of all pages have the types that the kernel's warnings ask for", {
  timeout: 60_000,
}, async () => {
  const pages = await readPages([content, `${content}/lessons`]);
  const withCells = pages.filter(({ text }) => text.includes("\n```typescript"));
  const files = new Map(
    withCells.map(({ file, text }) => [`${root}docs/${file.replace(/^.*\//, "")}.ts`, program(text)]),
  );
  const config = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config.config, include: [] }, ts.sys, root);
  const usual = {
    ...options,
    noUnusedLocals: false,
    noUnusedParameters: false,
    types: [],
    paths: { hmap: [`${root}engine/index.ts`] },
  };
  const host = ts.createCompilerHost(usual);
  const { readFile, fileExists } = host;
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.fileExists = (name) => files.has(name) || fileExists(name);
  const checked = ts.createProgram([...files.keys()], usual, host);
  const problems = ts
    .getPreEmitDiagnostics(checked)
    .filter(({ file }) => file !== undefined && files.has(file.fileName))
    .map((problem) => ts.formatDiagnostic(problem, { ...host, getCurrentDirectory: () => root }));
  expect(files.size).toBeGreaterThan(12);
  expect(problems).toEqual([]);
});
