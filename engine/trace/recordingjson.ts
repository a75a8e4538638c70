import { toBase64 } from "../base64.ts";
import type { Objects } from "./former.ts";
import type { Recording } from "./recording.ts";
import type { Tape } from "./tape.ts";

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
  /** What the image holds before the first step, as far as it is needed, zeroes left out: number of the first word, words. */
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
  const { machine, tape, log, iterators, former } = recording.parts;
  const { words } = machine.memory;
  const needed: Stretch[] = former === null ? [[0, words.length]] : neededWords(former, tape);
  const json: RecordingJson = {
    format: "hmap-recording/1",
    size: machine.memory.size,
    image: runsOf(words, needed).map(([from, to]) => [from, wordsToBase64(words.subarray(from, to))]),
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

/** Words of memory: the number of the first one, and of the one behind the last. */
type Stretch = [from: number, to: number];

/** The words of some objects, and those that a tape changes: by their numbers, none twice. */
function neededWords(objects: Objects, tape: Tape): Stretch[] {
  const stretches: Stretch[] = Array.from(objects, ([start, size]) => [start >>> 2, (start + size) >>> 2]);
  for (let place = 0; place < tape.length; place = tape.next(place)) {
    if (!tape.isStep(place)) stretches.push([tape.at(place), tape.at(place) + 1]);
  }
  const joined: Stretch[] = [];
  for (const [from, to] of stretches.sort((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/** Where the words are that are needed and not zero. */
function runsOf(words: Int32Array, needed: readonly Stretch[]): Stretch[] {
  const runs: Stretch[] = [];
  for (const [from, to] of needed) {
    for (let i = from; i < to; i++) {
      if (words[i] === 0) continue;
      const last = runs.at(-1);
      if (last !== undefined && i - last[1] < GAP) last[1] = i + 1;
      else runs.push([i, i + 1]);
    }
  }
  return runs;
}

function wordsToBase64({ buffer, byteOffset, byteLength }: Int32Array): string {
  return toBase64(new Uint8Array(buffer, byteOffset, byteLength));
}
