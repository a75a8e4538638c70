// npm run bench:site: how heavy a lesson page is, and how long a reader waits for a diagram after pressing Run.
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "./chromium.ts";
import { buildSite, serveSite } from "./siteserver.ts";

const lesson = "lessons/inside-a-bucket/";
const rounds = 15;

await buildSite();
const site = await serveSite({ port: 0 });
const browser = await launchChromium();
try {
  const weights = await weigh(browser);
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
} finally {
  await browser.close();
  await site.stop();
}

/** Bytes over the wire at each stage, if everything is sent gzipped. */
async function weigh(chromium: Browser) {
  const context = await chromium.newContext();
  const page = await context.newPage();
  const seen: { url: string; type: string; bytes: number }[] = [];
  const pending: Promise<void>[] = [];
  // Of the context, not the page: the worker's own script is among them.
  context.on("response", (response) => {
    const url = response.url();
    if (!url.startsWith("http") || seen.some((earlier) => earlier.url === url)) return;
    const entry = { url, type: response.headers()["content-type"] ?? "", bytes: 0 };
    seen.push(entry);
    pending.push(
      response.body().then((body) => {
        entry.bytes = gzipSync(body, { level: 9 }).length;
      }),
    );
  });
  const total = async (type = "") => {
    await page.waitForLoadState("networkidle");
    await Promise.all(pending);
    return seen.filter((entry) => entry.type.includes(type)).reduce((sum, { bytes }) => sum + bytes, 0);
  };

  await page.goto(site.url + lesson, { waitUntil: "networkidle" });
  const [before, html, css, js] = [
    await total(),
    await total("html"),
    await total("css"),
    await total("javascript"),
  ];
  const cell = page.locator("hmap-cell").first();
  await cell.getByRole("button", { name: "Run", exact: true }).click();
  await cell.locator(".cell-output svg").waitFor();
  const ran = await total();
  if (!seen.some(({ url }) => /worker/.test(url))) throw new Error("The worker's script was not seen.");
  await cell.getByRole("button", { name: "Edit" }).click();
  await cell.getByRole("textbox").waitFor();
  const edited = await total();
  await context.close();
  return { page: before, html, css, js, run: ran - before, edit: edited - ran };
}

/** Milliseconds from a click on the first cell's Run until its diagram has been painted; measured inside the page. */
function clickToDiagram(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const cell = document.querySelector("hmap-cell")!;
        const output = cell.querySelector(".cell-output")!;
        const start = performance.now();
        new MutationObserver((_, observer) => {
          if (!output.querySelector(".output-figure")) return;
          observer.disconnect();
          // The second frame begins when the first, which holds the diagram, has been painted.
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start)));
        }).observe(output, { childList: true, subtree: true });
        cell.querySelector<HTMLButtonElement>(".cell-run")!.click();
      }),
  );
}

function kb(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} KB`;
}

function spread(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(0);
  return `median ${at(0.5)}, fastest ${at(0)}, slowest ${at(1)}`;
}
