import type { JsonObject, Message } from "../core/message.ts";
import { arrival, type Conversations, inputs, resultOf, same, types } from "./conversation.ts";

/** What cells show, and how they end. */
export const cellConversations: Conversations = {
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
};
