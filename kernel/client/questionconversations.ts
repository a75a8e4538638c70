import type { JsonObject } from "../core/message.ts";
import { type Conversations, same, types } from "./conversation.ts";

/** What is asked about the kernel and about code, and the end of the kernel. */
export const questionConversations: Conversations = {
  async "kernel_info says what it is, on shell and on control"(kernel) {
    for (const channel of ["shell", "control"] as const) {
      const { reply } = await kernel.ask("kernel_info_request", {}, { channel });
      same(reply.status, "ok");
      same(reply.protocol_version, "5.5");
      same(reply.implementation, "hmap");
      same(reply.supported_features, ["kernel subshells"]);
      same(typeof reply.banner, "string");
      same(Array.isArray(reply.help_links), true);
      const language = reply.language_info as JsonObject;
      same(
        [language.name, language.file_extension, language.mimetype],
        ["typescript", ".ts", "text/typescript"],
      );
      same(typeof language.codemirror_mode, "string");
    }
  },

  async "`starting` is published once, without a parent, before anything else of the session"(kernel) {
    await kernel.ask("kernel_info_request");
    const states = kernel.received.filter((message) => message.content.execution_state === "starting");
    // A client that is slow to subscribe may miss it.
    same(states.length <= 1, true);
    for (const state of states) same(state.parent_header, {});
  },

  async "is_complete knows a whole cell from one that goes on and one that is wrong"(kernel) {
    const ask = async (code: string) => (await kernel.ask("is_complete_request", { code })).reply;
    same(await ask("1 + 1"), { status: "complete" });
    same(await ask("if (true) {"), { status: "incomplete", indent: "  " });
    same(await ask("const = 1"), { status: "invalid" });
  },

  async "completion and inspection have their members, and count in code points"(kernel) {
    await kernel.run("const fruit = { weight: 1 }").done;
    const code = "'😀'; fruit.wei";
    const completion = await kernel.ask("complete_request", { code, cursor_pos: [...code].length });
    same(completion.reply.status, "ok");
    same(completion.reply.cursor_end, [...code].length);
    same((completion.reply.cursor_start as number) <= [...code].length, true);
    same(Array.isArray(completion.reply.matches), true);
    same(typeof completion.reply.metadata, "object");
    const inspection = await kernel.ask("inspect_request", { code: "fruit", cursor_pos: 5, detail_level: 0 });
    same(inspection.reply.status, "ok");
    same(typeof inspection.reply.found, "boolean");
    same([typeof inspection.reply.data, typeof inspection.reply.metadata], ["object", "object"]);
  },

  async "completion, inspection, history and comm_info do not wait for a cell that runs"(kernel) {
    const cell = kernel.run("display('begun'); await new Promise((r) => { globalThis.go = r })");
    await cell.message("display_data");
    for (const [type, content] of [
      ["complete_request", { code: "a", cursor_pos: 1 }],
      ["inspect_request", { code: "a", cursor_pos: 1, detail_level: 0 }],
      ["history_request", { hist_access_type: "tail", n: 1 }],
      ["comm_info_request", {}],
      ["is_complete_request", { code: "1" }],
      ["kernel_info_request", {}],
    ] as const) {
      const { reply, published } = await kernel.ask(type, content);
      same(String(reply.status) === "error", false);
      same(types(published), ["busy", "idle"]);
    }
    // The state that front ends saw last is again that of the cell: said behind the idle that was seen last.
    const idle = kernel.received.findLastIndex(({ content }) => content.execution_state === "idle");
    await kernel.find(
      (message) =>
        message.content.execution_state === "busy" &&
        message.parent_header.msg_id === cell.id &&
        kernel.received.indexOf(message) > idle,
    );
    await kernel.ask("interrupt_request", {}, { channel: "control" });
    await cell.done;
  },

  async "history gives the last cells, a range of them, and those that match, with and without results"(
    kernel,
  ) {
    for (const code of ["'one'", "'two'", "const three = 3", "'two'"]) await kernel.run(code).done;
    const ask = async (content: JsonObject) =>
      (await kernel.ask("history_request", { raw: true, output: false, ...content })).reply
        .history as unknown[][];
    const tail = await ask({ hist_access_type: "tail", n: 2 });
    const [session] = tail[0]!;
    same(tail, [
      [session, 3, "const three = 3"],
      [session, 4, "'two'"],
    ]);
    same(await ask({ hist_access_type: "tail", n: 2, output: true }), [
      [session, 3, ["const three = 3", null]],
      [session, 4, ["'two'", "'two'"]],
    ]);
    for (const asked of [session, 0]) {
      const range = await ask({ hist_access_type: "range", session: asked, start: 2, stop: 4 });
      same(
        range.map(([, line]) => line),
        [2, 3],
      );
    }
    const lines = async (content: JsonObject) =>
      (await ask({ hist_access_type: "search", ...content })).map(([, line]) => line);
    same(await lines({ pattern: "'t*'" }), [2, 4]);
    same(await lines({ pattern: "'t??'", unique: true }), [4]);
    same(await lines({ pattern: "*", n: 1 }), [4]);
    same(await lines({ pattern: "three" }), []);
  },

  async "a debug_request is answered with a response that says there is no debugger"(kernel) {
    const { reply } = await kernel.ask(
      "debug_request",
      { type: "request", seq: 3, command: "debugInfo" },
      { channel: "control" },
    );
    same([reply.type, reply.request_seq, reply.success, reply.command], ["response", 3, false, "debugInfo"]);
    same(reply.message, "this kernel has no debugger");
  },

  async "a text for the pager comes as the payload of the reply"(kernel) {
    const { reply } = await kernel.run("Jupyter.page('a long text')").done;
    same(reply.payload, [{ source: "page", data: { "text/plain": "a long text" }, start: 0 }]);
  },

  async "unknown messages get no answer, unknown fields do no harm, and what is missing is named"(kernel) {
    const unknown = kernel.begin("apply_request", { anything: 1 });
    const { reply } = await kernel.ask("execute_request", { code: "1", nonsense: { deep: [] } });
    same(reply.status, "ok");
    same(
      kernel.received.some((message) => message.parent_header.msg_id === unknown.id),
      false,
    );
    const missing = await kernel.ask("execute_request", {});
    same([missing.reply.status, missing.reply.evalue], ["error", "the request needs `code`, a string"]);
    same(missing.reply.execution_count, 1);
    const wrong = await kernel.ask("complete_request", { code: 7 });
    same([wrong.reply.status, wrong.reply.evalue], ["error", "the request needs `code`, a string"]);
  },

  async "a shutdown is answered, and nothing after it"(kernel) {
    const { reply, published } = await kernel.ask(
      "shutdown_request",
      { restart: true },
      { channel: "control" },
    );
    same(reply, { status: "ok", restart: true });
    same(types(published), ["busy", "idle"]);
  },

  async "a shutdown on the shell channel, of older clients, is answered too, also while a cell runs"(kernel) {
    const cell = kernel.run("display('on'); await new Promise(() => {})");
    await cell.message("display_data");
    const { reply } = await kernel.ask("shutdown_request", { restart: false });
    same(reply, { status: "ok", restart: false });
  },
};
