import { mkdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { notebookFromMarkdown } from "../notebook/markdown.ts";
import { formatNotebook, NotebookError } from "../notebook/notebook.ts";
import { openLocalKernel } from "./kernels.ts";
import { execute, readText, writeWhole } from "./runfiles.ts";
import { CommandError, type Terminal } from "./terminal.ts";

export interface ConvertOptions {
  to: string;
  check?: boolean;
}

/**
 * Converts lessons and runs their cells in this process. A notebook is written only when all its cells ran.
 *
 * @returns the exit code: 0 when all went well, else 1
 */
export async function convertFiles(
  files: string[],
  options: ConvertOptions,
  terminal: Terminal,
): Promise<number> {
  for (const file of files) {
    try {
      const notebook = notebookFromMarkdown(await readText(file, "lesson"));
      const target = join(options.to, `${basename(file).replace(/\.md$/, "")}.ipynb`);
      const fresh = await execute(target, notebook, openLocalKernel, terminal);
      if (fresh === undefined) return 1;
      const text = formatNotebook(fresh);
      const old = await readFile(target, "utf8").catch(() => undefined);
      if (options.check) {
        if (old === text) continue;
        const state = old === undefined ? "is missing" : "is not what its lesson gives";
        throw new CommandError(`${target} ${state}: run "hmap convert ${file} --to ${options.to}"`);
      }
      await mkdir(options.to, { recursive: true });
      if (old !== text) await writeWhole(target, text);
    } catch (error) {
      if (!(error instanceof CommandError || error instanceof NotebookError)) throw error;
      terminal.err(`hmap convert: ${error instanceof NotebookError ? `${file}: ` : ""}${error.message}\n`);
      return 1;
    }
  }
  return 0;
}
