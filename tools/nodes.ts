// npm run test:e2e runs this first: it fetches what the test of the package needs of the npm registry, so that the test
// itself needs no network. Kept in this user's cache, fetched once.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "hmap", "tests");

/** The oldest Node that package.json promises, and the newest of each later line with long-term support. */
export const testedNodes = ["22.18.0", "24", "26"] as const;

const npmFolder = join(cache, "npm");

/**
 * A cache for npm with all that the package depends on.
 *
 * @throws Error when that has not been fetched since package.json changed
 */
export function npmCache(): string {
  if (existsSync(dependencies().done)) return npmFolder;
  throw new Error(`The package's dependencies are not in ${cache}: run "node tools/nodes.ts" once.`);
}

/**
 * The Node of a version, or of the newest in a major version.
 *
 * @throws Error when it has not been fetched
 */
export function nodeOf(version: string): string {
  const path = join(cache, `node-${version}`, "node_modules", "node", "bin", "node");
  if (!existsSync(path))
    throw new Error(`Node ${version} is not in ${cache}: run "node tools/nodes.ts" once.`);
  return path;
}

function fetchNode(version: string): void {
  const folder = join(cache, `node-${version}`);
  if (existsSync(join(folder, "node_modules", "node", "bin", "node"))) return;
  console.log(`Fetching Node ${version} for the test of the package...`);
  install(folder, [`node@${version}`], []);
}

/** What the package depends on, as JSON; where it is fetched to; and the file that says that it has been. */
function dependencies(): { wanted: string; folder: string; done: string } {
  const description = JSON.parse(
    readFileSync(fileURLToPath(new URL("../package.json", import.meta.url)), "utf8"),
  ) as Record<string, object | undefined>;
  const wanted = JSON.stringify({
    dependencies: description.dependencies,
    optionalDependencies: description.optionalDependencies,
  });
  const name = `dependencies-${createHash("sha256").update(wanted).digest("hex").slice(0, 12)}`;
  const folder = join(cache, name);
  return { wanted, folder, done: join(folder, "done") };
}

/** Fills npm's cache with the newest versions of what the package depends on, when those have changed. */
function fetchDependencies(): void {
  const { wanted, folder, done } = dependencies();
  if (existsSync(done)) return;
  console.log("Fetching the package's dependencies for its test...");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), `{ "private": true, ${wanted.slice(1)}\n`);
  install(folder, [], ["--cache", npmFolder]);
  rmSync(join(folder, "node_modules"), { recursive: true, force: true });
  writeFileSync(done, "");
}

function install(folder: string, packages: string[], flags: string[]): void {
  mkdirSync(folder, { recursive: true });
  const quiet = ["--no-fund", "--no-audit", "--loglevel=error"];
  execFileSync("npm", ["install", "--prefix", folder, ...quiet, ...flags, ...packages], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
}

if (import.meta.main) {
  for (const version of testedNodes) fetchNode(version);
  fetchDependencies();
}
