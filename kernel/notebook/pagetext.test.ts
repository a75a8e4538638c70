import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { markdownFromNotebook, notebookFromMarkdown } from "./markdown.ts";
import { formatNotebook, parseNotebook } from "./notebook.ts";
import { lessonText, notebookText, type Shelf } from "./pagetext.ts";

const notebooks = new Map([
  ["/docs/lessons", "00-index.ipynb"],
  ["/docs/lessons/growing", "06-growing.ipynb"],
  ["/docs/lessons/iteration", "10-iteration.ipynb"],
  ["/docs/questions", "questions.ipynb"],
]);
const on = (page: string): Shelf => ({ page, notebooks });

describe("alerts", () => {
  test("become quotations with a bold word, and alerts again", () => {
    const alert = "Before.\n\n> [!NOTE]\n> A **word**.\n>\n> More.";
    const quotation = "Before.\n\n> **Note**\n>\n> A **word**.\n>\n> More.";
    expect(notebookText(alert)).toBe(quotation);
    expect(lessonText(quotation)).toBe(alert);
  });

  test("of unknown kinds, and in fences, stay as they are", () => {
    for (const text of ["> [!NONSENSE]\n> A.", "```text\n> [!NOTE]\n> A.\n```", "> [!NOTE]\n\nA."]) {
      expect(notebookText(text)).toBe(text);
    }
  });
});

describe("links between pages", () => {
  test.each([
    ["/docs/lessons/growing", "../iteration/", "10-iteration.ipynb"],
    ["/docs/lessons/growing", "../iteration/#adding", "10-iteration.ipynb#adding"],
    ["/docs/lessons/growing", "../../questions/", "questions.ipynb"],
    ["/docs/questions", "../lessons/growing/", "06-growing.ipynb"],
    ["/docs/lessons", "./growing/", "06-growing.ipynb"],
    ["/docs/questions", "../lessons/", "00-index.ipynb"],
  ])("on %s, %s leads to %s and back", (page, address, file) => {
    expect(notebookText(`See [it](${address}).`, on(page))).toBe(`See [it](${file}).`);
    expect(lessonText(`See [it](${file}).`, on(page))).toBe(`See [it](${address}).`);
  });

  test("to other places stay as they are", () => {
    for (const text of [
      "[a](https://go.dev/ref/spec)",
      "[a](../nowhere/)",
      "[a](#here)",
      "`m[k](../iteration/ x)`",
    ]) {
      expect(notebookText(text, on("/docs/lessons/growing"))).toBe(text);
    }
  });
});

test("any text comes back, also one that looks like a notebook's already", () => {
  const line = fc.constantFrom(
    "",
    "text",
    "> [!NOTE]",
    "> **Note**",
    ">",
    "> quoted",
    "[a](../iteration/)",
    "[a](10-iteration.ipynb)",
    "[a](../lessons/iteration/) [b](../../questions/)",
    "```",
    "```go .noeval",
    '```typescript tags=["check"]',
    '```typescript tags=["check", "raises-exception"]',
    '```typescript tags=["solution"]',
    '```typescript tags=["solution"] jupyter={"outputs_hidden": true, "source_hidden": true}',
  );
  const shelf = on("/docs/lessons/growing");
  let converted = 0;
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), (parts) => {
      const text = parts.join("\n");
      let back: string;
      try {
        back = markdownFromNotebook(parseNotebook(formatNotebook(notebookFromMarkdown(text, shelf))), shelf);
      } catch (error) {
        expect((error as Error).message).toMatch(/has no end/);
        return;
      }
      converted++;
      expect(back).toBe(text);
    }),
    { numRuns: 2000 },
  );
  expect(converted).toBeGreaterThan(500);
});
