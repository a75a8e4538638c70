import type { LanguageInfo, Output } from "../language/language.ts";
import type { Executor } from "./execution.ts";
import { type Header, type JsonObject, type Message, protocolVersion } from "./message.ts";

export interface KernelOptions {
  /** The execution side; the kernel disposes of it at the end. */
  executor: Executor;
  /** Answers kernel_info without asking the execution side, so also while a cell spins or is still loading. */
  language: LanguageInfo;
  /** `implementation`, `implementation_version` and `banner` of kernel_info_reply. */
  implementation: { name: string; version: string; banner: string };
  /** Passes a message to the client side. Called in order; the host keeps that order. */
  send(message: Message): void;
  /** The kernel's session id: new for each process. */
  session: string;
  /** A new unique id, `crypto.randomUUID` in every host. */
  newId(): string;
  /** The time for headers; the host's clock by default. */
  now?(): Date;
  /** Called once, after the shutdown_reply and its idle were passed to `send`; the host then ends what it runs. */
  shutdown(restart: boolean): void;
  /** One line about something odd but harmless: an unknown message type, say. Nothing by default. */
  log?(line: string): void;
}

/** A request that cannot be answered because it is malformed; the text is the reply's `evalue`. */
class RequestError extends Error {
  override readonly name = "RequestError";
}

/**
 * The message router: Jupyter messages in, Jupyter messages out. No socket, no clock, no DOM.
 *
 * Shell requests are answered one after the other, in their order, except kernel_info and shutdown, which do not wait
 * for a running cell; control requests never wait. Around every request there is a `busy` and an `idle` with its
 * header as parent, and everything a cell shows while it runs is published before its idle.
 *
 * Not there yet: history is always empty, there are no comm targets, and completion and inspection give what the
 * language gives.
 */
export class Kernel {
  readonly #options: KernelOptions;
  readonly #queue: Message[] = [];
  /** The queued request being answered. */
  #current: Message | undefined;
  #executionCount = 0;
  #started = false;
  #disposed = false;
  #shuttingDown = false;
  /** The cell that waits for a line of input. */
  #input: ((value: string) => void) | undefined;

