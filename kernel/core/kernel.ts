import type { LanguageInfo } from "../language/language.ts";
import type { Executor } from "./executor.ts";
import type { Message } from "./message.ts";

export interface KernelOptions {
  /** The execution side; the kernel disposes of it at the end. */
  executor: Executor;
  /** Answers kernel_info without asking the execution side, so also while a cell spins or is still loading. */
  language: LanguageInfo;
  /** `implementation`, `implementation_version` and `banner` of kernel_info_reply. */
  implementation: { name: string; version: string; banner: string };
  /** Passes a message to the client side. Called in order; the host keeps that order. */
  send(message: Message): void;
  /** The kernel's session id: new for each process. */
  session: string;
  /** A new unique id, `crypto.randomUUID` in every host. */
  newId(): string;
  /** The time for headers; the host's clock by default. */
  now?(): Date;
  /** Called once, after the shutdown_reply and its idle were passed to `send`; the host then ends what it runs. */
  shutdown(restart: boolean): void;
  /** One line about something odd but harmless: an unknown message type, say. Nothing by default. */
  log?(line: string): void;
}

/** The message router: Jupyter messages in, Jupyter messages out. No socket, no clock, no DOM. */
export declare class Kernel {
  constructor(options: KernelOptions);
  /** Publishes `starting`, once; call when the host can send. */
  start(): void;
  /** Takes one message of the shell, control or stdin channel. Never throws. */
  handle(message: Message): void;
  /** Ends the queue and the executor; nothing is sent afterwards. */
  dispose(): void;
}
