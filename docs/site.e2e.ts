import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { freshSite } from "../tools/sitefreshness.ts";
import { serveSite } from "../tools/siteserver.ts";
import { faults } from "./axefaults.ts";
import { cell, isDone, runs, textOf, write } from "./pagecells.ts";
import { phone, servedSite, visit } from "./servedsite.ts";

const dist = fileURLToPath(new URL("../dist/site/", import.meta.url));
const lesson = "lessons/inside-a-bucket/";
const site = servedSite();

describe("the landing page", () => {
  test("loads without errors, shows a diagram, and leads to the lesson", async () => {
    await site.visit("", async (page) => {
      await page.getByRole("heading", { level: 1, name: "Go’s map, opened up" }).waitFor();
      expect(await cell(page, 1).diagram.locator("desc").textContent()).toContain("2 buckets");
      expect(await page.getByText("npm run lab").count()).toBe(1);
      await page.getByRole("link", { name: "Read the first lesson" }).click();
      await page.getByRole("heading", { level: 1, name: "A map is a pointer to an hmap" }).waitFor();
    });
  });

  test("the diagram it was built with is the one its cell makes", async () => {
    await site.visit("", async (page) => {
      const { run, diagram } = cell(page, 1);
      // Without the titles of slots, which only a run brings.
      const words = () => diagram.locator("desc, text").allTextContents();
      const built = await words();
      await run.click();
      await runs(page, 1);
      expect(built.length).toBeGreaterThan(20);
      expect(await words()).toEqual(built);
    });
  });

  test("every page names the Go it describes", async () => {
    for (const path of await pages()) {
      const html = await readFile(join(dist, path), "utf8");
      expect(html, path).toMatch(/Go 1\.23 (?:and earlier|und früher)/);
    }
  });
});

