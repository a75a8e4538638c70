import type { Message } from "./message.ts";

/** The cells that wait for a line of input. */
export class Inputs {
  /** By the id of the input_request. */
  readonly #waiting = new Map<string, { request: Message; resolve(value: string): void }>();

  /**
   * Resolves to what was typed.
   *
   * @param request the execute_request of the cell that asks
   * @param runs whether that cell still runs
   * @param send sends the input_request and returns its id
   * @throws (rejects with) Error when the front end does not offer input, and when the cell has ended
   */
  ask(request: Message, runs: boolean, send: () => string): Promise<string> {
    if (request.content.allow_stdin === false || request.header.msg_type !== "execute_request") {
      return Promise.reject(new Error("this front end does not offer input (allow_stdin is false)"));
    }
    if (!runs) return Promise.reject(new Error("input can only be asked for while the cell runs"));
    return new Promise((resolve) => this.#waiting.set(send(), { request, resolve }));
  }

  /**
   * Takes an input_reply. It names its request as parent, or, from simple clients, nothing: then the oldest is meant.
   *
   * @returns whether anybody waited
   */
  take(reply: Message): boolean {
    const asked = reply.parent_header.msg_id;
    const id = asked !== undefined && this.#waiting.has(asked) ? asked : [...this.#waiting.keys()][0];
    if (id === undefined) return false;
    this.#waiting.get(id)?.resolve(String(reply.content.value ?? ""));
    this.#waiting.delete(id);
    return true;
  }

  /** The cell has ended: what it asked for is not wanted any more. */
  forget(request: Message): void {
    for (const [id, input] of this.#waiting) if (input.request === request) this.#waiting.delete(id);
  }
}
