import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { words } from "../docs/cells/words.ts";
import { withLabels } from "./sitewords.ts";

const folder = new URL("../docs/content/i18n/", import.meta.url);
const languages = readdirSync(folder).filter((file) => file.endsWith(".json") && file !== "en.json");

test.each(languages)("%s has every word that cells and lessons say, and no other", (file) => {
  const table = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Record<string, string>;
  const said = Object.keys(table).filter((key) => key.startsWith("hmap:"));
  expect(said.toSorted()).toEqual(words.map((word) => `hmap:${word}`).toSorted());
  expect(Object.values(table).filter((text) => text.trim() === "")).toEqual([]);
});

test("labels are put into the language of the page, and nothing else is", () => {
  const table = {
    "hmap:Solution": "Lösung",
    "hmap:Diagram": "Zeichnung",
    "hmap:Note": "Hinweis",
    "hmap:Check": "Prüfen",
  };
  const html =
    '<summary>Solution</summary><summary>Note well</summary><div aria-label="Diagram">Note</div>' +
    '<p class="starlight-aside__title" aria-hidden="true">Note</p><span class="cell-language">Check</span>';
  expect(withLabels(html, table)).toBe(
    '<summary>Lösung</summary><summary>Note well</summary><div aria-label="Zeichnung">Note</div>' +
      '<p class="starlight-aside__title" aria-hidden="true">Hinweis</p><span class="cell-language">Prüfen</span>',
  );
});
