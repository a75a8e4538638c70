import { Command, Option } from "commander";
import { implementation, kernelName } from "../implementation.ts";
import { convertCommand } from "./convert.ts";
import type { InstallTarget } from "./kernelspec.ts";
import { drawCommand, replayCommand } from "./replay.ts";
import { runCommand } from "./run.ts";
import { CommandError } from "./terminal.ts";

/** The hmap command. What a subcommand needs is loaded when it runs, so that help is quick. */
export function hmapProgram(): Command {
  return new Command("hmap")
    .description("Go's map, opened up: a Jupyter kernel for TypeScript, and its tools")
    .version(implementation.version)
    .enablePositionalOptions()
    .showHelpAfterError('("hmap help" lists the commands)')
    .addCommand(labCommand())
    .addCommand(runCommand())
    .addCommand(convertCommand())
    .addCommand(replayCommand())
    .addCommand(drawCommand())
    .addCommand(installCommand())
    .addCommand(uninstallCommand())
    .addCommand(doctorCommand())
    .addCommand(kernelCommandForHelp())
    .addHelpText(
      "after",
      `
Examples:
  hmap lab                       JupyterLab on this folder; sets up what is missing
  hmap install --sys-prefix      add the kernel to the Python environment that is active
  hmap run lesson.ipynb --check  run a notebook and compare its outputs`,
    );
}

function labCommand(): Command {
  return new Command("lab")
    .description("open JupyterLab with the kernel; makes a private Python environment on first use")
    .argument("[file]", "a notebook or a folder", ".")
    .argument("[flags...]", "passed on to JupyterLab, e.g. --no-browser --port 9000")
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (file: string, flags: string[]) => {
      const { openLab } = await import("./lab.ts");
      // Without a file, the first flag of JupyterLab stands in its place.
      const given = file.startsWith("-") ? [undefined, [file, ...flags]] : [file, flags];
      process.exitCode = await explained("lab", () => openLab(...(given as [string | undefined, string[]])));
    });
}

function installCommand(): Command {
  return withTarget(
    new Command("install").description(
      "let Jupyter know the kernel, and JupyterLab how to show maps; needs no Python",
    ),
  ).action(async (target: InstallTarget) => {
    const { installKernelSpec } = await import("./kernelspec.ts");
    const { installLabExtension } = await import("./labextension.ts");
    const { bundleWorkingCopy } = await import("../node/bundle.ts");
    process.exitCode = await explained("install", async () => {
      await bundleWorkingCopy();
      console.log(`Installed the kernel "${kernelName.display_name}" in ${installKernelSpec(target)}`);
      console.log(`Installed the extension of JupyterLab in ${await installLabExtension(target)}`);
      console.log('"hmap doctor" starts it and checks that it works.');
      return 0;
    });
  });
}

function uninstallCommand(): Command {
  return withTarget(new Command("uninstall").description("take the kernel away from Jupyter")).action(
    async (target: InstallTarget) => {
      const { uninstallKernelSpec } = await import("./kernelspec.ts");
      const { uninstallLabExtension } = await import("./labextension.ts");
      process.exitCode = await explained("uninstall", () => {
        for (const { folder, removed } of [uninstallKernelSpec(target), uninstallLabExtension(target)]) {
          console.log(removed ? `Removed ${folder}` : `There is no ${folder}: nothing to remove.`);
        }
        return 0;
      });
    },
  );
}

function withTarget(command: Command): Command {
  return command
    .addOption(new Option("--user", "for you, in all your environments (the default)"))
    .addOption(new Option("--sys-prefix", "for the Python environment on the PATH"))
    .addOption(new Option("--prefix <dir>", "for the environment in this folder"));
}

function doctorCommand(): Command {
  return new Command("doctor")
    .description("start the installed kernel and check that it works")
    .action(async () => {
      const { examine } = await import("./doctor.ts");
      process.exitCode = await explained("doctor", async () => {
        for await (const { ok, subject, text } of examine()) {
          console.log(`${ok ? "ok   " : "FAIL "} ${subject.padEnd(11)} ${text}`);
          if (!ok) return 1;
        }
        return 0;
      });
    });
}

/** Listed here; run by hmap.ts, which does not load this file for it. */
function kernelCommandForHelp(): Command {
  return new Command("kernel")
    .description("run the kernel; Jupyter does this")
    .argument("<connection-file>", "as Jupyter writes it");
}

/** Runs a command; shows what a person can mend as one line. Returns the exit code. */
async function explained(name: string, action: () => number | Promise<number>): Promise<number> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    console.error(`hmap ${name}: ${error.message}`);
    return 1;
  }
}
