import type { LanguageInfo } from "../language/language.ts";
import type { Assistant } from "./assistant.ts";
import type { Clock } from "./clock.ts";
import type { Executor } from "./execution.ts";
import type { HistoryStore } from "./history.ts";
import type { JsonObject, Message } from "./message.ts";

/** What a host gives the router. */
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
  /** Where history is kept; without it, only for this session. */
  history?: HistoryStore;
  /** Helps with completion and inspection, also while cells run. None by default. */
  assistant?: Assistant;
  /** Requests that only the host can answer (usage_request, connect_request), by message type: content of the reply. */
  hostAnswers?: Record<string, () => JsonObject | Promise<JsonObject>>;
  /** Measures how long to wait for answers; the host's clock by default. */
  clock?: Clock;
}
