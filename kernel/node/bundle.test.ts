import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { bundleWorkingCopy } from "./bundle.ts";
import { KernelClient } from "./client.ts";
import { kernelCommand } from "./command.ts";

const stamps = fileURLToPath(new URL("../../dist/kernel/sources.json", import.meta.url));

beforeAll(bundleWorkingCopy);

/** What cells show, each as text, in a kernel of its own. */
async function shown(...cells: string[]): Promise<unknown[]> {
  const kernel = await KernelClient.start({ argv: kernelCommand() });
  onTestFinished(() => kernel.kill());
  const texts: unknown[] = [];
  for (const code of cells) {
    const { outputs } = await kernel.execute(code);
    texts.push((outputs[0]?.content.data as Record<string, unknown> | undefined)?.["text/plain"]);
  }
  return texts;
}

/** Where the kernel's first module is from. */
const origin =
  "Object.keys(require.cache).find((path) => /main\\.(cjs|ts)$/.test(path))?.replaceAll('\\\\', '/')";

test("a kernel of a working copy starts with its bundle, which runs cells of every kind", async () => {
  const texts = await shown(
    origin,
    "const n: number = 1; n",
    'import { Runtime } from "hmap"; typeof Runtime',
    'import * as kernel from "hmap/kernel"; typeof kernel',
    '(await import("node:os")).EOL.length > 0',
  );
  expect(texts).toEqual([
    expect.stringMatching(/dist\/kernel\/main\.cjs'$/),
    "1",
    "'function'",
    "'object'",
    "true",
  ]);
});

test("it starts with the sources when one of them has changed since", async () => {
  const list = JSON.parse(readFileSync(stamps, "utf8")) as [string, number, number][];
  expect(list.map(([path]) => path)).toEqual(
    expect.arrayContaining(["package-lock.json", expect.stringMatching(/protocol\.ts$/)]),
  );
  writeFileSync(stamps, JSON.stringify(list.map(([path, time, size]) => [path, time, size + 1])));
  onTestFinished(() => writeFileSync(stamps, JSON.stringify(list)));
  const [path] = await shown(origin);
  expect(String(path)).not.toMatch(/main\.cjs/);
});
