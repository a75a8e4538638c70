import type {
  Cell,
  CellError,
  Completions,
  ExpressionValue,
  Inspection,
  IsComplete,
  Language,
  MimeBundle,
  Output,
} from "../language/language.ts";
import { type Clock, systemClock } from "./clock.ts";
import { CommManager, type Comms } from "./comms.ts";
import type { CellContext, ExecuteOutcome, Port, ToExecution, ToProtocol } from "./execution.ts";
import { StreamBuffer } from "./streambuffer.ts";
import { waitForAnswer } from "./waiting.ts";

export interface ServeOptions {
  /** Default: the host's clock. */
  clock?: Clock;
  /**
   * Which cell the running code belongs to: what it sends over comms has that cell as parent. Default: the cell that
   * began last.
   */
  context?: CellContext;
  /** Shows an error of a comm's handler with the cell that runs. Default: its name and message alone. */
  reportError?(error: unknown): void;
}

/** What cells find as the global `Jupyter`: what is Jupyter's, and not the language's. */
export interface JupyterApi {
  readonly comms: Comms;
  /**
   * Shows text, or a MIME bundle that has "text/plain", in the front end's pager when the cell has ended; front ends
   * without a pager print it.
   */
  page(content: string | MimeBundle): void;
}

/** What every host has, named here because this room is compiled without the types of Node and of the page. */
const { crypto } = globalThis as unknown as { crypto: { randomUUID(): string } };

/** What runs: a cell, or the handler of a comm. */
interface Running {
  cell: Cell;
  buffer: StreamBuffer;
  /** Ends it once; later calls do nothing. */
  interrupt(reason: CellError): void;
}

const interrupted: CellError = {
  ename: "Interrupted",
  evalue: "the cell was interrupted; variables keep the values they had",
  traceback: ["Interrupted: the cell was interrupted; variables keep the values they had"],
};

/**
 * The execution side of a port: runs requests on `language`, gathers stream output (see {@link StreamBuffer}) and
 * answers. Sends `ready` first. The router sends the next cell of a shell when the one before has ended, so there is
 * no queue here; the cells of subshells and the handlers of comms run whenever other code leaves the thread.
 *
 * @returns what the host may put on its global object for cells
 */
