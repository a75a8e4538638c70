// Switches Node's compile cache on, for the thread that asks: it holds stripped and compiled code from one start to the
// next. Plain CommonJS, so that it can run before Node loads what strips types.
const { enableCompileCache } = require("node:module");
const { homedir } = require("node:os");
const { join } = require("node:path");

// Set for threads to come, too. A folder that cannot be written costs nothing but time.
process.env.NODE_COMPILE_CACHE ??= join(cacheFolder(), "hmap", "compiled");
enableCompileCache(process.env.NODE_COMPILE_CACHE);

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
