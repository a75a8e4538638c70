import {
  type Channel,
  type Header,
  type JsonObject,
  type Message,
  protocolVersion,
} from "../core/message.ts";

/** What a request led to. */
export interface Answer {
  /** Content of the reply; an empty object when there was none, as to comm messages. */
  reply: JsonObject;
  /** Everything on iopub that has the request as parent, from its busy to its idle. */
  published: Message[];
}

export interface RequestOptions {
  /** "shell" by default. */
  channel?: Channel;
  subshell?: string;
  metadata?: JsonObject;
  buffers?: ArrayBuffer[];
}

/** A request under way. */
export interface Pending {
  id: string;
  /** Resolves when the idle has come, and the reply where there is one. */
  done: Promise<Answer>;
  /** The first message of this type that the request leads to, on iopub or stdin, also if it has come already. */
  message(type: string): Promise<Message>;
}

/**
 * A client of a kernel at the level of Jupyter messages, over whatever transport: it sends through a function and is
 * handed what comes.
 */
export class ProtocolClient {
  readonly #send: (message: Message) => void;
  readonly #session = crypto.randomUUID();
  readonly #watchers = new Set<(message: Message) => void>();
  /** All that came, in order. */
  readonly received: Message[] = [];

  constructor(send: (message: Message) => void) {
    this.#send = send;
  }

  /** Takes a message of the kernel. */
  receive(message: Message): void {
    this.received.push(message);
    for (const watcher of [...this.#watchers]) watcher(message);
  }

  /** The first message that fits, of those that came and those that will. */
  find(fits: (message: Message) => boolean): Promise<Message> {
    const already = this.received.find(fits);
    if (already !== undefined) return Promise.resolve(already);
    return new Promise((resolve) => {
      const watcher = (message: Message) => {
        if (!fits(message)) return;
        this.#watchers.delete(watcher);
        resolve(message);
      };
      this.#watchers.add(watcher);
    });
  }

  /** Sends a request. */
  begin(msg_type: string, content: JsonObject = {}, options: RequestOptions = {}): Pending {
    const message = this.#message(msg_type, content, options);
    const id = message.header.msg_id;
    const mine = (one: Message) => one.parent_header.msg_id === id;
    const isReply = (one: Message) => mine(one) && one.channel !== "iopub" && one.channel !== "stdin";
    const reply = msg_type.endsWith("_request") ? this.find(isReply) : Promise.resolve(undefined);
    const idle = this.find((one) => mine(one) && one.content.execution_state === "idle");
    const done = Promise.all([reply, idle]).then(([replied]) => ({
      reply: replied?.content ?? {},
      published: this.received.filter((one) => mine(one) && one.channel === "iopub"),
    }));
    this.#send(message);
    return {
      id,
      done,
      message: (type) => this.find((one) => mine(one) && one.header.msg_type === type),
    };
  }

  /** Sends a request and waits for its end. */
  ask(msg_type: string, content: JsonObject = {}, options: RequestOptions = {}): Promise<Answer> {
    return this.begin(msg_type, content, options).done;
  }

  /** Begins to run a cell. */
  run(code: string, content: JsonObject = {}, options: RequestOptions = {}): Pending {
    return this.begin("execute_request", { code, ...content }, options);
  }

  /** Answers an input_request. */
  reply(request: Message, value: string): void {
    const message = this.#message("input_reply", { status: "ok", value }, { channel: "stdin" });
    this.#send({ ...message, parent_header: request.header });
  }

  #message(msg_type: string, content: JsonObject, options: RequestOptions): Message {
    const header: Header = {
      msg_id: crypto.randomUUID(),
      session: this.#session,
      username: "hmap",
      date: new Date().toISOString(),
      msg_type,
      version: protocolVersion,
      ...(options.subshell !== undefined && { subshell_id: options.subshell }),
    };
    const { channel = "shell", metadata = {}, buffers = [] } = options;
    return { channel, header, parent_header: {}, metadata, content, buffers };
  }
}
