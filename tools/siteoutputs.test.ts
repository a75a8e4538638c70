import { expect, test } from "vitest";
import { findCells, insertOutputs, outputHtml } from "./siteoutputs.ts";

const cell = (code: string, tags = "") =>
  `<hmap-cell class="not-content"${tags && ` data-tags="${tags}"`}><div class="cell-code"><pre class="astro-code"><code><span class="line"><span class="token-keyword">const</span> ${code}</span></code></pre></div><div class="cell-output"></div></hmap-cell>`;

test("a page's cells are found with their code as it was written, and their tags", () => {
  const html = `<p>before</p>${cell("a = 1 &#x3C; 2 &amp;&amp; &quot;&#60;b&gt;&quot;")}${cell("b", "exercise hard")}`;
  expect(findCells(html)).toEqual([
    { code: 'const a = 1 < 2 && "<b>"', tags: [] },
    { code: "const b", tags: ["exercise", "hard"] },
  ]);
});

test("each cell gets its own outputs, and one without output stays as it was", () => {
  const html = insertOutputs(cell("a") + cell("b") + cell("c"), [
    [{ output_type: "stream", name: "stdout", text: "one $& two\n" }],
    [],
    [{ output_type: "execute_result", data: { "text/plain": "3" }, metadata: {}, execution_count: 3 }],
  ]);
  const outputs = [...html.matchAll(/<div class="cell-output"[^>]*>(.*?)<\/div>/gs)].map(
    ([, inside]) => inside,
  );
  expect(outputs).toEqual([
    '<pre class="output-text" tabindex="0">one $&amp; two\n</pre>',
    "",
    '<pre class="output-text" tabindex="0">3</pre>',
  ]);
});

test("text that looks like markup stays text, and terminal colours are left out", () => {
  const html = outputHtml({
    output_type: "error",
    ename: "GoPanic",
    evalue: "<script>",
    traceback: ["\u001b[31mGoPanic: <script>\u001b[0m", "  at 1:2"],
  });
  expect(html).toBe(
    '<div class="output-error"><p>GoPanic: &lt;script&gt;</p><pre class="output-text" tabindex="0">  at 1:2</pre></div>',
  );
});

test("a drawing is put into the page as it is", () => {
  const svg = "<svg><title>map</title></svg>";
  const html = outputHtml({
    output_type: "display_data",
    data: { "text/plain": "map", "image/svg+xml": svg },
    metadata: {},
  });
  expect(html).toContain(svg);
});

test("a table stands in a shadow root, as it does after a run", () => {
  const data = { "text/html": "<table><tr><td>1</td></tr></table>", "text/plain": "1" };
  const html = outputHtml({ output_type: "display_data", data, metadata: {} });
  expect(html).toContain('<template shadowrootmode="open"><table>');
});

test("a recording is its picture, and an invitation to run the cell", () => {
  const data = {
    "image/svg+xml": "<svg></svg>",
    "application/vnd.hmap.recording.v1+json": {},
  };
  const html = outputHtml({ output_type: "display_data", data, metadata: {} });
  expect(html).toMatch(/^<div class="output-player">.*<svg><\/svg>.*Run the cell to go through its steps/);
});
