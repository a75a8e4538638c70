import type { RecordingJson } from "./recordingjson.ts";

/** Bytes of a recorded memory that are read at most: a file may ask for any number. */
const MOST_MEMORY = 2 ** 28;

type Check = (json: unknown) => boolean;

const natural: Check = (json) => Number.isSafeInteger(json) && (json as number) >= 0;
const integer: Check = (json) => Number.isSafeInteger(json);
const text: Check = (json) => typeof json === "string";
const list =
  (item: Check): Check =>
  (json) =>
    Array.isArray(json) && json.every(item);
const tuple =
  (...items: Check[]): Check =>
  (json) =>
    Array.isArray(json) && json.length === items.length && items.every((item, i) => item(json[i]));
const object =
  (members: Record<string, Check>): Check =>
  (json) =>
    typeof json === "object" &&
    json !== null &&
    Object.entries(members).every(([name, member]) => member((json as Record<string, unknown>)[name]));

const members: Record<Exclude<keyof RecordingJson, "format">, Check> = {
  size: (json) => natural(json) && (json as number) % 4 === 0 && (json as number) <= MOST_MEMORY,
  image: list(tuple(natural, text)),
  tape: text,
  steps: natural,
  heapAlloc: natural,
  iterators: list(natural),
  types: list(tuple(natural, text)),
  maps: list(object({ type: text, address: natural, from: integer })),
  operations: list(
    object({
      label: text,
      key: text,
      map: integer,
      start: natural,
      firstStep: natural,
      heapAlloc: natural,
      landmarks: natural,
    }),
  ),
  error: (json) => json === undefined || text(json),
};

/**
 * Takes JSON of unknown origin for a recording: it has the members that recording.schema.json asks for, each of its type.
 * Whether the tape fits them is for its reader to find out.
 *
 * @throws TypeError when it is none, or of another version
 */
export function checkRecording(json: unknown): RecordingJson {
  const format = (json as { format?: unknown } | null)?.format;
  if (format !== "hmap-recording/1") {
    throw new TypeError(
      `this is not an hmap recording that can be read here: its format is ${String(format)}`,
    );
  }
  for (const [name, check] of Object.entries(members)) {
    if (!check((json as Record<string, unknown>)[name])) {
      throw new TypeError(`this is not an hmap recording: its member ${name} is not as it should be`);
    }
  }
  return json as RecordingJson;
}
