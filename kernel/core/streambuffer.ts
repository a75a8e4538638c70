import type { Output } from "../language/language.ts";
import type { Clock } from "./clock.ts";

/** Text is passed on when this much has gathered (UTF-16 units)... */
export const flushSize = 64 * 1024;
/** ...or this long after what was passed on last, in milliseconds... */
export const flushDelay = 10;
/** ...which doubles, up to this, while much is printed: so the messages are few however slow the machine is. */
export const longestDelay = 160;

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
  #delay = flushDelay;
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
    if (this.#size === 0) this.#name = output.name;
    this.#parts.push(output.text);
    this.#size += output.text.length;
    if (now - this.#sent >= this.#delay) {
      this.#flushInTime();
    } else if (this.#size >= flushSize) {
      this.flush();
    } else if (now >= this.#timerAt) {
      this.#setTimer(now);
    }
  }

  #setTimer(now: number): void {
    this.#timerAt = this.#sent + this.#delay;
    this.#clock.after(this.#timerAt - now, () => {
      const later = this.#clock.now();
      if (this.#size === 0) return;
      // What it was set for may be out, and this be newer.
      if (later - this.#sent >= this.#delay) this.#flushInTime();
      else this.#setTimer(later);
    });
  }

  #flushInTime(): void {
    const gathered = this.#parts.length > 1;
    this.flush();
    this.#delay = gathered ? Math.min(2 * this.#delay, longestDelay) : flushDelay;
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
