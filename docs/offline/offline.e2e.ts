import type { Browser } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { launchChromium } from "../../tools/chromium.ts";
import { buildSite, type Site, serveSite } from "../../tools/siteserver.ts";

let site: Site;
let browser: Browser;

beforeAll(async () => {
  // Vitest puts the variables of its own Vite into the environment, where the site's build would find them.
  for (const name of ["BASE_URL", "MODE", "DEV", "PROD", "SSR"]) delete process.env[name];
  await buildSite();
  [site, browser] = await Promise.all([serveSite({ port: 0 }), launchChromium()]);
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

test("after one visit to one page, the whole site works without a network: pages, cells, editor, search", async () => {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
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
