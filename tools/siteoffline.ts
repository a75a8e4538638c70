import { createHash } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AstroIntegration } from "astro";

const template = fileURLToPath(new URL("../docs/offline/serviceworker.js", import.meta.url));

/**
 * Writes the service worker with the list of all files of the built site: after one visit the whole site works without a
 * network. It comes after everything that changes files; its version is a hash of their contents, so a site that did
 * not change is not fetched again.
 */
export function offline(): AstroIntegration {
  let base = "/";
  return {
    name: "hmap-offline",
    hooks: {
      "astro:config:done": ({ config }) => {
        base = config.base.replace(/\/?$/, "/");
      },
      "astro:build:done": async ({ dir }) => {
        const folder = fileURLToPath(dir);
        const hash = createHash("sha256");
        const paths: string[] = [];
        for (const file of (await readdir(folder, { recursive: true })).sort()) {
          const path = join(folder, file);
          if (!(await stat(path)).isFile()) continue;
          const url = base + file.replaceAll("\\", "/").replace(/(^|\/)index\.html$/, "$1");
          paths.push(url);
          hash.update(url).update(await readFile(path));
        }
        const version = hash.digest("hex").slice(0, 16);
        const script = (await readFile(template, "utf8"))
          .replace('"VERSION"', () => JSON.stringify(version))
          .replace('["PATHS"]', () => JSON.stringify(paths));
        await writeFile(join(folder, "serviceworker.js"), script);
      },
    },
  };
}
