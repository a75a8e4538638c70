import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test, vi } from "vitest";
import { openLocalKernel } from "../kernel/cli/kernels.ts";
import { notebookFromMarkdown } from "../kernel/notebook/markdown.ts";
import { runNotebook } from "../kernel/notebook/run.ts";

const guides = fileURLToPath(new URL("content/docs/guides", import.meta.url));

afterEach(() => {
  vi.restoreAllMocks();
});

test.each(readdirSync(guides))(
  "the cells of the guide %s run, and meet no error but those of Go",
  async (name) => {
    vi.spyOn(console, "debug").mockReturnValue(); // where the client tells about its connections
    const { kernel, close } = await openLocalKernel("hmap", guides);
    try {
      const page = notebookFromMarkdown(readFileSync(`${guides}/${name}`, "utf8"));
      const { notebook, failure } = await runNotebook(page, kernel);
      expect(failure?.evalue).toBeUndefined();
      // The errors of JavaScript that a cell catches and prints are mistakes of the guide; those of Go have other names.
      expect(JSON.stringify(notebook)).not.toMatch(/(Type|Reference|Range|Syntax)Error/);
    } finally {
      await close();
    }
  },
);
