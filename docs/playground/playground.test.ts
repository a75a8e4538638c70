import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openLocalKernel } from "../../kernel/cli/kernels.ts";
import { formCode, formTypes, type Operation } from "./form.ts";
import { programs } from "./programs.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Runs each text on a kernel of its own session and gives what failed. */
async function failures(texts: readonly string[]): Promise<string[]> {
  const { kernel, close } = await openLocalKernel("hmap", root);
  const failed: string[] = [];
  try {
    for (const code of texts) {
      const { content } = await kernel.requestExecute({ code, allow_stdin: false }).done;
      if (content.status === "error") failed.push(`${content.ename}: ${content.evalue}\n${code}`);
      else if (content.status !== "ok") failed.push(code);
    }
  } finally {
    await close();
  }
  return failed;
}

test("every program of the picker runs", { timeout: 30_000 }, async () => {
  expect(new Set(programs.map(({ id }) => id)).size).toBe(programs.length);
  expect(await failures(programs.map(({ code }) => code))).toEqual([]);
});

test("the form's code runs for every type, whatever is in its fields", { timeout: 30_000 }, async () => {
  const operations: Operation[] = [
    { do: "set", key: '"); evil("', value: "`${evil}`" },
    { do: "set", key: "", value: "-0" },
    { do: "set", key: "NaN", value: "1e999" },
    { do: "delete", key: "\\u2028\n" },
    { do: "fill", count: 30 },
    { do: "gc" },
    { do: "clear" },
  ];
  const texts = formTypes.map(({ type }) => formCode({ type, hint: 9.7, seed: Number.NaN, operations }));
  expect(await failures(texts)).toEqual([]);
});
