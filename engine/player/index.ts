/** The player for a page: a custom element, `<hmap-player>`. Importing this defines it. */
import { definePlayer } from "./player.ts";

export { definePlayer, HmapPlayer, type PlayerData } from "./player.ts";

definePlayer();
