import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

/**
 * Starts the Chromium of this machine without a window, for end-to-end tests: the executable that the environment
 * variable CHROMIUM names, or the first Chromium or Chrome on the PATH. Downloads nothing.
 *
 * @throws Error when there is none, with the mend
 */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    args: [
      // A container's root has no user namespaces to put the browser into; the pages are our own.
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-quic",
      "--no-first-run",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/**
 * The path of an installed Chromium.
 *
 * @throws Error when there is none, with the mend
 */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string {
  const named = environment.CHROMIUM;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`CHROMIUM names ${named}, which does not exist: correct it or remove it.`);
  }
  const folders = (environment.PATH ?? "").split(delimiter).filter(Boolean);
  for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]) {
    const found = folders.map((folder) => join(folder, name)).find(existsSync);
    if (found) return found;
  }
  throw new Error(
    "No Chromium found: install it (on Debian: apt-get install chromium) or set CHROMIUM to its path.",
  );
}
