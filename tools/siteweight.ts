import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";

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
  return visit(chromium, address, async (page, total, seen) => {
    const before = await total();
    const [html, css, js] = [await total("html"), await total("css"), await total("javascript")];
    const cell = page.locator("hmap-cell").first();
    await cell.getByRole("button", { name: "Run", exact: true }).click();
    await cell.locator(".cell-count", { hasText: "In [1]" }).waitFor();
    const ran = await total();
    if (!seen().some((url) => /worker/.test(url))) throw new Error("The worker's script was not seen.");
    await cell.getByRole("button", { name: "Edit" }).click();
    await cell.getByRole("textbox").waitFor();
    const edited = await total();
    return { page: before, html, css, js, run: ran - before, edit: edited - ran };
  });
}

/** What a page weighs before a reader does anything, and the scripts among it. */
export function weighUntouched(
  chromium: Browser,
  address: string,
): Promise<Pick<Weights, "page" | "html" | "css" | "js">> {
  return visit(chromium, address, async (_, total) => ({
    page: await total(),
    html: await total("html"),
    css: await total("css"),
    js: await total("javascript"),
  }));
}

/** Gives `use` a page that has been loaded, what has been fetched so far (of one type, if that is named), and its addresses. */
async function visit<T>(
  chromium: Browser,
  address: string,
  use: (page: Page, total: (type?: string) => Promise<number>, seen: () => string[]) => Promise<T>,
): Promise<T> {
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
    return await use(page, total, () => seen.map(({ url }) => url));
  } finally {
    await context.close();
  }
}
