import { expect, test } from "vitest";
import { Log } from "./log.ts";

/** A log that writes into a list, at a time set by hand; `full` makes it write nowhere. */
function startLog() {
  const state = { now: 0, full: false, lines: [] as string[] };
  const log = new Log(
    (text) => {
      if (!state.full) state.lines.push(text);
      return !state.full;
    },
    () => state.now,
  );
  return { log, state };
}

test("a line is written with the kernel's name before it", () => {
  const { log, state } = startLog();
  log.line("something odd");
  expect(state.lines).toEqual(["hmap kernel: something odd\n"]);
});

test("of a flood fifty lines are written in ten seconds, and afterwards how many were not", () => {
  const { log, state } = startLog();
  for (let i = 0; i < 1000; i++) log.line(`line ${i}`);
  expect(state.lines).toHaveLength(50);
  expect(state.lines.at(-1)).toBe("hmap kernel: line 49\n");
  state.now = 9_999;
  log.line("too early");
  state.now = 10_000;
  log.line("again");
  expect(state.lines.slice(50)).toEqual([
    "hmap kernel: 951 lines were left out here\n",
    "hmap kernel: again\n",
  ]);
});

test("what could not be written, because nobody reads, is counted and told later", () => {
  const { log, state } = startLog();
  state.full = true;
  for (let i = 0; i < 3; i++) log.line("lost");
  state.full = false;
  state.now = 10_000;
  log.line("read again");
  expect(state.lines).toEqual(["hmap kernel: 3 lines were left out here\n", "hmap kernel: read again\n"]);
});
