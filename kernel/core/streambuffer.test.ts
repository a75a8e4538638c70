import fc from "fast-check";
import { expect, test } from "vitest";
import type { Output } from "../language/language.ts";
import { flushDelay, flushSize, longestDelay, StreamBuffer } from "./streambuffer.ts";

/** A clock turned by hand. */
function handClock() {
  let time = 0;
  const timers: { at: number; callback: () => void }[] = [];
  return {
    now: () => time,
    after: (ms: number, callback: () => void) => {
      timers.push({ at: time + ms, callback });
    },
    /** Lets time pass without letting timers run, as a busy loop does. */
    pass: (ms: number) => {
      time += ms;
    },
    runTimers: () => {
      for (const timer of timers.splice(0)) {
        if (timer.at <= time) timer.callback();
        else timers.push(timer);
      }
    },
  };
}

function startBuffer() {
  const sent: Output[] = [];
  const clock = handClock();
  const buffer = new StreamBuffer((output) => sent.push(output), clock);
  const print = (text: string, name: "stdout" | "stderr" = "stdout") =>
    buffer.write({ type: "stream", name, text });
  return { sent, clock, buffer, print };
}

test("the first text goes at once, so that a loop without an end can be seen to have begun", () => {
  const { sent, print } = startBuffer();
  print("a");
  print("b");
  expect(sent).toEqual([{ type: "stream", name: "stdout", text: "a" }]);
});

test("ten thousand lines become two messages: the first line, and the rest", () => {
  const { sent, buffer, print } = startBuffer();
  for (let i = 0; i < 10_000; i++) print(`${i % 10}\n`);
  buffer.flush();
  expect(sent.map((output) => (output as { text: string }).text.length)).toEqual([2, 19_998]);
});

test("text is passed on when it has waited long enough, even when no timer can run", () => {
  const { sent, clock, print } = startBuffer();
  print("a");
  clock.pass(flushDelay - 1);
  print("b");
  expect(sent).toHaveLength(1);
  clock.pass(flushDelay);
  print("c");
  expect(sent[1]).toEqual({ type: "stream", name: "stdout", text: "bc" });
});

test("a loop that prints for long on a slow machine is shown less often, and at once again after a pause", () => {
  const { sent, clock, print } = startBuffer();
  for (let ms = 0; ms < 2000; ms++) {
    print("a line\n");
    clock.pass(1);
    clock.runTimers();
  }
  // 0, 10, 30, 70, 150, and from then on each 160 ms.
  expect(sent.length).toBeLessThanOrEqual(5 + 2000 / longestDelay);
  clock.pass(longestDelay);
  clock.runTimers();
  clock.pass(longestDelay);
  for (const text of ["1", "2", "3"]) {
    print(text);
    expect(sent.at(-1)).toEqual({ type: "stream", name: "stdout", text });
    clock.pass(flushDelay);
  }
});

test("text is passed on by the timer when nothing more is written", () => {
  const { sent, clock, print } = startBuffer();
  print("a");
  print("b");
  clock.pass(flushDelay);
  clock.runTimers();
  expect(sent[1]).toEqual({ type: "stream", name: "stdout", text: "b" });
});

test("a timer that an interrupt took away does not hold back what comes later", () => {
  const { sent, clock, print } = startBuffer();
  print("a");
  print("b");
  clock.pass(flushDelay);
  print("c");
  print("d");
  clock.pass(2 * flushDelay);
  clock.runTimers();
  expect(sent.map((output) => (output as { text: string }).text)).toEqual(["a", "bc", "d"]);
});

test("text is passed on when it is large", () => {
  const { sent, print } = startBuffer();
  print("x".repeat(flushSize));
  expect(sent).toHaveLength(1);
});

test("changing between stdout and stderr keeps the order", () => {
  const { sent, buffer, print } = startBuffer();
  print("1");
  print("2", "stderr");
  print("3");
  buffer.flush();
  expect(sent.map((output) => (output as { text: string }).text)).toEqual(["1", "2", "3"]);
});

test("nothing is lost, reordered or sent empty, whatever is written when", () => {
  const step = fc.oneof(
    fc.record({ type: fc.constant("print" as const), text: fc.string(), err: fc.boolean() }),
    fc.record({ type: fc.constant("show" as const) }),
    fc.record({ type: fc.constant("pass" as const), ms: fc.nat(20) }),
    fc.record({ type: fc.constant("timers" as const) }),
  );
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const { sent, clock, buffer, print } = startBuffer();
      const written: string[] = [];
      for (const step of steps) {
        if (step.type === "print") {
          print(step.text, step.err ? "stderr" : "stdout");
          for (const unit of step.text) written.push((step.err ? "err " : "out ") + unit);
        } else if (step.type === "show") {
          buffer.write({ type: "result", data: {}, metadata: {} });
          written.push("result");
        } else if (step.type === "pass") clock.pass(step.ms);
        else clock.runTimers();
      }
      buffer.flush();
      const shown = sent.flatMap((output) => {
        if (output.type !== "stream") return ["result"];
        expect(output.text).not.toBe("");
        return [...output.text].map((unit) => (output.name === "stderr" ? "err " : "out ") + unit);
      });
      expect(shown).toEqual(written);
    }),
  );
});
