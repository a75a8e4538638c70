import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** For end-to-end tests: opens a page of the site in a context of its own and collects what goes wrong unseen. */
export async function visitPage(
  browser: Browser,
  address: string,
  use: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<string[]> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const problems: string[] = [];
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    page.on("pageerror", (error) => problems.push(String(error)));
    // Of the context: the worker's requests are among them.
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (/^https?:$/.test(url.protocol) && url.origin !== new URL(address).origin) {
        problems.push(`asked another host: ${url.href}`);
      }
    });
    const response = await page.goto(address);
    if (response?.status() !== 200) problems.push(`${address} answered ${response?.status()}`);
    await use(page);
  } finally {
    await context.close();
  }
  return problems;
}
