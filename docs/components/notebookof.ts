import { readdirSync } from "node:fs";
import { join } from "node:path";

const names = readdirSync(join(process.cwd(), "notebooks")).filter((name) => name.endsWith(".ipynb"));
const base = import.meta.env.BASE_URL.replace(/\/?$/, "/");

/**
 * The address of a page's notebook, which is published under the name it has in notebooks/ (`03-inside-a-bucket.ipynb`);
 * undefined for pages that have none.
 *
 * @param id the page's id: "lessons/inside-a-bucket"
 */
export function notebookOf(id: string): string | undefined {
  if (id.startsWith("de/")) return undefined;
  const slug = id.split("/").at(-1) ?? "";
  const name = names.find((one) => one.replace(/^\d+-|\.ipynb$/g, "") === slug);
  return name && `${base}notebooks/${name}`;
}
