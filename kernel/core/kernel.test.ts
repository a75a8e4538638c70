import { describe, expect, test } from "vitest";
import type { Cell, Language, Outcome } from "../language/language.ts";
import type { Port } from "./execution.ts";
import { RemoteExecutor } from "./executor.ts";
import { Kernel } from "./kernel.ts";
import type { JsonObject, Message } from "./message.ts";
import { serveLanguage } from "./serve.ts";

/** A language whose cells are what the test says they are, by the cell's code. */
class ScriptedLanguage implements Language {
  readonly info = { name: "scripted", version: "1", mimetype: "text/plain", file_extension: ".txt" };
  interrupts = 0;
  readonly cells: Record<string, (cell: Cell) => Promise<Outcome> | Outcome>;

  constructor(cells: Record<string, (cell: Cell) => Promise<Outcome> | Outcome> = {}) {
    this.cells = cells;
  }
  async execute(code: string, cell: Cell): Promise<Outcome> {
    return (await this.cells[code]?.(cell)) ?? { status: "ok" };
  }
  async evaluate(expression: string) {
    return { status: "ok" as const, data: { "text/plain": `<${expression}>` }, metadata: {} };
  }
  isComplete(code: string) {
    return code.endsWith("{")
      ? { status: "incomplete" as const, indent: "  " }
      : { status: "complete" as const };
  }
  complete(code: string, cursor: number) {
    if (code === "broken") throw new TypeError("no completer");
    return { matches: [code], cursor_start: 0, cursor_end: cursor, metadata: {} };
  }
  inspect(_code: string, _cursor: number, detail: 0 | 1) {
    return { found: true, data: { "text/plain": `detail ${detail}` }, metadata: {} };
  }
  interrupt() {
    this.interrupts++;
  }
}

const fails: Outcome = { status: "error", ename: "Oops", evalue: "it broke", traceback: ["Oops: it broke"] };

/** A kernel in this thread, with everything it sent. */
function startKernel(language: Language = new ScriptedLanguage()) {
  const sent: Message[] = [];
  const log: string[] = [];
  const shutdowns: boolean[] = [];
  const { promise: shutDown, resolve: ended } = Promise.withResolvers<void>();
  let ids = 0;
  let idle: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  serveLanguage(port2, language);
  const executor = new RemoteExecutor(port1);
  const kernel = new Kernel({
    executor,
    language: language.info,
    implementation: { name: "hmap", version: "0.0.0", banner: "a test" },
    send: (message) => {
      sent.push(message);
      for (const check of idle) check();
    },
    session: "kernel-session",
    newId: () => `id-${ids++}`,
    now: () => new Date(0),
    shutdown: (restart) => {
      shutdowns.push(restart);
      ended();
    },
    log: (line) => log.push(line),
  });
  let requests = 0;
  /** Sends a request; resolves when its idle was published. */
  function ask(msg_type: string, content: JsonObject = {}, more: Partial<Message> = {}): Promise<Message[]> {
    const msg_id = `request-${requests++}`;
    const header = { msg_id, session: "client", username: "me", date: "", msg_type, version: "5.3" };
    const mine = () => sent.filter((message) => message.parent_header.msg_id === msg_id);
    const done = new Promise<Message[]>((resolve) => {
      idle.push(() => {
        if (mine().some((message) => message.content.execution_state === "idle")) resolve(mine());
      });
    });
    kernel.handle({ channel: "shell", header, parent_header: {}, metadata: {}, content, ...more });
    return done;
  }
  const run = (code: string, content: JsonObject = {}) => ask("execute_request", { code, ...content });
  return { kernel, executor, sent, log, shutdowns, shutDown, ask, run, forget: () => (idle = []) };
}

/** "status busy", "stream", "execute_reply ok": enough to see the order. */
function outline(messages: Message[]): string[] {
  return messages.map(({ header, content }) =>
    [header.msg_type, content.execution_state ?? content.status]
      .filter((part) => part !== undefined)
      .join(" "),
  );
}
const reply = (messages: Message[]) => messages.find((message) => message.channel !== "iopub")!.content;

