import type { Cell, CellError, ExpressionValue, Language } from "../language/language.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { ExecuteOutcome, Port, ToExecution, ToProtocol } from "./execution.ts";
import { StreamBuffer } from "./streambuffer.ts";

export interface ServeOptions {
  /** Default: the host's clock. */
  clock?: Clock;
}

/** The cell that is running, and how to end it from outside. */
interface Running {
  id: string;
  end(outcome: ExecuteOutcome): void;
}

const interrupted: CellError = {
  ename: "Interrupted",
  evalue: "the cell was interrupted; variables keep the values they had",
  traceback: ["Interrupted: the cell was interrupted; variables keep the values they had"],
};

/**
 * The execution side of a port: runs requests on `language`, one cell at a time, gathers stream output (see
 * {@link StreamBuffer}) and answers. Sends `ready` first. The router sends one `execute` at a time, so there is no
 * queue here.
 */
export function serveLanguage(port: Port, language: Language, options: ServeOptions = {}): void {
  const clock = options.clock ?? systemClock;
  const send = (message: ToProtocol) => port.postMessage(message);
  const inputs = new Map<string, { resolve(value: string): void; reject(error: Error): void }>();
  let inputCount = 0;
  let running: Running | undefined;

  function input(cell: string, prompt: string, password: boolean): Promise<string> {
    return new Promise((resolve, reject) => {
      const id = `${cell}/input/${inputCount++}`;
      inputs.set(id, { resolve, reject });
      send({ type: "input_request", id, cell, prompt, password });
    });
  }

  async function execute(request: ToExecution & { type: "execute" }): Promise<void> {
    const buffer = new StreamBuffer((output) => send({ type: "output", cell: request.id, output }), clock);
    const cell: Cell = {
      id: request.id,
      executionCount: request.executionCount,
      silent: request.silent,
      emit: (output) => buffer.write(output),
      input: (prompt, password) => input(request.id, prompt, password),
    };
    // Ends once: by the language, or by an interrupt, after which the language's own promise may stay open for ever.
    const self: Running = {
      id: request.id,
      end: (outcome) => {
        if (running !== self) return;
        running = undefined;
        buffer.flush();
        send({ type: "outcome", id: request.id, outcome });
      },
    };
    running = self;
    try {
      const outcome = await language.execute(request.code, cell);
      if (outcome.status === "error") return self.end(outcome);
      const userExpressions: Record<string, ExpressionValue> = {};
      for (const [name, expression] of Object.entries(request.userExpressions)) {
        userExpressions[name] = await language.evaluate(expression, cell);
      }
      self.end({ status: "ok", userExpressions });
    } catch (error) {
      self.end({ status: "error", ...fault(error) });
    }
  }

  /** Answers from the language at once; a fault in it becomes a `failure`. */
  function answer(id: string, ask: () => (ToProtocol & { type: "answer" })["answer"]): void {
    try {
      send({ type: "answer", id, answer: ask() });
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
      case "is_complete":
        return answer(message.id, () => language.isComplete(message.code));
      case "complete":
        return answer(message.id, () => language.complete(message.code, message.cursor));
      case "inspect":
        return answer(message.id, () => language.inspect(message.code, message.cursor, message.detail));
      case "interrupt":
        language.interrupt();
        for (const waiting of inputs.values()) waiting.reject(new Error(interrupted.evalue));
        inputs.clear();
        running?.end({ status: "error", ...interrupted });
        return;
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
}

/** A fault of the language itself: it promises never to throw, so this says whose mistake it is. */
function fault(error: unknown): CellError {
  const text = error instanceof Error ? error.message : String(error);
  const evalue = `the cell language failed: ${text}`;
  const stack = error instanceof Error && error.stack !== undefined ? error.stack.split("\n").slice(1) : [];
  return { ename: "InternalError", evalue, traceback: [`InternalError: ${evalue}`, ...stack] };
}
