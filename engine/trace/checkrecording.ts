import { integer, list, natural, object, optional, type Shape, text, tuple } from "../shape.ts";
import type { RecordingJson } from "./recordingjson.ts";

/** Bytes of a recorded memory that are read at most: a file may ask for any number. */
export const MOST_MEMORY = 2 ** 28;

const number = natural();

const size: Shape<number> = (json, where) => {
  const bytes = natural(MOST_MEMORY)(json, where);
  if (bytes % 4 !== 0) throw new TypeError(`${where} must be a whole number of words`);
  return bytes;
};

const recording = object<Omit<RecordingJson, "format">>({
  size,
  image: list(tuple(number, text)),
  tape: text,
  steps: number,
  heapAlloc: number,
  iterators: list(number),
  types: list(tuple(number, text)),
  maps: list(object({ type: text, address: number, from: integer })),
  operations: list(
    object({
      label: text,
      key: text,
      map: integer,
      start: number,
      firstStep: number,
      heapAlloc: number,
      landmarks: number,
    }),
  ),
  error: optional(text),
});

/**
 * Takes JSON of unknown origin for a recording: it has the members that recording.schema.json asks for, each of its type.
 * Whether the tape fits them is for its reader to find out.
 *
 * @throws TypeError when it is none, or of another version
 */
export function checkRecording(json: unknown): RecordingJson {
  const format = (json as { format?: unknown } | null)?.format;
  if (format !== "hmap-recording/1") {
    throw new TypeError(`its format is ${String(format)}, and this reads hmap-recording/1`);
  }
  return { format, ...recording(json, "") };
}
