import { describe, expect, test } from "vitest";
import { exercisesOf, withSolutionsChecked } from "./exercises.ts";
import { notebookFromMarkdown } from "./markdown.ts";

const cell = (tag: string, code: string) => `\`\`\`typescript tags=["${tag}"]\n${code}\n\`\`\`\n`;
const lesson = (...tags: string[]) =>
  notebookFromMarkdown(tags.map((tag, i) => `Text.\n\n${cell(tag, `${tag} ${i}`)}`).join("\n"));

describe("exercises", () => {
  test("are found in order, other cells between them", () => {
    const found = exercisesOf(
      lesson("exercise", "check", "other", "solution", "exercise", "check", "solution"),
    );
    expect(
      found.map(({ exercise, check, solution }) => [exercise.source, check.source, solution.source]),
    ).toEqual([
      ["exercise 0", "check 1", "solution 3"],
      ["exercise 4", "check 5", "solution 6"],
    ]);
  });

  test.each([
    [
      ["check"],
      "exercise 1 has a check where its exercise should be: put exercise, check and solution in this order",
    ],
    [
      ["exercise", "solution", "check"],
      "exercise 1 has a solution where its check should be: put exercise, check and solution in this order",
    ],
    [["exercise", "check", "solution", "exercise", "check"], "exercise 2 has no solution: add one"],
  ])("without all their cells are refused: %j", (tags, message) => {
    expect(() => exercisesOf(lesson(...tags))).toThrow(message);
  });

  test("are checked once more behind their solutions", () => {
    const { cells } = withSolutionsChecked(lesson("exercise", "check", "solution"));
    const code = cells.filter(({ cell_type }) => cell_type === "code");
    expect(code.map(({ source }) => source)).toEqual(["exercise 0", "check 1", "solution 2", "check 1"]);
    expect(new Set(cells.map(({ id }) => id)).size).toBe(cells.length);
  });

  test("let a notebook go on when a check fails, and show the solution only to those who ask", () => {
    const [, check, solution] = lesson("exercise", "check", "solution").cells.filter(
      ({ cell_type }) => cell_type === "code",
    );
    expect(check!.metadata.tags).toEqual(["check", "raises-exception"]);
    expect(solution!.metadata.jupyter).toEqual({ outputs_hidden: true, source_hidden: true });
  });
});
