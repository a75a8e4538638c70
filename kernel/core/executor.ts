import type { CellError, Completions, Inspection, IsComplete } from "../language/language.ts";
import type {
  CellHost,
  ExecuteOutcome,
  ExecuteRequest,
  Executor,
  Port,
  RemoteExecutorOptions,
  ToExecution,
  ToProtocol,
} from "./execution.ts";

/** Late output of a cell (from its timers) is accepted while the cell is among this many of the last ones. */
const rememberedCells = 1000;

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The executor on the protocol side of a port; {@link serveLanguage} is its other end. */
export class RemoteExecutor implements Executor {
  /** Resolves when the language on the other side is loaded; requests may be made before. */
  readonly ready: Promise<void>;
  readonly #options: RemoteExecutorOptions;
  #port!: Port;
  #markReady!: () => void;
  #count = 0;
  /** The cell whose outcome is awaited. */
  #running: { id: string; end(outcome: ExecuteOutcome): void; done: Promise<unknown> } | undefined;
  readonly #answers = new Map<string, Pending>();
  readonly #cells = new Map<string, CellHost>();
  /** Why nothing can run any more. */
  #failed: CellError | undefined;

  constructor(port: Port, options: RemoteExecutorOptions = {}) {
    this.#options = options;
    this.ready = new Promise((resolve) => {
      this.#markReady = resolve;
    });
    this.#attach(port);
  }

  execute(request: ExecuteRequest, host: CellHost): Promise<ExecuteOutcome> {
    if (this.#failed !== undefined) return Promise.resolve({ status: "error", ...this.#failed });
    const id = `cell-${this.#count++}`;
    this.#cells.set(id, host);
    if (this.#cells.size > rememberedCells) {
      const [oldest] = this.#cells.keys();
      this.#cells.delete(oldest!);
    }
    const { promise: done, resolve } = Promise.withResolvers<ExecuteOutcome>();
    this.#running = {
      id,
      done,
      end: (outcome) => {
        this.#running = undefined;
        resolve(outcome);
      },
    };
    this.#send({ type: "execute", id, ...request });
    return done;
  }

  isComplete(code: string): Promise<IsComplete> {
    return this.#ask((id) => ({ type: "is_complete", id, code })) as Promise<IsComplete>;
  }

  complete(code: string, cursor: number): Promise<Completions> {
    return this.#ask((id) => ({ type: "complete", id, code, cursor })) as Promise<Completions>;
  }

  inspect(code: string, cursor: number, detail: 0 | 1): Promise<Inspection> {
    return this.#ask((id) => ({ type: "inspect", id, code, cursor, detail })) as Promise<Inspection>;
  }

  async interrupt(): Promise<void> {
    const cell = this.#running;
    if (cell === undefined) return;
    const replacement = await this.#options.interrupt?.();
    if (replacement === undefined) {
      // The cell may have ended by itself meanwhile; the other side then has nothing to end.
      if (this.#running === cell) this.#send({ type: "interrupt" });
      await cell.done;
      return;
    }
    this.#detach();
    this.#attach(replacement);
    const evalue = "the cell was stopped and the session started anew: run the earlier cells again";
    this.#endPending({ ename: "Interrupted", evalue, traceback: [`Interrupted: ${evalue}`] });
  }

  /** The other side died (a crashed worker): ends everything pending with an error that gives `reason`. */
  fail(reason: string): void {
    if (this.#failed !== undefined) return;
    this.#failed = { ename: "KernelDied", evalue: reason, traceback: [`KernelDied: ${reason}`] };
    this.#detach();
    this.#endPending(this.#failed);
  }

  dispose(): void {
    this.fail("the kernel was shut down");
    this.#cells.clear();
  }

  #attach(port: Port): void {
    this.#port = port;
    port.onmessage = (event: { data: ToProtocol }) => this.#receive(event.data);
  }

  #detach(): void {
    this.#port.onmessage = null;
  }

  #send(message: ToExecution): void {
    this.#port.postMessage(message);
  }

  #ask(message: (id: string) => ToExecution): Promise<unknown> {
    if (this.#failed !== undefined) return Promise.reject(asError(this.#failed));
    const id = `question-${this.#count++}`;
    return new Promise((resolve, reject) => {
      this.#answers.set(id, { resolve, reject });
      this.#send(message(id));
    });
  }

  #receive(message: ToProtocol): void {
    switch (message.type) {
      case "ready":
        this.#markReady();
        return;
      case "output":
        this.#cells.get(message.cell)?.output(message.output);
        return;
      case "outcome":
        if (this.#running?.id === message.id) this.#running.end(message.outcome);
        return;
      case "answer":
        this.#answers.get(message.id)?.resolve(message.answer);
        this.#answers.delete(message.id);
        return;
      case "failure":
        this.#answers.get(message.id)?.reject(asError(message.error));
        this.#answers.delete(message.id);
        return;
      case "input_request":
        void this.#input(message);
        return;
    }
  }

  async #input(request: ToProtocol & { type: "input_request" }): Promise<void> {
    const { id } = request;
    try {
      const host = this.#cells.get(request.cell);
      if (host === undefined) throw new Error("the cell that asks for input has been forgotten");
      const value = await host.input(request.prompt, request.password);
      this.#send({ type: "input_reply", id, value });
    } catch (error) {
      this.#send({
        type: "input_refused",
        id,
        reason: error instanceof Error ? error.message : String(error),
      });
    }
  }

  #endPending(error: CellError): void {
    for (const pending of this.#answers.values()) pending.reject(asError(error));
    this.#answers.clear();
    this.#running?.end({ status: "error", ...error });
  }
}

function asError(error: CellError): Error {
  return Object.assign(new Error(error.evalue), { name: error.ename });
}