  constructor(options: KernelOptions) {
    this.#options = options;
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
      if (type === "input_reply") this.#input?.(String(message.content.value ?? ""));
      else this.#log(`ignored ${type} on the stdin channel`);
      return;
    }
    switch (type) {
      case "kernel_info_request":
      case "shutdown_request":
      case "interrupt_request":
        void this.#answerNow(message);
        return;
      case "execute_request":
      case "is_complete_request":
      case "complete_request":
      case "inspect_request":
      case "history_request":
      case "comm_info_request":
      case "comm_open":
      case "comm_msg":
      case "comm_close":
        this.#queue.push(message);
        void this.#work();
        return;
      default:
        this.#log(`ignored ${type} on the ${message.channel} channel: unknown message type`);
    }
  }

  /** Ends the queue and the executor; nothing is sent afterwards. */
  dispose(): void {
    this.#disposed = true;
    this.#queue.length = 0;
    this.#options.executor.dispose();
  }

  /** Answers the queued requests, unless that is already under way. */
  async #work(): Promise<void> {
    if (this.#current !== undefined) return;
    for (let request = this.#queue.shift(); request !== undefined; request = this.#queue.shift()) {
      this.#current = request;
      try {
        await this.#answer(request, (message) => this.#answerQueued(message));
      } finally {
        this.#current = undefined;
      }
    }
  }

  /** Answers out of turn. */
  async #answerNow(request: Message): Promise<void> {
    await this.#answer(request, (message) => this.#answerImmediate(message));
    if (request.header.msg_type === "shutdown_request") {
      this.#options.shutdown(request.content.restart === true);
    }
  }

  /** One request from busy to idle. `reply` gives the content of the reply, or nothing when there is no reply. */
  async #answer(
    request: Message,
    reply: (request: Message) => Promise<JsonObject | undefined>,
  ): Promise<void> {
    this.#status("busy", request);
    let content: JsonObject | undefined;
    try {
      content = await reply(request);
    } catch (error) {
      content = errorReply(error);
      if (request.header.msg_type === "execute_request") content.execution_count = this.#executionCount;
    }
    const type = request.header.msg_type;
    if (content !== undefined) this.#reply(request, type.replace(/_request$/, "_reply"), content);
    if (
      type === "execute_request" &&
      content?.status === "error" &&
      request.content.stop_on_error !== false
    ) {
      this.#abortQueued();
    }
    this.#status("idle", request);
    // Front ends show the last status they saw: after an answer out of turn, say again what the kernel is doing.
    const current = this.#current;
    if (current !== undefined && current !== request && !this.#shuttingDown) this.#status("busy", current);
  }

  async #answerImmediate(request: Message): Promise<JsonObject> {
    const { executor, implementation, language } = this.#options;
    switch (request.header.msg_type) {
      case "kernel_info_request":
        return {
          status: "ok",
          protocol_version: protocolVersion,
          implementation: implementation.name,
          implementation_version: implementation.version,
          language_info: { ...language },
          banner: implementation.banner,
          help_links: [],
          supported_features: [],
        };
      case "interrupt_request":
        await executor.interrupt();
        return { status: "ok" };
      default: // shutdown_request
        this.#shuttingDown = true;
        this.#queue.length = 0;
        return { status: "ok", restart: request.content.restart === true };
    }
  }

  async #answerQueued(request: Message): Promise<JsonObject | undefined> {
    const { executor } = this.#options;
    const { content } = request;
    switch (request.header.msg_type) {
      case "execute_request":
        return this.#execute(request);
      case "is_complete_request":
        return { ...(await executor.isComplete(text(content, "code"))) };
      case "complete_request": {
        const code = text(content, "code");
        const completions = await executor.complete(code, position(content, code));
        return { status: "ok", ...completions };
      }
      case "inspect_request": {
        const code = text(content, "code");
        const detail = content.detail_level === 1 ? 1 : 0;
        return { status: "ok", ...(await executor.inspect(code, position(content, code), detail)) };
      }
      case "history_request":
        return { status: "ok", history: [] };
      case "comm_info_request":
        return { status: "ok", comms: {} };
      case "comm_open":
        // No target is registered: the specification answers an unknown one by closing the comm.
        this.#send("iopub", "comm_close", { comm_id: content.comm_id, data: {} }, request);
        return undefined;
      default: // comm_msg and comm_close name comms that do not exist
        return undefined;
    }
  }

  async #execute(request: Message): Promise<JsonObject> {
    const { content } = request;
    const code = text(content, "code");
    const silent = content.silent === true;
    if (!silent && content.store_history !== false) this.#executionCount++;
    const execution_count = this.#executionCount;
    if (!silent) this.#send("iopub", "execute_input", { code, execution_count }, request);

    const outcome = await this.#options.executor.execute(
      {
        code,
        executionCount: execution_count,
        silent,
        userExpressions: expressions(content.user_expressions),
      },
      {
        output: (output) => {
          if (!silent) this.#send("iopub", ...publication(output, execution_count), request);
        },
        input: (prompt, password) => this.#requestInput(request, prompt, password),
      },
    );
    this.#input = undefined;
    if (outcome.status === "ok") {
      return { status: "ok", execution_count, user_expressions: outcome.userExpressions, payload: [] };
    }
    const { ename, evalue, traceback } = outcome;
    if (!silent) this.#send("iopub", "error", { ename, evalue, traceback }, request);
    return { status: "error", execution_count, ename, evalue, traceback };
  }

  #requestInput(request: Message, prompt: string, password: boolean): Promise<string> {
    if (request.content.allow_stdin === false) {
      return Promise.reject(new Error("this front end does not offer input (allow_stdin is false)"));
    }
    if (this.#current !== request) {
      return Promise.reject(new Error("input can only be asked for while the cell runs"));
    }
    return new Promise((resolve) => {
      this.#input = (value) => {
        this.#input = undefined;
        resolve(value);
      };
      this.#send("stdin", "input_request", { prompt, password }, request);
    });
  }

  /** After a failing cell: the execute requests that already wait are not run; other requests are. */
  #abortQueued(): void {
    const waiting = this.#queue.splice(0);
    for (const request of waiting) {
      if (request.header.msg_type !== "execute_request") {
        this.#queue.push(request);
        continue;
      }
      this.#status("busy", request);
      this.#reply(request, "execute_reply", { status: "aborted", execution_count: this.#executionCount });
      this.#status("idle", request);
    }
  }

  #status(execution_state: "busy" | "idle", request: Message): void {
    this.#send("iopub", "status", { execution_state }, request);
  }

  #reply(request: Message, type: string, content: JsonObject): void {
    this.#send(request.channel, type, content, request);
  }

  #send(channel: Message["channel"], msg_type: string, content: JsonObject, parent?: Message): void {
    if (this.#disposed) return;
    const { newId, session, now } = this.#options;
    const header: Header = {
      msg_id: newId(),
      session,
      username: "kernel",
      date: (now?.() ?? new Date()).toISOString(),
      msg_type,
      version: protocolVersion,
    };
    const message: Message = { channel, header, parent_header: parent?.header ?? {}, metadata: {}, content };
    if (channel !== "iopub" && parent?.route !== undefined) message.route = parent.route;
    this.#options.send(message);
  }

  #log(line: string): void {
    this.#options.log?.(line);
  }
}

/** Message type and content of what a cell shows. */
function publication(output: Output, execution_count: number): [type: string, content: JsonObject] {
  switch (output.type) {
    case "stream":
      return ["stream", { name: output.name, text: output.text }];
    case "display":
    case "update_display": {
      const { data, metadata, display_id } = output;
      // nbclient looks into `transient` without asking whether it is there.
      const transient = display_id === undefined ? {} : { display_id };
      return [
        output.type === "display" ? "display_data" : "update_display_data",
        { data, metadata, transient },
      ];
    }
    case "result":
      return ["execute_result", { execution_count, data: output.data, metadata: output.metadata }];
    case "error":
      return ["error", { ename: output.ename, evalue: output.evalue, traceback: output.traceback }];
    case "clear_output":
      return ["clear_output", { wait: output.wait }];
  }
}

function errorReply(error: unknown): JsonObject {
  const ename = error instanceof Error ? error.name : "Error";
  const evalue = error instanceof Error ? error.message : String(error);
  return { status: "error", ename, evalue, traceback: [`${ename}: ${evalue}`] };
}

function text(content: JsonObject, name: string): string {
  const value = content[name];
  if (typeof value !== "string") throw new RequestError(`the request needs \`${name}\`, a string`);
  return value;
}

/** `cursor_pos` in Unicode code points, within the code; its end by default. */
function position(content: JsonObject, code: string): number {
  const length = [...code].length;
  const cursor = content.cursor_pos;
  return typeof cursor === "number" ? Math.max(0, Math.min(Math.trunc(cursor), length)) : length;
}

function expressions(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter((entry) => typeof entry[1] === "string"));
}
