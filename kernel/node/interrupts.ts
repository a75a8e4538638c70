import type { Session } from "node:inspector";
import type { Port } from "../core/execution.ts";

/** How long stopping the main thread may take before the interrupt goes on without it, in milliseconds. */
const stopPatienceMs = 1000;

/**
 * Stops whatever JavaScript the main thread runs, and only that: called from the protocol thread, through V8's
 * inspector. Resolves when V8 says that it has stopped, or after a second (a thread that waits inside the operating
 * system, in `execSync` say, stops when it comes back).
 *
 * Nothing may be sent to the main thread until this resolves: on an idle thread V8 ends the next task that begins,
 * and with it the message it was to deliver. {@link HeldPort} sees to that.
 */
export async function stopMainThread(): Promise<void> {
  // Loaded at the first interrupt; most sessions never see one.
  const inspector = await import("node:inspector");
  const session = new inspector.Session();
  session.connectToMainThread();
  // Nothing of an inspector session keeps a thread alive: this timer does, too.
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, stopPatienceMs);
  });
  await Promise.race([terminate(session), patience]);
  clearTimeout(timer);
  // A process with a connected session does not exit: it waits for "the debugger" to leave.
  session.disconnect();
}

function terminate(session: Session): Promise<void> {
  return new Promise((resolve) => session.post("Runtime.terminateExecution", () => resolve()));
}

/** A port that can hold back what is posted to it, and deliver it, in order, afterwards. */
export class HeldPort implements Port {
  readonly #port: Port;
  #held: unknown[] | undefined;

  constructor(port: Port) {
    this.#port = port;
  }

  postMessage(message: unknown): void {
    if (this.#held === undefined) {
      this.#port.postMessage(message);
    } else {
      this.#held.push(message);
    }
  }

  get onmessage(): Port["onmessage"] {
    return this.#port.onmessage;
  }

  set onmessage(listener: Port["onmessage"]) {
    this.#port.onmessage = listener;
  }

  /** Runs `work`; what is posted meanwhile goes out when it has ended. */
  async during(work: () => Promise<void>): Promise<void> {
    this.#held ??= [];
    try {
      await work();
    } finally {
      const held = this.#held ?? [];
      this.#held = undefined;
      for (const message of held) {
        this.#port.postMessage(message);
      }
    }
  }
}
