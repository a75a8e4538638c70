import { SNAPSHOT_MIME } from "../../engine/diagram/mapbundle.ts";
import { readSnapshot } from "../../engine/diagram/snapshotjson.ts";
import type { PlayerData } from "../../engine/player/player.ts";
import { RECORDING_MIME, type RecordingJson } from "../../engine/trace/recordingjson.ts";

/**
 * What the player shows of an output, by its MIME type. Outputs come from a notebook file, which anybody may have
 * written: what comes out has the members it should have, and each is of its type.
 *
 * @throws TypeError when the data is not of the MIME type, or of a version that is not known here
 */
export const outputs: Readonly<Record<string, (json: unknown) => PlayerData>> = {
  [SNAPSHOT_MIME]: readSnapshot,
  [RECORDING_MIME]: checkRecording,
};

/** Bytes of a recorded memory that are given to a page at most. */
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
  size: (json) => natural(json) && (json as number) <= MOST_MEMORY,
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
      map: integer,
      start: natural,
      firstStep: natural,
      heapAlloc: natural,
      landmarks: natural,
    }),
  ),
  error: (json) => json === undefined || text(json),
};

function checkRecording(json: unknown): RecordingJson {
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
