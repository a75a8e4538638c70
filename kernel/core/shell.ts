import type { Message } from "./message.ts";

/** Requests that are answered one after the other: the shell of a kernel, or one of its subshells. */
export class Shell {
  readonly #answer: (request: Message) => Promise<void>;
  readonly #queue: Message[] = [];
  #current: Message | undefined;

  constructor(answer: (request: Message) => Promise<void>) {
    this.#answer = answer;
  }

  /** The request that is being answered. */
  get current(): Message | undefined {
    return this.#current;
  }

  /** Answers a request when those before it have been. */
  push(request: Message): void {
    this.#queue.push(request);
    void this.#work();
  }

  /** Takes out the waiting requests that fit. */
  take(fits: (request: Message) => boolean): Message[] {
    const waiting = this.#queue.splice(0);
    const taken: Message[] = [];
    for (const request of waiting) (fits(request) ? taken : this.#queue).push(request);
    return taken;
  }

  async #work(): Promise<void> {
    if (this.#current !== undefined) return;
    for (let request = this.#queue.shift(); request !== undefined; request = this.#queue.shift()) {
      this.#current = request;
      try {
        await this.#answer(request);
      } finally {
        this.#current = undefined;
      }
    }
  }
}
