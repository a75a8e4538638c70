import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { notebookFromMarkdown } from "../notebook/markdown.ts";
import { formatNotebook, parseNotebook } from "../notebook/notebook.ts";
import { convertFiles } from "./convertfiles.ts";
import { type RunOptions, runFiles } from "./runfiles.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hmap-run-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Writes a notebook with these code cells. */
async function write(name: string, ...cells: string[]): Promise<string> {
  const markdown = cells.map((cell) => `\`\`\`typescript\n${cell}\n\`\`\`\n`).join("\n");
  const file = join(folder, name);
  await writeFile(file, formatNotebook(notebookFromMarkdown(markdown)));
  return file;
}

/** Runs the command; what it says has the folder's name taken out, and the time too. */
async function run(files: string[], options: RunOptions = {}, columns?: number) {
  let out = "";
  let err = "";
  const plain = (text: string) => text.replaceAll(`${folder}/`, "").replace(/[\d.]+ s$/m, "0 s");
  const terminal = {
    out: (text: string) => {
      out += plain(text);
    },
    err: (text: string) => {
      err += plain(text);
    },
    columns,
  };
  return { code: await runFiles(files, options, terminal), out, err };
}

describe("hmap run", () => {
  test("runs the cells of each notebook on a kernel of its own and reports", async () => {
    const a = await write("a.ipynb", "const x = 1; x", "x + 1");
    const b = await write("b.ipynb", "typeof x");
    const { code, out, err } = await run([a, b], { inplace: true });
    expect({ code, out }).toEqual({
      code: 0,
      out: "a.ipynb: 2 cells ran in 0 s\nb.ipynb: 1 cell ran in 0 s\n",
    });
    expect(err).toContain("a.ipynb: cell 2 of 2\n");
    const ran = parseNotebook(await readFile(b, "utf8"));
    expect(ran.cells[0]).toMatchObject({
      execution_count: 1,
      outputs: [{ data: { "text/plain": "'undefined'" } }],
    });
  });

  test("without --inplace it leaves the file alone", async () => {
    const file = await write("a.ipynb", "1");
    const before = await readFile(file, "utf8");
    expect((await run([file])).code).toBe(0);
    expect(await readFile(file, "utf8")).toBe(before);
  });

  test("stops at the first failing cell, names it, shows its error and writes nothing", async () => {
    const file = await write("a.ipynb", "1", "const a: any = null;\na.b", "globalThis.reached = true");
    const before = await readFile(file, "utf8");
    const { code, out, err } = await run([file, join(folder, "never.ipynb")], { inplace: true });
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("a.ipynb: cell 2 of 3 failed\n\nTypeError: Cannot read properties of null");
    expect(err).toContain("    at In [2]:2:3\n");
    expect(err).not.toContain("never");
    expect(await readFile(file, "utf8")).toBe(before);
  });

  test("a cell tagged raises-exception may fail, and its error is its output", async () => {
    const file = join(folder, "a.ipynb");
    const lesson =
      '```typescript tags=["raises-exception"]\nthrow new Error("as shown")\n```\n\n```typescript\n2\n```\n';
    await writeFile(file, formatNotebook(notebookFromMarkdown(lesson)));
    expect((await run([file], { inplace: true })).code).toBe(0);
    const ran = parseNotebook(await readFile(file, "utf8"));
    expect(ran.cells).toMatchObject([
      { outputs: [{ output_type: "error", evalue: "as shown" }] },
      { outputs: [{ data: { "text/plain": "2" } }] },
    ]);
  });

  test("cells import this package, Node's modules and files beside the notebook", async () => {
    await writeFile(join(folder, "beside.ts"), "export const answer: number = 42;\n");
    await writeFile(join(folder, "data.json"), "[7]\n");
    const file = await write(
      "a.ipynb",
      "import { answer } from './beside.ts'; answer",
      "import { basename } from 'node:path'; basename('/a/b')",
      "import data from './data.json' with { type: 'json' }; data",
      "import { Runtime } from 'hmap'; const m = new Runtime({ seed: 1 }).make('map[int]int'); m.set(1, 2); m.get(1)",
    );
    expect((await run([file], { inplace: true })).code).toBe(0);
    const { cells } = parseNotebook(await readFile(file, "utf8"));
    const texts = cells.map((cell) => cell.cell_type === "code" && cell.outputs[0]);
    expect(texts).toMatchObject(
      ["42", "'b'", "[ 7 ]", "2"].map((text) => ({ data: { "text/plain": text } })),
    );
  });

  test("a cell that ends the process fails like another", async () => {
    const { code, err } = await run([await write("a.ipynb", "process.exit(0)")]);
    expect(code).toBe(1);
    expect(err).toContain("KernelDied: the thread that runs the cells has ended");
  });

  test("on a terminal the progress is one line that is written over", async () => {
    const { err } = await run([await write("a.ipynb", "1", "2")], {}, 60);
    const lines = err.split("\r\u001b[2K");
    expect(lines).toContainEqual(expect.stringMatching(/^█{10}░{10} cell 2 of 2, /));
    for (const line of lines) expect(line.length).toBeLessThan(60);
    expect(err).not.toContain("\n");
    expect(err.endsWith("\r\u001b[2K")).toBe(true);
  });
});

