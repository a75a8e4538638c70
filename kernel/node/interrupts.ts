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
  await onMainThread((post) => post("Runtime.terminateExecution"), stopPatienceMs);
}

/** Calls one method of V8's inspector; resolves to its result. */
export type PostToInspector = (method: string) => Promise<unknown>;

/**
 * Speaks with V8's inspector of the main thread, which answers between any two steps of JavaScript.
 *
 * @param patienceMs after which to give up; without it, never
 * @returns what `work` returns, or undefined when that took too long
 */
export async function onMainThread<T>(
  work: (post: PostToInspector) => Promise<T>,
  patienceMs?: number,
): Promise<T | undefined> {
  // Loaded when it is needed first; most sessions never do.
  const inspector = await import("node:inspector");
  const session = new inspector.Session();
  session.connectToMainThread();
  const post: PostToInspector = (method) =>
    new Promise((resolve, reject) =>
      session.post(method, (error, result) => (error === null ? resolve(result) : reject(error))),
    );
  // Nothing of an inspector session keeps a thread alive: this timer does, too.
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<undefined>((resolve) => {
    if (patienceMs !== undefined) timer = setTimeout(() => resolve(undefined), patienceMs);
  });
  try {
    return await Promise.race([work(post), patience]);
  } finally {
    clearTimeout(timer);
    // A process with a connected session does not exit: it waits for "the debugger" to leave.
    session.disconnect();
  }
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

/** What the number of works is while the main thread is being stopped. */
const stopping = -1;

/**
 * Does some work on the main thread that must come to its end before {@link whileStoppable} lets anybody stop the
 * thread: a module that was stopped while it loaded would never load again. Where the thread is being stopped already, it is
 * stopped here, before the work has begun.
 *
 * @param works one shared number, that of such works
 */
export async function uninterrupted<T>(
  works: Int32Array<SharedArrayBuffer>,
  work: () => Promise<T>,
): Promise<T> {
  for (;;) {
    const count = Atomics.load(works, 0);
    if (count === stopping) Atomics.wait(works, 0, stopping);
    else if (Atomics.compareExchange(works, 0, count, count + 1) === count) break;
  }
  try {
    return await work();
  } finally {
    Atomics.sub(works, 0, 1);
    Atomics.notify(works, 0);
  }
}

/** Does what stops the main thread when no work is under way that must come to its end, and lets none begin meanwhile. */
export async function whileStoppable(
  works: Int32Array<SharedArrayBuffer>,
  stop: () => Promise<void>,
): Promise<void> {
  for (;;) {
    const count = Atomics.compareExchange(works, 0, 0, stopping);
    if (count === 0) break;
    await Atomics.waitAsync(works, 0, count).value;
  }
  try {
    await stop();
  } finally {
    Atomics.store(works, 0, 0);
    Atomics.notify(works, 0);
  }
}