describe("every request", () => {
  test("has busy before, idle after, and a reply with the request's header and route between", async () => {
    const { ask } = startKernel();
    const messages = await ask("kernel_info_request", {}, { route: ["client 1"] });
    expect(outline(messages)).toEqual(["status busy", "kernel_info_reply ok", "status idle"]);
    expect(messages.map((message) => message.route)).toEqual([undefined, ["client 1"], undefined]);
    expect(new Set(messages.map((message) => message.header.msg_id)).size).toBe(3);
    expect(messages[1]!.header).toMatchObject({ session: "kernel-session", version: "5.5" });
  });

  test("is answered on the channel it came on", async () => {
    const { ask } = startKernel();
    const messages = await ask("kernel_info_request", {}, { channel: "control" });
    expect(messages[1]!.channel).toBe("control");
  });

  test("of an unknown type is ignored and logged", async () => {
    const { ask, sent, log } = startKernel();
    void ask("usage_request", {}, { channel: "control" });
    await ask("kernel_info_request");
    expect(log).toEqual(["ignored usage_request on the control channel: unknown message type"]);
    expect(sent).toHaveLength(3);
  });

  test("without its required content gets an error reply that names what is missing", async () => {
    const { ask } = startKernel();
    const messages = await ask("execute_request", { silent: false });
    expect(outline(messages)).toEqual(["status busy", "execute_reply error", "status idle"]);
    expect(reply(messages)).toMatchObject({
      evalue: "the request needs `code`, a string",
      execution_count: 0,
    });
  });

  test("that makes the language itself fail gets an error reply", async () => {
    const { ask } = startKernel();
    const messages = await ask("complete_request", { code: "broken", cursor_pos: 1 });
    expect(reply(messages)).toMatchObject({
      status: "error",
      ename: "InternalError",
      evalue: "the cell language failed: no completer",
    });
  });
});

describe("kernel_info", () => {
  test("names the protocol, the implementation and the language", async () => {
    const { ask } = startKernel();
    expect(reply(await ask("kernel_info_request"))).toMatchObject({
      status: "ok",
      protocol_version: "5.5",
      implementation: "hmap",
      language_info: { name: "scripted", file_extension: ".txt" },
      banner: "a test",
      supported_features: ["kernel subshells"],
    });
  });

  test("is answered on the shell channel while a cell runs, and the cell's busy is said again after its idle", async () => {
    const { run, ask, kernel, sent } = startKernel(
      new ScriptedLanguage({ spin: () => new Promise(() => {}) }),
    );
    void run("spin");
    await ask("kernel_info_request");
    expect(outline(sent).slice(-2)).toEqual(["status idle", "status busy"]);
    expect(sent.at(-1)!.parent_header).toMatchObject({ msg_type: "execute_request" });
    kernel.dispose();
  });
});

test("`starting` is published once, without a parent", () => {
  const { kernel, sent } = startKernel();
  kernel.start();
  kernel.start();
  expect(outline(sent)).toEqual(["status starting"]);
  expect(sent[0]!.parent_header).toEqual({});
});

