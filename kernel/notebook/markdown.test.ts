import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { markdownFromNotebook, notebookFromMarkdown } from "./markdown.ts";
import { formatNotebook, type Notebook, parseNotebook } from "./notebook.ts";

const lessons = fileURLToPath(new URL("../../docs/content/docs/lessons/", import.meta.url));

/** Through the file and back. */
const roundTrip = (text: string) =>
  markdownFromNotebook(parseNotebook(formatNotebook(notebookFromMarkdown(text))));
const outline = (text: string) =>
  notebookFromMarkdown(text).cells.map((cell) => [cell.cell_type, cell.source]);

test("every lesson comes back from its notebook as it was", () => {
  const files = readdirSync(lessons, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".md"),
  );
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const text = readFileSync(join(lessons, file), "utf8");
    expect(roundTrip(text)).toBe(text);
    expect(notebookFromMarkdown(text).cells.some((cell) => cell.cell_type === "code")).toBe(true);
  }
});

test("any text comes back as it was, whatever fences, blank lines and comments it is made of", () => {
  const line = fc.oneof(
    { weight: 4, arbitrary: fc.constant("") },
    fc.constantFrom(
      "text",
      "## Heading",
      "- item",
      "  - ```js",
      "  ```",
      "```",
      "````",
      "~~~",
      "```typescript",
      "````typescript",
      '```typescript tags=["exercise"]',
      '```typescript  tags=["a",  "b"] x',
      "```typescript .noeval",
      "```go .noeval",
      "```ts",
      "  ```typescript",
      "> ```typescript",
      "<!-- #region -->",
      "<!-- #endregion -->",
      "<!-- #raw -->",
      "<!-- #endraw -->",
      "---",
      "title: A",
      "    ",
      "const a = `x`;",
      "\ttab",
      "<!-- comment -->",
      "é 😀",
    ),
  );
  let converted = 0;
  fc.assert(
    fc.property(fc.boolean(), fc.array(line, { maxLength: 25 }), (hasFrontMatter, parts) => {
      const text = (hasFrontMatter ? ["---", ...parts] : parts).join("\n");
      let back: string;
      try {
        back = roundTrip(text);
      } catch (error) {
        // Only a cell without an end is refused.
        expect((error as Error).message).toMatch(/^the cell that begins in line \d+ has no end/);
        return;
      }
      converted++;
      expect(back).toBe(text);
    }),
    { numRuns: 2000 },
  );
  expect(converted).toBeGreaterThan(500);
});

test("any notebook keeps its cells on the way to a lesson and back", () => {
  const piece = fc.constantFrom(
    "text",
    "",
    "",
    "```",
    "```typescript",
    "- a",
    "  ```js",
    "---",
    "    ",
    "<!-- #region -->",
    "# H",
  );
  const source = fc.array(piece, { maxLength: 6 }).map((parts) => parts.join("\n"));
  const cell = fc.record({ cell_type: fc.constantFrom("markdown", "code", "raw"), source });
  fc.assert(
    fc.property(fc.array(cell, { maxLength: 6 }), (cells) => {
      const notebook = {
        nbformat: 4,
        nbformat_minor: 5,
        metadata: {},
        cells: cells.map((one) => ({ ...one, metadata: {} })),
      };
      const parsed = parseNotebook(JSON.stringify(notebook));
      const back = notebookFromMarkdown(markdownFromNotebook(parsed));
      const content = (some: Notebook) => some.cells.map((one) => [one.cell_type, one.source]);
      expect(content(back)).toEqual(content(parsed));
    }),
    { numRuns: 1000 },
  );
});

describe("cells", () => {
  test("typescript fences are code, everything between is one Markdown cell", () => {
    expect(outline("One.\n\nTwo.\n\n```typescript\nlet a = 1;\na;\n```\n\nThree.\n")).toEqual([
      ["markdown", "One.\n\nTwo."],
      ["code", "let a = 1;\na;"],
      ["markdown", "Three."],
    ]);
  });

  test("two blank lines divide Markdown cells, but not in a fence", () => {
    expect(outline("One.\n\n\nTwo.\n")).toEqual([
      ["markdown", "One."],
      ["markdown", "Two."],
    ]);
    expect(outline("```go .noeval\na\n\n\nb\n```\n")).toEqual([["markdown", "```go .noeval\na\n\n\nb\n```"]]);
  });

  test("fences of other languages, in lists, in quotes, in other fences and with .noeval are text", () => {
    for (const text of [
      "```go .noeval\nx\n```",
      "```ts\nx\n```",
      "```typescript .noeval\nx\n```",
      "- item\n\n  ```typescript\n  x\n  ```",
      "> ```typescript\n> x\n> ```",
      "````md\n```typescript\nx\n```\n````",
      "~~~\n```typescript\nx\n```\n~~~",
    ]) {
      expect(outline(`${text}\n`)).toEqual([["markdown", text]]);
    }
  });

  test("tags and other metadata are read from behind the language", () => {
    const { cells } = notebookFromMarkdown('```typescript tags=["exercise", "hint"] n=3 on=true\nx\n```\n');
    expect(cells[0]!.metadata).toEqual({ tags: ["exercise", "hint"], n: 3, on: true });
  });

  test("tags changed in the notebook are changed in the lesson, however they were written before", () => {
    const notebook = notebookFromMarkdown('```typescript   tags=["a","b"]\nx\n```\n');
    notebook.cells[0]!.metadata.tags = ["solution"];
    expect(markdownFromNotebook(notebook)).toBe('```typescript tags=["solution"]\nx\n```\n');
  });

  test("code with backticks at the start of a line gets a longer fence", () => {
    const notebook = notebookFromMarkdown("````typescript\nconst a = `\n```\n`;\n````\n");
    expect(notebook.cells[0]!.source).toBe("const a = `\n```\n`;");
    expect(notebook.cells[0]!.metadata).toEqual({});
  });

  test("ids come from the text, and equal cells have different ones", () => {
    const text = "```typescript\nx\n```\n\n```typescript\nx\n```\n";
    const ids = notebookFromMarkdown(text).cells.map((cell) => cell.id);
    expect(new Set(ids).size).toBe(2);
    expect(
      notebookFromMarkdown(`Before.\n\n${text}`)
        .cells.slice(1)
        .map((cell) => cell.id),
    ).toEqual(ids);
    for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
  });

  test("a cell without an end is refused with its line", () => {
    expect(() => notebookFromMarkdown("---\na: 1\n---\n\n```typescript\nx\n")).toThrow(
      "the cell that begins in line 5 has no end: add a line ``` behind it",
    );
  });

  test("Windows line ends are refused with the mend", () => {
    expect(() => notebookFromMarkdown("a\r\nb\r\n")).toThrow(
      "the lesson has Windows line ends: save it with LF line ends",
    );
  });
});

describe("front matter", () => {
  const lesson = '---\ntitle: "A \\"quoted\\" title"\ndescription: It\'s short.\n---\n\nText.\n';

  test("is kept, and gives the notebook a title", () => {
    const notebook = notebookFromMarkdown(lesson);
    expect(notebook.cells[0]).toMatchObject({ id: "title", source: '# A "quoted" title\n\nIt\'s short.' });
    expect(markdownFromNotebook(notebook)).toBe(lesson);
  });

  test("the notebook names the kernel and the language", () => {
    expect(notebookFromMarkdown(lesson).metadata).toMatchObject({
      kernelspec: { name: "hmap", display_name: "TypeScript (hmap)", language: "typescript" },
      language_info: { name: "typescript", file_extension: ".ts" },
    });
  });
});
