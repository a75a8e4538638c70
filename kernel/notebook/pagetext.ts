/**
 * The text of Markdown cells, which the site and notebooks want a little different:
 *
 * - alerts: `> [!NOTE]` on the site, a quotation that begins with a bold word in a notebook, where Jupyter knows no alerts;
 * - links between pages: addresses on the site (`../growing/`), files in notebooks (`06-growing.ipynb`).
 *
 * Both ways; code in fences is left alone.
 */

/** Where pages of the site are as notebooks. */
export interface Shelf {
  /** The page whose text this is: its path without `.md` (and without `/index`). */
  page: string;
  /** The notebook's file name for each page. */
  notebooks: ReadonlyMap<string, string>;
}

const alerts = ["Note", "Tip", "Important", "Warning", "Caution"];

/** A page's text as a notebook wants it. Without a shelf, links stay. */
export function notebookText(text: string, shelf?: Shelf): string {
  return outsideFences(text, (lines) => {
    const quoted = lines.replace(/^> \[!([A-Z]+)\]\n(?=> )/gm, (whole, kind: string) => {
      const name = alerts.find((alert) => alert.toUpperCase() === kind);
      return name === undefined ? whole : `> **${name}**\n>\n`;
    });
    return shelf === undefined ? quoted : replaceLinks(quoted, (target) => toNotebook(target, shelf));
  });
}

/** Undoes {@link notebookText}. */
export function lessonText(text: string, shelf?: Shelf): string {
  return outsideFences(text, (lines) => {
    const quoted = lines.replace(/^> \*\*(\w+)\*\*\n>\n(?=> )/gm, (whole, name: string) =>
      alerts.includes(name) ? `> [!${name.toUpperCase()}]\n` : whole,
    );
    return shelf === undefined ? quoted : replaceLinks(quoted, (target) => toPage(target, shelf));
  });
}

function replaceLinks(text: string, replace: (target: string) => string | undefined): string {
  return text.replace(/\]\(([^\s()#]+)(#[^\s()]*)?\)/g, (whole, target: string, anchor = "") => {
    const other = replace(target);
    return other === undefined ? whole : `](${other}${anchor})`;
  });
}

function toNotebook(target: string, { page, notebooks }: Shelf): string | undefined {
  if (!/^\.{1,2}\//.test(target) || !target.endsWith("/")) return undefined;
  const path = page.split("/");
  for (const step of target.slice(0, -1).split("/")) {
    if (step === "..") path.pop();
    else if (step !== ".") path.push(step);
  }
  return notebooks.get(path.join("/"));
}

function toPage(target: string, { page, notebooks }: Shelf): string | undefined {
  for (const [other, file] of notebooks) {
    if (file !== target) continue;
    const from = page.split("/");
    const to = other.split("/");
    let common = 0;
    while (common < from.length && common < to.length && from[common] === to[common]) common++;
    const up = "../".repeat(from.length - common);
    return `${up === "" ? "./" : up}${to
      .slice(common)
      .map((step) => `${step}/`)
      .join("")}`;
  }
  return undefined;
}

/** Applies a change to the stretches of a text that are not in fences. */
function outsideFences(text: string, change: (lines: string) => string): string {
  return text
    .split(/^(```[\s\S]*?^```$)/m)
    .map((part, i) => (i % 2 === 0 ? change(part) : part))
    .join("");
}
