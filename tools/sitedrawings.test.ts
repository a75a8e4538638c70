import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import sharp from "sharp";
import { expect, test } from "vitest";
import { lighterDrawing } from "./sitedrawings.ts";

const golden = new URL("../engine/diagram/golden/", import.meta.url);
const drawings = readdirSync(golden).filter((name) => name.endsWith(".svg"));

const css = readFileSync(new URL("../docs/styles/diagram.css", import.meta.url), "utf8");
const leftOut = /\/\* What tools\/sitedrawings.ts leaves out\. \*\/\n([^}]*\}\n[^}]*\})/.exec(css)?.[1];

/** A picture of all outlines: nothing hides anything, and colours, which the page's style sheet has, do not count. */
const outlines = (svg: string) => {
  const style = `<style>${leftOut} * { fill: none !important; stroke: #000 !important; stroke-width: 1px !important }</style>`;
  return sharp(Buffer.from(svg.replace(/<svg[^>]*>/, `$&${style}`)))
    .raw()
    .toBuffer();
};

test.each(drawings)("%s looks the same", async (name) => {
  const svg = readFileSync(new URL(name, golden), "utf8");
  const light = lighterDrawing(svg);
  // The corners of slots that are one path are parabolas, those of rectangles arcs: a shade apart, and nothing else.
  const arcs = svg.replace(/q(?:2 0|0 2|-2 0|0-2)(?= ?-?2)/g, "a2 2 0 0 1");
  expect(Buffer.compare(await outlines(light), await outlines(arcs))).toBe(0);
  expect(light.match(/<title>/g)).toHaveLength(1);
});

test("the drawings of maps are lighter by a third at least when they are compressed", () => {
  const all = drawings.map((name) => readFileSync(new URL(name, golden), "utf8"));
  const maps = all.filter((svg) => svg.includes("data-bucket="));
  expect(maps.length).toBeGreaterThan(5);
  const weight = (svgs: string[]) => gzipSync(svgs.join("\n"), { level: 9 }).length;
  expect(weight(maps.map(lighterDrawing))).toBeLessThan((weight(maps) * 2) / 3);
});

test("what cannot be moved stays where it is", () => {
  const svg =
    '<svg class="hmap"><title>t</title><g data-bucket="1"><rect x="5" y="6"/><line x1="1" y1="2"/></g></svg>';
  expect(lighterDrawing(svg)).toBe(svg);
});