describe("execute", () => {
  test("echoes the input, publishes all output before idle and replies with the count", async () => {
    const language = new ScriptedLanguage({
      shows: (cell) => {
        cell.emit({ type: "stream", name: "stdout", text: "hello\n" });
        cell.emit({ type: "display", data: { "text/plain": "d" }, metadata: {}, display_id: "one" });
        cell.emit({ type: "update_display", data: { "text/plain": "e" }, metadata: {}, display_id: "one" });
        cell.emit({ type: "clear_output", wait: true });
        cell.emit({ type: "result", data: { "text/plain": "42" }, metadata: {} });
        return { status: "ok" };
      },
    });
    const { run } = startKernel(language);
    const messages = await run("shows");
    expect(outline(messages)).toEqual([
      "status busy",
      "execute_input",
      "stream",
      "display_data",
      "update_display_data",
      "clear_output",
      "execute_result",
      "execute_reply ok",
      "status idle",
    ]);
    const content = (type: string) => messages.find((message) => message.header.msg_type === type)!.content;
    expect(content("execute_input")).toEqual({ code: "shows", execution_count: 1 });
    expect(content("display_data").transient).toEqual({ display_id: "one" });
    expect(content("execute_result")).toEqual({
      data: { "text/plain": "42" },
      metadata: {},
      execution_count: 1,
    });
    expect(content("execute_reply")).toEqual({
      status: "ok",
      execution_count: 1,
      user_expressions: {},
      payload: [],
    });
  });

  test("a failing cell publishes one error and replies with the same", async () => {
    const { run } = startKernel(new ScriptedLanguage({ fails: () => fails }));
    const messages = await run("fails");
    expect(outline(messages)).toEqual([
      "status busy",
      "execute_input",
      "error",
      "execute_reply error",
      "status idle",
    ]);
    expect(messages[2]!.content).toEqual({
      ename: "Oops",
      evalue: "it broke",
      traceback: ["Oops: it broke"],
    });
    expect(reply(messages)).toMatchObject({ ename: "Oops", execution_count: 1 });
  });

  test("a silent cell publishes nothing but its status and does not count", async () => {
    const language = new ScriptedLanguage({
      loud: (cell) => {
        cell.emit({ type: "stream", name: "stdout", text: "hello\n" });
        return fails;
      },
    });
    const { run } = startKernel(language);
    await run("first");
    const messages = await run("loud", { silent: true, store_history: true });
    expect(outline(messages)).toEqual(["status busy", "execute_reply error", "status idle"]);
    expect(reply(messages).execution_count).toBe(1);
  });

  test("only cells with store_history are counted", async () => {
    const { run } = startKernel();
    const counts: unknown[] = [];
    for (const store_history of [true, false, true, undefined]) {
      counts.push(
        reply(await run("x", store_history === undefined ? {} : { store_history })).execution_count,
      );
    }
    expect(counts).toEqual([1, 1, 2, 3]);
  });

  test("user expressions are evaluated after the cell, and not when it failed", async () => {
    const { run } = startKernel(new ScriptedLanguage({ fails: () => fails }));
    const user_expressions = { a: "x + 1" };
    expect(reply(await run("ok", { user_expressions })).user_expressions).toEqual({
      a: { status: "ok", data: { "text/plain": "<x + 1>" }, metadata: {} },
    });
    expect(reply(await run("fails", { user_expressions }))).not.toHaveProperty("user_expressions");
  });

  test("a result keeps its place before what is shown after it", async () => {
    const result = { type: "result" as const, data: { "text/plain": "42" }, metadata: {} };
    const language = new ScriptedLanguage({
      updates: (cell) => {
        cell.emit(result);
        cell.emit({ type: "update_display", data: {}, metadata: {}, display_id: "one" });
        return { status: "ok" };
      },
      fails: (cell) => {
        cell.emit(result);
        return fails;
      },
    });
    const { run } = startKernel(language);
    const shown = (messages: Message[]) => outline(messages).slice(2, -2);
    expect(shown(await run("updates"))).toEqual(["execute_result", "update_display_data"]);
    expect(shown(await run("fails"))).toEqual(["execute_result", "error"]);
  });

  test("a result does not wait for user expressions", async () => {
    const language = new ScriptedLanguage({
      shows: (cell) => {
        cell.emit({ type: "result", data: { "text/plain": "42" }, metadata: {} });
        return { status: "ok" };
      },
    });
    const { run, ask, sent } = startKernel(language);
    let before: string[] = [];
    language.evaluate = async () => {
      // Its answer comes the way that the result came, behind it.
      await ask("is_complete_request", { code: "" });
      before = sent.map(({ header }) => header.msg_type);
      return { status: "ok", data: { "text/plain": "" }, metadata: {} };
    };
    await run("shows", { user_expressions: { a: "1" } });
    expect(before).toContain("execute_result");
  });

  test("cells run one after the other in the order they came", async () => {
    const order: string[] = [];
    const slow = async () => {
      await Promise.resolve();
      order.push("slow");
      return { status: "ok" as const };
    };
    const quick = () => {
      order.push("quick");
      return { status: "ok" as const };
    };
    const { run } = startKernel(new ScriptedLanguage({ slow, quick }));
    await Promise.all([run("slow"), run("quick")]);
    expect(order).toEqual(["slow", "quick"]);
  });

  test("output after the end of a cell keeps that cell as its parent", async () => {
    let late!: Cell;
    const language = new ScriptedLanguage({
      starts: (cell) => {
        late = cell;
        return { status: "ok" };
      },
    });
    const { run, sent } = startKernel(language);
    await run("starts");
    await run("next");
    late.emit({ type: "display", data: { "text/plain": "late" }, metadata: {} });
    await run("last");
    const shown = sent.find((message) => message.header.msg_type === "display_data")!;
    expect(shown.parent_header.msg_id).toBe("request-0");
  });
});

