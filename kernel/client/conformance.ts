import type { JsonObject, Message } from "../core/message.ts";
import type { Answer, ProtocolClient } from "./protocolclient.ts";

/**
 * What every host of the kernel must do, as conversations with a running one: over ZeroMQ, in process, and in a page.
 * Each takes a kernel that has just started and throws an Error that says what is wrong.
 *
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html, protocol 5.5
 */
export const conversations: Record<string, (kernel: ProtocolClient) => Promise<void>> = {
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

  async "a cell is answered with busy, its input, its output, a reply and idle, in this order"(kernel) {
    const cell = kernel.run("console.log('printed'); 6 * 7");
    const { reply, published } = await cell.done;
    same(types(published), ["busy", "execute_input", "stream", "execute_result", "idle"]);
    same(reply, { status: "ok", execution_count: 1, user_expressions: {}, payload: [] });
    same(published[1]?.content, { code: "console.log('printed'); 6 * 7", execution_count: 1 });
    same(published[2]?.content, { name: "stdout", text: "printed\n" });
    same(published[3]?.content, { execution_count: 1, data: { "text/plain": "42" }, metadata: {} });
    for (const { parent_header } of published) same(parent_header.msg_id, cell.id);
  },

  async "a failing cell has one error, and the same in its reply"(kernel) {
    const { reply, published } = await kernel.run("throw new RangeError('too far')").done;
    same(types(published), ["busy", "execute_input", "error", "idle"]);
    const { ename, evalue, traceback } = reply;
    same([reply.status, ename, evalue, reply.execution_count], ["error", "RangeError", "too far", 1]);
    same(published[2]?.content, { ename, evalue, traceback });
    same(
      (traceback as string[]).every((line) => typeof line === "string"),
      true,
    );
  },

  async "a silent cell publishes only its status, and neither counts nor is remembered"(kernel) {
    const { reply, published } = await kernel.run("console.log(1); display(2); 3", {
      silent: true,
      store_history: true,
    }).done;
    same(types(published), ["busy", "idle"]);
    same([reply.status, reply.execution_count], ["ok", 0]);
    same((await kernel.run("'next'").done).reply.execution_count, 1);
    same(inputs(await kernel.ask("history_request", { hist_access_type: "tail", n: 9 })), ["'next'"]);
  },

  async "store_history false shows output, and neither counts nor is remembered"(kernel) {
    const { reply, published } = await kernel.run("'seen'", { store_history: false }).done;
    same(types(published), ["busy", "execute_input", "execute_result", "idle"]);
    same(reply.execution_count, 0);
    same(inputs(await kernel.ask("history_request", { hist_access_type: "tail", n: 9 })), []);
  },

  async "user expressions are evaluated after the cell, each with its value or its error"(kernel) {
    const user_expressions = { sum: "a + 1", wrong: "nowhere.at.all" };
    const { reply } = await kernel.run("const a = 1", { user_expressions }).done;
    const { sum, wrong } = reply.user_expressions as Record<string, JsonObject>;
    same(sum, { status: "ok", data: { "text/plain": "2" }, metadata: {} });
    same([wrong?.status, wrong?.ename], ["error", "ReferenceError"]);
    const failed = await kernel.run("throw new Error()", { user_expressions }).done;
    same("user_expressions" in failed.reply, false);
  },

  async "a user expression may await, show itself, fail to parse or to run, and the others are answered all the same"(
    kernel,
  ) {
    const user_expressions = {
      awaits: "await Promise.resolve(5)",
      shows: "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>' }) })",
      broken: "1 +",
      throws: "(() => { throw new RangeError('far') })()",
      nothing: 7,
      last: "'last'",
    };
    const { reply, published } = await kernel.run("0", { user_expressions }).done;
    const values = reply.user_expressions as Record<string, JsonObject>;
    const text = (name: string) => (values[name]?.data as JsonObject | undefined)?.["text/plain"];
    same([text("awaits"), text("last")], ["5", "'last'"]);
    same(values.shows, { status: "ok", data: { "text/html": "<b>" }, metadata: {} });
    same([values.broken?.status, values.broken?.ename], ["error", "SyntaxError"]);
    same(
      [values.throws?.status, values.throws?.ename, values.throws?.evalue],
      ["error", "RangeError", "far"],
    );
    same(Array.isArray(values.throws?.traceback), true);
    same("nothing" in values, false);
    // Their errors are values of the reply, and no output.
    same(types(published), ["busy", "execute_input", "execute_result", "idle"]);
    same((await kernel.run("1", { user_expressions: "nonsense" }).done).reply.user_expressions, {});
  },

  async "stop_on_error aborts the cells that wait, and no other request; false lets them run"(kernel) {
    const fails = "await input(); throw new Error('first')";
    for (const stop_on_error of [true, false]) {
      const failing = kernel.run(fails, { stop_on_error, allow_stdin: true });
      const waiting = kernel.run("globalThis.ran = true");
      const comm = kernel.begin("comm_open", {
        comm_id: `c-${stop_on_error}`,
        target_name: "nobody",
        data: {},
      });
      const question = await failing.message("input_request");
      await arrival(kernel);
      kernel.reply(question, "");
      same((await failing.done).reply.status, "error");
      const { reply, published } = await waiting.done;
      same(reply.status, stop_on_error ? "aborted" : "ok");
      if (stop_on_error) same(types(published), ["busy", "idle"]);
      same(types((await comm.done).published), ["busy", "comm_close", "idle"]);
    }
  },

  async "both streams, displays, their updates and clear_output come with what they need"(kernel) {
    const { published } = await kernel.run(
      "console.error('e'); const d = display('shown'); d.update('changed'); console.clear()",
    ).done;
    const [, , stream, display, update, clear] = published;
    same(stream?.content, { name: "stderr", text: "e\n" });
    const displayId = (message?: Message) =>
      (message?.content.transient as JsonObject | undefined)?.display_id;
    same(typeof displayId(display), "string");
    same(displayId(update), displayId(display));
    same(types(published).slice(3), ["display_data", "update_display_data", "clear_output", "idle"]);
    same(clear?.content, { wait: false });
  },

  async "a display is updated by a later cell, through its handle and by its id, and that cell is the parent"(
    kernel,
  ) {
    await kernel.run("const held = display('one', { id: 'place' })").done;
    const later = kernel.run(
      "held.update('two'); display.update('place', 'three'); display.clear({ wait: true })",
    );
    const { published } = await later.done;
    same(types(published).slice(2), ["update_display_data", "update_display_data", "clear_output", "idle"]);
    for (const { content } of published.slice(2, 4)) same(content.transient, { display_id: "place" });
    same(published[4]?.content, { wait: true });
    same((await kernel.run("display(1)").done).published[2]?.content.metadata, {});
  },

  async "a rich value is shown in each of its representations"(kernel) {
    const { published } = await kernel.run(
      "({ [Symbol.for('Jupyter.display')]: async () => ({ 'text/plain': 'p', 'text/html': '<b>h</b>' }) })",
    ).done;
    same(published[2]?.content.data, { "text/plain": "p", "text/html": "<b>h</b>" });
  },

  async "output of a timer belongs to the cell that set it, also after its idle"(kernel) {
    const cell = kernel.run(
      "globalThis.later = () => console.log('late'); setTimeout(() => globalThis.later(), 30); 0",
    );
    await cell.done;
    await kernel.run("'another'").done;
    const late = await kernel.find((message) => message.content.text === "late\n");
    same(late.header.msg_type, "stream");
    // Where nothing follows a cell through its timers (a page), it is the cell that ran last.
    same(typeof late.parent_header.msg_id, "string");
  },

  async "a cell asks for a line, or for a password, and gets what was typed"(kernel) {
    const asked = kernel.run("await input('Name? ')", { allow_stdin: true });
    const request = await asked.message("input_request");
    same(request.content, { prompt: "Name? ", password: false });
    kernel.reply(request, "Ada");
    same(resultOf(await asked.done), "'Ada'");
    const secret = kernel.run("(await input('Key? ', { password: true })).length", { allow_stdin: true });
    const hidden = await secret.message("input_request");
    same(hidden.content, { prompt: "Key? ", password: true });
    kernel.reply(hidden, "12345");
    same(resultOf(await secret.done), "5");
  },

  async "prompt() waits for what is typed in the middle of a cell, behind what was printed, and stops nothing else"(
    kernel,
  ) {
    if (!threadsShareMemory()) {
      const { reply } = await kernel.run("prompt('Name? ')", { allow_stdin: true }).done;
      same(reply.evalue, "prompt cannot wait in this page: use `await input()`, which asks the same");
      return;
    }
    const cell = kernel.run("console.log('hello'); console.log('you'); prompt('Name? ') + '!'", {
      allow_stdin: true,
    });
    const request = await cell.message("input_request");
    same(request.content, { prompt: "Name? ", password: false });
    // The cell keeps its thread, and the kernel answers.
    same((await kernel.ask("kernel_info_request")).reply.status, "ok");
    kernel.reply(request, "Ада 😀");
    const answer = await cell.done;
    same(resultOf(answer), "'Ада 😀!'");
    same(
      types(answer.published).filter((type) => type !== "busy"),
      ["execute_input", "stream", "stream", "execute_result", "idle"],
    );
    const preset = kernel.run("prompt('Age?', '36')", { allow_stdin: true });
    const again = await preset.message("input_request");
    same(again.content.prompt, "Age? [36] ");
    kernel.reply(again, "");
    same(resultOf(await preset.done), "'36'");
    const { reply } = await kernel.run("prompt('Name? ')", { allow_stdin: false }).done;
    same(reply.evalue, "this front end does not offer input (allow_stdin is false)");
  },

  async "an interrupt ends a cell that waits in prompt(), and keeps the variables"(kernel) {
    if (!threadsShareMemory()) return;
    const cell = kernel.run("const kept = 7; prompt('Name? ')", { allow_stdin: true });
    const request = await cell.message("input_request");
    await kernel.ask("interrupt_request", {}, { channel: "control" });
    same((await cell.done).reply.ename, "Interrupted");
    kernel.reply(request, "too late");
    same(resultOf(await kernel.run("kept").done), "7");
  },

  async "input is refused with a sentence when the front end does not offer it"(kernel) {
    const { reply } = await kernel.run("await input('Name? ')", { allow_stdin: false }).done;
    same(reply.status, "error");
    same(String(reply.evalue), "this front end does not offer input (allow_stdin is false)");
  },

  async "an interrupt ends a cell that waits for input, and a late answer does no harm"(kernel) {
    const cell = kernel.run("const kept = 5; await input('Name? ')", { allow_stdin: true });
    const request = await cell.message("input_request");
    same((await kernel.ask("interrupt_request", {}, { channel: "control" })).reply, { status: "ok" });
    same((await cell.done).reply.ename, "Interrupted");
    kernel.reply(request, "too late");
    same(resultOf(await kernel.run("kept").done), "5");
  },

  async "an interrupt ends a cell that awaits, aborts those behind it and keeps the variables"(kernel) {
    const cell = kernel.run("const kept = 6; display('begun'); await new Promise(() => {})");
    const waiting = kernel.run("1");
    await cell.message("display_data");
    await arrival(kernel);
    await kernel.ask("interrupt_request", {}, { channel: "control" });
    const { reply, published } = await cell.done;
    same([reply.status, reply.ename], ["error", "Interrupted"]);
    same(types(published).slice(-2), ["error", "idle"]);
    same((await waiting.done).reply.status, "aborted");
    same(resultOf(await kernel.run("kept").done), "6");
  },

  async "an interrupt of an idle kernel is answered"(kernel) {
    same((await kernel.ask("interrupt_request", {}, { channel: "control" })).reply, { status: "ok" });
    same(resultOf(await kernel.run("1").done), "1");
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

  async "a comm of the front end reaches its target, speaks both ways with bytes, and closes"(kernel) {
    await kernel.run(`
      Jupyter.comms.registerTarget("echo", (comm, opened) => {
        comm.send({ opened: opened.data });
        comm.onMsg = ({ data, metadata, buffers }) => {
          console.log("heard");
          comm.send({ back: data }, metadata, buffers.map((buffer) => new Uint8Array(buffer).reverse()));
        };
        comm.onClose = ({ data }) => console.log("closed", data);
      })`).done;
    const opened = await kernel.ask("comm_open", { comm_id: "c", target_name: "echo", data: { a: 1 } });
    same(types(opened.published), ["busy", "comm_msg", "idle"]);
    same(opened.published[1]?.content, { comm_id: "c", data: { opened: { a: 1 } } });
    same((await kernel.ask("comm_info_request")).reply, {
      status: "ok",
      comms: { c: { target_name: "echo" } },
    });
    same((await kernel.ask("comm_info_request", { target_name: "other" })).reply.comms, {});

    const bytes = new Uint8Array([1, 2, 3]).buffer;
    const spoken = await kernel.ask(
      "comm_msg",
      { comm_id: "c", data: [4] },
      { metadata: { kind: "bytes" }, buffers: [bytes] },
    );
    same(types(spoken.published), ["busy", "stream", "comm_msg", "idle"]);
    const message = spoken.published[2]!;
    same([message.content, message.metadata], [{ comm_id: "c", data: { back: [4] } }, { kind: "bytes" }]);
    same([...new Uint8Array(plain(message.buffers?.[0]))], [3, 2, 1]);

    const closed = await kernel.ask("comm_close", { comm_id: "c", data: 9 });
    same(types(closed.published), ["busy", "stream", "idle"]);
    same((await kernel.ask("comm_info_request")).reply.comms, {});
  },

  async "a comm to an unknown target is closed, and a message to an unknown comm ignored"(kernel) {
    const opened = await kernel.ask("comm_open", { comm_id: "c", target_name: "nobody", data: {} });
    same(types(opened.published), ["busy", "comm_close", "idle"]);
    same(opened.published[1]?.content, { comm_id: "c", data: {} });
    const spoken = await kernel.ask("comm_msg", { comm_id: "never", data: {} });
    same(types(spoken.published), ["busy", "idle"]);
  },

  async "an error in the handler of a comm is shown, and the comm lives"(kernel) {
    await kernel.run(
      "Jupyter.comms.registerTarget('bad', (comm) => { comm.onMsg = () => { throw new TypeError('oops') } })",
    ).done;
    await kernel.ask("comm_open", { comm_id: "c", target_name: "bad", data: {} });
    for (let round = 0; round < 2; round++) {
      const { published } = await kernel.ask("comm_msg", { comm_id: "c", data: {} });
      same(types(published), ["busy", "error", "idle"]);
      same([published[1]?.content.ename, published[1]?.content.evalue], ["TypeError", "oops"]);
    }
  },

  async "a cell opens a comm, with the cell as parent, and hears what the front end says"(kernel) {
    const cell = kernel.run(`
      console.log("before");
      const comm = Jupyter.comms.open("widget", { v: 1 }, { version: "2" }, [new Uint8Array([7])]);
      comm.onMsg = ({ data }) => display(data.text);
      comm.commId`);
    const { published } = await cell.done;
    same(types(published), ["busy", "execute_input", "stream", "comm_open", "execute_result", "idle"]);
    const opened = published[3]!;
    const { comm_id } = opened.content;
    same(opened.content, { comm_id, target_name: "widget", data: { v: 1 } });
    same(opened.metadata, { version: "2" });
    same([...new Uint8Array(plain(opened.buffers?.[0]))], [7]);
    const heard = await kernel.ask("comm_msg", { comm_id, data: { text: "hello" } });
    same(types(heard.published), ["busy", "display_data", "idle"]);
    const closed = await kernel.run("comm.close(); comm.send(1)").done;
    same(types(closed.published), ["busy", "execute_input", "comm_close", "error", "idle"]);
  },

  async "a subshell answers while a cell runs, and its interrupt stops both"(kernel) {
    const created = await kernel.ask("create_subshell_request", {}, { channel: "control" });
    const subshell = String(created.reply.subshell_id);
    same(created.reply, { status: "ok", subshell_id: subshell });
    const list = () => kernel.ask("list_subshell_request", {}, { channel: "control" });
    same((await list()).reply, { status: "ok", subshell_id: [subshell] });

    const main = kernel.run(
      "const shared = 4; display('begun'); await new Promise((r) => { globalThis.go = r }); 'main'",
    );
    await main.message("display_data");
    same(resultOf(await kernel.run("shared + 1", {}, { subshell }).done), "5");
    await kernel.run("globalThis.go()", {}, { subshell }).done;
    same(resultOf(await main.done), "'main'");

    const both = [undefined, subshell].map((id) =>
      kernel.run("display('on'); await new Promise(() => {})", {}, id === undefined ? {} : { subshell: id }),
    );
    for (const cell of both) await cell.message("display_data");
    await kernel.ask("interrupt_request", {}, { channel: "control" });
    for (const cell of both) same((await cell.done).reply.ename, "Interrupted");

    const deleted = await kernel.ask(
      "delete_subshell_request",
      { subshell_id: subshell },
      { channel: "control" },
    );
    same(deleted.reply, { status: "ok" });
    same((await list()).reply.subshell_id, []);
    const gone = await kernel.run("1", {}, { subshell }).done;
    same(
      [gone.reply.status, gone.reply.evalue],
      ["error", `there is no subshell ${JSON.stringify(subshell)}`],
    );
    const again = await kernel.ask(
      "delete_subshell_request",
      { subshell_id: subshell },
      { channel: "control" },
    );
    same(again.reply.status, "error");
  },

  async "deleting a subshell aborts what waits in it, and what runs in it comes to its end"(kernel) {
    const { reply } = await kernel.ask("create_subshell_request", {}, { channel: "control" });
    const subshell_id = String(reply.subshell_id);
    const inside = { subshell: subshell_id };
    const running = kernel.run(
      "display('on'); await new Promise((r) => { globalThis.go = r }); 8",
      {},
      inside,
    );
    const waiting = kernel.run("9", {}, inside);
    await running.message("display_data");
    await arrival(kernel);
    const deleted = await kernel.ask("delete_subshell_request", { subshell_id }, { channel: "control" });
    same(deleted.reply, { status: "ok" });
    same((await waiting.done).reply.status, "aborted");
    await kernel.run("globalThis.go()").done;
    same(resultOf(await running.done), "8");
  },

  async "a comm message to a subshell is handled while a cell of the main shell waits"(kernel) {
    await kernel.run(
      "Jupyter.comms.registerTarget('echo', (comm) => { comm.onMsg = ({ data }) => comm.send(data) })",
    ).done;
    await kernel.ask("comm_open", { comm_id: "c", target_name: "echo", data: {} });
    const { reply } = await kernel.ask("create_subshell_request", {}, { channel: "control" });
    const subshell = String(reply.subshell_id);
    const main = kernel.run("display('on'); await new Promise((r) => { globalThis.go = r })");
    await main.message("display_data");
    const { published } = await kernel.ask("comm_msg", { comm_id: "c", data: { a: 1 } }, { subshell });
    const answer = published.find(({ header }) => header.msg_type === "comm_msg");
    same(answer?.content, { comm_id: "c", data: { a: 1 } });
    same(answer?.parent_header.subshell_id, subshell);
    await kernel.run("globalThis.go()", {}, { subshell }).done;
    same((await main.done).reply.status, "ok");
  },

  async "a failing cell of a subshell leaves the cells of the main shell alone"(kernel) {
    const { reply } = await kernel.ask("create_subshell_request", {}, { channel: "control" });
    const subshell = String(reply.subshell_id);
    const main = kernel.run("display('on'); await new Promise((r) => { globalThis.go = r })");
    const waiting = kernel.run("'still runs'");
    await main.message("display_data");
    same((await kernel.run("throw new Error()", {}, { subshell }).done).reply.status, "error");
    await kernel.run("globalThis.go()", {}, { subshell }).done;
    same((await main.done).reply.status, "ok");
    same(resultOf(await waiting.done), "'still runs'");
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

  async "a thousand queued cells all run, in order"(kernel) {
    await kernel.run("let order: number[] = []").done;
    const cells = Array.from({ length: 1000 }, (_, index) => kernel.run(`order.push(${index})`));
    const answers = await Promise.all(cells.map((cell) => cell.done));
    same(
      answers.every(({ reply }) => reply.status === "ok"),
      true,
    );
    same(answers.at(-1)?.reply.execution_count, 1001);
    same(resultOf(await kernel.run("order.every((value, index) => value === index)").done), "true");
  },

  async "infinite recursion is an error of its cell"(kernel) {
    const { reply } = await kernel.run("const deeper = (n: number): number => deeper(n + 1) + 1; deeper(0)")
      .done;
    same([reply.status, reply.ename], ["error", "RangeError"]);
    same(resultOf(await kernel.run("1 + 1").done), "2");
  },

  async "ten thousand lines arrive complete and in order, in at most twenty messages, before idle"(kernel) {
    const { published } = await kernel.run("for (let i = 0; i < 10_000; i++) console.log('line', i)").done;
    const streams = published.filter((message) => message.header.msg_type === "stream");
    const text = streams.map((message) => message.content.text).join("");
    same(text === Array.from({ length: 10_000 }, (_, i) => `line ${i}\n`).join(""), true);
    same(streams.length <= 20, true);
  },

  async "a rejected promise that nobody awaits is reported, and the kernel lives"(kernel) {
    await kernel.run("Promise.reject(new Error('nobody awaits')); 0").done;
    const error = await kernel.find((message) => message.content.evalue === "nobody awaits");
    same(error.header.msg_type, "error");
    same(resultOf(await kernel.run("2 + 2").done), "4");
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

/**
 * Resolves when all that was sent on the shell channel has arrived. Another channel may be read before it, or later.
 */
async function arrival(kernel: ProtocolClient): Promise<void> {
  await kernel.ask("kernel_info_request");
}

/** In a page that is not isolated from others they do not. */
function threadsShareMemory(): boolean {
  return typeof SharedArrayBuffer !== "undefined";
}

/** A message type, or the state of a status message. */
function types(messages: Message[]): string[] {
  return messages.map(({ header, content }) => String(content.execution_state ?? header.msg_type));
}

function resultOf({ published }: Answer): unknown {
  const result = published.find((message) => message.header.msg_type === "execute_result");
  return (result?.content.data as JsonObject | undefined)?.["text/plain"];
}

function inputs({ reply }: Answer): unknown[] {
  return (reply.history as unknown[][]).map(([, , input]) => input);
}

function plain(buffer: ArrayBuffer | ArrayBufferView | undefined): ArrayBuffer {
  if (buffer === undefined) return new ArrayBuffer(0);
  if (!ArrayBuffer.isView(buffer)) return buffer;
  const { buffer: whole, byteOffset, byteLength } = buffer;
  return whole.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}

/** Compares as JSON, whatever the order of an object's members: no test library, as this runs in pages too. */
function same(actual: unknown, expected: unknown): void {
  const [one, other] = [actual, expected].map((value) => JSON.stringify(sorted(value)));
  if (one !== other) throw new Error(`expected ${other}, and got ${one}`);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}
