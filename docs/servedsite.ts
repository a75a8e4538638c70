import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { launchChromium } from "../tools/chromium.ts";
import { freshSite } from "../tools/sitefreshness.ts";
import { type Site, serveSite } from "../tools/siteserver.ts";

/** The built site and a browser, for the end-to-end tests of one file. */
export interface ServedSite {
  /** With a slash at the end. */
  readonly url: string;
  readonly browser: Browser;
  /**
   * Opens a page of the site in a context of its own (no shared storage), does something with it, and expects that
   * nothing went wrong that a reader would not see: an error in the console, which a violation of the
   * Content-Security-Policy is too, an exception, or a request to another host.
   *
   * The copy for offline reading is switched off, or every visit would fetch the whole site; docs/offline has its test.
   *
   * @param path below the site's base, with the fragment if there is one
   */
  visit(path: string, use: (page: Page) => Promise<void>, options?: BrowserContextOptions): Promise<void>;
}

/** What a desktop shows. */
const desktop = { width: 1280, height: 900 };
/** The narrowest phone. */
export const phone = { width: 360, height: 740 };

/** Builds the site, unless it is up to date, serves it and starts Chromium before the tests of a file; ends both after them. */
export function servedSite(): ServedSite {
  let site: Site;
  let browser: Browser;
  beforeAll(async () => {
    await freshSite();
    [site, browser] = await Promise.all([serveSite({ port: 0 }), launchChromium()]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.stop();
  });
  return {
    get url() {
      return site.url;
    },
    get browser() {
      return browser;
    },
    visit: (path, use, options) => visit(browser, site.url + path, use, options),
  };
}

/** {@link ServedSite.visit} to a page of any site. */
export async function visit(
  browser: Browser,
  address: string,
  use: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const context = await browser.newContext({ viewport: desktop, serviceWorkers: "block", ...options });
  const problems: string[] = [];
  try {
    const page = await context.newPage();
    // Only what hangs takes as long, on however slow a machine.
    page.setDefaultTimeout(100_000);
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
    expect(response?.status(), address).toBe(200);
    await use(page);
  } finally {
    await context.close();
  }
  expect(problems, address).toEqual([]);
}
