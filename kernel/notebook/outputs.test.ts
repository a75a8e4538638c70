import { describe, expect, test } from "vitest";
import type { JsonObject } from "../core/message.ts";
import { OutputCollector } from "./outputs.ts";

/** A message with the parts that the collector reads. */
function message(msg_type: string, content: JsonObject) {
  const header = { msg_id: "", session: "", username: "", date: "", msg_type, version: "5.5" };
  return { header, content };
}
const stream = (text: string, name = "stdout") => message("stream", { name, text });
const display = (text: string, display_id?: string) =>
  message("display_data", { data: { "text/plain": text }, metadata: {}, transient: { display_id } });
const update = (text: string, display_id: string) =>
  message("update_display_data", { data: { "text/plain": text }, metadata: {}, transient: { display_id } });
const shown = (text: string) => ({ output_type: "display_data", data: { "text/plain": text }, metadata: {} });

describe("the outputs of a cell", () => {
  test("join streams that follow one another, and keep stdout and stderr apart", () => {
    const cell = new OutputCollector().cell();
    for (const part of [stream("a"), stream("b"), stream("c", "stderr"), stream("d")]) cell.handle(part);
    expect(cell.outputs).toEqual([
      { output_type: "stream", name: "stdout", text: "ab" },
      { output_type: "stream", name: "stderr", text: "c" },
      { output_type: "stream", name: "stdout", text: "d" },
    ]);
  });

  test("keep results and errors, and pass over status and input", () => {
    const cell = new OutputCollector().cell();
    const result = { data: { "text/plain": "1" }, metadata: {}, execution_count: 2 };
    const error = { ename: "E", evalue: "v", traceback: ["E: v"] };
    cell.handle(message("status", { execution_state: "busy" }));
    cell.handle(message("execute_input", { code: "1", execution_count: 2 }));
    cell.handle(message("execute_result", result));
    cell.handle(message("error", error));
    expect(cell.outputs).toEqual([
      { output_type: "execute_result", ...result },
      { output_type: "error", ...error },
    ]);
  });

  test("follow updates of a display wherever it is shown, also from a later cell", () => {
    const collector = new OutputCollector();
    const first = collector.cell();
    const second = collector.cell();
    first.handle(display("old", "d"));
    first.handle(display("other", "e"));
    second.handle(display("old", "d"));
    second.handle(update("new", "d"));
    expect(first.outputs).toEqual([shown("new"), shown("other")]);
    expect(second.outputs).toEqual([shown("new")]);
  });

  test("are cleared at once, or with the next output", () => {
    const cell = new OutputCollector().cell();
    cell.handle(stream("a"));
    cell.handle(message("clear_output", { wait: false }));
    expect(cell.outputs).toEqual([]);
    cell.handle(stream("b"));
    cell.handle(message("clear_output", { wait: true }));
    expect(cell.outputs).toHaveLength(1);
    cell.handle(stream("c"));
    expect(cell.outputs).toEqual([{ output_type: "stream", name: "stdout", text: "c" }]);
  });
});