describe("stop_on_error", () => {
  test("a failing cell aborts the execute requests that wait, and no other request", async () => {
    const { run, ask } = startKernel(new ScriptedLanguage({ fails: () => fails }));
    const [, second, complete, third] = await Promise.all([
      run("fails"),
      run("never"),
      ask("is_complete_request", { code: "{" }),
      run("never either"),
    ]);
    expect(outline(second)).toEqual(["status busy", "execute_reply aborted", "status idle"]);
    expect(reply(second)).toEqual({ status: "aborted", execution_count: 1 });
    expect(reply(third)).toEqual({ status: "aborted", execution_count: 1 });
    expect(reply(complete)).toEqual({ status: "incomplete", indent: "  " });
    expect(reply(await run("later"))).toMatchObject({ status: "ok", execution_count: 2 });
  });

  test("false lets the waiting cells run", async () => {
    const { run } = startKernel(new ScriptedLanguage({ fails: () => fails }));
    const [, second] = await Promise.all([run("fails", { stop_on_error: false }), run("runs")]);
    expect(reply(second)).toMatchObject({ status: "ok", execution_count: 2 });
  });
});

describe("interrupt", () => {
  test("ends a cell that was lost with the code that was stopped", async () => {
    const { port1, port2 } = new MessageChannel();
    serveLanguage(port2, new ScriptedLanguage());
    const executor = new RemoteExecutor({
      postMessage: (message) => {
        if ((message as { type: string }).type !== "execute") port1.postMessage(message);
      },
      get onmessage() {
        return port1.onmessage as Port["onmessage"];
      },
      set onmessage(listener) {
        port1.onmessage = listener as typeof port1.onmessage;
      },
    });
    const host = { output() {}, input: () => Promise.reject(), comm() {}, page() {} };
    const outcome = executor.execute(
      { code: "x", executionCount: 1, silent: false, userExpressions: {} },
      host,
    );
    await executor.interrupt();
    expect(await outcome).toMatchObject({ status: "error", ename: "Interrupted" });
    port1.close();
  });

  test("ends a cell that waits, replies, and keeps the language", async () => {
    const language = new ScriptedLanguage({ waits: () => new Promise(() => {}) });
    const { run, ask } = startKernel(language);
    const waits = run("waits");
    const queued = run("queued");
    const interrupted = await ask("interrupt_request", {}, { channel: "control" });
    expect(reply(interrupted)).toEqual({ status: "ok" });
    expect(reply(await waits)).toMatchObject({ status: "error", ename: "Interrupted" });
    expect(reply(await queued).status).toBe("aborted");
    expect(language.interrupts).toBe(1);
    expect(reply(await run("next")).status).toBe("ok");
  });

  test("leaves the kernel idle for those who look at its last status", async () => {
    const language = new ScriptedLanguage({ waits: () => new Promise(() => {}) });
    const { run, ask, sent } = startKernel(language);
    const waits = run("waits");
    await ask("interrupt_request", {}, { channel: "control" });
    await waits;
    await ask("is_complete_request", { code: "1" });
    const statuses = sent.filter(({ header }) => header.msg_type === "status");
    const states = statuses.map(({ content }) => content.execution_state);
    expect(states.filter((state) => state === "busy").length).toBe(3);
    expect(states.at(-1)).toBe("idle");
  });

  test("is answered when nothing runs", async () => {
    const language = new ScriptedLanguage();
    const { ask } = startKernel(language);
    expect(reply(await ask("interrupt_request", {}, { channel: "control" }))).toEqual({ status: "ok" });
    expect(language.interrupts).toBe(0);
  });

  test("output of the interrupted cell comes before its error", async () => {
    const language = new ScriptedLanguage({
      waits: (cell) => {
        cell.emit({ type: "stream", name: "stdout", text: "so far" });
        return new Promise(() => {});
      },
    });
    const { run, ask } = startKernel(language);
    const waits = run("waits");
    await ask("interrupt_request", {}, { channel: "control" });
    expect(outline(await waits)).toEqual([
      "status busy",
      "execute_input",
      "stream",
      "error",
      "execute_reply error",
      "status idle",
    ]);
  });
});

describe("shutdown", () => {
  test("replies, tells the host once and says no more", async () => {
    const { ask, kernel, sent, shutdowns, shutDown } = startKernel();
    const messages = await ask("shutdown_request", { restart: true }, { channel: "control" });
    expect(outline(messages)).toEqual(["status busy", "shutdown_reply ok", "status idle"]);
    expect(reply(messages)).toEqual({ status: "ok", restart: true });
    await shutDown;
    expect(shutdowns).toEqual([true]);
    const count = sent.length;
    void ask("kernel_info_request");
    kernel.dispose();
    expect(sent).toHaveLength(count);
  });

  test("works on the shell channel and while a cell runs", async () => {
    const { run, ask, shutdowns, shutDown } = startKernel(
      new ScriptedLanguage({ spin: () => new Promise(() => {}) }),
    );
    void run("spin");
    expect(reply(await ask("shutdown_request", { restart: false }))).toEqual({
      status: "ok",
      restart: false,
    });
    await shutDown;
    expect(shutdowns).toEqual([false]);
  });
});

