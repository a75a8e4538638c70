import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Dump } from "./dump.ts";

/** An operation of a recording; README.md beside this file tells what each means. */
export type RecordedOperation = readonly [op: string, ...rest: unknown[]];

/** A checkpoint: the state of the map after the first n operations. */
export type Checkpoint = readonly [
  n: number,
  count: number,
  flags: number,
  B: number,
  noverflow: number,
  hash0: number,
  nevacuate: number,
  growing: number,
  nextOverflow: number,
  freeOverflow: number,
  draws: number,
  digest: string,
];

/** A recording of a real Go map. */
export interface Recording {
  readonly name: string;
  readonly type: {
    readonly key: string;
    readonly elem: string;
    readonly variant: string;
    readonly bucketSize: number;
    readonly flags: number;
    readonly bucketHasPointers: boolean;
  };
  readonly hint: number | null;
  readonly hashkey: readonly string[];
  readonly draws: readonly string[];
  readonly ops: readonly RecordedOperation[];
  readonly check: readonly Checkpoint[];
  /** May be empty. */
  readonly full: readonly Dump[];
}

/**
 * Reads a recording, gzipped or not.
 *
 * @throws Error with one sentence when the file is missing, or no recording
 */
export function readRecording(path: string): Recording {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    throw new Error(`${path} cannot be read: give the path of a recording, as in engine/oracle/recordings`);
  }
  let document: unknown;
  try {
    document = JSON.parse((bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString("utf8"));
  } catch {
    throw new Error(
      `${path} is not JSON, nor gzipped JSON: give a recording in the format bucketmap-trace/1`,
    );
  }
  const format = (document as { format?: unknown } | null)?.format;
  if (format !== "bucketmap-trace/1") {
    throw new Error(`${path} has the format ${JSON.stringify(format)}: this reads bucketmap-trace/1`);
  }
  const missing = missingField(document as Partial<Recording>);
  if (missing !== null) throw new Error(`${path} has no ${missing}: it is not a whole recording`);
  return { full: [], ...(document as Omit<Recording, "full">) };
}

/** What a recording cannot be replayed without and this document lacks; null when all is there. */
function missingField(document: Partial<Recording>): string | null {
  for (const field of ["hashkey", "draws", "ops", "check"] as const) {
    if (!Array.isArray(document[field])) return `list "${field}"`;
  }
  if (document.hashkey?.length !== 4) return `four numbers in "hashkey"`;
  if (typeof document.type?.key !== "string" || typeof document.type.elem !== "string") {
    return `"type" with a key and an elem`;
  }
  return typeof document.hint === "number" || document.hint === null ? null : `"hint", a number or null`;
}
