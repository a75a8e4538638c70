import type { MimeBundle } from "../language/language.ts";
import type { CommMessage } from "./execution.ts";

/** Bytes that travel beside the JSON of a message. */
export type Buffers = (ArrayBuffer | ArrayBufferView)[];

/** What the other end of a comm sent. */
export interface CommEvent {
  data: unknown;
  metadata: MimeBundle;
  buffers: Buffers;
}

/** May return a promise: the kernel is busy until it settles. */
type CommHandler = (event: CommEvent) => unknown;

/**
 * One end of a comm: a named line between a cell and the front end (a widget, say). Names are those of JupyterLab's
 * `IComm`.
 *
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages
 */
export interface Comm {
  readonly commId: string;
  readonly targetName: string;
  /** Called with each message of the other end. */
  onMsg: CommHandler | undefined;
  /** Called once, when the other end closes the comm. */
  onClose: CommHandler | undefined;
  /**
   * Sends to the other end.
   * @throws Error when the comm is closed.
   */
  send(data: unknown, metadata?: MimeBundle, buffers?: Buffers): void;
  /** Ends the comm on both sides. Does nothing when it has ended. */
  close(data?: unknown, metadata?: MimeBundle, buffers?: Buffers): void;
}

/** What cells find as `Jupyter.comms`. */
export interface Comms {
  /** Says what to do when the front end opens a comm with this target name. The last word counts. */
  registerTarget(targetName: string, opened: (comm: Comm, event: CommEvent) => unknown): void;
  unregisterTarget(targetName: string): void;
  /** Opens a comm to a target of the front end, which closes it again when it does not know the target. */
  open(targetName: string, data?: unknown, metadata?: MimeBundle, buffers?: Buffers): Comm;
}

/** The comms of one session, on the side where cells run. `send` publishes for the code that runs now. */
export class CommManager implements Comms {
  readonly #send: (message: CommMessage) => void;
  readonly #newId: () => string;
  readonly #targets = new Map<string, (comm: Comm, event: CommEvent) => unknown>();
  readonly #comms = new Map<string, Comm>();

  constructor(send: (message: CommMessage) => void, newId: () => string) {
    // What is no JSON fails here, where the mistake is, and not on its way.
    this.#send = (message) =>
      send({ ...message, data: json(message.data), metadata: json(message.metadata) as MimeBundle });
    this.#newId = newId;
  }

  registerTarget(targetName: string, opened: (comm: Comm, event: CommEvent) => unknown): void {
    if (typeof opened !== "function") {
      throw new TypeError("registerTarget takes a name and a function that is called with each new comm");
    }
    this.#targets.set(String(targetName), opened);
  }

  unregisterTarget(targetName: string): void {
    this.#targets.delete(targetName);
  }

  open(targetName: string, data: unknown = {}, metadata: MimeBundle = {}, buffers: Buffers = []): Comm {
    const comm = this.#make(this.#newId(), String(targetName));
    const { commId: comm_id, targetName: target_name } = comm;
    this.#send({ type: "comm_open", comm_id, target_name, data, metadata, buffers });
    return comm;
  }

  /**
   * The handler of a message from the front end, ready to call, or undefined when its comm or its target is unknown.
   */
  receive(message: CommMessage): (() => unknown) | undefined {
    const { comm_id, data, metadata, buffers } = message;
    const event = { data, metadata, buffers };
    if (message.type === "comm_open") {
      const opened = this.#targets.get(message.target_name ?? "");
      if (opened === undefined) return undefined;
      return () => opened(this.#make(comm_id, message.target_name!), event);
    }
    const comm = this.#comms.get(comm_id);
    if (comm === undefined) return undefined;
    if (message.type === "comm_msg") return () => comm.onMsg?.(event);
    this.#comms.delete(comm_id);
    return () => comm.onClose?.(event);
  }

  #make(commId: string, targetName: string): Comm {
    const comm: Comm = {
      commId,
      targetName,
      onMsg: undefined,
      onClose: undefined,
      send: (data, metadata = {}, buffers = []) => {
        if (this.#comms.get(commId) !== comm) {
          throw new Error(`the comm to ${JSON.stringify(targetName)} is closed: open another`);
        }
        this.#send({ type: "comm_msg", comm_id: commId, data, metadata, buffers });
      },
      close: (data = {}, metadata = {}, buffers = []) => {
        if (this.#comms.get(commId) !== comm) return;
        this.#comms.delete(commId);
        this.#send({ type: "comm_close", comm_id: commId, data, metadata, buffers });
      },
    };
    this.#comms.set(commId, comm);
    return comm;
  }
}

function json(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value) ?? "{}");
}
