// The first file of both threads of the kernel's process, in plain CommonJS so that Node gets here without loading
// what strips types and what links modules, which takes a third of the time to here. It switches on Node's compile
// cache, which more than halves the time to the first answer, and goes on with the thread's own file: as bundle.ts has
// made it, or else as it is in the sources.
require("./compilecache.cjs");
const { existsSync, readFileSync, statSync } = require("node:fs");
const { join } = require("node:path");
const { isMainThread } = require("node:worker_threads");

if (isMainThread) {
  const bundle = bundleFolder();
  if (bundle === undefined) {
    const { startKernel } = require("./main.ts");
    startKernel(__filename);
  } else {
    const { startKernel } = require(join(bundle, "main.cjs"));
    startKernel(join(bundle, "protocol.cjs"));
  }
} else {
  // The thread of the sources: that of the bundle begins with its own file.
  require("./protocol.ts");
}

/** Where the bundle is: the package has one, and a working copy may have one that is up to date. */
function bundleFolder() {
  const own = join(__dirname, "bundle");
  if (existsSync(own)) return own;
  const root = join(__dirname, "..", "..");
  try {
    const made = join(root, "dist", "kernel");
    const sources = JSON.parse(readFileSync(join(made, "sources.json"), "utf8"));
    const isUpToDate = sources.every(([path, mtimeMs, size]) => {
      const found = statSync(join(root, path), { throwIfNoEntry: false });
      return found?.mtimeMs === mtimeMs && found.size === size;
    });
    return isUpToDate ? made : undefined;
  } catch {
    return undefined;
  }
}
