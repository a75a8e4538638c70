import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { convertFiles } from "../kernel/cli/convertfiles.ts";

const lessons = fileURLToPath(new URL("content/docs/lessons/", import.meta.url));
const notebooks = fileURLToPath(new URL("../notebooks/", import.meta.url));
const names = (await readdir(lessons)).filter((name) => name.endsWith(".md"));

test.each(names)("the cells of %s run, and its notebook is what it gives", async (name) => {
  const said: string[] = [];
  const say = (text: string) => void said.push(text);
  const code = await convertFiles(
    [join(lessons, name)],
    { to: notebooks, check: true },
    {
      out: say,
      err: say,
      columns: undefined,
    },
  );
  expect(code, said.join("")).toBe(0);
});

test("every notebook has a lesson", async () => {
  const made = (await readdir(notebooks)).filter((name) => name.endsWith(".ipynb"));
  expect(made.toSorted()).toEqual(names.map((name) => name.replace(/\.md$/, ".ipynb")).toSorted());
});
