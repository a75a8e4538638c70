import type { Completions, Inspection, Output } from "../language/language.ts";
import type { Clock } from "./clock.ts";

/**
 * What knows code without running any. It lives apart from where cells run (in Node on a thread or in a process of its
 * own), so it answers while they do; the execution side answers too, from the values there are, when it is free.
 */
export interface Assistant {
  /** Completions at `cursor`, in Unicode code points; undefined while it is not ready, which starts it. */
  complete(code: string, cursor: number): Promise<Completions | undefined>;
  /** What is known about the name at `cursor`; undefined while it is not ready, which starts it. */
  inspect(code: string, cursor: number, detail: 0 | 1): Promise<Inspection | undefined>;
  /**
   * A cell begins to run. Must return at once. `show` puts something (a warning, say) among the outputs of the cell,
   * also after its end.
   */
  cellBegan?(
    cell: { id: string; code: string; executionCount: number },
    show: (output: Output) => void,
  ): void;
  /** That cell has ended: later code sees what it declared, if it succeeded. */
  cellEnded?(id: string, status: "ok" | "error"): void;
  /** The session began anew, without the variables of the cells before. */
  reset?(): void;
  dispose?(): void;
}

/** How long to wait for one of the two sides when the other has answered, or is busy, in milliseconds. */
const patience = {
  /** For the execution side: longer means that user code keeps it. */
  live: 50,
  /** For the assistant, when the execution side has answered: one that is not ready says so at once. */
  assistant: 1000,
  /** For anybody: a client that is less patient has gone on without the answer. */
  any: 10_000,
};

/** Completions of the execution side and the assistant together; what is typed and documented comes first. */
export async function completeWith(
  live: Promise<Completions>,
  assistant: Promise<Completions | undefined> | undefined,
  cursor: number,
  clock: Clock,
): Promise<Completions> {
  const [typed, found] = await both(assistant, live, clock);
  if (typed === undefined || typed.matches.length === 0) {
    return found ?? typed ?? { matches: [], cursor_start: cursor, cursor_end: cursor, metadata: {} };
  }
  if (
    found === undefined ||
    found.cursor_start !== typed.cursor_start ||
    found.cursor_end !== typed.cursor_end
  ) {
    return typed;
  }
  const known = new Set(typed.matches);
  const kept = found.matches.map((match) => !known.has(match));
  const only = <T>(list: T[]) => list.filter((_, index) => kept[index]);
  const metadata = { ...found.metadata, ...typed.metadata };
  const types = [typed, found].map((one) => one.metadata[typesKey]);
  if (Array.isArray(types[0]) && Array.isArray(types[1])) {
    metadata[typesKey] = [...types[0], ...only(types[1])];
  } else {
    // The list has one member for each match, or is of no use.
    delete metadata[typesKey];
  }
  return { ...typed, matches: [...typed.matches, ...only(found.matches)], metadata };
}

/** Where JupyterLab looks for the kinds of the matches. */
const typesKey = "_jupyter_types_experimental";

/** The assistant's answer if it knows something, else the execution side's. */
export async function inspectWith(
  live: Promise<Inspection>,
  assistant: Promise<Inspection | undefined> | undefined,
  clock: Clock,
): Promise<Inspection> {
  const [typed, found] = await both(assistant, live, clock);
  if (typed?.found) return typed;
  return found ?? typed ?? { found: false, data: {}, metadata: {} };
}

/**
 * Waits as long as `patience` says. A side that is not waited for, or has nothing, is undefined.
 *
 * @throws what the execution side rejects with, when the assistant has nothing
 */
async function both<T>(
  assistant: Promise<T | undefined> | undefined,
  live: Promise<T>,
  clock: Clock,
): Promise<[assistant: T | undefined, live: T | undefined]> {
  let fault: unknown;
  const found = live.catch((error: unknown) => {
    fault = error ?? new Error("unknown");
    return undefined;
  });
  const typed = assistant?.catch(() => undefined);
  const known = typed && (await within(patience.assistant, typed, clock));
  // Values only add to what the assistant knows, and an idle side has answered before it: nobody waits for a busy one.
  const values = known === undefined ? within(patience.live, found, clock) : Promise.race([found, undefined]);
  let answers: [T | undefined, T | undefined] = [known, await values];
  if (answers.every((answer) => answer === undefined) && fault === undefined) {
    // Neither in time: the first that has something, then.
    const something = (promise: Promise<T | undefined>, place: 0 | 1) =>
      promise.then((value) => (value === undefined ? new Promise<never>(() => {}) : { place, value }));
    const first = await within(
      patience.any,
      Promise.race([something(found, 1), ...(typed ? [something(typed, 0)] : [])]),
      clock,
    );
    if (first !== undefined)
      answers = first.place === 0 ? [first.value, undefined] : [undefined, first.value];
  }
  if (fault !== undefined && answers.every((answer) => answer === undefined)) throw fault;
  return answers;
}

/** What `promise` resolves to, or undefined when that takes too long. */
export function within<T>(ms: number, promise: Promise<T>, clock: Clock): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    promise.then(resolve, reject);
    clock.after(ms, () => resolve(undefined));
  });
}
