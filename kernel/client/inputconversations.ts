import { arrival, type Conversations, resultOf, same, threadsShareMemory, types } from "./conversation.ts";

/** What the person types into a cell, and interrupts. */
export const inputConversations: Conversations = {
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
};
