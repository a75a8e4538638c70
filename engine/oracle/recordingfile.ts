import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { checkDocument } from "./document.ts";
import type { Recording } from "./recording.ts";
import { RecordingError } from "./recordingerror.ts";

/**
 * Reads a recording, gzipped or not.
 *
 * @throws RecordingError with one sentence when the file is missing, or is no recording or not a whole one
 */
export function readRecording(path: string): Recording {
  const document = parse(path, text(path, contents(path)));
  try {
    checkDocument(document);
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
    throw new RecordingError(`${path}${error.message.startsWith(":") ? "" : " "}${error.message}`);
  }
  return { full: [], ...(document as Omit<Recording, "full">) };
}

function contents(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new RecordingError(
      `${path} cannot be read: give the path of a recording, as in engine/oracle/recordings`,
    );
  }
}

/** The text in a file that may be gzipped: its first two bytes tell. */
function text(path: string, bytes: Buffer): string {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString("utf8");
  try {
    return gunzipSync(bytes).toString("utf8");
  } catch {
    throw new RecordingError(
      `${path} is damaged or cut off: its gzip data cannot be unpacked; fetch it again`,
    );
  }
}

function parse(path: string, json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    const line = lineOf(json, (error as SyntaxError).message);
    const place = line === undefined ? "" : `, in line ${line}`;
    throw new RecordingError(
      `${path} is not JSON, nor gzipped JSON${place}: give a recording in the format bucketmap-trace/1`,
    );
  }
}

/** The line of a mistake in JSON; undefined when V8's message does not tell it. */
function lineOf(json: string, message: string): number | undefined {
  const position = / at position (\d+)/.exec(message)?.[1];
  const excerpt = /^Unexpected token .*?, (?:\.\.\.)?"([\s\S]*)"(?:\.\.\.)? is not valid JSON$/.exec(
    message,
  )?.[1];
  let at = -1;
  if (position !== undefined) at = Number(position);
  else if (excerpt !== undefined) at = json.indexOf(excerpt) + Math.floor(excerpt.length / 2);
  else if (message.startsWith("Unexpected end")) at = json.trimEnd().length;
  return at < 0 ? undefined : json.slice(0, at).split("\n").length;
}
