import type { Port, RemoteExecutorOptions } from "../core/execution.ts";
import { RemoteExecutor } from "../core/executor.ts";
import { Kernel } from "../core/kernel.ts";
import type { Message } from "../core/message.ts";
import { implementation } from "../implementation.ts";
import type { LanguageInfo } from "../language/language.ts";

/** A kernel as the in-process server holds it. {@link Kernel} itself fits. */
export interface HostedKernel {
  handle(message: Message): void;
  /** Ends it for good; it sends nothing afterwards. */
  dispose(): void;
}

export interface HostOptions extends RemoteExecutorOptions {
  /** The protocol side of the port on which the language is served. */
  port: Port;
  language: LanguageInfo;
  /** Ends the execution side (terminates its worker); called once, when the kernel is disposed of. */
  end(): void;
  /** Odd but harmless events, a line each. Nothing by default. */
  log?(line: string): void;
}

/** A kernel whose router runs here, beside its client, and whose language is at the other end of a port. */
export interface LocalKernel extends HostedKernel {
  /** Resolves when the language is loaded; messages may come before. */
  readonly ready: Promise<void>;
  /** The execution side died: ends what runs with an error that gives `reason`. */
  fail(reason: string): void;
}

/**
 * Starts the router of a kernel over a port. `send` takes what it sends.
 *
 * The page passes the port of its Web Worker, and an `interrupt` that replaces it; a Node process passes that of a
 * worker thread.
 */
export function hostKernel(send: (message: Message) => void, options: HostOptions): LocalKernel {
  const executor = new RemoteExecutor(options.port, options);
  let ended = false;
  const kernel = new Kernel({
    executor,
    language: options.language,
    implementation,
    send,
    session: crypto.randomUUID(),
    newId: () => crypto.randomUUID(),
    shutdown: dispose,
    ...(options.log && { log: options.log }),
  });
  function dispose(): void {
    if (ended) return;
    ended = true;
    kernel.dispose();
    options.end();
  }
  kernel.start();
  return {
    ready: executor.ready,
    handle: (message) => kernel.handle(message),
    fail: (reason) => executor.fail(reason),
    dispose,
  };
}
