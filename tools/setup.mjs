// Installs the packages when they are missing or older than the lock file. npm runs this before `start`, `test`
// and the like, perhaps under an old system Node: so it is plain JavaScript and needs nothing installed. The
// scripts that follow find the project's own Node (the `node` package) first on their PATH.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const lock = `${root}package-lock.json`;
const installed = `${root}node_modules/.package-lock.json`;

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  console.log("Installing packages (about a minute the first time)...");
  // Not `npm ci`: it refuses a lock file that lacks another platform's optional binaries, which a mirror of the
  // registry may not have. The versions are the lock file's all the same, and --no-save leaves that file alone.
  const npm = spawnSync("npm", ["install", "--no-save", "--no-fund", "--no-audit", "--loglevel=error"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (npm.status !== 0) {
    console.error(
      "The packages could not be installed: see npm's message above, mend that and run the command again.",
    );
    process.exit(1);
  }
}
