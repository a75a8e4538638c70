#!/usr/bin/env node
const [command, file] = process.argv.slice(2);
if (command === "kernel" && file !== undefined && !file.startsWith("-")) {
  // The way in for Jupyter, where every millisecond is waited for: no command line library.
  const { runKernel } = await import("./kernel.ts");
  process.exitCode = await runKernel(file);
} else {
  const { hmapProgram } = await import("./program.ts");
  await hmapProgram().parseAsync();
}
