import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AstroIntegration } from "astro";
import { words } from "../docs/cells/words.ts";
import { htmlFiles } from "./siteoutputs.ts";

const folder = fileURLToPath(new URL("../docs/content/i18n/", import.meta.url));

/**
 * Puts the labels that Markdown's fences, asides and outputs get (docs/markdown, siteoutputs.ts) into the language of their page:
 * neither is told which page it is in, so the finished pages are read.
 */
export function translatedLabels(): AstroIntegration {
  return {
    name: "hmap-labels",
    hooks: {
      "astro:build:done": async ({ dir }) => {
        const root = fileURLToPath(dir);
        for (const file of await htmlFiles(root)) {
          const path = join(root, file);
          const html = await readFile(path, "utf8");
          // Pages that nobody has translated are English inside of a frame in another language.
          const language = /<main\b[^>]*\slang="([\w-]+)"/.exec(html)?.[1];
          const table = join(folder, `${language}.json`);
          if (language === "en" || !existsSync(table)) continue;
          await writeFile(path, withLabels(html, JSON.parse(await readFile(table, "utf8"))));
        }
      },
    },
  };
}

/** Where a label stands: in the bar of a cell, on what is folded away, at the head of an aside, below a
 * recording, and as a name of a figure. */
const label =
  /(<span class="cell-language">|<summary>|<p class="starlight-aside__title"[^>]*>|<p class="output-steps">|\saria-label=")([^<"]+)/g;

/** The page with the labels that the table knows (under `hmap:`) in its words. */
export function withLabels(html: string, table: Readonly<Record<string, string>>): string {
  const known = new Set<string>(words);
  return html.replace(label, (whole, before: string, english: string) => {
    const found = known.has(english) ? table[`hmap:${english}`] : undefined;
    return found === undefined ? whole : before + found;
  });
}
