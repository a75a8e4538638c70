import type { CellError, Completions, Inspection, IsComplete } from "../language/language.ts";
import type {
  CellHost,
  CommMessage,
  CommOutcome,
  ExecuteOutcome,
  ExecuteRequest,
  Executor,
  Port,
  RemoteExecutorOptions,
  ToExecution,
  ToProtocol,
} from "./execution.ts";
import { endWaiting } from "./waiting.ts";

/**
 * Late output of a cell (from its timers) is accepted while the cell is among this many of the last ones. The handlers of
 * comms count as cells.
 */
const rememberedCells = 1000;

/** A cell, or the handler of a comm, that has not ended. */
interface Running {
  /** Ends a cell with the error, and a handler without a word: nobody waits for what it says. */
  fail(error: CellError): void;
  resolve(outcome: unknown): void;
  done: Promise<unknown>;
}

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The executor on the protocol side of a port; {@link serveLanguage} is its other end. */
export class RemoteExecutor implements Executor {
  readonly ready: Promise<void>;
  readonly #options: RemoteExecutorOptions;
  #port!: Port;
  #markReady!: () => void;
  #count = 0;
  /** By id. Several when there are subshells. */
  readonly #running = new Map<string, Running>();
  onReplaced: (() => void) | undefined;
  readonly #answers = new Map<string, Pending>();
  readonly #cells = new Map<string, CellHost>();
  /** For each interrupt that is not answered: what ran when it was sent. */
  readonly #interrupted: string[][] = [];
  /** What the other side's thread waits for. */
  readonly #awaited = new Set<SharedArrayBuffer>();
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
    return this.#run<ExecuteOutcome>(
      `cell-${this.#count++}`,
      host,
      (id) => ({ type: "execute", id, ...request }),
      (error) => ({ status: "error", ...error }),
    );
  }

  comm(message: CommMessage, host: CellHost): Promise<CommOutcome> {
    if (this.#failed !== undefined) return Promise.resolve({ known: false });
    return this.#run<CommOutcome>(
      `comm-${this.#count++}`,
      host,
      (id) => ({ type: "comm", id, message }),
      () => ({ known: true }),
    );
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

  async interrupt(reason?: CellError): Promise<void> {
    const running = [...this.#running];
    if (running.length === 0) return;
    for (const answer of this.#awaited) {
      endWaiting(
        answer,
        "interrupted",
        reason?.evalue ?? "the cell was interrupted while it waited for an answer",
      );
    }
    this.#awaited.clear();
    const replacement = await this.#options.interrupt?.();
    if (replacement === undefined) {
      // They may have ended by themselves meanwhile; the other side then has nothing to end.
      if (running.some(([id]) => this.#running.has(id))) {
        this.#interrupted.push(running.map(([id]) => id));
        this.#send({ type: "interrupt", ...(reason && { reason }) });
      }
      await Promise.all(running.map(([, { done }]) => done));
      return;
    }
    this.#detach();
    this.#interrupted.length = 0;
    this.#attach(replacement);
    const evalue = "the cell was stopped and the session started anew: run the earlier cells again";
    this.#endPending(reason ?? { ename: "Interrupted", evalue, traceback: [`Interrupted: ${evalue}`] });
    this.onReplaced?.();
  }

  /** The other side died (a crashed worker): ends everything pending with an error that gives `reason`. */
  fail(reason: string): void {
    if (this.#failed !== undefined) return;
    this.#failed = { ename: "KernelDied", evalue: reason, traceback: [`KernelDied: ${reason}`] };
    this.#detach();
    this.#markReady();
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

  #run<Outcome>(
    id: string,
    host: CellHost,
    message: (id: string) => ToExecution,
    failure: (error: CellError) => Outcome,
  ): Promise<Outcome> {
    this.#cells.set(id, host);
    if (this.#cells.size > rememberedCells) {
      for (const oldest of this.#cells.keys()) {
        if (oldest === id || this.#running.has(oldest)) continue;
        this.#cells.delete(oldest);
        break;
      }
    }
    const { promise: done, resolve } = Promise.withResolvers<Outcome>();
    this.#running.set(id, {
      done,
      resolve: resolve as (outcome: unknown) => void,
      fail: (error) => resolve(failure(error)),
    });
    try {
      this.#send(message(id));
    } catch (error) {
      // What cannot be cloned (nested too deeply, say) is not under way.
      this.#running.delete(id);
      return Promise.reject(error);
    }
    return done;
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
      case "comm":
        this.#cells.get(message.cell)?.comm(message.message);
        return;
      case "page":
        this.#cells.get(message.cell)?.page(message.data);
        return;
      case "outcome":
      case "comm_outcome": {
        if (message.type === "outcome" && message.result !== undefined) {
          this.#cells.get(message.id)?.output(message.result);
        }
        const running = this.#running.get(message.id);
        this.#running.delete(message.id);
        running?.resolve(message.outcome);
        return;
      }
      case "interrupted":
        for (const id of this.#interrupted.shift() ?? []) {
          this.#running.get(id)?.fail(message.reason);
          this.#running.delete(id);
        }
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
    const { id, answer } = request;
    if (answer !== undefined) this.#awaited.add(answer);
    try {
      const host = this.#cells.get(request.cell);
      if (host === undefined) throw new Error("the cell that asks for input has been forgotten");
      const value = await host.input(request.prompt, request.password);
      if (answer === undefined) this.#send({ type: "input_reply", id, value });
      else endWaiting(answer, "answered", value);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (answer === undefined) this.#send({ type: "input_refused", id, reason });
      else endWaiting(answer, "refused", reason);
    }
    if (answer !== undefined) this.#awaited.delete(answer);
  }

  #endPending(error: CellError): void {
    for (const pending of this.#answers.values()) pending.reject(asError(error));
    this.#answers.clear();
    const running = [...this.#running.values()];
    this.#running.clear();
    for (const one of running) one.fail(error);
  }
}

function asError(error: CellError): Error {
  return Object.assign(new Error(error.evalue), { name: error.ename });
}
