import { immediateAnswer, type RouterState, unknownSubshell } from "./answers.ts";
import { type Clock, systemClock } from "./clock.ts";
import { commMessage, errorReply, expressions, publication, RequestError, text } from "./content.ts";
import type { CellHost, CommMessage } from "./execution.ts";
import { History } from "./history.ts";
import { Inputs } from "./inputs.ts";
import { type Header, type JsonObject, type Message, protocolVersion } from "./message.ts";
import type { KernelOptions } from "./options.ts";
import { Shell } from "./shell.ts";

/**
 * The message router: Jupyter messages in, Jupyter messages out. No socket, no DOM.
 *
 * Cells and comm messages of the shell are answered one after the other, in their order, and so are those of each
 * subshell. Everything else is answered at once, whatever runs. Around every request there is a `busy` and an `idle`
 * with its header as parent, and everything a cell shows while it runs is published before its idle.
 *
 * All shells share the session and the thread that cells run on: a cell of a subshell begins when the code that runs
 * leaves the thread (an `await`, a timer), and not while it computes. An interrupt stops what runs in all of them.
 *
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html
 * @see JEP 91 for subshells
 */
export class Kernel {
  readonly #options: KernelOptions;
  readonly #clock: Clock;
  readonly #history: History;
  readonly #parts: RouterState;
  readonly #shell = this.#newShell();
  readonly #subshells = new Map<string, Shell>();
  /** Open comms: id to target name. */
  readonly #comms = new Map<string, string>();
  readonly #inputs = new Inputs();
  /** Requests whose idle is out. */
  readonly #answered = new WeakSet<Message>();
  /** What the assistant has not been told yet. */
  readonly #news: (() => void)[] = [];
  #executionCount = 0;
  #cells = 0;
  #started = false;
  #disposed = false;
  #shuttingDown = false;

