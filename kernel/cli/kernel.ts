import { spawn } from "node:child_process";
import { kernelCommand } from "../node/command.ts";
import { parentFromEnvironment, watchParent } from "../node/parent.ts";

/**
 * `hmap kernel`: runs the kernel as the kernelspec does, with the flags that Node needs for it.
 *
 * @param file a connection file
 * @returns the kernel's exit code
 */
export function runKernel(file: string): Promise<number> {
  const [program, ...parameters] = kernelCommand().map((part) =>
    part === "{connection_file}" ? file : part,
  );
  const env = { ...process.env, JPY_PARENT_PID: String(process.pid) };
  const kernel = spawn(program!, parameters, { stdio: "inherit", env });
  // The kernel watches this process; this one watches whoever started it, and gets the signals meant for the kernel.
  const parent = parentFromEnvironment(process.env.JPY_PARENT_PID);
  const stopWatching = parent === undefined ? undefined : watchParent(parent, () => kernel.kill());
  process.on("SIGINT", () => {});
  process.once("SIGTERM", () => kernel.kill("SIGTERM"));
  return new Promise((resolve, reject) => {
    kernel.once("error", reject);
    kernel.once("close", (code) => {
      stopWatching?.();
      resolve(code ?? 1);
    });
  });
}
