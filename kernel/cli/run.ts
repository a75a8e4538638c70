import { Command } from "commander";
import type { RunOptions } from "./runfiles.ts";
import { processTerminal } from "./terminal.ts";

/**
 * `hmap run`: executes notebooks. The program registers it with `program.addCommand(runCommand())`; it sets
 * `process.exitCode` and throws nothing.
 */
export function runCommand(): Command {
  return new Command("run")
    .description("execute notebooks and stop at the first cell that fails")
    .argument("<file.ipynb...>", "the notebooks")
    .option("--check", "fail unless each notebook's outputs are what a fresh run gives")
    .option("--inplace", "write the fresh outputs into the notebooks")
    .option("--server <url>", "run on a Jupyter server instead of in this process")
    .option("--token <token>", "the server's token")
    .action(async (files: string[], options: RunOptions) => {
      const { runFiles } = await import("./runfiles.ts");
      process.exitCode = await runFiles(files, options, processTerminal);
    });
}
