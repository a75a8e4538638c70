/** Times in milliseconds. Hosts use {@link systemClock}; tests pass a clock they turn by hand. */
export interface Clock {
  now(): number;
  /** Calls back once, `ms` from now. */
  after(ms: number, callback: () => void): void;
}

/** What every host has, named here because this room is compiled without the types of Node and of the page. */
const host = globalThis as unknown as {
  performance: { now(): number };
  setTimeout(callback: () => void, ms: number): unknown;
};

// Taken once, when the module loads: a cell that replaces setTimeout (fake timers, say) must not stop its own output.
const { performance, setTimeout } = host;

/** The clock of the host: monotonic, and `after` keeps a Node process alive until it has called back. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, callback) => {
    setTimeout(callback, ms);
  },
};
