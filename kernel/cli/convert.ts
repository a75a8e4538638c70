import { Command } from "commander";
import type { ConvertOptions } from "./convertfiles.ts";
import { processTerminal } from "./terminal.ts";

/**
 * `hmap convert`: makes executed notebooks of lessons. The program registers it with
 * `program.addCommand(convertCommand())`; it sets `process.exitCode` and throws nothing.
 */
export function convertCommand(): Command {
  return new Command("convert")
    .description("make executed notebooks of lessons written in Markdown")
    .argument("<path...>", "lessons, and folders of lessons")
    .requiredOption("--to <folder>", "where the notebooks go")
    .option("--only <name>", "convert this page alone: growing for growing.md")
    .option("--check", "write nothing; fail unless each notebook is there and up to date")
    .action(async (files: string[], options: ConvertOptions) => {
      const { convertFiles } = await import("./convertfiles.ts");
      process.exitCode = await convertFiles(files, options, processTerminal);
    });
}
