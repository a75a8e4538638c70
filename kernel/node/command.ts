import { fileURLToPath } from "node:url";

/**
 * The command that starts this kernel, as a kernelspec's `argv`: absolute paths throughout, so that it works
 * whatever the PATH of the program that starts it. `{connection_file}` is for that program to fill in.
 */
export function kernelCommand(): string[] {
  return [
    process.execPath,
    // An interrupt may end a timer's or a tick's callback in the middle; without this Node then takes its own
    // bookkeeping for corrupted and aborts.
    "--no-force-async-hooks-checks",
    ...asyncContext(),
    // Node's warnings about its own interfaces would appear under the first cell.
    "--disable-warning=ExperimentalWarning",
    fileURLToPath(new URL("./start.cjs", import.meta.url)),
    "{connection_file}",
  ];
}

/**
 * How Node remembers which cell a callback belongs to. Before Node 24 it does that, unless told otherwise, with what aborts
 * the process when code is stopped in a microtask or a timer.
 */
function asyncContext(): string[] {
  return Number.parseInt(process.versions.node, 10) < 24 ? ["--experimental-async-context-frame"] : [];
}
