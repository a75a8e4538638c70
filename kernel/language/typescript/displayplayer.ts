import { inspect } from "node-inspect-extracted";
import type { MimeBundle } from "../language.ts";
import { mimeBundle } from "./display.ts";

const RECORDING = "application/vnd.hmap.recording.v1+json";
/** The MIME types that the player, `<hmap-player>`, shows. */
const playable = /^application\/vnd\.hmap\.(?:recording|snapshot)\.v1\+json$/;

/**
 * A bundle with the player in its HTML: it needs nothing but a front end that runs scripts (Visual Studio Code, a
 * page that nbconvert made). Where scripts or the element are taken out, the picture inside it is left.
 *
 * @param value shows itself with a recording or snapshot in its bundle
 * @param script defines the element `<hmap-player>`
 * @throws TypeError when the value has nothing to play
 */
export async function playerBundle(value: unknown, script: () => Promise<string>): Promise<MimeBundle> {
  const bundle = await mimeBundle(value);
  const type = Object.keys(bundle).find((one) => playable.test(one));
  if (type === undefined) {
    throw new TypeError(
      `display.player takes a recording, a map or what else hmap draws, and this is ${inspect(value, { depth: 0 })}; a recording may be too long to be played`,
    );
  }
  return withPlayer(bundle, type, script);
}

/**
 * How a value is shown, as `mimeBundle` has it; a recording with the player in its HTML.
 *
 * @param script defines the element `<hmap-player>`
 */
export function playingBundle(
  value: unknown,
  script: () => Promise<string>,
): MimeBundle | Promise<MimeBundle> {
  const bundle = mimeBundle(value);
  const play = (shown: MimeBundle) => (RECORDING in shown ? withPlayer(shown, RECORDING, script) : shown);
  return bundle instanceof Promise ? bundle.then(play) : play(bundle);
}

async function withPlayer(
  bundle: MimeBundle,
  type: string,
  script: () => Promise<string>,
): Promise<MimeBundle> {
  const json = JSON.stringify(bundle[type]).replaceAll("<", "\\u003c");
  // Not by its place: front ends differ in when they run scripts, and in what stands around them.
  const id = `hmap-${hash(json)}`;
  const give = `for (const player of document.querySelectorAll('hmap-player[data-id="${id}"]')) if (!player.given) { player.given = true; player.data = ${json}; }`;
  const html =
    `<hmap-player data-id="${id}">${bundle["text/html"] ?? ""}</hmap-player>\n` +
    `<script>${await script()}</script>\n` +
    `<script>${give}</script>`;
  return { ...bundle, "text/html": html };
}

/** 53 bits of a text, in hexadecimal: enough to tell outputs of one document apart. */
function hash(text: string): string {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 2654435761);
    b = Math.imul(b ^ text.charCodeAt(i), 1597334677);
  }
  return ((b >>> 0) * 0x200000 + (a >>> 11)).toString(16);
}
