import { basename } from "node:path";
import { mapSvg, mapText } from "../../engine/diagram/index.ts";
import { dumpedSnapshot } from "../../engine/oracle/dump.ts";
import type { Checkpoint, RecordedOperation, Recording } from "../../engine/oracle/recording.ts";
import { readRecording } from "../../engine/oracle/recordingfile.ts";
import { type Difference, Replay, replayBothWays } from "../../engine/oracle/replay.ts";
import { Progress, type Terminal } from "./terminal.ts";

/** Options of `hmap replay`. */
export interface ReplayOptions {
  /** Number of operations after which to stop and draw. */
  at?: string;
}

/** Options of `hmap draw`. */
export interface DrawOptions extends ReplayOptions {
  svg?: boolean;
}

/** Replays recordings and says where one differs. Returns the exit code: 0 when all agree. */
export async function replayFiles(
  files: readonly string[],
  options: ReplayOptions,
  terminal: Terminal,
): Promise<number> {
  const progress = new Progress(terminal);
  const started = performance.now();
  let operations = 0;
  let checkpoints = 0;
  let failed = 0;
  for (const file of files) {
    try {
      const recording = readRecording(file);
      if (options.at !== undefined) {
        terminal.out(`${drawAt(recording, options.at)}\n`);
        continue;
      }
      const total = recording.ops.length;
      const name = basename(file);
      const result = replayBothWays(recording, (done) => {
        if (terminal.columns !== undefined) progress.step(done, total, name, `operation ${done} of ${total}`);
      });
      progress.clear();
      operations += result.operations;
      checkpoints += result.checkpoints;
      if (result.difference === null) {
        terminal.out(`ok    ${name}: ${total} operations, ${result.checkpoints} checkpoints\n`);
      } else {
        failed++;
        terminal.out(`DIFF  ${name}: ${describeDifference(recording, result.difference)}\n`);
      }
    } catch (error) {
      progress.clear();
      failed++;
      terminal.err(`hmap replay: ${namingFile(file, error)}\n`);
    }
  }
  if (options.at === undefined) {
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const agreed = `${files.length - failed} of ${files.length} recordings agree`;
    terminal.out(`${agreed}: ${operations} operations, ${checkpoints} checkpoints, ${seconds} s\n`);
  }
  return failed === 0 ? 0 : 1;
}

/** Draws the map of a recording. Returns the exit code. */
export function drawFile(file: string, options: DrawOptions, terminal: Terminal): number {
  try {
    const recording = readRecording(file);
    terminal.out(`${drawAt(recording, options.at ?? String(recording.ops.length), options.svg)}\n`);
    return 0;
  } catch (error) {
    terminal.err(`hmap draw: ${namingFile(file, error)}\n`);
    return 1;
  }
}

/** An error in words that begin with the file it is about. */
function namingFile(file: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.startsWith(file) ? message : `${file}: ${message}`;
}

function drawAt(recording: Recording, at: string, svg = false): string {
  const step = Number(at);
  if (!Number.isInteger(step) || step < 0 || step > recording.ops.length) {
    throw new Error(`--at ${at}: give a number of operations, 0 to ${recording.ops.length}`);
  }
  const replay = new Replay(recording);
  replay.run(step);
  const state = replay.map.snapshot({ limit: 16 });
  return svg ? mapSvg(state) : mapText(state);
}

/** Where a replay and its recording part, with both states drawn as far as they are known. */
function describeDifference(recording: Recording, difference: Difference): string {
  const { op, operation, what, state, expected } = difference;
  const recorded = dumpedSnapshot(recording, op);
  const before = operation === undefined ? "" : ", before the operation";
  return [
    `${placeOf(recording, op, operation)}: ${what}`,
    "",
    "here:",
    mapText(state),
    "",
    `recorded${before}:`,
    recorded === undefined ? headerText(expected ?? lastCheckpoint(recording, op)) : mapText(recorded),
  ].join("\n");
}

/** The latest checkpoint that is not behind an operation. */
function lastCheckpoint(recording: Recording, op: number): Checkpoint | undefined {
  return recording.check.findLast(([n]) => n <= op);
}

/** What a checkpoint tells of the map: its header. */
function headerText(checkpoint: Checkpoint | undefined): string {
  if (checkpoint === undefined) return "(the recording has neither a dump nor a checkpoint up to here)";
  const [n, count, flags, B, noverflow, hash0, nevacuate] = checkpoint;
  return (
    `count ${count}  B ${B}  hash0 0x${hash0.toString(16).padStart(8, "0")}  noverflow ${noverflow}` +
    `  nevacuate ${nevacuate}  flags ${flags}\n(the checkpoint after operation ${n}; the buckets are not dumped here)`
  );
}

/** At which operation the two part; operations are counted from 1. */
function placeOf(recording: Recording, op: number, operation: RecordedOperation | undefined): string {
  if (operation !== undefined) return `operation ${op + 1}, ${JSON.stringify(operation)}`;
  return op === 0 ? "after make" : `after operation ${op}, ${JSON.stringify(recording.ops[op - 1])}`;
}
