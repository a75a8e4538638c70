#!/usr/bin/env node
import { Command } from "commander";
import { implementation } from "../implementation.ts";
import { convertCommand } from "./convert.ts";
import { runCommand } from "./run.ts";

/** The hmap command. Each subcommand is built by a file of its own. */
const program = new Command("hmap")
  .description("Go's map, opened up: a Jupyter kernel and its tools")
  .version(implementation.version)
  .addCommand(runCommand())
  .addCommand(convertCommand());

await program.parseAsync();