describe("hmap run --check", () => {
  test("passes when the outputs are those of a fresh run", async () => {
    const file = await write("a.ipynb", "console.log('a'); [1, 2]");
    await run([file], { inplace: true });
    expect((await run([file], { check: true })).code).toBe(0);
  });

  test("names the cell and the difference, and how to mend it", async () => {
    const file = await write("a.ipynb", "1", "'new'");
    await run([file], { inplace: true });
    await writeFile(file, (await readFile(file, "utf8")).replace("\"'new'\"", "\"'old'\""));
    const { code, err } = await run([file], { check: true });
    expect(code).toBe(1);
    expect(err).toContain(
      "a.ipynb: cell 2: output 1 (execute_result text/plain), line 1, is \"'old'\" in the notebook and \"'new'\" in a fresh run\n" +
        'Run "hmap run --inplace a.ipynb" to take over the fresh outputs.\n',
    );
  });
});

describe("bad input gets one sentence", () => {
  test.each([
    [
      "a missing file",
      {},
      "missing.ipynb",
      undefined,
      "hmap run: there is no file missing.ipynb: give the path of a notebook\n",
    ],
    [
      "a file that is no notebook",
      {},
      "a.md",
      "# Text",
      "hmap run: a.md: this is not a notebook, which is a JSON file: give a file that Jupyter saved\n",
    ],
    [
      "a notebook of another kernel",
      {},
      "a.ipynb",
      '{"cells": [], "nbformat": 4, "metadata": {"kernelspec": {"name": "python3"}}}',
      'hmap run: the notebook wants the kernel "python3", and only "hmap" runs here: pass --server to use a Jupyter server\n',
    ],
    [
      "an address that is none",
      { server: "localhost:8888" },
      "a.ipynb",
      '{"cells": [], "nbformat": 4}',
      'hmap run: "localhost:8888" is not the address of a server: give one like http://localhost:8888/\n',
    ],
  ] as [string, RunOptions, string, string | undefined, string][])(
    "%s",
    async (_, options, name, text, sentence) => {
      const file = join(folder, name);
      if (text !== undefined) await writeFile(file, text);
      const { code, err } = await run([file], options);
      expect(code).toBe(1);
      expect(err.replace(/^.*starting the kernel\n/, "")).toBe(sentence);
    },
  );

  test.each([
    [
      { check: true, inplace: true },
      "hmap run: --check and --inplace exclude each other: give one of them\n",
    ],
    [{ token: "t" }, "hmap run: --token goes with --server: give the server's address too\n"],
  ])("a wrong call: %o", async (options, sentence) => {
    expect(await run(["a.ipynb"], options)).toEqual({ code: 2, out: "", err: sentence });
  });
});

