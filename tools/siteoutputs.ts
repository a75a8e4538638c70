import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AstroIntegration } from "astro";
import { plainText } from "../docs/cells/ansi.ts";
import type { Word } from "../docs/cells/words.ts";
import { RECORDING_MIME } from "../engine/trace/recordingjson.ts";
import { openLocalKernel } from "../kernel/cli/kernels.ts";
import { kernelName } from "../kernel/implementation.ts";
import type { CodeCell, Notebook, NotebookOutput } from "../kernel/notebook/notebook.ts";
import { runNotebook } from "../kernel/notebook/run.ts";
import { lighterDrawing } from "./sitedrawings.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const cacheFolder = join(root, "node_modules/.cache/hmap-outputs");

/** A cell as the built page has it. */
interface PageCell {
  code: string;
  tags: string[];
}

/**
 * Runs the cells of every built page, in order and on a fresh kernel, and puts their outputs into the page: readers
 * without scripts see what a run would show, and a run does not move what stands below.
 *
 * Outputs are kept in node_modules/.cache under the hash of the cells and of the engine's and kernel's sources, so they
 * cannot be older than either. Cells tagged `hint`, `check` or `solution` are left to the reader; an `exercise`
 * may fail. Any other failing cell fails the build.
 */
export function prerenderedOutputs(): AstroIntegration {
  return {
    name: "hmap-outputs",
    hooks: {
      "astro:build:done": async ({ dir, logger }) => {
        const folder = fileURLToPath(dir);
        const sources = await hashSources();
        let ran = 0;
        for (const file of await htmlFiles(folder)) {
          const path = join(folder, file);
          const html = await readFile(path, "utf8");
          const cells = findCells(html);
          if (cells.length === 0) continue;
          const { outputs, fresh } = await outputsOf(cells, sources, file);
          if (fresh) ran++;
          await writeFile(path, insertOutputs(html, outputs));
        }
        // The lessons as files to download: docs/components/Head.astro links each page to its own.
        await cp(join(root, "notebooks"), join(folder, "notebooks"), { recursive: true });
        logger.info(`ran the cells of ${ran} pages`);
      },
    },
  };
}

/** Paths of the pages below a folder. */
export async function htmlFiles(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".html")).sort();
}

const cellPattern = /<hmap-cell\b([^>]*)>([\s\S]*?)<\/hmap-cell>/g;
const emptyOutput = '<div class="cell-output"></div>';

/** The cells of a page, from the markup that docs/markdown/code.ts makes. */
export function findCells(html: string): PageCell[] {
  return [...html.matchAll(cellPattern)].map(([, attributes, inside]) => {
    const code = /<code[^>]*>([\s\S]*?)<\/code>/.exec(inside!)?.[1] ?? "";
    return {
      code: decode(code.replace(/<[^>]+>/g, "")),
      tags: (/data-tags="([^"]*)"/.exec(attributes!)?.[1] ?? "").split(" ").filter(Boolean),
    };
  });
}

/** The page with the n-th list of outputs in its n-th cell. */
export function insertOutputs(html: string, outputs: readonly (readonly NotebookOutput[])[]): string {
  let n = 0;
  return html.replace(cellPattern, (cell) => {
    const shown = outputs[n++] ?? [];
    if (shown.length === 0) return cell;
    return cell.replace(
      emptyOutput,
      () => `<div class="cell-output" data-pagefind-ignore>${shown.map(outputHtml).join("")}</div>`,
    );
  });
}

