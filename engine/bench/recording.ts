import { Runtime } from "../index.ts";
import type { Recording } from "../trace/recording.ts";

/** Positions that a scrub from end to end stops at, as a slider of so many pixels would. */
const STOPS = 1000;
const ROUNDS = 3;

/** Turns with three maps: two that nobody has ever listened to, whose difference is the machine's, and one that somebody has. */
const TURNS = 15;

/**
 * What listening costs. An int map is filled with nobody listening and with nobody listening any more, by turns, without the
 * fast path, and while it is recorded; the recording is then gone through.
 *
 * @param n entries
 */
export function recordingReport(n: number): string {
  const rounds = Array.from({ length: ROUNDS }, () => measure(n));
  const median = (pick: (round: Round) => number) => middle(rounds.map(pick));
  const { steps, bytes } = rounds[0] as Round;
  const { never, again, left } = listeners(n);
  const toNever = (times: readonly number[]) =>
    middle(times.map((time, turn) => time / (never[turn] as number))).toFixed(2);
  const nanoseconds = (milliseconds: number) => `${((milliseconds / n) * 1e6).toFixed(0)} ns`;
  return [
    `Recording ${n.toLocaleString("en")} inserts into map[int]int: ${steps.toLocaleString("en")} steps, ` +
      `${(bytes / 1e6).toFixed(0)} MB, ${(bytes / n).toFixed(0)} bytes an insert (medians of ${ROUNDS} rounds)`,
    "",
    `an insert, nobody has ever listened      ${nanoseconds(middle(never))} (medians of ${TURNS} turns)`,
    `an insert, the same in another map       ${nanoseconds(middle(again))} (${toNever(again)})`,
    `an insert, a recorder was there and left ${nanoseconds(middle(left))} (${toNever(left)})`,
    `an insert, without the fast path         ${nanoseconds(median((round) => round.plain))}`,
    `an insert, recorded                      ${nanoseconds(median((round) => round.recorded))}`,
    `all undone ${median((round) => round.undo).toFixed(0)} ms, all redone ${median((round) => round.redo).toFixed(0)} ms`,
    `scrubbed from end to end with ${STOPS} stops: ${(median((round) => round.scrub) / STOPS).toFixed(2)} ms a stop, ` +
      `${median((round) => round.worst).toFixed(1)} ms the longest`,
  ].join("\n");
}

/** Milliseconds, but for steps and bytes. */
interface Round {
  plain: number;
  recorded: number;
  undo: number;
  redo: number;
  scrub: number;
  worst: number;
  steps: number;
  bytes: number;
}

function fill(go: Runtime, n: number): void {
  const m = go.make("map[int]int");
  for (let i = 0; i < n; i++) m.set(i, i);
}

/** Milliseconds of each turn to fill a map that nobody has ever listened to, another such, and one that somebody has. */
function listeners(n: number): { never: number[]; again: number[]; left: number[] } {
  const times = { never: [] as number[], again: [] as number[], left: [] as number[] };
  const names = Object.keys(times) as (keyof typeof times)[];
  for (let turn = 0; turn < TURNS; turn++) {
    const order = names.map((_, i) => names[(turn + i) % names.length] as keyof typeof times);
    for (const name of order) {
      const go = new Runtime({ seed: 1 });
      if (name === "left") go.record(() => go.make("map[int]int").set(1, 1));
      times[name].push(time(() => fill(go, n)));
    }
  }
  return times;
}

function measure(n: number): Round {
  const runtime = (fast = true) => new Runtime({ seed: 1, fast });
  const plain = time(() => fill(runtime(false), n));
  const go = runtime();
  let recording: Recording | undefined;
  const recorded = time(() => {
    recording = go.record(() => fill(go, n));
  });
  const r = recording as Recording;
  const undo = time(() => r.seek(0));
  const redo = time(() => r.seek(r.length));
  r.seek(0);
  let worst = 0;
  const scrub = time(() => {
    for (let stop = 1; stop <= STOPS; stop++) {
      const at = Math.floor((r.length * stop) / STOPS);
      worst = Math.max(
        worst,
        time(() => {
          r.seek(at);
          void r.sentence;
        }),
      );
    }
  });
  return { plain, recorded, undo, redo, scrub, worst, steps: r.length, bytes: r.bytes };
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

function time(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
