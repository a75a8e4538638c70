import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Message } from "../core/message.ts";
import { kernelName } from "../implementation.ts";
import { KernelClient } from "./client.ts";
import { kernelCommand } from "./command.ts";

/**
 * A client that does what VS Code's Jupyter extension does with a kernel that it starts itself, with the requests and in
 * the order of its sources: rawKernelConnection.node.ts, cellExecution.ts and execution/helpers.ts of
 * microsoft/vscode-jupyter, July 2026.
 */
let kernel: KernelClient;

beforeAll(async () => {
  kernel = await KernelClient.start({ argv: kernelCommand(), listen: false });
});

afterAll(() => kernel.kill());

/** How it runs a cell: what fails stops nothing, as it keeps the queue itself. */
const runsWith = { silent: false, stop_on_error: false, allow_stdin: true, store_history: true };

/** The order in which it puts the representations of an output; those of `application/vnd.*` come before, if it has a renderer. */
const order = [
  "text/html",
  "application/javascript",
  "image/gif",
  "text/latex",
  "text/markdown",
  "image/png",
  "image/svg+xml",
  "image/jpeg",
  "application/json",
  "text/plain",
];

function shownAs({ content }: Message): string | undefined {
  const data = content.data as Record<string, unknown>;
  return order.find((type) => type in data);
}

describe("VS Code", () => {
  test("has its answer when it asks who the kernel is on control and on shell at once, before it listens", async () => {
    const answers = [
      kernel.request("kernel_info_request", {}, "control"),
      kernel.request("kernel_info_request", {}, "shell"),
    ];
    await kernel.listen();
    for (const { content } of await Promise.all(answers)) {
      expect(content.status).toBe("ok");
      // The name is the id of the language in VS Code; that of the kernelspec has to be the same.
      expect(content.language_info).toMatchObject({ name: "typescript", file_extension: ".ts" });
    }
    expect(kernelName.language).toBe("typescript");
  });

  test("goes on behind a cell that fails, and shows its traceback", async () => {
    const failing = kernel.begin("throw new RangeError('too far')", runsWith);
    const next = kernel.begin("6 * 7", runsWith);
    const [error] = await failing.idle;
    expect(error?.header.msg_type).toBe("error");
    // What it puts into the cell: the traceback, which has name and message in its first line.
    expect(String((error!.content.traceback as string[])[0])).toMatch(/RangeError\S*: too far/);
    expect((await next.reply).content.status).toBe("ok");
    expect((await next.idle).map(shownAs)).toEqual(["text/plain"]);
  });

  test("shows a map and a table as HTML that needs no script, and updates a display from a later cell", async () => {
    const { outputs } = await kernel.execute(
      'import { Runtime } from "hmap"; const m = new Runtime({ seed: 1 }).make("map[string]int"); display(m); display([{ a: 1 }]); 0',
      runsWith,
    );
    expect(outputs.map(shownAs)).toEqual(["text/html", "text/html", "text/plain"]);
    for (const { content } of outputs.slice(0, 2)) {
      const html = String((content.data as Record<string, unknown>)["text/html"]);
      expect(html).toMatch(/^<(img|table)/);
      expect(html).not.toContain("<script");
    }
    const { outputs: shown } = await kernel.execute("const held = display('one')", runsWith);
    const { outputs: updates } = await kernel.execute("held.update('two')", runsWith);
    expect(updates.map(({ header }) => header.msg_type)).toEqual(["update_display_data"]);
    expect(updates[0]?.content.transient).toEqual(shown[0]?.content.transient);
  });

  test("interrupts with a message on control, and asks for what a cell wants to know", async () => {
    const spinning = kernel.begin("const kept = 1; display(kept); while (true) {}", runsWith);
    await spinning.output("display_data");
    expect((await kernel.request("interrupt_request", {}, "control")).content.status).toBe("ok");
    expect((await spinning.reply).content).toMatchObject({ status: "error", ename: "Interrupted" });
    await spinning.idle;
    kernel.onInput = (prompt) => `typed at ${prompt}`;
    const { outputs } = await kernel.execute("[kept, await input('name'), prompt('age')].join()", runsWith);
    expect(outputs[0]?.content.data).toEqual({ "text/plain": "'1,typed at name,typed at age'" });
  });

  test("restarts by starting another kernel before it shuts down the old one, whose variables are gone", async () => {
    const other = await KernelClient.start({ argv: kernelCommand() });
    try {
      expect(await kernel.shutdown()).toBe(0);
      const { outputs } = await other.execute("typeof kept", runsWith);
      expect(outputs[0]?.content.data).toEqual({ "text/plain": "'undefined'" });
    } finally {
      await other.kill();
    }
  });
});
