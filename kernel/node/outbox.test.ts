import { expect, test } from "vitest";
import type { Message } from "../core/message.ts";
import { Outbox } from "./outbox.ts";

/** An outbox, what it has sent, and a promise of the moment when something of a type is sent. */
function open() {
  const sent: string[] = [];
  const watchers = new Map<string, () => void>();
  const outbox = new Outbox(({ header, content }) => {
    const name = String(content.execution_state ?? header.msg_type);
    sent.push(name);
    watchers.get(name)?.();
  });
  const add = (channel: Message["channel"], msg_type: string, content = {}) =>
    outbox.add({
      channel,
      header: { msg_type } as Message["header"],
      parent_header: {},
      metadata: {},
      content,
    });
  const status = (execution_state: string) => add("iopub", "status", { execution_state });
  const seen = (name: string) => new Promise<void>((resolve) => watchers.set(name, resolve));
  return { sent, outbox, add, status, seen };
}

test("a reply goes before what is published with it, which keeps its order", async () => {
  const { sent, add, status, seen } = open();
  status("busy");
  add("iopub", "execute_input");
  add("iopub", "execute_result");
  add("shell", "execute_reply");
  status("idle");
  expect(sent).toEqual(["execute_reply"]);
  await seen("idle");
  expect(sent).toEqual(["execute_reply", "busy", "execute_input", "execute_result", "idle"]);
});

test("that a cell has begun is published without anything behind it", async () => {
  const { sent, add, status, seen } = open();
  status("busy");
  add("iopub", "execute_input");
  await seen("execute_input");
  expect(sent).toEqual(["busy", "execute_input"]);
});

test("a question comes behind what was published before it", () => {
  const { sent, add, status } = open();
  status("busy");
  add("iopub", "stream");
  add("stdin", "input_request");
  expect(sent).toEqual(["busy", "stream", "input_request"]);
});

test("at the end what waits is sent", () => {
  const { sent, outbox, status } = open();
  status("busy");
  status("idle");
  outbox.flush();
  expect(sent).toEqual(["busy", "idle"]);
});