  constructor(options: KernelOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#history = new History(options.history);
    this.#parts = {
      options,
      clock: this.#clock,
      history: this.#history,
      comms: this.#comms,
      subshells: this.#subshells,
      newShell: () => this.#newShell(),
      isBusy: () => this.#shells().some(({ current }) => current !== undefined),
      abort: (request) => this.#abort(request),
      tellAssistant: () => this.#tellNow(),
      shutDown: () => {
        this.#shuttingDown = true;
        for (const shell of this.#shells()) shell.take(() => true);
      },
    };
    options.executor.onReplaced = () => {
      options.assistant?.reset?.();
      for (const comm_id of this.#comms.keys()) this.#send("iopub", "comm_close", { comm_id, data: {} });
      this.#comms.clear();
    };
  }

  /** Publishes `starting`, once; call when the host can send. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#send("iopub", "status", { execution_state: "starting" });
  }

  /** Takes one message of the shell, control or stdin channel. Never throws. */
  handle(message: Message): void {
    if (this.#disposed || this.#shuttingDown) return;
    const type = message.header.msg_type;
    if (message.channel === "stdin") {
      if (type !== "input_reply") this.#log(`ignored ${type} on the stdin channel`);
      else if (!this.#inputs.take(message)) this.#log("ignored an input_reply: no cell waits for one");
      return;
    }
    switch (type) {
      case "execute_request":
      case "comm_open":
      case "comm_msg":
      case "comm_close": {
        const id = message.header.subshell_id ?? null;
        const shell = id === null ? this.#shell : this.#subshells.get(id);
        if (shell !== undefined) shell.push(message);
        else void this.#answer(message, () => Promise.reject(unknownSubshell(id)));
        return;
      }
      default: {
        const reply = immediateAnswer(message, this.#parts);
        if (reply !== undefined) void this.#answerNow(message, reply);
        else this.#log(`ignored ${type} on the ${message.channel} channel: unknown message type`);
      }
    }
  }

  /** Ends the queue and the executor; nothing is sent afterwards. */
  dispose(): void {
    this.#disposed = true;
    for (const shell of this.#shells()) shell.take(() => true);
    this.#options.executor.dispose();
    this.#options.assistant?.dispose?.();
  }

  /** Answers out of turn. */
  async #answerNow(request: Message, reply: () => Promise<JsonObject> | JsonObject): Promise<void> {
    await this.#answer(request, reply);
    if (request.header.msg_type === "shutdown_request") {
      await this.#history.settled();
      this.#options.shutdown(request.content.restart === true);
    }
  }

  /**
   * One request from busy to idle. `reply` gives the content of the reply, or nothing when there is no reply. It may
   * say `busy` itself, before it publishes anything.
   */
  async #answer(
    request: Message,
    reply: (busy: () => void) => Promise<JsonObject | undefined> | JsonObject | undefined,
  ): Promise<void> {
    let said = false;
    const busy = () => {
      if (!said) this.#status("busy", request);
      said = true;
    };
    const type = request.header.msg_type;
    if (type !== "execute_request") busy();
    let content: JsonObject | undefined;
    try {
      content = await reply(busy);
    } catch (error) {
      busy();
      if (type.endsWith("_request")) content = errorReply(error);
      else this.#log(`${type} failed: ${String(error)}`);
      if (type === "execute_request") content!.execution_count = this.#executionCount;
    }
    if (content !== undefined) this.#reply(request, content);
    if (
      type === "execute_request" &&
      content?.status === "error" &&
      request.content.stop_on_error !== false
    ) {
      this.#abortWaiting(request);
    }
    this.#status("idle", request);
    this.#answered.add(request);
    // Front ends show the last status they saw: after an answer out of turn, say again what the kernel is doing. A
    // request may have had its idle and still be the current one of its shell, for the rest of this turn.
    const current = this.#shells()
      .map((shell) => shell.current)
      .find((one) => one !== undefined && !this.#answered.has(one));
    if (current !== undefined && !this.#shuttingDown) this.#status("busy", current);
  }

  #newShell(): Shell {
    return new Shell((request) =>
      this.#answer(request, (busy) =>
        request.header.msg_type === "execute_request" ? this.#execute(request, busy) : this.#comm(request),
      ),
    );
  }

  #shells(): Shell[] {
    return [this.#shell, ...this.#subshells.values()];
  }

  async #execute(request: Message, busy: () => void): Promise<JsonObject> {
    const { executor, assistant } = this.#options;
    const { content } = request;
    const code = text(content, "code");
    const silent = content.silent === true;
    const stored = !silent && content.store_history !== false;
    if (stored) this.#executionCount++;
    const execution_count = this.#executionCount;
    const remember = stored && code.trim() !== "" ? this.#history.begin(execution_count, code) : undefined;
    const payload: JsonObject[] = [];
    const host = this.#host(request, execution_count, silent, payload);
    let result: string | undefined;
    const { output } = host;
    host.output = (shown) => {
      if (shown.type === "result") result = String(shown.data["text/plain"] ?? "");
      output(shown);
    };
    const id = `${this.#cells++}`;
    // Under way before all else: the other thread runs the cell while this one writes and signs what it has to say.
    const running = executor.execute(
      {
        code,
        executionCount: execution_count,
        silent,
        userExpressions: expressions(content.user_expressions),
      },
      host,
    );
    busy();
    if (!silent) this.#send("iopub", "execute_input", { code, execution_count }, request);
    this.#tell(() => assistant?.cellBegan?.({ id, code, executionCount: execution_count }, output));
    const outcome = await running;
    this.#tell(() => assistant?.cellEnded?.(id, outcome.status));
    remember?.(result);
    this.#inputs.forget(request);
    if (outcome.status === "ok") {
      return { status: "ok", execution_count, user_expressions: outcome.userExpressions, payload };
    }
    const { ename, evalue, traceback } = outcome;
    if (!silent) this.#send("iopub", "error", { ename, evalue, traceback }, request);
    return { status: "error", execution_count, ename, evalue, traceback };
  }

  /** Tells the assistant something when nothing else is to be done, and before it is asked anything. */
  #tell(news: () => void): void {
    if (this.#news.push(news) === 1) this.#clock.after(0, () => this.#tellNow());
  }

  #tellNow(): void {
    for (const news of this.#news.splice(0)) news();
  }

  /** What a cell, or the handler of a comm, needs, with `request` as the parent of all it sends. */
  #host(request: Message, execution_count: number, silent: boolean, payload: JsonObject[]): CellHost {
    return {
      output: (output) => {
        if (!silent) this.#send("iopub", ...publication(output, execution_count), request);
      },
      input: (prompt, password) => this.#requestInput(request, prompt, password),
      comm: (message) => this.#sendComm(message, request),
      page: (data) => void payload.push({ source: "page", data, start: 0 }),
    };
  }

  /** A comm_open, comm_msg or comm_close of the front end, which has no reply. */
  async #comm(request: Message): Promise<undefined> {
    const message = commMessage(request);
    const { type, comm_id, target_name } = message;
    // Known before its handler runs, which may send on it.
    if (type === "comm_open") this.#comms.set(comm_id, target_name!);
    if (type === "comm_close") this.#comms.delete(comm_id);
    const { known } = await this.#options.executor.comm(
      message,
      this.#host(request, this.#executionCount, false, []),
    );
    if (known || type === "comm_close") return;
    if (type === "comm_msg") throw new RequestError(`there is no comm ${comm_id}`);
    // No such target: the specification answers by closing the comm.
    this.#sendComm({ type: "comm_close", comm_id, data: {}, metadata: {}, buffers: [] }, request);
  }

  #sendComm(message: CommMessage, parent: Message): void {
    const { type, comm_id, target_name, data, metadata, buffers } = message;
    if (type === "comm_open") this.#comms.set(comm_id, target_name!);
    if (type === "comm_close") this.#comms.delete(comm_id);
    const content = type === "comm_open" ? { comm_id, target_name, data } : { comm_id, data };
    this.#send("iopub", type, content, parent, { metadata, buffers });
  }

  #requestInput(request: Message, prompt: string, password: boolean): Promise<string> {
    const runs = this.#shells().some((shell) => shell.current === request);
    return this.#inputs.ask(request, runs, () =>
      this.#send("stdin", "input_request", { prompt, password }, request),
    );
  }

  /** After a failing cell: the execute requests that already wait behind it are not run; other requests are. */
  #abortWaiting(failed: Message): void {
    const shell = this.#shells().find(({ current }) => current === failed);
    const waiting = shell?.take((request) => request.header.msg_type === "execute_request") ?? [];
    for (const request of waiting) this.#abort(request);
  }

  #abort(request: Message): void {
    this.#status("busy", request);
    if (request.header.msg_type === "execute_request") {
      this.#reply(request, { status: "aborted", execution_count: this.#executionCount });
    }
    this.#status("idle", request);
  }

  #status(execution_state: "busy" | "idle", request: Message): void {
    this.#send("iopub", "status", { execution_state }, request);
  }

  #reply(request: Message, content: JsonObject): void {
    this.#send(request.channel, request.header.msg_type.replace(/_request$/, "_reply"), content, request);
  }

  /** Sends a message and returns its id. */
  #send(
    channel: Message["channel"],
    msg_type: string,
    content: JsonObject,
    parent?: Message,
    more: Pick<Message, "buffers"> & { metadata?: JsonObject } = {},
  ): string {
    const { newId, session, now } = this.#options;
    const header: Header = {
      msg_id: newId(),
      session,
      username: "kernel",
      date: (now?.() ?? new Date()).toISOString(),
      msg_type,
      version: protocolVersion,
    };
    const parent_header = parent?.header ?? {};
    const message: Message = { channel, header, parent_header, metadata: {}, content, ...more };
    if (channel !== "iopub" && parent?.route !== undefined) message.route = parent.route;
    if (!this.#disposed) this.#options.send(message);
    return header.msg_id;
  }

  #log(line: string): void {
    this.#options.log?.(line);
  }
}
