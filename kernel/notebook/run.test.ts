import { describe, expect, test } from "vitest";
import type { CodeCell, Notebook, NotebookOutput } from "./notebook.ts";
import { compareOutputs } from "./run.ts";

const code = (...outputs: NotebookOutput[]): CodeCell => ({
  cell_type: "code",
  id: "c",
  metadata: {},
  source: "",
  execution_count: 1,
  outputs,
});
const notebook = (...cells: Notebook["cells"]): Notebook => ({
  cells,
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});
const stream = (text: string): NotebookOutput => ({ output_type: "stream", name: "stdout", text });
const result = (data: Record<string, unknown>, execution_count = 1): NotebookOutput => ({
  output_type: "execute_result",
  data,
  metadata: {},
  execution_count,
});

describe("comparing a notebook with a fresh run", () => {
  test("does not mind execution counts, metadata, split streams and the order of JSON members", () => {
    const old = notebook(
      {
        ...code(stream("a"), stream("b"), result({ "application/json": { x: 1, y: [2] } }, 7)),
        execution_count: 7,
      },
      { cell_type: "markdown", id: "m", metadata: {}, source: "" },
    );
    const fresh = notebook(
      { ...code(stream("ab"), result({ "application/json": { y: [2], x: 1 } })), metadata: { tags: ["x"] } },
      { cell_type: "markdown", id: "m", metadata: {}, source: "" },
    );
    expect(compareOutputs(old, fresh)).toBeUndefined();
  });

  test.each([
    [
      [stream("a\nb")],
      [stream("a\nc")],
      'output 1 (stdout), line 2, is "b" in the notebook and "c" in a fresh run',
    ],
    [
      [stream("a\n")],
      [stream("a\nb\n")],
      'output 1 (stdout), line 2, is "" in the notebook and "b" in a fresh run',
    ],
    [[stream("a")], [], "output 1 (stdout) is in the notebook, but a fresh run does not give it"],
    [
      [],
      [result({ "text/plain": "1" })],
      "output 1 (execute_result text/plain) is not in the notebook, but a fresh run gives it",
    ],
    [
      [stream("1")],
      [result({ "text/plain": "1" })],
      "output 1 is stdout in the notebook and execute_result text/plain in a fresh run",
    ],
    [
      [result({ "text/plain": "1", "image/svg+xml": "<svg a/>" })],
      [result({ "text/plain": "1", "image/svg+xml": "<svg b/>" })],
      'output 1 (execute_result image/svg+xml), line 1, is "<svg a/>" in the notebook and "<svg b/>" in a fresh run',
    ],
  ])("names the first difference: %#", (old, fresh, sentence) => {
    const same = code(stream("same"));
    expect(compareOutputs(notebook(same, code(...old)), notebook(same, code(...fresh)))).toEqual({
      number: 2,
      sentence,
    });
  });
});
