import { readFile } from "node:fs/promises";

/** Where the package has the script; a working copy builds it. */
const built = new URL("../lab/player.js", import.meta.url);

/** The script that defines the element `<hmap-player>`, to stand in a page by itself. */
export async function playerScript(): Promise<string> {
  try {
    return await readFile(built, "utf8");
  } catch {
    const { buildPlayer } = await import("../lab/build.ts");
    return buildPlayer();
  }
}
