import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** Where the package has the player, built; a working copy builds it when it is wanted first. */
const built = fileURLToPath(new URL("./player.txt", import.meta.url));
let script: string | undefined;

/** The player as one script, for outputs of HTML. */
export function playerScript(): string {
  if (script === undefined) {
    if (existsSync(built)) script = readFileSync(built, "utf8");
    else {
      const { buildPlayer } = createRequire(import.meta.url)(
        "../lab/build.ts",
      ) as typeof import("../lab/build.ts");
      script = buildPlayer();
    }
  }
  return script;
}