describe("the lesson", () => {
  test("can be read without JavaScript", async () => {
    const noScripts = { javaScriptEnabled: false };
    await site.visit(
      lesson,
      async (page) => {
        const { root } = cell(page, 1);
        expect(await root.locator("pre").textContent()).toContain('go.make("map[string]int")');
        expect(await root.locator(".token-keyword").count()).toBeGreaterThan(0);
        expect(await page.locator("figure.listing figcaption").first().textContent()).toBe("Go");
        expect(await page.locator("hmap-cell button").count()).toBe(0);
        // The build ran the cells: a reader without scripts sees what they show.
        expect(await cell(page, 1).diagram.locator("title").first().textContent()).toBe(
          "map[string]int with 3 entries",
        );
        expect(await cell(page, 5).output.textContent()).toMatch(/^hash of fig +[0-9a-f]{16}\n/);
      },
      noScripts,
    );
  });

  test("all its cells run in order, and the maps are drawn", async () => {
    await site.visit(lesson, async (page) => {
      const count = 6;
      for (let n = 1; n <= count; n++) {
        await cell(page, n).run.click();
        await runs(page, n, new RegExp(`^In \\[${n}\\]$`));
        expect(await cell(page, n).error.count()).toBe(0);
      }
      expect(await cell(page, 1).diagram.locator("title").first().textContent()).toBe(
        "map[string]int with 3 entries",
      );
      // What the prose says: the tophash of "fig" in the diagram is the first byte of its hash.
      const words = (await cell(page, 5).output.textContent())!;
      const [, hash, tophash, bucket] =
        /hash of fig +([0-9a-f]{16})\ntophash +([0-9a-f]{2})\nbucket +(\d+)/.exec(words)!;
      expect(hash!.slice(0, 2)).toBe(tophash);
      expect(bucket).toBe("0");
      expect(await cell(page, 1).diagram.textContent()).toContain(`cell 0: tophash 0x${tophash}, key "fig"`);
      expect(await cell(page, 6).diagram.textContent()).toContain("overflow");
      expect(await page.getByText("Kernel ready").count()).toBe(1);
    });
  });

  test("an edited cell draws another diagram, survives a reload, and can be reset and brought back", async () => {
    await site.visit(lesson, async (page) => {
      await cell(page, 1).run.click();
      await runs(page, 1);
      const before = await cell(page, 1).diagram.innerHTML();

      const changed =
        'import { Runtime } from "hmap";\nconst m = new Runtime({ seed: 1 }).make("map[string]int");\nm.set("kiwi", 7);\nm';
      await write(page, 1, changed);
      await page.keyboard.press("Control+Enter");
      await runs(page, 1, /^In \[2\]$/);
      expect(await cell(page, 1).diagram.innerHTML()).not.toBe(before);
      expect(await cell(page, 1).diagram.textContent()).toContain('key "kiwi"');

      await page.reload();
      expect(await cell(page, 1).root.locator("pre").textContent()).toBe(changed);
      await cell(page, 1).reset.click();
      expect(await cell(page, 1).root.locator("pre").textContent()).toContain('m.set("fig", 1)');
      await cell(page, 1).reset.click();
      await cell(page, 1).edit.click();
      expect(await textOf(cell(page, 1).editor)).toBe(changed);
    });
  });

  test("Shift-Enter runs a cell and goes on to the next, by keyboard alone", async () => {
    await site.visit(lesson, async (page) => {
      await cell(page, 1).run.focus();
      await page.keyboard.press("Shift+Enter");
      await runs(page, 1);
      expect(await cell(page, 2).run.evaluate((button) => button === document.activeElement)).toBe(true);
      await page.keyboard.press("Shift+Enter");
      await runs(page, 2);
      await cell(page, 3).edit.focus();
      await page.keyboard.press("Enter");
      await cell(page, 3).editor.waitFor();
      await page.keyboard.press("Escape");
      expect(await cell(page, 3).run.evaluate((button) => button === document.activeElement)).toBe(true);
    });
  });

  test("a syntax error and a thrown error show their place in the reader's code", async () => {
    await site.visit(lesson, async (page) => {
      await write(page, 1, "const a = 1;\nconst b = (2;\n");
      await page.keyboard.press("Control+Enter");
      await cell(page, 1).error.waitFor();
      expect(await cell(page, 1).error.textContent()).toMatch(/SyntaxError/);
      expect(await cell(page, 1).error.textContent()).toMatch(/\b2:\d+|line 2/);

      await write(page, 2, "function fail() {\n  throw new TypeError('no');\n}\n\nfail();");
      await page.keyboard.press("Control+Enter");
      await cell(page, 2).error.waitFor();
      const words = await cell(page, 2).error.textContent();
      expect(words).toMatch(/^TypeError: no/);
      expect(words).toMatch(/\b2:\d+|line 2/);
      await runs(page, 2, /^In \[2\]$/);
    });
  });

  test("a Go type that cannot be had gets an error that names it", async () => {
    await site.visit(lesson, async (page) => {
      await write(page, 1, 'import { Runtime } from "hmap";\nnew Runtime().make("map[Basket]int");');
      await page.keyboard.press("Control+Enter");
      await cell(page, 1).error.waitFor();
      expect(await cell(page, 1).error.textContent()).toContain("Basket");
    });
  });

  test("a cell whose names are missing offers to run the cells above", async () => {
    await site.visit(lesson, async (page) => {
      await cell(page, 2).run.click();
      await cell(page, 2).error.waitFor();
      expect(await cell(page, 2).error.textContent()).toContain("ReferenceError");
      await page.getByRole("button", { name: "Run the cell above, then this one" }).click();
      await runs(page, 2, /^In \[3\]$/);
      expect(await cell(page, 2).diagram.count()).toBe(1);
    });
  });

  test("a busy loop is stopped, the reader is told, and the kernel goes on", async () => {
    await site.visit(lesson, async (page) => {
      await write(page, 1, "while (true) {}");
      await page.keyboard.press("Control+Enter");
      await page.getByText("Kernel busy").waitFor();
      await cell(page, 1).stop.click();
      await cell(page, 1).error.waitFor();
      await page.getByText("All variables are gone: run the cells again from the top.").waitFor();
      await page.getByText("Kernel ready").waitFor();

      await write(page, 1, "6 * 7");
      await page.keyboard.press("Control+Enter");
      await cell(page, 1).output.getByText("42", { exact: true }).waitFor();
    });
  });

  test("a kernel that cannot be loaded is dead, says why, and Restart brings it back", async () => {
    const context = await site.browser.newContext();
    try {
      const page = await context.newPage();
      await page.goto(site.url + lesson);
      await context.route(/worker-/, (route) => route.abort());
      await cell(page, 1).run.click();
      await page.getByText("Kernel dead").waitFor();
      await page.getByText("The kernel could not be loaded. Press Restart to go on.").waitFor();
      expect(await cell(page, 1).error.textContent()).toContain("The kernel could not be loaded.");

      await context.unroute(/worker-/);
      await page.getByRole("button", { name: "Restart" }).click();
      await page.getByText("Kernel ready").waitFor();
      await cell(page, 1).run.click();
      await cell(page, 1).diagram.waitFor();
    } finally {
      await context.close();
    }
  });

  test("Restart forgets the variables", async () => {
    await site.visit(lesson, async (page) => {
      await cell(page, 1).run.click();
      await runs(page, 1);
      await page.getByRole("button", { name: "Restart" }).click();
      await page.getByText("Kernel ready").waitFor();
      await cell(page, 2).run.click();
      await cell(page, 2).error.waitFor();
      expect(await cell(page, 2).error.textContent()).toContain("ReferenceError");
    });
  });

  test("Run all runs every cell from the top", async () => {
    await site.visit(lesson, async (page) => {
      await cell(page, 1).run.click();
      await runs(page, 1);
      await page.getByRole("button", { name: "Run all" }).click();
      await runs(page, 3, /^In \[4\]$/);
    });
  });

  test("output cannot run anything in the page", async () => {
    await site.visit(lesson, async (page) => {
      const attack = `display({ "text/html": "<b>bold</b><img src='http://elsewhere.invalid/a.png' onerror='window.hacked=1'><p style='background: url(http://elsewhere.invalid/b.png)'>c</p><script>window.hacked=1</" + "script>" }, { raw: true });
display({ "image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload='window.hacked=1'><script>window.hacked=1</" + "script><image href='http://elsewhere.invalid/c.png'/><text>shown</text></svg>" }, { raw: true });`;
      await write(page, 1, attack);
      await page.keyboard.press("Control+Enter");
      await runs(page, 1);
      await cell(page, 1).output.getByText("bold").waitFor();
      expect(await cell(page, 1).diagram.textContent()).toContain("shown");
      expect(await cell(page, 1).output.locator("script, [onerror], [onload]").count()).toBe(0);
      expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    });
  });
});

