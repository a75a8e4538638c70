import { Command } from "commander";
import type { DrawOptions, ReplayOptions } from "./replayfiles.ts";
import { processTerminal } from "./terminal.ts";

/** `hmap replay`: compares recordings of real Go maps with the engine, checkpoint by checkpoint. */
export function replayCommand(): Command {
  return new Command("replay")
    .description("replay recordings of real Go maps and compare every checkpoint, byte for byte")
    .argument("<recording.json[.gz]...>", "recordings in the format bucketmap-trace/1")
    .option("--at <step>", "stop after this many operations and draw the map")
    .action(async (files: string[], options: ReplayOptions) => {
      const { replayFiles } = await import("./replayfiles.ts");
      process.exitCode = await replayFiles(files, options, processTerminal);
    });
}

/** `hmap draw`: draws the map of a recording. */
export function drawCommand(): Command {
  return new Command("draw")
    .description("draw the map of a recording")
    .argument("<recording.json[.gz]>", "a recording in the format bucketmap-trace/1")
    .option("--at <step>", "after this many operations; after all of them without it")
    .option("--svg", "as SVG instead of text")
    .action(async (file: string, options: DrawOptions) => {
      const { drawFile } = await import("./replayfiles.ts");
      process.exitCode = drawFile(file, options, processTerminal);
    });
}
