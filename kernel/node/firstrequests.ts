import type { Clock } from "../core/clock.ts";
import type { Message } from "../core/message.ts";

/**
 * How long the first requests wait for somebody to listen to iopub, in milliseconds. ZeroMQ connects a client's
 * sockets one by one, and its next attempt may be 100 to 200 ms later, on a busy machine a second: its shell may be there
 * well before its iopub, and it would wait for ever for the output, and the idle, of a cell that ran in between.
 */
export const listenerPatienceMs = 3000;

/** Holds the shell requests that come before anybody listens to iopub, except those that ask only who the kernel is. */
export class FirstRequests {
  readonly #handle: (message: Message) => void;
  readonly #clock: Clock;
  /** Undefined when nothing is held any more. */
  #held: Message[] | undefined = [];

  constructor(handle: (message: Message) => void, clock: Clock) {
    this.#handle = handle;
    this.#clock = clock;
  }

  /** Passes a message on, or holds it. */
  take(message: Message): void {
    const waits = message.channel === "shell" && message.header.msg_type !== "kernel_info_request";
    if (this.#held === undefined || !waits) {
      this.#handle(message);
      return;
    }
    if (this.#held.push(message) === 1) this.#clock.after(listenerPatienceMs, () => this.release());
  }

  /** Somebody listens: what was held is passed on, in its order, and nothing is held from now on. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const message of held) this.#handle(message);
  }
}
