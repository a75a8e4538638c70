import { expect, test } from "vitest";
import { parseNotebook } from "../../kernel/notebook/notebook.ts";
import { notebookOf, withReadersCode } from "./notebookfile.ts";

const lesson = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: [
    { cell_type: "markdown", id: "a", metadata: {}, source: "m" },
    { cell_type: "code", id: "b", metadata: {}, source: ["a\n", "b"], outputs: [1], execution_count: 1 },
    { cell_type: "code", id: "c", metadata: {}, source: "c", outputs: [2], execution_count: 2 },
  ],
};

test("a lesson's notebook takes the reader's code, without outputs that belong to the old", () => {
  const cells = withReadersCode(lesson, [
    { original: "a\nb", code: "mine" },
    { original: "c", code: "c" },
  ]).cells;
  expect(cells[0]).toEqual(lesson.cells[0]);
  expect(cells[1]).toMatchObject({ source: "mine", outputs: [], execution_count: null, id: "b" });
  expect(cells[2]).toEqual(lesson.cells[2]);
});

test("cells without a lesson make a notebook that Jupyter reads", () => {
  const text = JSON.stringify(notebookOf(["const a = 1;", "a"]));
  const { cells, metadata } = parseNotebook(text);
  expect(cells.map(({ source }) => source)).toEqual(["const a = 1;", "a"]);
  expect(metadata.kernelspec).toMatchObject({ name: "hmap" });
});
