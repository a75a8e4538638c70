// The first file of both threads of the kernel's process, in plain CommonJS so that Node gets here without loading
// what strips types and what links modules, which takes a third of the time to here. It switches on Node's compile
// cache, which holds stripped and compiled code from one start to the next and more than halves the time to the first
// answer, and goes on with the thread's own file.
const { enableCompileCache } = require("node:module");
const { homedir } = require("node:os");
const { join } = require("node:path");
const { isMainThread } = require("node:worker_threads");

// Set for both threads. A folder that cannot be written costs nothing but time.
process.env.NODE_COMPILE_CACHE ??= join(cacheFolder(), "hmap", "compiled");
enableCompileCache(process.env.NODE_COMPILE_CACHE);

if (isMainThread) require("./main.ts");
else require("./protocol.ts");

/** Where programs of this user keep what they can make again. */
function cacheFolder() {
  switch (process.platform) {
    case "darwin":
      return join(homedir(), "Library", "Caches");
    case "win32":
      return process.env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local");
    default:
      return process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  }
}
