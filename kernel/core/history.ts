import { matchesGlob } from "./glob.ts";
import type { JsonObject } from "./message.ts";

/** One cell that was run with `store_history`. */
export interface HistoryEntry {
  /** Number of the kernel's session among those in the same store, from 1. */
  session: number;
  /** The number of the cell, `In [line]`. */
  line: number;
  input: string;
  /** text/plain of its result, when it had one. */
  output?: string;
}

/** Where history is kept from one session to the next. */
export interface HistoryStore {
  /** The entries of earlier sessions, oldest first, and the number of this one. Called once, before `append`. */
  load(): Promise<{ session: number; entries: HistoryEntry[] }>;
  /** Keeps one more entry. */
  append(entry: HistoryEntry): void;
}

/** How many entries are kept, and how much of one output, in UTF-16 units. */
export const historyBounds = { entries: 10_000, output: 10_000 };

/** One line of a history_reply: session, line, and the input, or input and output. */
export type HistoryLine = [
  session: number,
  line: number,
  input: string | [input: string, output: string | null],
];

/**
 * What history_request asks: the cells of this session and of the ones before. Entries beyond the bound are forgotten,
 * oldest first. Without a store, history is that of this session, whose number is then 1.
 *
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#history
 */
export class History {
  readonly #store: HistoryStore | undefined;
  readonly #bounds: { entries: number; output: number };
  /** Of this session, with a number only when it is given out. */
  readonly #now: HistoryEntry[] = [];
  #earlier: HistoryEntry[] = [];
  #session = 1;
  #loading: Promise<void> | undefined;

  constructor(store?: HistoryStore, bounds = historyBounds) {
    this.#store = store;
    this.#bounds = bounds;
  }

  /** A cell begins. Call what it returns when it has ended, with its result. */
  begin(line: number, input: string): (output?: string) => void {
    const entry: HistoryEntry = { session: 0, line, input };
    this.#now.push(entry);
    if (this.#now.length > this.#bounds.entries) this.#now.shift();
    return (output) => {
      if (output !== undefined) entry.output = shortened(output, this.#bounds.output);
      void this.#load().then(() => this.#store?.append({ ...entry, session: this.#session }));
    };
  }

  /** Resolves when everything that has ended was given to the store. */
  async settled(): Promise<void> {
    await this.#loading;
  }

  /**
   * Answers a history_request; a field that is missing or of the wrong type counts as not given. `raw` makes no
   * difference, as cells are kept as they were typed.
   */
  async answer(request: JsonObject): Promise<HistoryLine[]> {
    await this.#load();
    const output = request.output === true;
    return this.#select(request).map(({ session, line, input, output: shown }) => [
      session,
      line,
      output ? [input, shown ?? null] : input,
    ]);
  }

  #select(request: JsonObject): HistoryEntry[] {
    const all = [...this.#earlier, ...this.#now.map((entry) => ({ ...entry, session: this.#session }))];
    const n = integer(request.n);
    switch (request.hist_access_type) {
      case "range": {
        const asked = integer(request.session) ?? 0;
        // Zero is this session, and a negative number counts back from it.
        const session = asked > 0 ? asked : this.#session + asked;
        const start = integer(request.start) ?? 1;
        const stop = integer(request.stop) ?? Number.POSITIVE_INFINITY;
        return all.filter((entry) => entry.session === session && entry.line >= start && entry.line < stop);
      }
      case "search": {
        const pattern = typeof request.pattern === "string" ? request.pattern : "*";
        const found = all.filter((entry) => matchesGlob(pattern, entry.input));
        return last(request.unique === true ? unique(found) : found, n);
      }
      default: // tail
        return last(all, n);
    }
  }

  #load(): Promise<void> {
    this.#loading ??= (async () => {
      if (this.#store === undefined) return;
      const { session, entries } = await this.#store.load();
      this.#session = session;
      this.#earlier = last(entries, this.#bounds.entries);
    })();
    return this.#loading;
  }
}

/** Of equal inputs the last. */
function unique(entries: HistoryEntry[]): HistoryEntry[] {
  const byInput = new Map<string, HistoryEntry>();
  for (const entry of entries) {
    // Taken out first, so that it stands where its last use does.
    byInput.delete(entry.input);
    byInput.set(entry.input, entry);
  }
  return [...byInput.values()];
}

function last<T>(entries: T[], n: number | undefined): T[] {
  return n === undefined ? entries : entries.slice(Math.max(0, entries.length - Math.max(0, n)));
}

function integer(value: unknown): number | undefined {
  return typeof value === "number" && Number.isInteger(value) ? value : undefined;
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