/** The markup that docs/cells/output.ts makes of the same output, but for shadow roots: built pages are trusted. */
export function outputHtml(output: NotebookOutput): string {
  switch (output.output_type) {
    case "stream":
      return pre(output.text, output.name === "stderr" ? "output-text output-stderr" : "output-text");
    case "error": {
      const heading = `${output.ename}: ${output.evalue}`;
      const traceback = plainText(output.traceback.join("\n"));
      const rest = traceback.startsWith(heading)
        ? traceback.slice(heading.length).replace(/^\n+/, "")
        : traceback;
      return `<div class="output-error"><p>${escaped(heading)}</p>${rest.trim() ? pre(rest, "output-text") : ""}</div>`;
    }
    default: {
      const svg = output.data["image/svg+xml"];
      if (svg !== undefined) {
        const figure = `<div class="output-figure" tabindex="0" role="group" aria-label="Diagram">${lighterDrawing(String(svg))}</div>`;
        if (!(RECORDING_MIME in output.data)) return figure;
        const invitation: Word = "Run the cell to go through its steps.";
        return `<div class="output-player">${figure}<p class="output-steps">${invitation}</p></div>`;
      }
      const html = output.data["text/html"];
      if (html !== undefined) {
        // In a shadow root, as a run shows it: the page's own rules for tables would make it another height.
        return `<div class="output-rich" tabindex="0" role="group" aria-label="Output"><template shadowrootmode="open">${String(html)}</template></div>`;
      }
      const text = output.data["text/plain"];
      return pre(text === undefined ? "(run the cell to see its output)" : String(text), "output-text");
    }
  }
}

async function outputsOf(cells: PageCell[], sources: string, file: string) {
  const key = createHash("sha256").update(sources).update(JSON.stringify(cells)).digest("hex");
  const kept = join(cacheFolder, `${key}.json`);
  try {
    return { outputs: JSON.parse(await readFile(kept, "utf8")) as NotebookOutput[][], fresh: false };
  } catch {
    const outputs = await run(cells, file);
    await mkdir(cacheFolder, { recursive: true });
    await writeFile(kept, JSON.stringify(outputs));
    return { outputs, fresh: true };
  }
}

async function run(cells: PageCell[], file: string): Promise<NotebookOutput[][]> {
  const notebook: Notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: cells.map(({ code, tags }, n): CodeCell => {
      const mayFail = tags.includes("exercise") || tags.includes("raises-exception");
      const leftToReader = ["hint", "check", "solution"].some((tag) => tags.includes(tag));
      return {
        cell_type: "code",
        id: String(n),
        metadata: mayFail ? { tags: ["raises-exception"] } : {},
        source: leftToReader ? "" : code,
        execution_count: null,
        outputs: [],
      };
    }),
  };
  // The client tells the console of every connection.
  const { debug } = console;
  console.debug = () => {};
  const opened = await openLocalKernel(kernelName.name, root);
  try {
    const { notebook: done, failure } = await runNotebook(notebook, opened.kernel);
    if (failure) {
      const place = `${file}, cell ${failure.number}`;
      throw new Error(`${place}: ${failure.ename}: ${failure.evalue}. Mend the cell on that page.`);
    }
    return done.cells.map((cell, n) => {
      const { outputs } = cell as CodeCell;
      // What an unfinished exercise throws is of no use to a reader who has not begun it.
      if (cells[n]!.tags.includes("exercise")) return outputs.filter((one) => one.output_type !== "error");
      return outputs;
    });
  } finally {
    await opened.close();
    console.debug = debug;
  }
}

/** One hash for everything that decides what a cell shows. */
async function hashSources(): Promise<string> {
  const hash = createHash("sha256");
  for (const room of ["engine", "kernel"]) {
    const files = (await readdir(join(root, room), { recursive: true })).sort();
    for (const file of files) {
      if (!file.endsWith(".ts") || /\.(?:test|e2e)\.ts$|oracle|bench/.test(file)) continue;
      hash.update(file).update(await readFile(join(root, room, file)));
    }
  }
  // How failures and tags are treated is part of the result, too.
  return hash.update(await readFile(fileURLToPath(import.meta.url))).digest("hex");
}

function pre(text: string, className: string): string {
  return `<pre class="${className}" tabindex="0">${escaped(plainText(text))}</pre>`;
}

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]!);

const named: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Text of HTML in which, as in all that Astro writes, only the five XML names and numbers are escaped. */
function decode(html: string): string {
  return html.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal) return String.fromCodePoint(Number(decimal));
    return named[name] ?? whole;
  });
}
