import type { Message } from "../core/message.ts";

/** How long what is not urgent may wait for what comes next, in milliseconds. */
const patienceMs = 1;

/**
 * Hands messages to the sockets: those to one client at once, and those to all listeners behind them, together. What
 * costs time in a short answer is to wake threads, the one of ZeroMQ here and those of the client: so the reply, which
 * somebody waits for, goes first, and what is published in the same turn is one more wake-up and not four.
 *
 * That a cell has begun (`busy`, `execute_input`) waits for what the cell shows, or for its end, but no longer than a
 * millisecond. The order on iopub stays that of the calls, and a question on stdin comes behind what was published before.
 */
export class Outbox {
  readonly #send: (message: Message) => void;
  #published: Message[] = [];
  #turn: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param send writes a message to its socket */
  constructor(send: (message: Message) => void) {
    this.#send = send;
  }

  add(message: Message): void {
    const { channel, content, header } = message;
    if (channel !== "iopub") {
      if (channel !== "shell") this.flush();
      this.#send(message);
      return;
    }
    this.#published.push(message);
    if (content.execution_state === "busy" || header.msg_type === "execute_input") {
      this.#timer ??= setTimeout(() => this.flush(), patienceMs);
    } else {
      this.#turn ??= setImmediate(() => this.flush());
    }
  }

  /** Sends what waits. */
  flush(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
    this.#timer = undefined;
    this.#turn = undefined;
    for (const message of this.#published.splice(0)) this.#send(message);
  }
}
