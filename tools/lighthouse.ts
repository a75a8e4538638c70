import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findChromium } from "./chromium.ts";

const run = promisify(execFile);
const version = "13.5.0";
const folder = fileURLToPath(new URL(`../node_modules/.cache/lighthouse-${version}/`, import.meta.url));
const program = join(folder, "node_modules/lighthouse/cli/index.js");

export type Category = "performance" | "accessibility" | "best-practices" | "seo";

/** What Lighthouse says of a page. */
export interface Report {
  /** Out of 100. */
  scores: Partial<Record<Category, number>>;
  /** What keeps a score below 100, a line each. */
  shortcomings: string[];
}

interface Result {
  categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>;
  audits: Record<string, { score: number | null; title: string; displayValue?: string }>;
  runtimeError?: { message: string };
}

/**
 * Has Google's Lighthouse judge a page, with its own settings for a phone or a desktop. Lighthouse is 180 MB of packages, and of use
 * to nobody else: it is fetched from npm, into node_modules/.cache, when it is first asked for.
 *
 * @throws Error when it cannot be fetched, or cannot judge the page, with its message
 */
export async function lighthouse(
  address: string,
  categories: readonly Category[],
  device: "phone" | "desktop" = "phone",
): Promise<Report> {
  await install();
  const scratch = await mkdtemp(join(tmpdir(), "hmap-lighthouse-"));
  const output = join(scratch, "report.json");
  try {
    await run(
      process.execPath,
      [
        program,
        address,
        `--only-categories=${categories.join(",")}`,
        ...(device === "desktop" ? ["--preset=desktop"] : []),
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-background-networking",
        "--output=json",
        `--output-path=${output}`,
        "--no-enable-error-reporting",
        "--quiet",
        // A page that is slow to come on a busy machine is still to be judged.
        "--max-wait-for-load=200000",
      ],
      { env: { ...process.env, CHROME_PATH: findChromium() } },
    );
    const { categories: found, audits, runtimeError } = JSON.parse(await readFile(output, "utf8")) as Result;
    if (runtimeError) throw new Error(`Lighthouse cannot judge ${address}: ${runtimeError.message}`);
    const scores = Object.fromEntries(
      Object.entries(found).map(([name, { score }]) => [name, Math.round((score ?? 0) * 100)]),
    );
    const shortcomings = Object.entries(found).flatMap(([name, { auditRefs }]) =>
      auditRefs
        .filter(({ id, weight }) => weight > 0 && audits[id]!.score !== null && audits[id]!.score! < 1)
        .map(
          ({ id }) =>
            `${name}: ${audits[id]!.title} (${[id, audits[id]!.displayValue].filter(Boolean).join(", ")})`,
        ),
    );
    return { scores, shortcomings };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function install(): Promise<void> {
  if (existsSync(program)) return;
  await mkdir(folder, { recursive: true });
  // Without a prefix npm would put it among the project's own packages.
  const parameters = ["install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts"];
  await run("npm", [...parameters, `lighthouse@${version}`]).catch((error: Error) => {
    throw new Error(
      `Lighthouse cannot be fetched: connect to npm's registry and try again. ${error.message}`,
    );
  });
}
