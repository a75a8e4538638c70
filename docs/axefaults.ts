import axe, { type AxeResults } from "axe-core";
import type { Page } from "playwright-core";

/**
 * What axe finds fault with on a page as it stands, as short lines.
 *
 * @param rules all of them, or only those about colours, which are what a change of theme can break
 */
export async function faults(page: Page, rules: "all" | "colours" = "all"): Promise<string[]> {
  await page.evaluate(axe.source);
  const options = {
    resultTypes: ["violations"],
    // It is for rules about videos and about screens that are turned, and fetches what is there already.
    preload: false,
    ...(rules === "colours" && { runOnly: ["color-contrast", "link-in-text-block"] }),
  };
  const results = (await page.evaluate(`axe.run(document, ${JSON.stringify(options)})`)) as AxeResults;
  return results.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(" | ")}`,
  );
}

/** Switches the theme as the reader's system would, and waits until the page has followed. */
export async function inTheme(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.locator(`html[data-theme=${colorScheme}]`).waitFor();
}
