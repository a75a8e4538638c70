import type {
  CellError,
  Completions,
  ExpressionValue,
  Inspection,
  IsComplete,
  Output,
} from "../language/language.ts";

/**
 * The seam between the protocol side (router) and the execution side (language), and the port that joins them.
 * In Node the two sides are two threads, in the page the page and a Web Worker, in process one thread with a
 * MessageChannel: the code is the same.
 */

/** What the router asks for one cell. */
export interface ExecuteRequest {
  code: string;
  /** The number of the cell, `In [n]`. */
  executionCount: number;
  silent: boolean;
  /** Name to expression; evaluated after the cell when it succeeded. */
  userExpressions: Record<string, string>;
}

/** What a cell needs of the router while it runs, and afterwards for late output. */
export interface CellHost {
  output(output: Output): void;
  /** Asks the front end for a line; rejects with an Error when it does not offer that. */
  input(prompt: string, password: boolean): Promise<string>;
}

/** How a cell ended, with the values of its user expressions when it succeeded. */
export type ExecuteOutcome =
  | { status: "ok"; userExpressions: Record<string, ExpressionValue> }
  | ({ status: "error" } & CellError);

/** The execution side as the router sees it. No method rejects for a fault of the user's code. */
export interface Executor {
  execute(request: ExecuteRequest, host: CellHost): Promise<ExecuteOutcome>;
  isComplete(code: string): Promise<IsComplete>;
  complete(code: string, cursor: number): Promise<Completions>;
  inspect(code: string, cursor: number, detail: 0 | 1): Promise<Inspection>;
  /** Stops the running cell, which then ends with an error; resolves when it has. Does nothing when none runs. */
  interrupt(): Promise<void>;
  /** Ends whatever is pending with an error; nothing is answered afterwards. */
  dispose(): void;
}

/**
 * The part of a MessagePort that is used. MessagePort (page and Node), Worker and DedicatedWorkerGlobalScope fit.
 * `never` lets each keep its own event type; the only member read is `data`.
 */
export interface Port {
  postMessage(message: unknown): void;
  onmessage: ((event: never) => unknown) | null;
}

/** Protocol side to execution side. `id` names the request, and for `execute` the cell. */
export type ToExecution =
  | ({ type: "execute"; id: string } & ExecuteRequest)
  | { type: "is_complete"; id: string; code: string }
  | { type: "complete"; id: string; code: string; cursor: number }
  | { type: "inspect"; id: string; code: string; cursor: number; detail: 0 | 1 }
  /** The host has stopped, or will stop, the code of the running cell: end it and go on. */
  | { type: "interrupt" }
  | { type: "input_reply"; id: string; value: string }
  | { type: "input_refused"; id: string; reason: string };

/** Execution side to protocol side. */
export type ToProtocol =
  /** Sent once, when the language is there: requests before it wait in the port. */
  | { type: "ready" }
  | { type: "output"; cell: string; output: Output }
  | { type: "outcome"; id: string; outcome: ExecuteOutcome }
  | { type: "answer"; id: string; answer: IsComplete | Completions | Inspection }
  /** A fault in the language itself while answering. */
  | { type: "failure"; id: string; error: CellError }
  | { type: "input_request"; id: string; cell: string; prompt: string; password: boolean };

export interface RemoteExecutorOptions {
  /**
   * Stops user code that is running on the other side, called only while a cell runs. In Node: terminateExecution
   * through the inspector. In the page, where a worker can only be replaced: return the port of the new worker, to
   * which everything goes from then on. Returning nothing keeps the port. In process: nothing can be stopped, so
   * leave it out; a cell that waits is still ended.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a host with nothing to return returns nothing
  interrupt?(): Port | void | Promise<Port | void>;
}
