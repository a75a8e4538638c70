import { Runtime } from "../index.ts";
import type { Recording } from "../trace/recording.ts";

/** Positions that a scrub from end to end stops at, as a slider of so many pixels would. */
const STOPS = 1000;
const ROUNDS = 3;

/**
 * What listening costs. An int map is filled with nobody listening, with nobody listening any more, and while
 * it is recorded; the recording is then gone through.
 *
 * @param n entries
 */
export function recordingReport(n: number): string {
  const rounds = Array.from({ length: ROUNDS }, () => measure(n));
  const median = (pick: (round: Round) => number) =>
    rounds.map(pick).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] as number;
  const { steps, bytes } = rounds[0] as Round;
  const perOperation = (pick: (round: Round) => number) => `${((median(pick) / n) * 1e6).toFixed(0)} ns`;
  return [
    `Recording ${n.toLocaleString("en")} inserts into map[int]int: ${steps.toLocaleString("en")} steps, ` +
      `${(bytes / 1e6).toFixed(0)} MB, ${(bytes / n).toFixed(0)} bytes an insert (medians of ${ROUNDS} rounds)`,
    "",
    `an insert, nobody has ever listened      ${perOperation((round) => round.before)}`,
    `an insert, a recorder was there and left ${perOperation((round) => round.after)}`,
    `an insert, without the fast path         ${perOperation((round) => round.plain)}`,
    `an insert, recorded                      ${perOperation((round) => round.recorded)}`,
    `all undone ${median((round) => round.undo).toFixed(0)} ms, all redone ${median((round) => round.redo).toFixed(0)} ms`,
    `scrubbed from end to end with ${STOPS} stops: ${(median((round) => round.scrub) / STOPS).toFixed(2)} ms a stop, ` +
      `${median((round) => round.worst).toFixed(1)} ms the longest`,
  ].join("\n");
}

/** Milliseconds, but for steps and bytes. */
interface Round {
  before: number;
  after: number;
  plain: number;
  recorded: number;
  undo: number;
  redo: number;
  scrub: number;
  worst: number;
  steps: number;
  bytes: number;
}

function measure(n: number): Round {
  const fill = (go: Runtime) => {
    const m = go.make("map[int]int");
    for (let i = 0; i < n; i++) m.set(i, i);
  };
  const runtime = (fast = true) => new Runtime({ seed: 1, fast });
  const before = time(() => fill(runtime()));
  const listened = runtime();
  listened.record(() => listened.make("map[int]int").set(1, 1));
  const after = time(() => fill(listened));
  const plain = time(() => fill(runtime(false)));
  const go = runtime();
  let recording: Recording | undefined;
  const recorded = time(() => {
    recording = go.record(() => fill(go));
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
  return { before, after, plain, recorded, undo, redo, scrub, worst, steps: r.length, bytes: r.bytes };
}

function time(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
