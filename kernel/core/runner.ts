import { type Clock, systemClock } from "./clock.ts";
import { commMessage, expressions, publication, RequestError, text } from "./content.ts";
import type { CellHost, CommMessage } from "./execution.ts";
import type { History } from "./history.ts";
import { Inputs } from "./inputs.ts";
import type { JsonObject, Message } from "./message.ts";
import type { KernelOptions } from "./options.ts";
import type { Publisher } from "./publisher.ts";

/** Runs what the requests of shells bring, cells and comm messages, and publishes what these show and send. */
export class Runner {
  /** Open comms: id to target name. */
  readonly comms = new Map<string, string>();
  readonly inputs = new Inputs();
  readonly #options: KernelOptions;
  readonly #clock: Clock;
  readonly #history: History;
  readonly #publisher: Publisher;
  readonly #isCurrent: (request: Message) => boolean;
  /** What the assistant has not been told yet. */
  readonly #news: (() => void)[] = [];
  #executionCount = 0;
  #cells = 0;

  /** @param isCurrent whether a request is one that is being answered */
  constructor(
    options: KernelOptions,
    history: History,
    publisher: Publisher,
    isCurrent: (request: Message) => boolean,
  ) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#history = history;
    this.#publisher = publisher;
    this.#isCurrent = isCurrent;
    options.executor.onReplaced = () => {
      options.assistant?.reset?.();
      for (const comm_id of this.comms.keys()) publisher.send("iopub", "comm_close", { comm_id, data: {} });
      this.comms.clear();
    };
  }

  /** The number of the last cell that was counted. */
  get executionCount(): number {
    return this.#executionCount;
  }

  /**
   * Runs a cell.
   *
   * @param busy publishes the request's `busy`
   * @returns the content of the reply
   */
  async execute(request: Message, busy: () => void): Promise<JsonObject> {
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
    if (!silent) this.#publisher.send("iopub", "execute_input", { code, execution_count }, request);
    this.#tell(() => assistant?.cellBegan?.({ id, code, executionCount: execution_count }, output));
    const outcome = await running;
    this.#tell(() => assistant?.cellEnded?.(id, outcome.status));
    remember?.(result);
    this.inputs.forget(request);
    if (outcome.status === "ok") {
      return { status: "ok", execution_count, user_expressions: outcome.userExpressions, payload };
    }
    const { ename, evalue, traceback } = outcome;
    if (!silent) this.#publisher.send("iopub", "error", { ename, evalue, traceback }, request);
    return { status: "error", execution_count, ename, evalue, traceback };
  }

  /** Takes a comm_open, comm_msg or comm_close of the front end, which has no reply. */
  async comm(request: Message): Promise<undefined> {
    const message = commMessage(request);
    const { type, comm_id, target_name } = message;
    // Known before its handler runs, which may send on it.
    if (type === "comm_open") this.comms.set(comm_id, target_name!);
    if (type === "comm_close") this.comms.delete(comm_id);
    const { known } = await this.#options.executor.comm(
      message,
      this.#host(request, this.#executionCount, false, []),
    );
    if (known || type === "comm_close") return;
    if (type === "comm_msg") throw new RequestError(`there is no comm ${comm_id}`);
    // No such target: the specification answers by closing the comm.
    this.#sendComm({ type: "comm_close", comm_id, data: {}, metadata: {}, buffers: [] }, request);
  }

  /** Tells the assistant what it has not been told yet. */
  tellAssistant(): void {
    for (const news of this.#news.splice(0)) news();
  }

  /** Tells the assistant something when nothing else is to be done, and before it is asked anything. */
  #tell(news: () => void): void {
    if (this.#news.push(news) === 1) this.#clock.after(0, () => this.tellAssistant());
  }

  /** What a cell, or the handler of a comm, needs, with `request` as the parent of all it sends. */
  #host(request: Message, execution_count: number, silent: boolean, payload: JsonObject[]): CellHost {
    return {
      output: (output) => {
        if (!silent) this.#publisher.send("iopub", ...publication(output, execution_count), request);
      },
      input: (prompt, password) =>
        this.inputs.ask(request, this.#isCurrent(request), () =>
          this.#publisher.send("stdin", "input_request", { prompt, password }, request),
        ),
      comm: (message) => this.#sendComm(message, request),
      page: (data) => void payload.push({ source: "page", data, start: 0 }),
    };
  }

  #sendComm(message: CommMessage, parent: Message): void {
    const { type, comm_id, target_name, data, metadata, buffers } = message;
    if (type === "comm_open") this.comms.set(comm_id, target_name!);
    if (type === "comm_close") this.comms.delete(comm_id);
    const content = type === "comm_open" ? { comm_id, target_name, data } : { comm_id, data };
    this.#publisher.send("iopub", type, content, parent, { metadata, buffers });
  }
}
