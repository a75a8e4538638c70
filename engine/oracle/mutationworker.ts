import { basename } from "node:path";
import { argv } from "node:process";
import { readRecording } from "./recordingfile.ts";
import { replayBothWays } from "./replay.ts";

// The process that a mutated copy of the engine runs in: replays recordings until one differs. It says what it is
// about to do, so that whoever started it knows where it hangs.

/** What the process says. */
export type WorkerMessage =
  | { readonly kind: "loaded" }
  | { readonly kind: "replaying"; readonly name: string; readonly operations: number }
  | { readonly kind: "caught"; readonly name: string; readonly operations: number; readonly what: string }
  | { readonly kind: "survived"; readonly recordings: number };

function say(message: WorkerMessage): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()));
}

/** The first recording that differs, as a message. */
async function replayUntilCaught(files: readonly string[]): Promise<WorkerMessage> {
  for (const file of files) {
    const recording = readRecording(file);
    const name = basename(file, ".json.gz");
    await say({ kind: "replaying", name, operations: recording.ops.length });
    let operations = 0;
    try {
      const result = replayBothWays(recording);
      operations = result.operations;
      if (result.difference !== null)
        return { kind: "caught", name, operations, what: result.difference.what };
    } catch (error) {
      return {
        kind: "caught",
        name,
        operations,
        what: error instanceof Error ? error.message : String(error),
      };
    }
  }
  return { kind: "survived", recordings: files.length };
}

if (process.send !== undefined) {
  await say({ kind: "loaded" });
  await say(await replayUntilCaught(argv.slice(2)));
  process.disconnect();
}