describe("input", () => {
  const language = () =>
    new ScriptedLanguage({
      asks: async (cell) => {
        try {
          const text = await cell.input("Name? ", false);
          cell.emit({ type: "stream", name: "stdout", text });
          return { status: "ok" };
        } catch (error) {
          return { ...fails, evalue: (error as Error).message } as Outcome;
        }
      },
    });

  test("goes to the front end that sent the cell and back", async () => {
    const { kernel, ask, sent } = startKernel(language());
    const done = ask("execute_request", { code: "asks" }, { route: ["me"] });
    await new Promise<void>((resolve) => {
      const look = () =>
        sent.some((message) => message.channel === "stdin") ? resolve() : void setImmediate(look);
      look();
    });
    const request = sent.find((message) => message.channel === "stdin")!;
    expect(request).toMatchObject({
      route: ["me"],
      header: { msg_type: "input_request" },
      content: { prompt: "Name? ", password: false },
    });
    kernel.handle({
      ...request,
      header: { ...request.header, msg_type: "input_reply" },
      content: { status: "ok", value: "Ada" },
    });
    expect((await done).find((message) => message.header.msg_type === "stream")!.content.text).toBe("Ada");
  });

  test("is refused with a sentence when the front end does not offer it", async () => {
    const { run } = startKernel(language());
    expect(reply(await run("asks", { allow_stdin: false })).evalue).toBe(
      "this front end does not offer input (allow_stdin is false)",
    );
  });
});

describe("the other requests", () => {
  test("complete clamps the cursor to the code, in code points", async () => {
    const { ask } = startKernel();
    expect(reply(await ask("complete_request", { code: "a😀", cursor_pos: 99 }))).toEqual({
      status: "ok",
      matches: ["a😀"],
      cursor_start: 0,
      cursor_end: 2,
      metadata: {},
    });
  });

  test("inspect passes the detail level on", async () => {
    const { ask } = startKernel();
    expect(reply(await ask("inspect_request", { code: "a", cursor_pos: 1, detail_level: 1 }))).toEqual({
      status: "ok",
      found: true,
      data: { "text/plain": "detail 1" },
      metadata: {},
    });
  });

  test("history and comm_info are valid and empty", async () => {
    const { ask } = startKernel();
    expect(reply(await ask("history_request", { hist_access_type: "tail", n: 3 }))).toEqual({
      status: "ok",
      history: [],
    });
    expect(reply(await ask("comm_info_request"))).toEqual({ status: "ok", comms: {} });
  });

  test("an unknown comm target is closed, with the opener's header as parent", async () => {
    const { ask } = startKernel();
    const messages = await ask("comm_open", { comm_id: "c1", target_name: "nobody", data: {} });
    expect(outline(messages)).toEqual(["status busy", "comm_close", "status idle"]);
    expect(messages[1]!.content).toEqual({ comm_id: "c1", data: {} });
  });
});

describe("a lost execution side", () => {
  test("ends the running cell and later ones with the reason", async () => {
    const { run, executor } = startKernel(new ScriptedLanguage({ spin: () => new Promise(() => {}) }));
    const spin = run("spin");
    executor.fail("the worker crashed");
    expect(reply(await spin)).toMatchObject({ ename: "KernelDied", evalue: "the worker crashed" });
    expect(reply(await run("again"))).toMatchObject({ ename: "KernelDied" });
  });

  test("can be replaced by an interrupt, and the cell says that the session began anew", async () => {
    const first = new MessageChannel();
    const second = new MessageChannel();
    serveLanguage(first.port2, new ScriptedLanguage({ spin: () => new Promise(() => {}) }));
    serveLanguage(second.port2, new ScriptedLanguage());
    const executor = new RemoteExecutor(first.port1, { interrupt: () => second.port1 });
    const host = { output: () => {}, input: async () => "", comm: () => {}, page: () => {} };
    const request = { executionCount: 1, silent: false, userExpressions: {} };
    const spin = executor.execute({ code: "spin", ...request }, host);
    await executor.interrupt();
    expect(await spin).toMatchObject({
      ename: "Interrupted",
      evalue: "the cell was stopped and the session started anew: run the earlier cells again",
    });
    expect((await executor.execute({ code: "next", ...request }, host)).status).toBe("ok");
    executor.dispose();
  });
});
