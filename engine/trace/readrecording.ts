import { fromBase64 } from "../base64.ts";
import { Machine } from "../map/machine.ts";
import { type Address, Memory } from "../memory/memory.ts";
import { SeededRandom } from "../memory/random.ts";
import { TypeTable } from "../types/parse.ts";
import { checkRecording } from "./checkrecording.ts";
import type { RecordedMap } from "./recorded.ts";
import { type Operations, Recording } from "./recording.ts";
import type { OperationJson, RecordingJson } from "./recordingjson.ts";
import { Tape } from "./tape.ts";

/**
 * Reads a recording that `toJson` wrote. It stands at its beginning.
 *
 * @param json of any origin: a notebook's output, say, which anybody may have written
 * @throws TypeError when it is none, or of another version
 */
export function readRecording(json: unknown): Recording {
  try {
    const recording = read(checkRecording(json));
    recording.seek(recording.length); // finds out whether the tape is as long as it says
    recording.seek(0);
    return recording;
  } catch (error) {
    throw new TypeError(`this is not an hmap recording: ${(error as Error).message}`, { cause: error });
  }
}

function read(json: RecordingJson): Recording {
  const table = new TypeTable();
  const memory = new Memory(new ArrayBuffer(json.size));
  for (const [from, words] of json.image) memory.words.set(wordsFromBase64(words), from);
  const types = json.types.map(([address, name]) => [address as Address, table.parse(name)] as const);
  const tape = Tape.fromWords(wordsFromBase64(json.tape));
  checkOperations(json.operations, tape, json.steps);
  return new Recording({
    machine: new Machine(new SeededRandom(0), memory, types),
    tape,
    log: operationsOf(
      json.operations,
      json.maps.map(({ type, address, from }) => ({ type: table.parseMap(type), address, from })),
    ),
    steps: json.steps,
    iterators: json.iterators,
    former: null,
    at: "beginning",
    heapAlloc: json.heapAlloc,
    error: json.error === undefined ? undefined : new Error(json.error),
  });
}

/** Refuses operations that do not follow each other, from the first step on, at steps of the tape. */
function checkOperations(operations: readonly OperationJson[], tape: Tape, steps: number): void {
  let [step, place] = [-1, -1];
  for (const { firstStep, start } of operations) {
    const follows =
      Number.isSafeInteger(firstStep) && Number.isSafeInteger(start) && firstStep > step && start > place;
    if (!follows || firstStep >= steps || !tape.isStep(start)) {
      throw new TypeError(`an operation begins at step ${firstStep}, word ${start}`);
    }
    [step, place] = [firstStep, start];
  }
  if (steps > 0 && operations[0]?.firstStep !== 0) {
    throw new TypeError("its first step belongs to no operation");
  }
}

function operationsOf(operations: readonly OperationJson[], maps: RecordedMap[]): Operations {
  const at = (index: number) => operations[index] as OperationJson;
  return {
    maps,
    length: operations.length,
    map: (index) => at(index).map,
    label: (index) => at(index).label,
    key: (index) => at(index).key,
    start: (index) => at(index).start,
    firstStep: (index) => at(index).firstStep,
    heapAlloc: (index) => at(index).heapAlloc,
    landmarks: (index) => at(index).landmarks,
    operationOf: (step) => operations.findLastIndex(({ firstStep }) => firstStep <= step),
  };
}

function wordsFromBase64(base64: string): Int32Array {
  return new Int32Array(fromBase64(base64).buffer);
}