describe("hmap run --server", () => {
  /** An HTTP server on this machine that answers every request the same; gives the address. */
  async function answering(status: number, body: string): Promise<{ url: string; close(): void }> {
    const server = createServer((_, response) =>
      response.writeHead(status, { "content-type": "application/json" }).end(body),
    );
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      close: () => server.close(),
    };
  }

  test.each([
    [
      200,
      '{"default": "python3", "kernelspecs": {"python3": {"name": "python3", "spec": {"language": "python", "argv": [], "display_name": "P"}, "resources": {}}}}',
      'has no kernel "hmap" (it has: python3): run "hmap install" where the server runs',
    ],
    [403, "{}", "does not accept the token: pass the one it printed with --token"],
    [404, "{}", "answered 404"],
    [200, "[]", "is not that of a Jupyter server"],
  ])("a server that answers %i %s", async (status, body, sentence) => {
    const server = await answering(status, body);
    const { code, err } = await run([await write("a.ipynb", "1")], { server: server.url });
    server.close();
    expect(code).toBe(1);
    expect(err).toContain(sentence);
    expect(err).toContain(server.url);
  });

  test("a server that is not there", async () => {
    const server = await answering(200, "");
    server.close();
    const { code, err } = await run([await write("a.ipynb", "1")], { server: server.url });
    expect(code).toBe(1);
    expect(err).toContain(
      `hmap run: cannot reach the server at ${server.url}: start it ("hmap lab" does), or mend the address\n`,
    );
  });
});

describe("hmap convert", () => {
  const lesson = "---\ntitle: Sums\n---\n\nText.\n\n```typescript\n1 + 1\n```\n";
  const convert = async (options: { check?: boolean } = {}) => {
    let said = "";
    const say = (text: string) => {
      said += text.replaceAll(`${folder}/`, "");
    };
    const file = join(folder, "sums.md");
    const code = await convertFiles(
      [file],
      { to: join(folder, "made"), ...options },
      { out: say, err: say, columns: undefined },
    );
    return { code, said };
  };

  test("writes a notebook with outputs, the same every time", async () => {
    await writeFile(join(folder, "sums.md"), lesson);
    expect((await convert()).code).toBe(0);
    const text = await readFile(join(folder, "made/sums.ipynb"), "utf8");
    expect(parseNotebook(text).cells.map((cell) => cell.source)).toEqual(["# Sums", "Text.", "1 + 1"]);
    expect(text).toContain('"2"');
    expect((await convert()).code).toBe(0);
    expect(await readFile(join(folder, "made/sums.ipynb"), "utf8")).toBe(text);
    expect((await convert({ check: true })).code).toBe(0);
  });

  test("--check fails when the notebook is missing or old, and says what to run", async () => {
    await writeFile(join(folder, "sums.md"), lesson);
    expect((await convert({ check: true })).said).toContain(
      'hmap convert: made/sums.ipynb is missing: run "hmap convert sums.md --to ',
    );
    await convert();
    await writeFile(join(folder, "sums.md"), lesson.replace("1 + 1", "1 + 2"));
    const { code, said } = await convert({ check: true });
    expect(code).toBe(1);
    expect(said).toContain("made/sums.ipynb is not what its lesson gives");
  });

  test("writes nothing when a cell fails", async () => {
    await writeFile(join(folder, "sums.md"), lesson.replace("1 + 1", "nowhere"));
    const { code, said } = await convert();
    expect(code).toBe(1);
    expect(said).toContain("made/sums.ipynb: cell 1 of 1 failed\n\nReferenceError: nowhere is not defined");
    await expect(readFile(join(folder, "made/sums.ipynb"))).rejects.toThrow("ENOENT");
  });

  test("names the line of a cell without an end", async () => {
    await writeFile(join(folder, "sums.md"), "```typescript\n1\n");
    expect((await convert()).said).toBe(
      "hmap convert: sums.md: the cell that begins in line 1 has no end: add a line ``` behind it\n",
    );
  });
});
