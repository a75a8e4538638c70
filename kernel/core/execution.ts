import type {
  Cell,
  CellError,
  Completions,
  ExpressionValue,
  Inspection,
  IsComplete,
  MimeBundle,
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

/** What a cell, or the handler of a comm, needs of the router while it runs, and afterwards for late output. */
export interface CellHost {
  output(output: Output): void;
  /** Asks the front end for a line; rejects with an Error when it does not offer that. */
  input(prompt: string, password: boolean): Promise<string>;
  /** Sends a comm message to the front ends. */
  comm(message: CommMessage): void;
  /** Adds a payload to the execute_reply: the front end shows `data` in its pager. */
  page(data: MimeBundle): void;
}

/** A comm_open, comm_msg or comm_close, in either direction. */
export interface CommMessage {
  type: "comm_open" | "comm_msg" | "comm_close";
  comm_id: string;
  /** Of a comm_open: who is to handle it on the other side. */
  target_name?: string;
  data: unknown;
  metadata: MimeBundle;
  buffers: (ArrayBuffer | ArrayBufferView)[];
}

/**
 * What became of a comm message on the execution side: whether its comm (for a comm_open: its target) is known there.
 */
export interface CommOutcome {
  known: boolean;
}

/** How a cell ended, with the values of its user expressions when it succeeded. */
export type ExecuteOutcome =
  | { status: "ok"; userExpressions: Record<string, ExpressionValue> }
  | ({ status: "error" } & CellError);

/** The execution side as the router sees it. No method rejects for a fault of the user's code. */
export interface Executor {
  /** Resolves when the language is loaded (or cannot be any more); requests may be made before. */
  readonly ready: Promise<void>;
  execute(request: ExecuteRequest, host: CellHost): Promise<ExecuteOutcome>;
  isComplete(code: string): Promise<IsComplete>;
  complete(code: string, cursor: number): Promise<Completions>;
  inspect(code: string, cursor: number, detail: 0 | 1): Promise<Inspection>;
  /** Passes a comm message to its handler; resolves when that has ended. */
  comm(message: CommMessage, host: CellHost): Promise<CommOutcome>;
  /**
   * Stops all that runs (the cells of subshells and the handlers of comms too), which then ends with an error;
   * resolves when it has. Does nothing when nothing runs. `reason`: that error; by default that of an interrupt.
   */
  interrupt(reason?: CellError): Promise<void>;
  /** Called when the execution side was started anew, so that its state (variables, comms) is gone. */
  onReplaced: (() => void) | undefined;
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

/** Protocol side to execution side. `id` names the request, and for `execute` and `comm` what runs. */
export type ToExecution =
  | ({ type: "execute"; id: string } & ExecuteRequest)
  | { type: "comm"; id: string; message: CommMessage }
  | { type: "is_complete"; id: string; code: string }
  | { type: "complete"; id: string; code: string; cursor: number }
  | { type: "inspect"; id: string; code: string; cursor: number; detail: 0 | 1 }
  /** The host has stopped, or will stop, the code that runs: end it and go on. */
  | { type: "interrupt"; reason?: CellError }
  | { type: "input_reply"; id: string; value: string }
  | { type: "input_refused"; id: string; reason: string };

/** Execution side to protocol side. */
export type ToProtocol =
  /** Sent once, when the language is there: requests before it wait in the port. */
  | { type: "ready" }
  | { type: "output"; cell: string; output: Output }
  /** `result`: the output that was last, if that is what the cell came to. */
  | { type: "outcome"; id: string; outcome: ExecuteOutcome; result?: Output }
  | { type: "comm_outcome"; id: string; outcome: CommOutcome }
  /**
   * Answers an `interrupt`, behind the outcomes of all that ran. What has none was lost with the code that was stopped: it
   * was about to begin, or to give its outcome.
   */
  | { type: "interrupted"; reason: CellError }
  | { type: "comm"; cell: string; message: CommMessage }
  | { type: "page"; cell: string; data: MimeBundle }
  | { type: "answer"; id: string; answer: IsComplete | Completions | Inspection }
  /** A fault in the language itself while answering. */
  | { type: "failure"; id: string; error: CellError }
  | {
      type: "input_request";
      id: string;
      cell: string;
      prompt: string;
      password: boolean;
      /** Where the answer goes when the thread waits for it: see waiting.ts. Otherwise it is sent. */
      answer?: SharedArrayBuffer;
    };

/** Knows which cell the code that runs belongs to, across timers and awaits. Node's AsyncLocalStorage fits. */
export interface CellContext {
  run<T>(cell: Cell, callback: () => T): T;
  getStore(): Cell | undefined;
}

export interface RemoteExecutorOptions {
  /**
   * Stops user code that is running on the other side, called only while some is. In Node: terminateExecution
   * through the inspector. In the page, where a worker can only be replaced: return the port of the new worker, to
   * which everything goes from then on. Returning nothing keeps the port. In process: nothing can be stopped, so
   * leave it out; a cell that waits is still ended.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a host with nothing to return returns nothing
  interrupt?(): Port | void | Promise<Port | void>;
}
