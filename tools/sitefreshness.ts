import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Build, buildSite, stampOf } from "./siteserver.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What a built site is made of; all that is in a folder, but for {@link noPart}. */
const sources = [
  "docs",
  "engine",
  "kernel",
  "notebooks",
  "tools",
  "astro.config.mjs",
  "CHANGELOG.md",
  "package-lock.json",
  "tsconfig.json",
];

/** Tests, what only they read, and what the build itself writes among the sources. */
const noPart = /\.(?:test|e2e)\.ts$|^engine\/(?:oracle|bench)\/|^docs\/content\/docs\/api\//;

/**
 * Builds the site for a test, unless a test has built it from the very sources that are there now and nobody has built it
 * since: files of tests share one build.
 */
export async function freshSite(build: Build = {}): Promise<void> {
  // Vitest puts the variables of its own Vite into the environment, where the site's build would find them.
  for (const name of ["BASE_URL", "MODE", "DEV", "PROD", "SSR"]) delete process.env[name];
  const stamp = stampOf(build);
  const wanted = await sourcesHash(build);
  const built = existsSync(join(root, build.outDir ?? "dist/site", "index.html"));
  if (built && (await readFile(stamp, "utf8").catch(() => "")) === wanted) return;
  await buildSite(build);
  await writeFile(stamp, wanted);
}

async function sourcesHash(build: Build): Promise<string> {
  const { SITE_BASE, SITE_URL, SITE_EDIT } = process.env;
  const hash = createHash("sha256").update(JSON.stringify([build, SITE_BASE, SITE_URL, SITE_EDIT]));
  for (const source of sources) {
    const path = join(root, source);
    const names = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
    const files = names
      ?.filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll("\\", "/"));
    for (const file of (files ?? [source]).filter((name) => !noPart.test(name)).sort()) {
      hash.update(`${file}\0`).update(await readFile(join(root, file)));
    }
  }
  return hash.digest("hex");
}
