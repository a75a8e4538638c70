import { pictureHtml } from "../diagram/bundle.ts";
import { grouped } from "../grouped.ts";
import { MOST_MEMORY } from "./checkrecording.ts";
import { frameOf, frameSvg, frameText } from "./frame.ts";
import type { Recording } from "./recording.ts";
import { RECORDING_MIME, toJson } from "./recordingjson.ts";

/** Bytes of JSON that an output carries at most: a notebook has many outputs, and is read as a whole. */
const MOST_JSON = 300_000;
/** Bytes that an operation takes in JSON besides its steps, about. */
const OPERATION_JSON = 100;

/**
 * What a notebook shows of a recording: what the map looks like at the present position, as text and picture, and
 * the recording itself for the player, unless it is too long for an output.
 */
export function recordingBundle(recording: Recording): Record<string, unknown> {
  const frame = frameOf(recording);
  const { operations, position, error } = recording;
  const words = [
    `${recording}, at step ${grouped(position)}: ${recording.sentence}`,
    ...(error === undefined ? [] : [`the program ended with: ${error.message}`]),
  ];
  const bundle: Record<string, unknown> = {};
  const { machine, former } = recording.parts;
  const isLong = recording.bytes * (4 / 3) + operations * OPERATION_JSON > MOST_JSON;
  const json = isLong || machine.memory.size > MOST_MEMORY ? null : toJson(recording);
  if (json !== null && JSON.stringify(json).length <= MOST_JSON) bundle[RECORDING_MIME] = json;
  else if (isLong) words.push("too long to be played here: record fewer operations to get the player");
  else if (json !== null && former !== null)
    words.push("of too big a map to be played here: record a smaller one to get the player");
  else words.push("in too much memory to be played here: record in a Runtime of its own to get the player");
  bundle["text/plain"] = [...words, "", frameText(frame)].join("\n");
  // The picture hides the text, and the player the picture.
  const notes = RECORDING_MIME in bundle ? words.slice(1) : words;
  const svg = frameSvg(frame, { notes });
  if (svg !== "") {
    bundle["image/svg+xml"] = svg;
    bundle["text/html"] = pictureHtml(String(words[0]), svg);
  }
  return bundle;
}
