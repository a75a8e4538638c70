// The first file of the kernel's process, in plain JavaScript so that Node gets here without loading anything that
// strips types. It switches on Node's compile cache, which holds stripped and compiled code from one start to the
// next and more than halves the time to the first answer, and goes on with main.ts.
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

// The protocol thread reads the variable when it starts, so setting it reaches both threads. A folder that cannot
// be written costs nothing but time.
process.env.NODE_COMPILE_CACHE ??= join(cacheFolder(), "hmap", "compiled");
enableCompileCache(process.env.NODE_COMPILE_CACHE);

await import("./main.ts");

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
