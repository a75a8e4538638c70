/**
 * The one interface between the kernel and a cell language. A language runs on the execution side (the main thread in
 * Node, a Web Worker in the page); it knows nothing of sockets or messages. Names follow the messaging specification.
 */

/** Content of `language_info` in a kernel_info_reply, member for member. */
export interface LanguageInfo {
  name: string;
  version: string;
  mimetype: string;
  /** With its dot: ".ts". */
  file_extension: string;
  pygments_lexer?: string;
  /** A string, as some front ends accept nothing else. */
  codemirror_mode?: string;
  nbconvert_exporter?: string;
}

/** Representations of one value: MIME type to data (text as a string, JSON types as JSON). */
export type MimeBundle = Record<string, unknown>;

/** What a cell shows. Everything here must survive structured clone. */
export type Output =
  | { type: "stream"; name: "stdout" | "stderr"; text: string }
  | { type: "display"; data: MimeBundle; metadata: MimeBundle; display_id?: string }
  | { type: "update_display"; data: MimeBundle; metadata: MimeBundle; display_id: string }
  | { type: "result"; data: MimeBundle; metadata: MimeBundle }
  /** An error outside the cell's own run (in a timer, say). The cell's own failure is its {@link Outcome}. */
  | ({ type: "error" } & CellError)
  | { type: "clear_output"; wait: boolean };

export interface CellError {
  ename: string;
  evalue: string;
  /** Ready to print, with the colour codes of terminals; the position is in the user's own code. */
  traceback: string[];
}

/** How a cell ended. */
export type Outcome = { status: "ok" } | ({ status: "error" } & CellError);

/** The value of one of an execute_request's `user_expressions`. */
export type ExpressionValue =
  | { status: "ok"; data: MimeBundle; metadata: MimeBundle }
  | ({ status: "error" } & CellError);

/** Content of an is_complete_reply: `indent` only when incomplete. */
export type IsComplete =
  | { status: "complete" | "invalid" | "unknown" }
  | { status: "incomplete"; indent: string };

/** Content of a complete_reply; positions count Unicode code points. */
export interface Completions {
  matches: string[];
  cursor_start: number;
  cursor_end: number;
  metadata: MimeBundle;
}

/** Content of an inspect_reply. */
export interface Inspection {
  found: boolean;
  data: MimeBundle;
  metadata: MimeBundle;
}

/** One execution of a cell, as the language sees it. It stays usable after the cell ended: timers may still print. */
export interface Cell {
  /** Unique for this execution. */
  readonly id: string;
  /** The number the front end shows: `In [3]`. */
  readonly executionCount: number;
  /** Output of a silent cell is dropped by the router; a language may save itself the work. */
  readonly silent: boolean;
  /** Shows something. Order is kept; stream text is gathered into few messages on the way. */
  emit(output: Output): void;
  /** Asks the person for a line of text; rejects when the front end does not offer it (`allow_stdin` false). */
  input(prompt: string, password: boolean): Promise<string>;
  /**
   * Keeps the thread until the person has answered. Missing where the host cannot.
   * @throws Error when the front end does not offer that, when the host cannot wait, and when the cell is interrupted
   */
  waitForInput?(prompt: string): string;
}

/** A cell language. One instance is one session: state lives as long as it does. */
export interface Language {
  readonly info: LanguageInfo;
  /**
   * Runs a cell: output, its result included, goes to `cell.emit`; a failure is returned, never thrown.
   * When user code is terminated from outside (an interrupt of a busy loop) the promise may never settle: the caller
   * ends the cell itself after {@link interrupt}.
   */
  execute(code: string, cell: Cell): Promise<Outcome>;
  /** Evaluates one expression for `user_expressions`. */
  evaluate(expression: string, cell: Cell): Promise<ExpressionValue>;
  /** Whether `code` is a whole cell, for consoles that decide between running and a new line. */
  isComplete(code: string): IsComplete | Promise<IsComplete>;
  /** Completions at `cursor`, in Unicode code points. */
  complete(code: string, cursor: number): Completions | Promise<Completions>;
  /** What is known about the name at `cursor`, in Unicode code points. */
  inspect(code: string, cursor: number, detail: 0 | 1): Inspection | Promise<Inspection>;
  /** Forgets the running cell, if any: it was interrupted, and the next `execute` must start from a clean state. */
  interrupt(): void;
}
