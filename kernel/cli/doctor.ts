import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { labExtensionName } from "../implementation.ts";
import { KernelClient } from "../node/client.ts";
import { findKernelSpecs, type InstalledSpec } from "./kernelspec.ts";
import { labExtensionFault } from "./labextension.ts";

/** How long the doctor waits for any one answer, in milliseconds. */
const patienceMs = 30_000;

/** One thing the doctor looked at: what it found, or what is wrong and how to mend it. */
export interface Finding {
  ok: boolean;
  subject: string;
  text: string;
}

/**
 * Looks for the installed kernel, starts it as Jupyter would, and asks it to work.
 *
 * @param found the kernelspecs to examine; those on this machine by default
 * @returns findings as they are made; the first that is not ok is the last
 */
export async function* examine(found: InstalledSpec[] = findKernelSpecs()): AsyncGenerator<Finding> {
  if (found.length === 0) {
    yield bad(
      "kernelspec",
      'the kernel is not installed: run "hmap install", or "hmap lab" for everything at once.',
    );
    return;
  }
  for (const installed of found) {
    yield good("kernelspec", `${installed.folder} (${installed.label})`);
    yield* examineOne(installed);
  }
}

async function* examineOne({ folder, spec }: InstalledSpec): AsyncGenerator<Finding> {
  const mend = `install the kernel again with "hmap install" (the kernelspec is ${folder})`;
  for (const part of [spec.argv[0]!, ...spec.argv.filter((part) => /\.(mjs|ts|js)$/.test(part))]) {
    if (isAbsolute(part) && !existsSync(part)) {
      yield bad("program", `${part} is gone: ${mend}.`);
      return;
    }
  }
  yield good("program", spec.argv[0]!);

  let kernel: KernelClient | undefined;
  try {
    const begin = performance.now();
    kernel = await KernelClient.start({ argv: spec.argv, patienceMs, ...(spec.env && { env: spec.env }) });
    const { content } = await kernel.request("kernel_info_request");
    yield good("starts", `in ${Math.round(performance.now() - begin)} ms`);
    yield good(
      "answers",
      `${content.implementation} ${content.implementation_version}, Jupyter protocol ${content.protocol_version}`,
    );

    const { reply, outputs } = await kernel.execute("const answer: number = 6 * 7; answer");
    const result = outputs.find((output) => output.header.msg_type === "execute_result");
    const shown = (result?.content.data as Record<string, unknown> | undefined)?.["text/plain"];
    if (reply.status !== "ok" || shown !== "42") {
      yield bad("runs cells", `a cell with 6 * 7 ended with ${JSON.stringify(reply)}: ${mend}.`);
      return;
    }
    yield good("runs cells", "6 * 7 is 42");

    const busy = kernel.begin("display(0); while (true) {}");
    await busy.output("display_data");
    const interrupted = performance.now();
    await kernel.interrupt();
    await Promise.all([busy.reply, busy.idle]);
    yield good("interrupts", `an endless loop, in ${Math.ceil(performance.now() - interrupted)} ms`);

    await kernel.shutdown();
    yield good("shuts down", "when asked, and leaves no process");

    const fault = labExtensionFault(folder);
    yield fault === undefined
      ? good("JupyterLab", `shows maps with the extension ${labExtensionName}`)
      : bad("JupyterLab", `has not the extension that shows maps: ${fault}; ${mend}.`);
  } catch (error) {
    yield bad("kernel", `${(error as Error).message} To mend it, ${mend}.`);
  } finally {
    await kernel?.kill();
  }
}

function good(subject: string, text: string): Finding {
  return { ok: true, subject, text };
}

function bad(subject: string, text: string): Finding {
  return { ok: false, subject, text };
}
