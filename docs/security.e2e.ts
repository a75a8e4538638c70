import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { sharedFragment } from "./cells/share.ts";
import { servedSite } from "./servedsite.ts";

const site = servedSite();
const lesson = "lessons/inside-a-bucket/";

/** Runs code as the first cell of a page and gives the text it leaves. */
async function outputOf(page: Page, code: string): Promise<string> {
  await page.goto(`${site.url}playground/#${await sharedFragment({ cells: [code], cell: 1 })}`);
  await page.reload();
  const cell = page.locator("hmap-cell").first();
  await cell.getByText("This code came with the link").waitFor();
  await cell.getByRole("button", { name: "Run", exact: true }).click();
  await cell.locator(".cell-count", { hasText: /\d/ }).waitFor();
  return (await cell.locator(".cell-output").textContent()) ?? "";
}

const hostile = [
  "while (true) {}",
  'postMessage("x"); throw new Error("ran")',
  '</code></pre><script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">',
  "javascript:window.hacked=1",
];

describe("a share link", () => {
  test.each([lesson, "playground/"])("to %s shows its code as text and runs nothing", async (path) => {
    for (const code of hostile) {
      await site.visit(`${path}#${await sharedFragment({ cells: [code, code], cell: 1 })}`, async (page) => {
        const cell = page.locator("hmap-cell").first();
        await cell.getByText("This code came with the link. It has not run").waitFor();
        expect(await cell.locator("pre code").first().textContent()).toBe(code);
        await page.waitForLoadState("networkidle");
        expect(page.workers()).toEqual([]);
        expect(await cell.locator(".cell-count").textContent()).toBe("In [ ]");
        expect(await page.evaluate("window.hacked")).toBeUndefined();
        // What the reader had is not lost, and a link leaves nothing behind.
        expect(
          await page.evaluate("Object.keys(localStorage).filter((key) => key.includes('draft'))"),
        ).toEqual([]);
      });
    }
  });

  test.each([
    "#code=%3Cscript%3E",
    "#code=AAAA&cell=1",
    "#code=&cell=99999999",
    "#program=__proto__",
    "#program=%3Cimg%3E",
  ])("that is broken (%s) says so or does nothing", async (fragment) => {
    await site.visit(`playground/${fragment}`, async (page) => {
      await page.waitForLoadState("networkidle");
      expect(page.workers()).toEqual([]);
      if (fragment.startsWith("#code")) {
        await page
          .getByText("The code in this link cannot be read: ask for the link again.")
          .first()
          .waitFor();
      }
    });
  });

  test("made by the menu opens with the code it was made of", async () => {
    await site.visit(lesson, async (page) => {
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await page.locator("hmap-cell .cell-menu summary").nth(1).click();
      await page.getByRole("button", { name: "Copy a link to this code" }).click();
      await page.getByText("The link is on the clipboard.").waitFor();
      const link = await page.evaluate(() => navigator.clipboard.readText());
      const code = await page.locator("hmap-cell pre code").nth(1).textContent();
      await page.goto("about:blank");
      await page.goto(link);
      const cell = page.locator("hmap-cell").nth(1);
      await cell.getByText("This code came with the link").waitFor();
      expect(await cell.locator("pre code").textContent()).toBe(code);
    });
  });
});

test("a cell reaches neither the page, nor what the site keeps, nor the network", async () => {
  await site.visit("playground/", async (page) => {
    await page.evaluate(() => localStorage.setItem("secret", "kept"));
    const ways = [
      "document.cookie",
      "window.localStorage",
      "localStorage.secret",
      "parent.document",
      "fetch('/')",
      "new XMLHttpRequest()",
      "new WebSocket('wss://elsewhere.invalid/')",
      "new EventSource('/')",
      "indexedDB.open('a')",
      "caches.open('a')",
      "new Worker('data:,')",
      "new BroadcastChannel('a')",
      "importScripts('/a.js')",
      "navigator.storage.getDirectory()",
      "navigator.sendBeacon('/')",
      "Object.getOwnPropertyDescriptor(WorkerGlobalScope.prototype, 'indexedDB').get.call(self)",
      "self.constructor.prototype.fetch.call(self, '/')",
    ];
    const code = `for (const way of ${JSON.stringify(ways)}) {
  try {
    (0, eval)(way);
    console.log("OPEN", way);
  } catch (error) {
    console.log("closed", way);
  }
}`;
    const words = await outputOf(page, code);
    expect(words.split("\n").filter((line) => line.startsWith("OPEN"))).toEqual([]);
    expect(words.match(/^closed/gm)?.length).toBe(ways.length);
  });
});

test("text, markup and pictures from a cell are inert", async () => {
  await site.visit("playground/", async (page) => {
    const payloads = [
      `display({ "text/html": "<p>first</p><svg><script>parent.hacked=1</" + "script></svg><iframe srcdoc='<script>parent.hacked=1</" + "script>'></iframe><a href='javascript:hacked=1'>link</a><form action='//elsewhere.invalid'><input></form><math><mi xlink:href='javascript:hacked=1'>x</mi></math><b>bold</b>" }, { raw: true })`,
      `display({ "text/markdown": "<script>hacked=1</" + "script>", "text/plain": "<script>hacked=1</" + "script>" }, { raw: true })`,
      `display({ "image/png": "\\" onerror=\\"hacked=1" }, { raw: true })`,
      `console.log("<img src=x onerror=hacked=1>\\u001b]8;;javascript:hacked=1\\u0007x")`,
    ];
    const words = await outputOf(page, payloads.join(";\n"));
    await page.locator(".output-rich").getByText("bold").waitFor();
    expect(words).toContain("<script>hacked=1</script>");
    const left = page.locator(
      ".cell-output :is(script, iframe, form, input, [onerror], a[href^='javascript'])",
    );
    expect(await left.count()).toBe(0);
    expect(await page.evaluate("window.hacked")).toBeUndefined();
  });
});
