import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { endsOf } from "./pagecells.ts";
import { servedSite } from "./servedsite.ts";

const site = servedSite();

/** Lessons that have something to do; those in German too. */
const lessons = ["", "de/"].flatMap((language) =>
  readdirSync(fileURLToPath(new URL(`content/docs/${language}lessons`, import.meta.url)))
    .filter((file) => file !== "index.md")
    .map((file) => `${language}lessons/${file.replace(/\.md$/, "")}/`),
);

/** Where the keyboard was after one press of Tab. */
interface Stop {
  /** Number of the element among all of the page; -1 for none. */
  element: number;
  name: string;
  /** Whether an outline or a shadow shows it. */
  seen: boolean;
}

/** Presses Tab from the top of the page until it leaves the page or comes back to where it has been. */
async function tabThrough(page: Page): Promise<Stop[]> {
  await page.evaluate(() => {
    const all = [...document.querySelectorAll("*")];
    // A focus ring may be on the element itself or around it (a range input's is drawn by the browser).
    const look = (element: Element) => {
      const { outlineStyle, outlineWidth, boxShadow, borderColor } = getComputedStyle(element);
      return [
        outlineStyle === "none" ? "" : `${outlineStyle} ${outlineWidth}`,
        boxShadow,
        borderColor,
      ].join();
    };
    const plain = new Map(all.map((element) => [element, look(element)]));
    Object.assign(window, {
      all,
      stop: () => {
        const element = document.activeElement;
        if (!element || element === document.body) return { element: -1, name: "", seen: true };
        const name = `${element.nodeName} ${element.className} ${element.textContent?.trim().slice(0, 30)}`;
        return {
          element: all.indexOf(element),
          name,
          seen: look(element) !== plain.get(element),
        };
      },
    });
  });
  const stops: Stop[] = [];
  const before = new Set<number>();
  for (;;) {
    await page.keyboard.press("Tab");
    const stop = (await page.evaluate("stop()")) as Stop;
    if (stop.element === -1 || before.has(stop.element)) return stops;
    before.add(stop.element);
    stops.push(stop);
  }
}

/** What a reader can press, open, fill in or scroll, and sees, after {@link tabThrough}: numbers as in {@link Stop}, with words for it. */
const controls = (page: Page) =>
  page.evaluate(() => {
    const { all } = window as unknown as { all: Element[] };
    const kinds = "a[href], button, input, select, textarea, summary, [tabindex='0']";
    return all.flatMap((element, n) => {
      if (!element.matches(kinds) || (element as HTMLButtonElement).disabled) return [];
      if (!element.checkVisibility({ visibilityProperty: true })) return [];
      return [{ element: n, name: `${element.nodeName} ${element.textContent?.trim().slice(0, 30)}` }];
    });
  });

/** Goes to something as the keyboard would, and presses a key there. */
async function press(target: Locator, key: string): Promise<void> {
  await target.focus();
  await target.page().keyboard.press(key);
}

describe("by keyboard alone", () => {
  test.each(lessons)("%s can be gone through and completed", async (path) => {
    await site.visit(path, async (page) => {
      const stops = await tabThrough(page);
      expect(stops.filter(({ seen }) => !seen)).toEqual([]);
      const reached = new Set(stops.map(({ element }) => element));
      expect((await controls(page)).filter(({ element }) => !reached.has(element))).toEqual([]);

      // Shift-Enter, from the first cell to the last that is open, runs each and moves on.
      const cells = page.locator("hmap-cell");
      const open = await cells.evaluateAll((all) =>
        all.flatMap((cell, n) =>
          cell.checkVisibility() ? [{ n, check: cell.matches('[data-tags~="check"]') }] : [],
        ),
      );
      await cells.first().locator(".cell-run").focus();
      for (const { n, check } of open) {
        const [end] = await endsOf(page, 1, () => page.keyboard.press("Shift+Enter"));
        if (check)
          expect(end).toEqual({ cell: n, status: "error", error: expect.stringMatching(/^Not yet: /) });
        else expect(end).toEqual({ cell: n, status: "ok", error: "" });
      }

      for (const hint of await page.locator("details.hint > summary").all()) {
        await press(hint, "Enter");
        expect(await hint.locator("..").getAttribute("open")).not.toBe(null);
      }
      const solutions = page.locator("details.solution");
      const checks = page.locator('hmap-cell[data-tags~="check"] .cell-run');
      expect(await solutions.count()).toBe(await checks.count());
      for (let n = 0; n < (await checks.count()); n++) {
        const solution = solutions.nth(n);
        await press(solution.locator(":scope > summary"), "Enter");
        const [solved] = await endsOf(page, 1, () => press(solution.locator(".cell-run"), "Enter"));
        expect(solved).toMatchObject({ status: "ok", error: "" });
        const [checked] = await endsOf(page, 1, () => press(checks.nth(n), "Enter"));
        expect(checked).toMatchObject({ status: "ok", error: "" });
      }
      for (const answer of await page.locator("details.answer.right > summary").all())
        await press(answer, "Space");
      await page.locator(".progress-line", { hasText: /^(?:Done|Fertig): / }).waitFor();
    });
  });
});
