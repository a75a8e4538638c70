import { readFile, rename, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Kernel } from "@jupyterlab/services";
import { kernelName } from "../implementation.ts";
import { formatNotebook, type Notebook, NotebookError, parseNotebook } from "../notebook/notebook.ts";
import { compareOutputs, runNotebook } from "../notebook/run.ts";
import { type OpenKernel, openLocalKernel, openServerKernel } from "./kernels.ts";
import { CommandError, Progress, type Terminal } from "./terminal.ts";

export interface RunOptions {
  check?: boolean;
  inplace?: boolean;
  server?: string;
  token?: string;
}

/**
 * Runs notebook files one after the other, each on a kernel of its own, and reports to the terminal.
 *
 * @returns the exit code: 0 when all went well, 1 at the first cell or file that did not, 2 for a wrong call
 */
export async function runFiles(files: string[], options: RunOptions, terminal: Terminal): Promise<number> {
  try {
    if (options.check && options.inplace) {
      throw new CommandError("--check and --inplace exclude each other: give one of them");
    }
    if (options.token !== undefined && options.server === undefined) {
      throw new CommandError("--token goes with --server: give the server's address too");
    }
  } catch (error) {
    terminal.err(`hmap run: ${(error as Error).message}\n`);
    return 2;
  }
  const { server, token = "" } = options;
  for (const file of files) {
    try {
      const notebook = await readNotebook(file);
      const open: OpenKernel = server === undefined ? openLocalKernel : openServerKernel(server, token);
      const fresh = await execute(file, notebook, open, terminal);
      if (fresh === undefined) return 1;
      if (options.check) {
        const difference = compareOutputs(notebook, fresh);
        if (difference !== undefined) {
          terminal.err(`${file}: cell ${difference.number}: ${difference.sentence}\n`);
          terminal.err(`Run "hmap run --inplace ${file}" to take over the fresh outputs.\n`);
          return 1;
        }
      }
      if (options.inplace) await writeWhole(file, formatNotebook(fresh));
    } catch (error) {
      if (!(error instanceof CommandError || error instanceof NotebookError)) throw error;
      terminal.err(`hmap run: ${error instanceof NotebookError ? `${file}: ` : ""}${error.message}\n`);
      return 1;
    }
  }
  return 0;
}

/**
 * Runs a notebook with progress on the terminal. A failing cell is reported with its traceback, and gives undefined.
 *
 * @param file names the notebook in reports; its folder is where cells import from
 */
export async function execute(
  file: string,
  notebook: Notebook,
  open: OpenKernel,
  terminal: Terminal,
): Promise<Notebook | undefined> {
  const name = (notebook.metadata.kernelspec as { name?: string } | undefined)?.name ?? kernelName.name;
  const progress = new Progress(terminal);
  const start = performance.now();
  progress.step(0, 1, file, "starting the kernel");
  const { kernel, close } = await quietly(() => open(name, dirname(resolve(file))));
  try {
    const { notebook: fresh, failure } = await runNotebook(notebook, kernel as Kernel.IKernelConnection, {
      onCell: ({ number, total }) => progress.step(number - 1, total, file, `cell ${number} of ${total}`),
    });
    progress.clear();
    if (failure !== undefined) {
      terminal.err(`${file}: cell ${failure.number} of ${failure.total} failed\n\n`);
      const traceback = failure.traceback.join("\n");
      // In colour for a person, unless that person wants none: https://no-color.org
      const isColoured = terminal.columns !== undefined && !process.env.NO_COLOR;
      terminal.err(`${isColoured ? traceback : stripVTControlCharacters(traceback)}\n`);
      return undefined;
    }
    const cells = fresh.cells.filter((cell) => cell.cell_type === "code").length;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    terminal.out(`${file}: ${cells} ${cells === 1 ? "cell" : "cells"} ran in ${seconds} s\n`);
    return fresh;
  } finally {
    progress.clear();
    await quietly(close);
  }
}

/** The client library tells the console about its connections; on a terminal that is noise. */
async function quietly<T>(action: () => Promise<T>): Promise<T> {
  const { debug } = console;
  console.debug = () => {};
  try {
    return await action();
  } finally {
    console.debug = debug;
  }
}

async function readNotebook(file: string): Promise<Notebook> {
  return parseNotebook(await readText(file, "notebook"));
}

/** The text of a file, or a CommandError that says what is wrong with the path. */
export async function readText(file: string, kind: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new CommandError(`there is no file ${file}: give the path of a ${kind}`);
    if (code === "EISDIR") throw new CommandError(`${file} is a folder: give the path of a ${kind}`);
    if (code === "EACCES") throw new CommandError(`${file} may not be read: change its permissions`);
    throw error;
  }
}

/** Writes a file so that it is either as before or complete. */
export async function writeWhole(file: string, text: string): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  await writeFile(part, text);
  await rename(part, file);
}
