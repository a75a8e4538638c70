import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";

/** Gzipped bytes (level 9) that a lesson page asks for at each stage. */
export interface Weights {
  /** All that comes before a reader does anything. */
  page: number;
  html: number;
  css: number;
  js: number;
  /** What the first Run adds. */
  run: number;
  /** What the first Edit adds. */
  edit: number;
}

/** What each stage may weigh, in bytes (KB are of 1,000). */
const bars: Partial<Weights> = { page: 45_000, js: 15_000, run: 150_000, edit: 150_000 };

/** The stages that are over their bar, a sentence each. */
export function tooHeavy(weights: Partial<Weights>): string[] {
  return Object.entries(bars).flatMap(([stage, bar]) => {
    const weight = weights[stage as keyof Weights];
    return weight !== undefined && weight > bar
      ? [`${stage}: ${kilobytes(weight)} is more than ${kilobytes(bar)}`]
      : [];
  });
}

export const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} KB`;

/** Opens a page in a fresh browser context, runs and edits its first cell, and weighs what was fetched for each. */
export async function weigh(chromium: Browser, address: string): Promise<Weights> {
  // The copy for offline reading comes later, and is not what a reader waits for.
  const context = await chromium.newContext({ serviceWorkers: "block" });
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
  try {
    await page.goto(address, { waitUntil: "networkidle" });
    const before = await total();
    const [html, css, js] = [await total("html"), await total("css"), await total("javascript")];
    const cell = page.locator("hmap-cell").first();
    await cell.getByRole("button", { name: "Run", exact: true }).click();
    await cell.locator(".cell-count", { hasText: "In [1]" }).waitFor();
    const ran = await total();
    if (!seen.some(({ url }) => /worker/.test(url))) throw new Error("The worker's script was not seen.");
    await cell.getByRole("button", { name: "Edit" }).click();
    await cell.getByRole("textbox").waitFor();
    const edited = await total();
    return { page: before, html, css, js, run: ran - before, edit: edited - ran };
  } finally {
    await context.close();
  }
}
