/** Where a command writes: the process's own streams, or a test's. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Width in columns when a person watches; undefined when the output goes to a file or a log. */
  readonly columns: number | undefined;
}

/** A mistake that the person can mend; the message is one sentence that says how. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  get columns() {
    return process.stderr.isTTY ? process.stderr.columns : undefined;
  },
};

/** One line of progress that is written over as long as a person watches, else a line for each step. */
export class Progress {
  readonly #terminal: Terminal;
  #shown = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** @param what is being done, with or to `subject` */
  step(done: number, total: number, subject: string, what: string): void {
    const { columns } = this.#terminal;
    if (columns === undefined) {
      this.#terminal.err(`${subject}: ${what}\n`);
      return;
    }
    const width = 20;
    const filled = Math.round((done / Math.max(total, 1)) * width);
    const bar = "█".repeat(filled) + "░".repeat(width - filled);
    this.#terminal.err(`\r\u001b[2K${`${bar} ${what}, ${subject}`.slice(0, columns - 1)}`);
    this.#shown = true;
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#shown) this.#terminal.err("\r\u001b[2K");
    this.#shown = false;
  }
}
