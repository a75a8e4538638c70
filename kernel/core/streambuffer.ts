import type { Output } from "../language/language.ts";
import type { Clock } from "./clock.ts";

/** Text is passed on when this much has gathered (UTF-16 units)... */
export const flushSize = 64 * 1024;
/** ...or when the oldest of it has waited this long, in milliseconds. */
export const flushDelay = 10;

/**
 * Gathers the stream output of one cell into few messages and keeps the order of everything: other output flushes
 * first. A loop that never lets a timer run is served too: the first text after a quiet spell goes at once, and every
 * later write looks at the clock.
 */
export class StreamBuffer {
  readonly #send: (output: Output) => void;
  readonly #clock: Clock;
  #name: "stdout" | "stderr" = "stdout";
  #parts: string[] = [];
  #size = 0;
  /** When the oldest gathered part was written. */
  #since = 0;
  /** When text was passed on last. */
  #sent = Number.NEGATIVE_INFINITY;
  /** When the timer runs that was set last. One that never ran (an interrupt can take it away) counts no longer then. */
  #timerAt = Number.NEGATIVE_INFINITY;

  constructor(send: (output: Output) => void, clock: Clock) {
    this.#send = send;
    this.#clock = clock;
  }

  write(output: Output): void {
    if (output.type !== "stream") {
      this.flush();
      this.#send(output);
      return;
    }
    if (output.text === "") return;
    if (output.name !== this.#name) this.flush();
    const now = this.#clock.now();
    if (this.#size === 0) {
      this.#name = output.name;
      this.#since = now;
    }
    this.#parts.push(output.text);
    this.#size += output.text.length;
    const quiet = now - this.#sent >= flushDelay;
    if (this.#size >= flushSize || quiet || now - this.#since >= flushDelay) {
      this.flush();
    } else if (now >= this.#timerAt) {
      this.#timerAt = now + flushDelay;
      this.#clock.after(flushDelay, () => this.flush());
    }
  }

  /** Passes on what has gathered. */
  flush(): void {
    if (this.#size === 0) return;
    const text = this.#parts.join("");
    this.#parts = [];
    this.#size = 0;
    this.#sent = this.#clock.now();
    this.#send({ type: "stream", name: this.#name, text });
  }
}
