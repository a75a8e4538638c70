/** What the two threads of the kernel tell each other, apart from the language's own port. */
import type { MessagePort } from "node:worker_threads";

/** What the protocol thread is started with. */
export interface ProtocolData {
  /** Path of the connection file. */
  file: string;
  /** The protocol side of the port that the language is served on. */
  port: MessagePort;
  /** The process that started the kernel: when it is gone, the kernel goes too. */
  parent: number | undefined;
  /** One shared number: the protocol thread makes it 1, and notifies, when it has closed its sockets. */
  closed: Int32Array<SharedArrayBuffer>;
  /** One shared number: works of the main thread that must come to their end. See `uninterrupted` of interrupts.ts. */
  works: Int32Array<SharedArrayBuffer>;
  /** What V8 allows the main thread's heap, in bytes. */
  heapLimit: number;
}

/** Protocol thread to main thread. */
export type ToMain =
  /** The sockets are bound: the processor is free for loading the language. */
  | { type: "bound" }
  /** Answered at once with `pong`, unless user code keeps the thread. */
  | { type: "ping" }
  /** Ends the process. */
  | { type: "exit"; code: number };

/** Main thread to protocol thread. */
export type ToProtocolThread =
  | { type: "pong" }
  /** The process is about to exit: send what is queued, close the sockets, say so through `closed`. */
  | { type: "close" };
