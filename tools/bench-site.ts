// npm run bench:site: how heavy a lesson page is, and how long a reader waits for a diagram after pressing Run.
import type { Page } from "playwright-core";
import { launchChromium } from "./chromium.ts";
import { buildSite, serveSite } from "./siteserver.ts";
import { kilobytes as kb, tooHeavy, weigh } from "./siteweight.ts";

const lesson = "lessons/inside-a-bucket/";
const rounds = 15;

await buildSite();
const site = await serveSite({ port: 0 });
const browser = await launchChromium();
try {
  const weights = await weigh(browser, site.url + lesson);
  const cold: number[] = [];
  const warm: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(site.url + lesson, { waitUntil: "networkidle" });
    cold.push(await clickToDiagram(page));
    warm.push(await clickToDiagram(page));
    await context.close();
  }
  console.log(`
Lesson page, gzipped (level 9), in KB of 1,000 bytes
  before interaction      ${kb(weights.page)}   HTML ${kb(weights.html)}, CSS ${kb(weights.css)}, JavaScript ${kb(weights.js)}
  the first Run adds      ${kb(weights.run)}
  the first Edit adds     ${kb(weights.edit)}

Click on Run to diagram drawn, ms, ${rounds} rounds on this machine
  cold (nothing loaded)   ${spread(cold)}
  warm (second click)     ${spread(warm)}`);
  for (const fault of tooHeavy(weights)) {
    console.error(fault);
    process.exitCode = 1;
  }
} finally {
  await browser.close();
  await site.stop();
}

/** Milliseconds from a click on the first cell's Run until its diagram has been painted; measured inside the page. */
function clickToDiagram(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const cell = document.querySelector("hmap-cell")!;
        const output = cell.querySelector(".cell-output")!;
        const start = performance.now();
        // The page brings the diagram of its build; the run puts another in its place.
        const built = output.querySelector(".output-figure");
        new MutationObserver((_, observer) => {
          const figure = output.querySelector(".output-figure");
          if (!figure || figure === built) return;
          observer.disconnect();
          // The second frame begins when the first, which holds the diagram, has been painted.
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start)));
        }).observe(output, { childList: true, subtree: true });
        cell.querySelector<HTMLButtonElement>(".cell-run")!.click();
      }),
  );
}

function spread(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(0);
  return `median ${at(0.5)}, fastest ${at(0)}, slowest ${at(1)}`;
}
