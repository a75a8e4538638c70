import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { resolve } from "node:path";
import { ensurePython } from "./python.ts";
import { CommandError } from "./terminal.ts";

/**
 * Opens JupyterLab, with the kernel, in the private Python environment; ends when JupyterLab does.
 *
 * @param file a notebook or a folder; the working directory by default
 * @param flags for JupyterLab, as they are
 * @returns JupyterLab's exit code
 * @throws CommandError when the file is not there, a port that was asked for is taken, or the environment cannot be made
 */
export async function openLab(file: string | undefined, flags: readonly string[]): Promise<number> {
  if (file !== undefined && !existsSync(file)) {
    throw new CommandError(
      `There is no ${resolve(file)}: give an existing notebook or folder, or nothing for this folder.`,
    );
  }
  const port = wantedPort(flags);
  if (port !== undefined && (await isTaken(port))) {
    throw new CommandError(
      `Port ${port} is in use: give another with --port, or leave --port out and JupyterLab takes a free one.`,
    );
  }
  const environment = await ensurePython();
  const parameters = [...(file === undefined ? [] : [file]), ...flags];
  if (port !== undefined) {
    parameters.push("--ServerApp.port_retries=0");
  }
  // In a container everybody is root, and JupyterLab would refuse to start. It listens to this machine only.
  if (process.getuid?.() === 0 && !flags.includes("--allow-root")) {
    parameters.push("--allow-root");
  }
  const lab = spawn(environment.program("jupyter-lab"), parameters, { stdio: "inherit" });
  // Ctrl-C reaches JupyterLab as well, which asks whether it is meant; this process waits for the answer.
  process.on("SIGINT", () => {});
  process.once("SIGTERM", () => lab.kill("SIGTERM"));
  return new Promise((done, reject) => {
    lab.once("error", reject);
    lab.once("close", (code, signal) => done(code ?? (signal === "SIGTERM" ? 143 : 1)));
  });
}

/** The port that the flags ask for, in any of the spellings that JupyterLab takes. */
export function wantedPort(flags: readonly string[]): number | undefined {
  for (const [index, flag] of flags.entries()) {
    const match = /^--(?:port|ServerApp\.port)(?:=(.*))?$/.exec(flag);
    if (match !== null) {
      const port = Number(match[1] ?? flags[index + 1]);
      return Number.isInteger(port) && port > 0 ? port : undefined;
    }
  }
  return undefined;
}

function isTaken(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((done, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? done(true) : reject(error),
    );
    server.listen(port, "127.0.0.1", () => server.close(() => done(false)));
  });
}
