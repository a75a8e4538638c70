import { type Header, type JsonObject, type Message, protocolVersion } from "./message.ts";
import type { KernelOptions } from "./options.ts";

/** What a message may have besides its content. */
type More = Pick<Message, "buffers"> & { metadata?: JsonObject };

/** Writes the messages of a kernel, with their headers, and passes them to the host until its end. */
export class Publisher {
  readonly #options: Pick<KernelOptions, "newId" | "session" | "now" | "send">;
  #ended = false;

  constructor(options: Pick<KernelOptions, "newId" | "session" | "now" | "send">) {
    this.#options = options;
  }

  /** Nothing is sent from here on. */
  end(): void {
    this.#ended = true;
  }

  status(execution_state: "busy" | "idle", parent: Message): void {
    this.send("iopub", "status", { execution_state }, parent);
  }

  /** Answers a request on the channel that it came on. */
  reply(request: Message, content: JsonObject): void {
    this.send(request.channel, request.header.msg_type.replace(/_request$/, "_reply"), content, request);
  }

  /**
   * Sends a message.
   *
   * @param parent the request that it belongs to, whose route it takes unless it is for everybody
   * @returns its id
   */
  send(
    channel: Message["channel"],
    msg_type: string,
    content: JsonObject,
    parent?: Message,
    more: More = {},
  ): string {
    const { newId, session, now } = this.#options;
    const header: Header = {
      msg_id: newId(),
      session,
      username: "kernel",
      date: (now?.() ?? new Date()).toISOString(),
      msg_type,
      version: protocolVersion,
    };
    const parent_header = parent?.header ?? {};
    const message: Message = { channel, header, parent_header, metadata: {}, content, ...more };
    if (channel !== "iopub" && parent?.route !== undefined) message.route = parent.route;
    if (!this.#ended) this.#options.send(message);
    return header.msg_id;
  }
}
