import { expect, test } from "vitest";
import { cell, runs, write } from "../pagecells.ts";
import { servedSite } from "../servedsite.ts";

const site = servedSite();

test("once the site is kept for offline reading, its pages are isolated: Stop ends a loop and keeps the variables", async () => {
  const context = await site.browser.newContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(100_000);
    const faults: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(message.text());
    });
    await page.goto(`${site.url}lessons/inside-a-bucket/`);
    await page.evaluate(
      () =>
        navigator.serviceWorker.controller ??
        new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve)),
    );
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    await page.reload();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);

    await cell(page, 1).run.click();
    await runs(page, 1);
    await write(page, 2, "m.set('kept', 4);\nwhile (true) {}");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Kernel busy").waitFor();
    await cell(page, 2).stop.click();
    await cell(page, 2).error.waitFor();
    await write(page, 2, "m.get('kept')");
    await page.keyboard.press("Control+Enter");
    await cell(page, 2).output.getByText("4", { exact: true }).waitFor();
    expect(faults).toEqual([]);
  } finally {
    await context.close();
  }
});
