import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { convertFiles, readPages } from "../kernel/cli/convertfiles.ts";
import { openLocalKernel } from "../kernel/cli/kernels.ts";
import { exercisesOf, notYet, tagsOf, withSolutionsChecked } from "../kernel/notebook/exercises.ts";
import { markdownFromNotebook, notebookFromMarkdown } from "../kernel/notebook/markdown.ts";
import { type CodeCell, formatNotebook, parseNotebook } from "../kernel/notebook/notebook.ts";
import { runNotebook } from "../kernel/notebook/run.ts";

const content = fileURLToPath(new URL("content/docs", import.meta.url));
const lessons = fileURLToPath(new URL("content/docs/lessons", import.meta.url));
const notebooks = fileURLToPath(new URL("../notebooks", import.meta.url));
const pages = await readPages([content, lessons]);
const shelf = new Map(pages.map(({ page, notebook }) => [page, notebook]));
const numbered = pages.filter(({ notebook }) => /^(0[1-9]|1\d)-/.test(notebook));

afterEach(() => {
  vi.restoreAllMocks();
});

test.each(pages)(
  "the cells of $notebook run, and it is what its page gives",
  { timeout: 60_000 },
  async (page) => {
    const said: string[] = [];
    const say = (text: string) => void said.push(text);
    const terminal = { out: say, err: say, columns: undefined };
    const name = page.file.replace(/^.*\/|\.md$/g, "");
    const code = await convertFiles([content, lessons], { to: notebooks, check: true, only: name }, terminal);
    expect(code, said.join("")).toBe(0);
  },
);

test("every notebook has a page", async () => {
  const made = (await readdir(notebooks)).filter((name) => name.endsWith(".ipynb"));
  expect(made.toSorted()).toEqual(pages.map(({ notebook }) => notebook).toSorted());
});

test("the overview of the notebooks names every one, and nothing else", async () => {
  const overview = await readFile(join(notebooks, "README.md"), "utf8");
  const named = Array.from(overview.matchAll(/\]\(([^)]+)\)/g), ([, target]) => target as string);
  expect([...new Set(named)].toSorted()).toEqual([...shelf.values()].toSorted());
});

test.each(pages)("$notebook leads back to its page, links included", ({ page, text }) => {
  const notebook = notebookFromMarkdown(text, { page, notebooks: shelf });
  expect(markdownFromNotebook(parseNotebook(formatNotebook(notebook)), { page, notebooks: shelf })).toBe(
    text,
  );
});

const withoutFences = (text: string) => text.replace(/^```[\s\S]*?^```$/gm, "");

test.each(pages)("the links of $notebook lead to notebooks that exist", ({ page, text }) => {
  const { cells } = notebookFromMarkdown(text, { page, notebooks: shelf });
  const targets = cells
    .filter((cell) => cell.cell_type === "markdown")
    .flatMap(({ source }) =>
      Array.from(withoutFences(source).matchAll(/\]\(([^)]*)\)/g), ([, target]) => target as string),
    );
  const files = [...shelf.values()];
  for (const target of targets.filter((link) => !/^(https:|#)/.test(link))) {
    expect(files, target).toContain(target.replace(/#.*/, ""));
  }
});

test.each(pages)("the cells of $notebook are no wider than a page", ({ text }) => {
  const cells = notebookFromMarkdown(text).cells.filter(({ cell_type }) => cell_type === "code");
  const lines = cells.flatMap(({ source }) => source.split("\n"));
  // Sentences of checks, which need not be read, may be longer than the usual 84.
  expect(lines.filter((line) => line.length > (/Not yet|Right/.test(line) ? 110 : 88))).toEqual([]);
});

test.each(numbered)("$notebook has all that a lesson has", ({ text }) => {
  for (const part of [
    "\n> **Predict first.** ",
    "\n## In short\n",
    "\n**Read next:** ",
    "**Go 1.24 and later**",
    "```go .noeval",
  ]) {
    expect(text).toContain(part);
  }
});

test.each(pages)("$notebook is small enough to be shown anywhere", async ({ notebook }) => {
  expect((await stat(join(notebooks, notebook))).size).toBeLessThan(1_000_000);
});

describe("the exercises", () => {
  test("have solutions that say so in their first line, which is all that JupyterLab shows of a folded cell", () => {
    const solutions = pages
      .flatMap(({ text }) => notebookFromMarkdown(text).cells)
      .filter((cell) => tagsOf(cell).includes("solution"));
    expect(solutions.length).toBeGreaterThan(20);
    for (const { source } of solutions) expect(source).toMatch(/^\/\/ A solution\n/);
  });

  test.each(numbered)("of $notebook are at least two", ({ text }) => {
    expect(exercisesOf(notebookFromMarkdown(text)).length).toBeGreaterThanOrEqual(2);
  });

  test.each(numbered)(
    "of $notebook are not right at the start, and right after their solutions",
    { timeout: 60_000 },
    async ({ text }) => {
      vi.spyOn(console, "debug").mockReturnValue(); // where the client tells about its connections
      const practice = withSolutionsChecked(notebookFromMarkdown(text));
      const { kernel, close } = await openLocalKernel("hmap", content);
      try {
        const { notebook, failure } = await runNotebook(practice, kernel);
        expect(failure?.evalue).toBeUndefined();
        const checks = notebook.cells.filter((cell): cell is CodeCell => tagsOf(cell).includes("check"));
        for (const { id, source, outputs } of checks) {
          const error = outputs.find((output) => output.output_type === "error");
          if (id.endsWith("-again")) {
            expect(error?.evalue, source).toBeUndefined();
            expect(outputs.length, `says what is right:\n${source}`).toBeGreaterThan(0);
          } else {
            expect(error?.ename, source).toBe("Error");
            expect(error?.evalue, source).toMatch(new RegExp(`^${notYet}.+\\.$`, "s"));
          }
        }
      } finally {
        await close();
      }
    },
  );
});

describe("the questions", () => {
  test.each(pages)("of $notebook have one right answer each, and every answer says why", ({ text }) => {
    const questions = text.split(/^\*\*Question\.\*\* /m).slice(1);
    for (const question of questions) {
      const answers = Array.from(
        question.matchAll(
          /^<details class="answer( right)?">\n<summary>(.+)<\/summary>\n\n([\s\S]+?)\n\n<\/details>$/gm,
        ),
      );
      expect(answers.length, question).toBeGreaterThanOrEqual(2);
      expect(answers.filter(([, right]) => right !== undefined).length, question).toBe(1);
    }
    const inAll = text.match(/<details class="answer/g)?.length ?? 0;
    const inQuestions = questions.flatMap(
      (question) => question.match(/^<details class="answer/gm) ?? [],
    ).length;
    expect(inQuestions).toBe(inAll);
  });

  test.each(numbered)("of $notebook are at least one", ({ text }) => {
    expect(text).toContain("\n**Question.** ");
  });
});
