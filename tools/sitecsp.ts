import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AstroIntegration } from "astro";
import { htmlFiles } from "./siteoutputs.ts";

/**
 * Gives every built page a Content-Security-Policy that lets it run only the site's own scripts: those by address, and the
 * inline ones by hash. Astro's own `security.csp` does not know the inline scripts of Starlight, so the finished pages
 * are read. It must be the last integration.
 */
export function contentSecurityPolicy(): AstroIntegration {
  return {
    name: "hmap-csp",
    hooks: {
      "astro:build:done": async ({ dir }) => {
        const folder = fileURLToPath(dir);
        for (const file of await htmlFiles(folder)) {
          const path = join(folder, file);
          await writeFile(path, withPolicy(await readFile(path, "utf8")));
        }
      },
    },
  };
}

/** The page with its policy, which stands before anything that could load or run. */
export function withPolicy(html: string): string {
  const scripts = hashes(html, /<script\b(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g);
  const styles = hashes(html, /<style\b[^>]*>([\s\S]*?)<\/style>/g);
  const policy = [
    "default-src 'none'",
    // Pagefind searches with WebAssembly. Cells run in a worker, which is loaded by address and has a scope of its own.
    `script-src 'self' 'wasm-unsafe-eval' ${scripts.join(" ")}`,
    `style-src 'self' ${styles.join(" ")}`,
    // Starlight sets sizes with style attributes.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  const text = policy.map((part) => part.trim()).join("; ");
  return html.replace("<head>", () => `<head><meta http-equiv="content-security-policy" content="${text}">`);
}

function hashes(html: string, pattern: RegExp): string[] {
  const found = [...html.matchAll(pattern)].map(
    ([, text]) => `'sha256-${createHash("sha256").update(text!).digest("base64")}'`,
  );
  return [...new Set(found)];
}
