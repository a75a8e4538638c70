import { immediateAnswer, type RouterState, unknownSubshell } from "./answers.ts";
import { systemClock } from "./clock.ts";
import { errorReply } from "./content.ts";
import { History } from "./history.ts";
import type { JsonObject, Message } from "./message.ts";
import type { KernelOptions } from "./options.ts";
import { Publisher } from "./publisher.ts";
import { Runner } from "./runner.ts";
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
  readonly #history: History;
  readonly #publisher: Publisher;
  readonly #runner: Runner;
  readonly #parts: RouterState;
  readonly #shell = this.#newShell();
  readonly #subshells = new Map<string, Shell>();
  /** Requests whose idle is out. */
  readonly #answered = new WeakSet<Message>();
  #started = false;
  #disposed = false;
  #shuttingDown = false;

  constructor(options: KernelOptions) {
    this.#options = options;
    this.#history = new History(options.history);
    this.#publisher = new Publisher(options);
    this.#runner = new Runner(options, this.#history, this.#publisher, (request) =>
      this.#shells().some(({ current }) => current === request),
    );
    this.#parts = {
      options,
      clock: options.clock ?? systemClock,
      history: this.#history,
      comms: this.#runner.comms,
      subshells: this.#subshells,
      newShell: () => this.#newShell(),
      isBusy: () => this.#shells().some(({ current }) => current !== undefined),
      abort: (request) => this.#abort(request),
      tellAssistant: () => this.#runner.tellAssistant(),
      shutDown: () => {
        this.#shuttingDown = true;
        for (const shell of this.#shells()) shell.take(() => true);
      },
    };
  }

  /** Publishes `starting`, once; call when the host can send. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#publisher.send("iopub", "status", { execution_state: "starting" });
  }

  /** Takes one message of the shell, control or stdin channel. Never throws. */
  handle(message: Message): void {
    if (this.#disposed || this.#shuttingDown) return;
    const type = message.header.msg_type;
    if (message.channel === "stdin") {
      if (type !== "input_reply") this.#log(`ignored ${type} on the stdin channel`);
      else if (!this.#runner.inputs.take(message)) this.#log("ignored an input_reply: no cell waits for one");
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
    this.#publisher.end();
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
      if (!said) this.#publisher.status("busy", request);
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
      if (type === "execute_request") content!.execution_count = this.#runner.executionCount;
    }
    if (content !== undefined) this.#publisher.reply(request, content);
    if (
      type === "execute_request" &&
      content?.status === "error" &&
      request.content.stop_on_error !== false
    ) {
      this.#abortWaiting(request);
    }
    this.#publisher.status("idle", request);
    this.#answered.add(request);
    // Front ends show the last status they saw: after an answer out of turn, say again what the kernel is doing. A
    // request may have had its idle and still be the current one of its shell, for the rest of this turn.
    const current = this.#shells()
      .map((shell) => shell.current)
      .find((one) => one !== undefined && !this.#answered.has(one));
    if (current !== undefined && !this.#shuttingDown) this.#publisher.status("busy", current);
  }

  #newShell(): Shell {
    return new Shell((request) =>
      this.#answer(request, (busy) =>
        request.header.msg_type === "execute_request"
          ? this.#runner.execute(request, busy)
          : this.#runner.comm(request),
      ),
    );
  }

  #shells(): Shell[] {
    return [this.#shell, ...this.#subshells.values()];
  }

  /** After a failing cell: the execute requests that already wait behind it are not run; other requests are. */
  #abortWaiting(failed: Message): void {
    const shell = this.#shells().find(({ current }) => current === failed);
    const waiting = shell?.take((request) => request.header.msg_type === "execute_request") ?? [];
    for (const request of waiting) this.#abort(request);
  }

  #abort(request: Message): void {
    this.#publisher.status("busy", request);
    if (request.header.msg_type === "execute_request") {
      this.#publisher.reply(request, { status: "aborted", execution_count: this.#runner.executionCount });
    }
    this.#publisher.status("idle", request);
  }

  #log(line: string): void {
    this.#options.log?.(line);
  }
}