test("the site works below a folder of its host", async () => {
  const below = { base: "/some/folder", outDir: "dist/site-below" };
  await freshSite(below);
  const served = await serveSite({ port: 0 }, below);
  try {
    await visit(site.browser, served.url, async (page) => {
      await page.getByRole("link", { name: "Read the first lesson" }).click();
      await page.waitForURL("**/some/folder/lessons/a-pointer-to-an-hmap/");
      await cell(page, 1).run.click();
      await runs(page, 1);
      expect(await cell(page, 1).diagram.count()).toBe(1);
      await page.getByRole("link", { name: "Go 1.23 and earlier" }).click();
      await page.waitForURL("**/some/folder/go-versions/");
    });
  } finally {
    await served.stop();
  }
});

/** One page of each kind; api pages are made by one template. */
const kinds = [
  "",
  lesson,
  "de/lessons/inside-a-bucket/",
  "playground/",
  "course/",
  "questions/",
  "guides/library/",
  "gallery/",
  "changelog/",
  "api/engine/classes/runtime/",
  "404.html",
];

describe("every page", () => {
  test("has internal links that resolve, anchors included, and pictures with words for them", async () => {
    const broken: string[] = [];
    const files = new Set(await readdir(dist, { recursive: true }));
    const texts = new Map<string, string>();
    const ids = new Map<string, Set<string>>();
    for (const path of await pages()) {
      const html = await readFile(join(dist, path), "utf8");
      texts.set(path, html);
      ids.set(path, new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id!)));
    }
    for (const [path, html] of texts) {
      const here = new URL(path.replace(/index\.html$/, ""), "http://site/");
      for (const [, href] of html.matchAll(/<(?:a|link|script|img)\b[^>]*?\s(?:href|src)="([^"]+)"/g)) {
        const url = new URL(href!.replaceAll("&amp;", "&"), here);
        if (url.origin !== here.origin) continue;
        const file = decodeURI(url.pathname)
          .slice(1)
          .replace(/(^|\/)$/, "$1index.html");
        const target = ids.get(file);
        const anchor = decodeURIComponent(url.hash.slice(1));
        if (!files.has(file) || (anchor && target && !target.has(anchor))) broken.push(`${path}: ${href}`);
      }
      for (const [image] of html.matchAll(/<img\b[^>]*>/g)) {
        if (!/\salt="[^"]/.test(image)) broken.push(`${path}: ${image}`);
      }
    }
    expect(broken).toEqual([]);
  });

  test.each(["light", "dark"] as const)(
    "has no accessibility faults with an error and an open menu on it, in the %s theme",
    async (colorScheme) => {
      for (const path of [lesson, "playground/"]) {
        await site.visit(
          path,
          async (page) => {
            await write(page, 1, "missing;");
            await page.keyboard.press("Control+Enter");
            await cell(page, 1).error.waitFor();
            await page.locator(".cell-menu summary").first().click();
            expect(await faults(page), path).toEqual([]);
          },
          { colorScheme },
        );
      }
    },
  );

  test("has its table of contents at the edge as soon as that has come, before the text has", async () => {
    const whole = await readFile(join(dist, lesson, "index.html"), "utf8");
    const begun = whole.slice(0, whole.indexOf('<div class="main-pane'));
    expect(begun).toContain("right-sidebar");
    const left = (page: Page) =>
      page.locator(".right-sidebar").evaluate((bar) => bar.getBoundingClientRect().x);
    await site.visit(lesson, async (page) => {
      const place = await left(page);
      await page.route(`**/${lesson}`, (route) => route.fulfill({ contentType: "text/html", body: begun }));
      await page.reload();
      expect(await left(page)).toBe(place);
    });
  });

  test("fits a phone and a tablet, before and after Run", async () => {
    for (const path of kinds) {
      await site.visit(
        path,
        async (page) => {
          expect(await overflow(page), path).toBe(0);
          await page.setViewportSize({ width: 768, height: 1000 });
          expect(await overflow(page), path).toBe(0);
          await page.setViewportSize(phone);
          if (![lesson, "playground/"].includes(path)) return;
          await cell(page, 1).run.click();
          await runs(page, 1);
          await cell(page, 1).edit.click();
          await cell(page, 1).editor.waitFor();
          expect(await overflow(page), path).toBe(0);
        },
        { viewport: phone },
      );
    }
  });
});