export function serveLanguage(port: Port, language: Language, options: ServeOptions = {}): JupyterApi {
  const clock = options.clock ?? systemClock;
  const send = (message: ToProtocol) => port.postMessage(message);
  const inputs = new Map<string, { resolve(value: string): void; reject(error: Error): void }>();
  let inputCount = 0;
  let latest: Cell | undefined;
  let lastCount = 0;
  const running = new Map<string, Running>();
  const buffers = new WeakMap<Cell, StreamBuffer>();

  const current = (): Cell => {
    const cell = options.context?.getStore() ?? latest;
    if (cell === undefined) throw new Error("this can only be used by a cell, and none has run yet");
    // What was printed before goes out before.
    buffers.get(cell)?.flush();
    return cell;
  };
  const comms = new CommManager(
    (message) => send({ type: "comm", cell: current().id, message }),
    () => crypto.randomUUID(),
  );

  function input(cell: string, prompt: string, password: boolean): Promise<string> {
    return new Promise((resolve, reject) => {
      const id = `${cell}/input/${inputCount++}`;
      inputs.set(id, { resolve, reject });
      send({ type: "input_request", id, cell, prompt, password });
    });
  }

  function waitForInput(cell: string, prompt: string): string {
    const id = `${cell}/input/${inputCount++}`;
    return waitForAnswer((answer) =>
      send({ type: "input_request", id, cell, prompt, password: false, answer }),
    );
  }

  /** Begins something that runs, with an `end` that works once. */
  function begin<Outcome>(
    id: string,
    request: { executionCount: number; silent: boolean },
    interruption: (reason: CellError) => Outcome,
    answer: (outcome: Outcome, result?: Output) => ToProtocol,
  ): { cell: Cell; release(): void; end(outcome: Outcome): void } {
    // A result goes with the outcome, which mostly follows at once: to wake the other thread takes as long as a small cell.
    let result: Output | undefined;
    const release = () => {
      if (result !== undefined) send({ type: "output", cell: id, output: result });
      result = undefined;
    };
    const buffer = new StreamBuffer((output) => {
      release();
      if (output.type === "result") result = output;
      else send({ type: "output", cell: id, output });
    }, clock);
    const cell: Cell = {
      id,
      executionCount: request.executionCount,
      silent: request.silent,
      emit: (output) => buffer.write(output),
      // What was printed before the question is seen before it.
      input: (prompt, password) => {
        buffer.flush();
        return input(id, prompt, password);
      },
      waitForInput: (prompt) => {
        buffer.flush();
        return waitForInput(id, prompt);
      },
    };
    // Ends once: by the language, or by an interrupt, after which the language's own promise may stay open for ever.
    const end = (outcome: Outcome) => {
      if (running.get(id) !== self) return;
      running.delete(id);
      buffer.flush();
      send(answer(outcome, result));
      result = undefined;
    };
    const self: Running = { cell, buffer, interrupt: (reason) => end(interruption(reason)) };
    running.set(id, self);
    buffers.set(cell, buffer);
    latest = cell;
    return { cell, release, end };
  }

  async function execute(request: ToExecution & { type: "execute" }): Promise<void> {
    lastCount = request.executionCount;
    const { cell, release, end } = begin<ExecuteOutcome>(
      request.id,
      request,
      (reason) => ({ status: "error", ...reason }),
      (outcome, result) => ({ type: "outcome", id: request.id, outcome, ...(result && { result }) }),
    );
    try {
      const outcome = await language.execute(request.code, cell);
      if (outcome.status === "error") return end(outcome);
      const userExpressions: Record<string, ExpressionValue> = {};
      for (const [name, expression] of Object.entries(request.userExpressions)) {
        release();
        userExpressions[name] = await language.evaluate(expression, cell);
      }
      end({ status: "ok", userExpressions });
    } catch (error) {
      end({ status: "error", ...fault(error) });
    }
  }

  async function handleComm({ id, message }: ToExecution & { type: "comm" }): Promise<void> {
    const handler = comms.receive(message);
    if (handler === undefined) {
      send({ type: "comm_outcome", id, outcome: { known: false } });
      return;
    }
    const known = { known: true };
    const { cell, end } = begin(
      id,
      { executionCount: lastCount, silent: false },
      () => known,
      (outcome) => ({ type: "comm_outcome", id, outcome }),
    );
    const call = async () => {
      try {
        await handler();
      } catch (error) {
        if (options.reportError !== undefined) options.reportError(error);
        else cell.emit({ type: "error", ...plainError(error) });
      }
    };
    await (options.context === undefined ? call() : options.context.run(cell, call));
    end(known);
  }

  /** Answers from the language; a fault in it becomes a `failure`. */
  async function answer(id: string, ask: () => Promise<Answer> | Answer): Promise<void> {
    try {
      send({ type: "answer", id, answer: await ask() });
    } catch (error) {
      send({ type: "failure", id, error: fault(error) });
    }
  }

  port.onmessage = (event: { data: ToExecution }) => {
    const message = event.data;
    switch (message.type) {
      case "execute":
        void execute(message);
        return;
      case "comm":
        void handleComm(message);
        return;
      case "is_complete":
        void answer(message.id, () => language.isComplete(message.code));
        return;
      case "complete":
        void answer(message.id, () => language.complete(message.code, message.cursor));
        return;
      case "inspect":
        void answer(message.id, () => language.inspect(message.code, message.cursor, message.detail));
        return;
      case "interrupt": {
        const reason = message.reason ?? interrupted;
        language.interrupt();
        for (const waiting of inputs.values()) waiting.reject(new Error(reason.evalue));
        inputs.clear();
        for (const one of [...running.values()]) one.interrupt(reason);
        send({ type: "interrupted", reason });
        return;
      }
      case "input_reply":
        inputs.get(message.id)?.resolve(message.value);
        inputs.delete(message.id);
        return;
      case "input_refused":
        inputs.get(message.id)?.reject(new Error(message.reason));
        inputs.delete(message.id);
        return;
    }
  };
  send({ type: "ready" });
  return {
    comms,
    page: (content) => {
      const data = typeof content === "string" ? { "text/plain": content } : content;
      send({ type: "page", cell: current().id, data });
    },
  };
}

type Answer = IsComplete | Completions | Inspection;

function plainError(error: unknown): CellError {
  const ename = error instanceof Error ? error.name : "Error";
  const evalue = error instanceof Error ? error.message : String(error);
  return { ename, evalue, traceback: [`${ename}: ${evalue}`] };
}

/** A fault of the language itself: it promises never to throw, so this says whose mistake it is. */
function fault(error: unknown): CellError {
  const text = error instanceof Error ? error.message : String(error);
  const evalue = `the cell language failed: ${text}`;
  const stack = error instanceof Error && error.stack !== undefined ? error.stack.split("\n").slice(1) : [];
  return { ename: "InternalError", evalue, traceback: [`InternalError: ${evalue}`, ...stack] };
}
