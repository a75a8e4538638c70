import { toBase64 } from "../base64.ts";
import type { Recording } from "./recording.ts";

/** The MIME type of {@link RecordingJson}. */
export const RECORDING_MIME = "application/vnd.hmap.recording.v1+json";

/**
 * A recording as JSON, at its beginning. Words of memory and tape are 32-bit little-endian numbers in base64. See
 * recording.schema.json.
 */
export interface RecordingJson {
  readonly format: "hmap-recording/1";
  /** Bytes of the image. */
  readonly size: number;
  /** What the image holds before the first step, zeroes left out: number of the first word, words. */
  readonly image: readonly (readonly [word: number, words: string])[];
  readonly tape: string;
  readonly steps: number;
  /** Bytes in the heap after the last operation. */
  readonly heapAlloc: number;
  /** Addresses of iterators. */
  readonly iterators: readonly number[];
  /** Types that interfaces hold: their addresses and names. */
  readonly types: readonly (readonly [address: number, type: string])[];
  readonly maps: readonly { readonly type: string; readonly address: number; readonly from: number }[];
  readonly operations: readonly OperationJson[];
  /** The message of what ended the program. */
  readonly error?: string;
}

/** One operation in {@link RecordingJson}. */
export interface OperationJson {
  readonly label: string;
  /** Its key as Go writes it, or an empty string. */
  readonly key: string;
  readonly map: number;
  readonly start: number;
  readonly firstStep: number;
  readonly heapAlloc: number;
  readonly landmarks: number;
}

/** Runs of zeroes up to this long are written out: a run of its own would cost more. */
const GAP = 8;

/** Writes a recording as JSON. Leaves it where it stands. */
export function toJson(recording: Recording): RecordingJson {
  const { position } = recording;
  recording.seek(0);
  const { machine, tape, log, iterators } = recording.parts;
  const json: RecordingJson = {
    format: "hmap-recording/1",
    size: machine.memory.size,
    image: runsOf(machine.memory.words).map(([from, to]) => [
      from,
      wordsToBase64(machine.memory.words.subarray(from, to)),
    ]),
    tape: wordsToBase64(tape.toWords()),
    steps: recording.length,
    heapAlloc: recording.heapAlloc(recording.operations),
    iterators,
    types: machine.types.map(([address, type]) => [address, type.name]),
    maps: recording.maps.map(({ type, address, from }) => ({ type: type.name, address, from })),
    operations: Array.from({ length: log.length }, (_, i) => ({
      label: log.label(i),
      key: log.key(i),
      map: log.map(i),
      start: log.start(i),
      firstStep: log.firstStep(i),
      heapAlloc: log.heapAlloc(i),
      landmarks: log.landmarks(i),
    })),
    ...(recording.error === undefined ? {} : { error: recording.error.message }),
  };
  recording.seek(position);
  return json;
}

/** Where the words are that are not zero: first one, one behind the last. */
function runsOf(words: Int32Array): [from: number, to: number][] {
  const runs: [from: number, to: number][] = [];
  for (let i = 0; i < words.length; i++) {
    if (words[i] === 0) continue;
    const last = runs.at(-1);
    if (last !== undefined && i - last[1] < GAP) last[1] = i + 1;
    else runs.push([i, i + 1]);
  }
  return runs;
}

function wordsToBase64({ buffer, byteOffset, byteLength }: Int32Array): string {
  return toBase64(new Uint8Array(buffer, byteOffset, byteLength));
}
