import { test } from "vitest";
import { servedSite } from "../servedsite.ts";

const site = servedSite();

test("after one visit to one page, the whole site works without a network: pages, cells, editor, search", async () => {
  const context = await site.browser.newContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(100_000);
    await page.goto(site.url);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.evaluate(
      () =>
        navigator.serviceWorker.controller ??
        new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve)),
    );
    await context.setOffline(true);
    await page.goto(`${site.url}lessons/inside-a-bucket/`);
    const cell = page.locator("hmap-cell").first();
    await cell.getByRole("button", { name: "Run", exact: true }).click();
    await cell.locator(".cell-count", { hasText: "In [1]" }).waitFor();
    await cell.getByRole("button", { name: "Edit" }).click();
    await cell.getByRole("textbox").waitFor();
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByRole("textbox", { name: "Search" }).fill("tophash");
    await page.locator(".pagefind-ui__result").first().waitFor();
  } finally {
    await context.close();
  }
});