describe("exercises", () => {
  test("are checked on the state they leave, by keyboard alone, and progress is kept and can be taken along", async () => {
    await site.visit(lesson, async (page) => {
      const check = page.locator('hmap-cell[data-tags~="check"]').first();
      await check.getByRole("button", { name: "Check" }).focus();
      await page.keyboard.press("Enter");
      await check.locator(".output-notyet").waitFor();
      expect(await page.locator(".progress-line").textContent()).toMatch(/^0 of \d+ exercises/);

      const solution = page.locator("details.solution").first();
      await solution.locator("summary").first().focus();
      await page.keyboard.press("Enter");
      await solution.getByRole("button", { name: "Run", exact: true }).focus();
      await page.keyboard.press("Enter");
      await solution.locator(".cell-count", { hasText: isDone }).waitFor();
      await check.getByRole("button", { name: "Check" }).focus();
      await page.keyboard.press("Enter");
      await check.getByText("done ✓").or(page.locator("hmap-cell[data-done]")).first().waitFor();

      const question = page.locator("details.answer.right").first();
      await question.locator("summary").focus();
      await page.keyboard.press("Enter");
      await page.locator(".progress-line", { hasText: /^1 of \d+ exercises, 1 of/ }).waitFor();

      await page.goto(`${site.url}course/`);
      await page
        .locator('[data-lesson="lessons/inside-a-bucket/"] .state', { hasText: /^(2 of|done)/ })
        .waitFor();
      const saved = page.waitForEvent("download");
      await page.getByRole("button", { name: "Export my progress" }).click();
      const file = (await saved).path();
      await page.evaluate(() => localStorage.clear());
      await page.reload();
      await page.locator("input[type=file]").setInputFiles(await file);
      await page.getByText("The progress was added.").waitFor();
      await page.getByRole("link", { name: "Go on: Inside a bucket" }).click();
      await page.locator(".progress-line", { hasText: /^1 of/ }).waitFor();
    });
  });
});

/** Paths of all built pages, relative to dist/site. */
async function pages(): Promise<string[]> {
  const files = await readdir(dist, { recursive: true });
  return files.filter((file) => file.endsWith(".html")).map((file) => file.replaceAll("\\", "/"));
}

/** By how many pixels the page is wider than the window. */
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
