import type { Browser, Page } from "playwright-core";
import { cpuTime } from "./benchcpu.ts";

/** How an editor keeps up with a reader who types. */
export interface Typing {
  /** Milliseconds of the tasks over 50 ms (long, by the Long Tasks API) that held the page up. */
  long: number[];
  /** Milliseconds of the processor's time for each key. */
  cpu: number;
}

/** Types 200 keys into a cell of 300 lines, with completion on. */
export async function typing(browser: Browser, address: string): Promise<Typing> {
  const context = await browser.newContext({ serviceWorkers: "block" });
  try {
    const page = await context.newPage();
    await page.goto(address, { waitUntil: "networkidle" });
    const cells = page.locator("hmap-cell");
    await cells.first().locator(".cell-run").click();
    await cells.first().locator(".cell-count", { hasText: "In [1]" }).waitFor();
    const cell = cells.nth(1);
    await cell.getByRole("button", { name: "Edit" }).click();
    await cell.getByRole("textbox").click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText('m.set("kiwi", 1); // and so on\n'.repeat(300));
    await page.evaluate(() => {
      const long: number[] = [];
      Object.assign(window, { long });
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) long.push(duration);
      }).observe({ type: "longtask" });
    });
    // Names that the kernel completes: faster than anybody types.
    const keys = "m.lookup Runtime console go.make ".repeat(7).slice(0, 200);
    const cpu = await cpuTime(page, async () => {
      await page.keyboard.type(keys, { delay: 40 });
      await afterPaint(page);
    });
    return { long: (await page.evaluate("long")) as number[], cpu: cpu / keys.length };
  } finally {
    await context.close();
  }
}

const afterPaint = (page: Page) =>
  page.evaluate(
    () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
  );
