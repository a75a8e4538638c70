import { GoFatalError, GoPanic } from "../map/errors.ts";
import { Machine } from "../map/machine.ts";
import { type Address, Memory } from "../memory/memory.ts";
import { OperationLog } from "./operationlog.ts";
import { Recording } from "./recording.ts";
import { recordingBundle } from "./recordingbundle.ts";
import { TapeRecorder } from "./taperecorder.ts";

/**
 * Runs a program and writes down every step of its map operations, and every word of memory that changes.
 *
 * A panic or fatal error of Go ends the program and is kept as the recording's `error`; any other error is thrown.
 *
 * @throws Error when a recording is under way, or the program is asynchronous: a recording has one thread of time
 */
export function record(go: Machine, program: () => unknown): Recording {
  if (go.recorder !== null) throw new Error("a recording is under way: end it before you begin another one");
  const log = new OperationLog();
  const recorder = new TapeRecorder(go.heap, log);
  go.recorder = recorder;
  go.writes++; // range loops read no further ahead
  go.journal = recorder.tape;
  let error: Error | undefined;
  try {
    const result = program();
    if (result instanceof Promise) throw new TypeError("record a function that is not async");
  } catch (thrown) {
    if (!(thrown instanceof GoPanic || thrown instanceof GoFatalError)) throw thrown;
    error = thrown;
  } finally {
    go.recorder = null;
    go.journal = null;
  }
  const { tape, steps, iterators } = recorder;
  const machine = imageOf(go);
  return new Recording({
    machine,
    tape,
    log,
    steps,
    iterators,
    former: recorder.former.objects,
    at: "end",
    heapAlloc: go.heap.heapAlloc,
    error,
    bundle: recordingBundle,
  });
}

/** A machine that reads a copy of another one's memory as it is now. */
function imageOf(go: Machine): Machine {
  const end: Address = Math.min(go.heap.end, go.memory.size);
  return new Machine(go.random, new Memory(go.memory.bytes.slice(0, end).buffer), go.types);
}
