import { expect, test } from "vitest";
import { launchChromium } from "../../tools/chromium.ts";
import { gallery } from "./gallery.ts";

/** What is wrong with the texts of the picture in a page: outside of it, or over one another. */
function faults(): string[] {
  const svg = document.querySelector("svg") as SVGSVGElement;
  const { width, height } = svg.viewBox.baseVal;
  const texts = [...svg.querySelectorAll("text")].map((text) => ({
    words: text.textContent,
    box: text.getBBox(),
  }));
  const found = texts
    .filter(({ box }) => box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height)
    .map(({ words }) => `${words} is cut off`);
  // The box of a line of text is higher than its letters: lines may touch.
  const overlap = (a: DOMRect, b: DOMRect) =>
    Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) > 0.5 &&
    Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) > 3.5;
  for (const [i, a] of texts.entries()) {
    for (const b of texts.slice(i + 1))
      if (overlap(a.box, b.box)) found.push(`${a.words} lies over ${b.words}`);
  }
  return found;
}

/** The horizontal edges of boxes that texts in the middle of a box stick out of. */
function stickingOut(): string[] {
  const rects: { x: number; y: number; width: number; height: number }[] = [
    ...document.querySelectorAll("rect"),
  ].map((rect) => rect.getBBox());
  // The slots of a cell are one path, each a rectangle with round corners that begins where the one before did.
  const slot = /([Mm])(-?[\d.]+) (-?[\d.]+)h([\d.]+)q2 0 2 2v([\d.]+)/g;
  for (const path of document.querySelectorAll("path")) {
    let [x, y] = [0, 0];
    for (const [, move, right, below, across, down] of (path.getAttribute("d") ?? "").matchAll(slot)) {
      if (move === "M") [x, y] = [Number(right) - 2, Number(below)];
      else [x, y] = [x + Number(right), y + Number(below)];
      rects.push({ x, y, width: Number(across) + 4, height: Number(down) + 4 });
    }
  }
  return [...document.querySelectorAll<SVGTextElement>('text[text-anchor="middle"]')].flatMap((text) => {
    const box = text.getBBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const around = rects
      .filter((rect) => x > rect.x && x < rect.x + rect.width && y > rect.y && y < rect.y + rect.height)
      .sort((a, b) => a.width * a.height - b.width * b.height)[0];
    if (around === undefined) return [];
    return box.x < around.x - 0.5 || box.x + box.width > around.x + around.width + 0.5
      ? [`${text.textContent}`]
      : [];
  });
}

test("in every width no text is cut off, lies over another or sticks out of its box", async () => {
  await using browser = await launchChromium();
  const page = await browser.newPage();
  for (const { name, drawing } of gallery()) {
    for (const width of [undefined, 240, 360, 600]) {
      await page.setContent(width === undefined ? drawing.svg : drawing.svgIn(width));
      expect(await page.evaluate(faults), `${name} in ${width}`).toEqual([]);
      expect(await page.evaluate(stickingOut), `${name} in ${width}`).toEqual([]);
    }
  }
});

test("the text of a picture can be selected", async () => {
  await using browser = await launchChromium();
  const page = await browser.newPage();
  const sample = gallery().find(({ name }) => name === "one-bucket");
  await page.setContent(sample?.drawing.svg ?? "");
  await page.getByText('"plum"', { exact: true }).dblclick();
  expect(await page.evaluate(() => String(getSelection()))).toContain("plum");
});
