import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { notebookFromMarkdown } from "../notebook/markdown.ts";
import { formatNotebook, NotebookError } from "../notebook/notebook.ts";
import { openLocalKernel } from "./kernels.ts";
import { execute, readText, writeWhole } from "./runfiles.ts";
import { CommandError, type Terminal } from "./terminal.ts";

export interface ConvertOptions {
  to: string;
  check?: boolean;
  /** Convert only the page with this name: `growing` for `growing.md`. The others are there for links. */
  only?: string;
}

/** A lesson and what becomes of it. */
export interface Page {
  file: string;
  /** Its path without `.md` and `/index`: what its address on the site follows from. */
  page: string;
  text: string;
  /** `06-growing.ipynb`; the number is the page's `order` in the site's sidebar, if it has one. */
  notebook: string;
}

/**
 * Converts lessons and runs their cells in this process. A notebook is written only when all its cells ran.
 *
 * @param paths Markdown files, and folders: of a folder, the pages that have jupytext's front matter
 * @returns the exit code: 0 when all went well, else 1
 */
export async function convertFiles(
  paths: string[],
  options: ConvertOptions,
  terminal: Terminal,
): Promise<number> {
  let file = "";
  try {
    const pages = await readPages(paths);
    const notebooks = new Map(pages.map(({ page, notebook }) => [page, notebook]));
    const wanted = pages.filter(({ file }) => (options.only ?? nameOf(file)) === nameOf(file));
    if (wanted.length === 0) throw new CommandError(`there is no page ${options.only}: give the name of one`);
    for (const { page, text, notebook, ...where } of wanted) {
      file = where.file;
      const target = join(options.to, notebook);
      const empty = notebookFromMarkdown(text, { page, notebooks });
      const fresh = await execute(target, empty, openLocalKernel, terminal);
      if (fresh === undefined) return 1;
      const json = formatNotebook(fresh);
      const old = await readFile(target, "utf8").catch(() => undefined);
      if (options.check) {
        if (old === json) continue;
        const which = pages.length === 1 ? file : `${paths.join(" ")} --only ${nameOf(file)}`;
        const state = old === undefined ? "is missing" : "is not what its lesson gives";
        throw new CommandError(`${target} ${state}: run "hmap convert ${which} --to ${options.to}"`);
      }
      await mkdir(options.to, { recursive: true });
      if (old !== json) await writeWhole(target, json);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof CommandError || error instanceof NotebookError)) throw error;
    terminal.err(`hmap convert: ${error instanceof NotebookError ? `${file}: ` : ""}${error.message}\n`);
    return 1;
  }
}

/**
 * Reads lessons.
 *
 * @param paths as for {@link convertFiles}
 * @throws CommandError when a path cannot be read, or two pages would become the same notebook
 */
export async function readPages(paths: string[]): Promise<Page[]> {
  const pages: Page[] = [];
  for (const path of paths) {
    const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
    const files = isFolder ? (await readdir(path)).sort().map((name) => join(path, name)) : [path];
    for (const file of files.filter((name) => !isFolder || name.endsWith(".md"))) {
      const text = await readText(file, "lesson");
      const frontMatter = /^---\n([\s\S]*?\n)---\n/.exec(text)?.[1] ?? "";
      if (isFolder && !/^jupyter:/m.test(frontMatter)) continue;
      const order = /^sidebar:\n(?:[ ].*\n)*?[ ]+order: (\d+)$/m.exec(frontMatter)?.[1];
      const prefix = order === undefined ? "" : `${order.padStart(2, "0")}-`;
      const page = resolve(file)
        .replace(/\.md$/, "")
        .replace(/\/index$/, "");
      pages.push({ file, page, text, notebook: `${prefix}${nameOf(file)}.ipynb` });
    }
  }
  for (const [i, { notebook, file }] of pages.entries()) {
    const other = pages.slice(0, i).find((page) => page.notebook === notebook);
    if (other !== undefined) {
      throw new CommandError(`${other.file} and ${file} would both be ${notebook}: rename one of them`);
    }
  }
  return pages;
}

const nameOf = (file: string) => basename(file).replace(/\.md$/, "");
