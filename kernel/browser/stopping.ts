/** How the page stops code in its worker without ending the worker; both sides of it. */

/** What the worker is sent first. */
export interface WorkerData {
  /** The kernel's own messages. */
  port: MessagePort;
  /** For questions whether the worker comes to its messages: each is sent back. */
  pings: MessagePort;
  /** One number in shared memory, where the page is cross-origin isolated: 1 asks code to stop. */
  stop?: Int32Array;
}

/** How the call is named that cells make in their loops and functions. */
export const pollName = "hmapPoll";

/** How often the shared number is read, in calls: a power of two. */
const period = 1024;

/** The worker's side: the function that cells call. */
export class StopPoll {
  #stop: Int32Array | undefined;
  #calls = 0;
  #stopping = false;

  /** Throws when the page has asked for it; then at every call, so that no `catch` or `finally` goes on. */
  readonly poll = (): void => {
    if ((++this.#calls & (period - 1)) === 0 && this.#stop !== undefined) {
      this.#stopping = Atomics.load(this.#stop, 0) === 1;
    }
    if (this.#stopping) {
      const error = new Error("the cell was interrupted; variables keep the values they had");
      error.name = "Interrupted";
      throw error;
    }
  };

  /** Begins to look at the number, and to answer pings: a ping that is read means that the code has stopped. */
  listen({ pings, stop }: WorkerData): void {
    this.#stop = stop;
    pings.onmessage = (event) => pings.postMessage(event.data);
  }

  /**
   * The interrupt is over, or a cell begins. Not as soon as a ping is read: a timer of the cell may still begin to loop
   * before the kernel's own message has ended the cell.
   */
  reset(): void {
    this.#stopping = false;
    if (this.#stop !== undefined) Atomics.store(this.#stop, 0, 0);
  }
}

/** The page's side. */
export class WorkerStop {
  readonly data: WorkerData;
  readonly #pings: MessagePort;
  readonly #pending = new Map<number, () => void>();
  #count = 0;

  constructor(port: MessagePort) {
    const { port1, port2 } = new MessageChannel();
    this.#pings = port1;
    // Shared memory exists only where the page is isolated from others (COOP and COEP headers).
    const stop = globalThis.crossOriginIsolated ? new Int32Array(new SharedArrayBuffer(4)) : undefined;
    this.data = { port, pings: port2, ...(stop && { stop }) };
    port1.onmessage = (event: MessageEvent<number>) => {
      this.#pending.get(event.data)?.();
      this.#pending.delete(event.data);
    };
  }

  /**
   * Asks the code that runs to stop, where that is possible.
   *
   * @returns whether the worker came to its messages within `patienceMs`; if not, it has to be replaced
   */
  async stop(patienceMs: number): Promise<boolean> {
    if (this.data.stop !== undefined) Atomics.store(this.data.stop, 0, 1);
    const id = this.#count++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        resolve(false);
      }, patienceMs);
      this.#pending.set(id, () => {
        clearTimeout(timer);
        resolve(true);
      });
      this.#pings.postMessage(id);
    });
  }
}
