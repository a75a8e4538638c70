import type { KernelMessage, ServerConnection } from "@jupyterlab/services";
import type { Message } from "../core/message.ts";

/**
 * The client's end of a WebSocket that leads to a kernel in this process. Messages pass as objects, so nothing is
 * serialised; each delivery waits for a microtask, as client code expects to be called from outside.
 */
export class LoopbackSocket extends EventTarget {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readonly CLOSED = 3;

  readonly url: string;
  /** None: there are no bytes on this socket. */
  readonly protocol = "";
  binaryType = "arraybuffer";
  readyState = 0;
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onclose: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  readonly #toKernel: (message: Message) => void;

  constructor(url: string, toKernel: (message: Message) => void) {
    super();
    this.url = url;
    this.#toKernel = toKernel;
  }

  /** Opens the socket, or closes it when there is no such kernel. */
  accept(found: boolean): void {
    queueMicrotask(() => {
      if (this.readyState !== this.CONNECTING) return;
      if (!found) {
        this.close();
        return;
      }
      this.readyState = this.OPEN;
      this.onopen?.(new Event("open"));
    });
  }

  /** From the client. The argument is what {@link passMessages} made of a message: the message. */
  send(data: unknown): void {
    if (this.readyState !== this.OPEN) throw new DOMException("The socket is not open.", "InvalidStateError");
    const message = data as Message;
    queueMicrotask(() => this.#toKernel({ ...message, route: this }));
  }

  /** From the kernel. */
  deliver(message: Message): void {
    const { route: _, ...data } = message;
    queueMicrotask(() => {
      if (this.readyState === this.OPEN) this.onmessage?.(new MessageEvent("message", { data }));
    });
  }

  close(): void {
    if (this.readyState === this.CLOSED) return;
    this.readyState = this.CLOSED;
    this.dispatchEvent(new Event("close"));
    queueMicrotask(() => this.onclose?.(new Event("close")));
  }
}

/** Leaves messages as they are: a {@link LoopbackSocket} takes objects. */
export const passMessages: ServerConnection.ISettings["serializer"] = {
  serialize: (message) => message as unknown as ArrayBuffer,
  deserialize: (data) => data as unknown as KernelMessage.IMessage,
};
