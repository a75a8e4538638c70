import type { MessagePort } from "node:worker_threads";
import type { Port } from "../core/execution.ts";

type Listener = (event: { data: unknown }) => unknown;

/**
 * A port of Node's as the router knows ports. It listens in the manner of Node: for `onmessage` and `addEventListener` Node
 * makes every message an event of the web's, and loads all it has of the web for it, which takes longer than anything else
 * at the start, and ten megabytes, in each thread.
 */
export class NodePort implements Port {
  readonly #port: MessagePort;
  #listener: Port["onmessage"] = null;

  constructor(port: MessagePort) {
    this.#port = port;
  }

  postMessage(message: unknown): void {
    this.#port.postMessage(message);
  }

  get onmessage(): Port["onmessage"] {
    return this.#listener;
  }

  set onmessage(listener: Port["onmessage"]) {
    if (this.#listener === null) this.#port.on("message", this.#receive);
    this.#listener = listener;
    if (listener === null) this.#port.off("message", this.#receive);
  }

  readonly #receive = (data: unknown) => (this.#listener as Listener | null)?.({ data });
}
