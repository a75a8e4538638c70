import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { freshSite } from "../tools/sitefreshness.ts";
import { findCells } from "../tools/siteoutputs.ts";
import { faults, inTheme } from "./axefaults.ts";
import { endsOf } from "./pagecells.ts";
import { programs } from "./playground/programs.ts";
import { phone, servedSite } from "./servedsite.ts";

await freshSite();
const dist = fileURLToPath(new URL("../dist/site/", import.meta.url));
const site = servedSite();

/** Of the pages that nobody has translated one of each kind is enough: they are their English page in a German frame. */
const untranslated = ["de/", "de/course/", "de/playground/", "de/guides/library/", "de/api/modules/"];

const pages = readdirSync(dist, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".html"))
  .map((file) => {
    const html = readFileSync(join(dist, file), "utf8");
    const path = file.replaceAll("\\", "/").replace(/(^|\/)index\.html$/, "$1");
    const isCopy = /<html lang="de"/.test(html) && /<main [^>]*lang="en"/.test(html);
    return { path, isCopy, cells: findCells(html) };
  })
  .filter(({ path, isCopy }) => !isCopy || untranslated.includes(path))
  .sort((a, b) => a.path.localeCompare(b.path));

const isOnRequest = ({ tags }: { tags: string[] }) => tags.includes("check") || tags.includes("solution");

/** The strip at the foot: its buttons in any language. */
const bar = (page: Page) => {
  const buttons = page.locator(".kernel-bar > button");
  return { runAll: buttons.nth(0), restart: buttons.nth(2), note: page.locator(".kernel-note") };
};

/** Starts the kernel by the first cell, restarts it, and runs all from the top: how each cell ended. */
async function runAllAfresh(page: Page, count: number) {
  await endsOf(page, 1, () => page.locator("hmap-cell .cell-run").first().click());
  await bar(page).restart.click();
  await bar(page).note.filter({ hasText: /./ }).waitFor();
  return endsOf(page, count, () => bar(page).runAll.click());
}

/**
 * From now on, notes each shift of the page's layout and each cell whose height changes, if only for a moment.
 */
async function watchMoves(page: Page): Promise<() => Promise<string>> {
  await page.evaluate(() => {
    const moves: string[] = [];
    Object.assign(window, { moves });
    // Every shift counts, those right after a click too, which the web's own measure forgives.
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { sources } = entry as unknown as { sources: { node?: Element }[] };
        for (const { node } of sources) {
          moves.push(`shifted: ${node?.className || node?.nodeName}`);
        }
      }
    }).observe({ type: "layout-shift" });
    // Shifts are told of what is in the window only; what makes them, for the whole page.
    const heights = new Map<Element, number>();
    const sizes = new ResizeObserver((entries) => {
      for (const { target, contentRect } of entries) {
        const before = heights.get(target) ?? contentRect.height;
        heights.set(target, contentRect.height);
        if (Math.abs(before - contentRect.height) < 1) continue;
        const number = [...document.querySelectorAll("hmap-cell")].indexOf(target) + 1;
        moves.push(`cell ${number}: ${Math.round(before)} to ${Math.round(contentRect.height)} px`);
      }
    });
    for (const cell of document.querySelectorAll("hmap-cell")) sizes.observe(cell);
  });
  return async () => {
    return ((await page.evaluate("window.moves")) as string[]).join("\n");
  };
}

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe("every page", () => {
  test.each(pages)(
    "$path has no accessibility faults, light or dark, before and after its cells have run green",
    async ({ path, cells }) => {
      await site.visit(path, async (page) => {
        await inTheme(page, "light");
        expect(await faults(page), "light").toEqual([]);
        await inTheme(page, "dark");
        expect(await faults(page, "colours"), "dark").toEqual([]);
        if (cells.length === 0) return;
        const inOrder = cells.flatMap((cell, n) => (isOnRequest(cell) ? [] : [n]));
        const moves = await watchMoves(page);
        const ends = await runAllAfresh(page, inOrder.length);
        expect(ends).toEqual(inOrder.map((n) => ({ cell: n, status: "ok", error: "" })));
        expect(await moves()).toBe("");
        expect(await faults(page, "colours"), "dark, after Run").toEqual([]);
        await inTheme(page, "light");
        expect(await faults(page), "light, after Run").toEqual([]);
      });
    },
  );
});

const withCells = pages.filter(({ cells }) => cells.length > 0);

describe("on a phone", () => {
  test.each(withCells)("nothing on $path moves or sticks out when its cells run", async ({ path, cells }) => {
    await site.visit(
      path,
      async (page) => {
        const moves = await watchMoves(page);
        await runAllAfresh(page, cells.filter((cell) => !isOnRequest(cell)).length);
        expect(await moves()).toBe("");
        expect(await overflow(page)).toBe(0);
      },
      { viewport: phone },
    );
  });
});

/**
 * Windows of a laptop: the narrowest one in which the first page has its drawing beside the code, the narrowest one with a
 * sidebar on both sides of the text, and wider ones.
 */
const laptops = [1024, 1152, 1279, 1280];

test.each(withCells)("on a laptop no drawing on $path is wider than its frame", async ({ path }) => {
  await site.visit(path, async (page) => {
    for (const width of laptops) {
      await page.setViewportSize({ width, height: 800 });
      const wider = await page
        .locator(".output-figure")
        .evaluateAll((figures) =>
          figures
            .filter((figure) => figure.scrollWidth > figure.clientWidth)
            .map((figure) => figure.scrollWidth),
        );
      expect(wider, `in a window of ${width} pixels`).toEqual([]);
    }
  });
});

test.each(programs)("the program $id of the playground runs green", async ({ id }) => {
  await site.visit(`playground/#program=${id}`, async (page) => {
    expect(await runAllAfresh(page, 1)).toEqual([{ cell: 0, status: "ok", error: "" }]);
  });
});
