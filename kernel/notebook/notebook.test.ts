import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatNotebook, type Notebook, parseNotebook } from "./notebook.ts";

const empty: Notebook = { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 };

test("is written as Python's nbformat writes it", () => {
  const notebook: Notebook = {
    ...empty,
    cells: [
      {
        cell_type: "code",
        id: "a",
        metadata: {},
        source: "let é = 1;\né",
        execution_count: 1,
        outputs: [
          {
            output_type: "execute_result",
            execution_count: 1,
            metadata: {},
            data: { "text/plain": "1\n2", "application/json": { "9": "a\nb", "10": [] } },
          },
          { output_type: "stream", name: "stdout", text: "" },
        ],
      },
    ],
  };
  // The text is what json.dumps(indent=1, ensure_ascii=False, sort_keys=True, separators=(",", ": ")) gives.
  expect(formatNotebook(notebook)).toBe(`{
 "cells": [
  {
   "cell_type": "code",
   "execution_count": 1,
   "id": "a",
   "metadata": {},
   "outputs": [
    {
     "data": {
      "application/json": {
       "10": [],
       "9": "a\\nb"
      },
      "text/plain": [
       "1\\n",
       "2"
      ]
     },
     "execution_count": 1,
     "metadata": {},
     "output_type": "execute_result"
    },
    {
     "name": "stdout",
     "output_type": "stream",
     "text": []
    }
   ],
   "source": [
    "let é = 1;\\n",
    "é"
   ]
  }
 ],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 5
}
`);
});

test("what is written is read back the same, whatever line separators the texts contain", () => {
  const text = fc.string({
    unit: fc.constantFrom("a", "\n", "\r", "\v", "\u2028", "\x85", "\x1c", "é", '"'),
  });
  fc.assert(
    fc.property(text, text, (source, output) => {
      const notebook: Notebook = {
        ...empty,
        cells: [
          { cell_type: "markdown", id: "m", metadata: {}, source },
          {
            cell_type: "code",
            id: "c",
            metadata: {},
            source,
            execution_count: null,
            outputs: [
              { output_type: "stream", name: "stderr", text: output },
              { output_type: "display_data", data: { "text/html": output }, metadata: {} },
            ],
          },
        ],
      };
      expect(parseNotebook(formatNotebook(notebook))).toEqual(notebook);
    }),
  );
});

describe("a file that is no notebook is refused with a sentence", () => {
  test.each([
    ["# Text", "this is not a notebook, which is a JSON file: give a file that Jupyter saved"],
    ["[1]", "this JSON file is not a notebook, as it has no cells: give a file that Jupyter saved"],
    [
      '{"cells": [], "nbformat": 3}',
      "this notebook has format 3, not 4: open it in JupyterLab and save it again",
    ],
    [
      '{"cells": [{"cell_type": "heading"}], "nbformat": 4}',
      "cell 1 is neither code, Markdown nor raw: mend the file or take the cell out",
    ],
  ])("%s", (text, message) => {
    expect(() => parseNotebook(text)).toThrow(message);
  });
});
