// Apart from what uses it: a host provides the script before anybody has loaded the engine.
let provided: () => string | null = () => null;

/**
 * Gives the recordings of this process the script that plays them, so that they come as HTML too. Where notebooks
 * are made to be kept in version control there is none: every output would hold the same hundred kilobytes.
 *
 * @param script gives the player as one script, or null when it cannot be had
 */
export function providePlayer(script: () => string | null): void {
  provided = script;
}

/** The player as one script that defines `<hmap-player>`; null where the host provides none. */
export function playerScript(): string | null {
  return provided();
}
