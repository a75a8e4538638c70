import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { words } from "./cells/words.ts";
import { endsOf } from "./pagecells.ts";
import { servedSite } from "./servedsite.ts";

const site = servedSite();
const german = JSON.parse(readFileSync(new URL("content/i18n/de.json", import.meta.url), "utf8")) as Record<
  string,
  string
>;

test("a lesson in German says nothing in English: labels, buttons, names and hints, those of an open editor included", async () => {
  await site.visit("de/lessons/inside-a-bucket/", async (page) => {
    const cell = page.locator("hmap-cell").first();
    await cell.getByRole("button", { name: "Bearbeiten" }).click();
    await cell.getByRole("textbox").click();
    await page.keyboard.press("ControlOrMeta+f");
    await cell.getByRole("textbox", { name: "Suchen" }).waitFor();
    await endsOf(page, 1, () => cell.locator(".cell-run").click());
    const said = await page.evaluate(() => {
      const found = new Set<string>();
      const read = (root: Document | ShadowRoot) => {
        for (const element of root.querySelectorAll("body *, *")) {
          for (const name of ["aria-label", "title", "alt", "placeholder"]) {
            found.add(element.getAttribute(name)?.trim() ?? "");
          }
          for (const { nodeType, textContent } of element.childNodes) {
            if (nodeType === Node.TEXT_NODE && !element.closest("script, style, pre")) {
              found.add(textContent?.trim() ?? "");
            }
          }
          if (element.shadowRoot) read(element.shadowRoot);
        }
      };
      read(document);
      return [...found];
    });
    const english = words.filter((word) => german[`hmap:${word}`] !== word);
    expect(english.filter((word) => said.includes(word))).toEqual([]);
    // That it looks at the right things: these are among them.
    for (const word of [
      "Ausführen",
      "Alle ausführen",
      "Lösung",
      "Was geprüft wird",
      "Zeichnung",
      "Hinweis",
    ]) {
      expect(said).toContain(word);
    }
    expect(said).toContain("Ausgabe der Codezelle 1");
    expect(await page.locator(".progress-line").textContent()).toMatch(/^0 von \d Aufgaben, 0 von 1 Frage$/);
  });
});
