/** For tests and measurements of interrupts. */

/** What the code of {@link loops} needs: run it as a cell first. */
export const loopPrelude = `
  import { stat } from "node:fs";
  let count = 0;
  const begun = () => { count++; display("begun"); };
  const spin = () => { begun(); while (true) {} };
`;

/**
 * Every way in which JavaScript can keep a thread, or wait for ever. Each calls `begun()` when it is under way.
 * A loop in a callback leaves its cell waiting: that is the state to interrupt.
 */
export const loops: Readonly<Record<string, string>> = {
  "a loop": "begun(); while (true) {}",
  "a loop in try, catch and finally": "begun(); try { while (true) {} } catch {} finally { while (true) {} }",
  "a regular expression": 'begun(); /^(a+)+$/.test("a".repeat(50) + "b")',
  "Atomics.wait": "begun(); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  "a loop after an await": "await 0; begun(); while (true) {}",
  "a loop of microtasks": "begun(); while (true) await 0",
  "an await of nothing": "begun(); await new Promise(() => {})",
  "a loop in setTimeout": "setTimeout(spin, 0); await new Promise(() => {})",
  "a loop in setInterval": "setInterval(spin, 1); await new Promise(() => {})",
  "a loop in setImmediate": "setImmediate(spin); await new Promise(() => {})",
  "a loop in process.nextTick": "process.nextTick(spin); await new Promise(() => {})",
  "a loop in queueMicrotask": "queueMicrotask(spin); await new Promise(() => {})",
  "a loop in a file callback": 'stat(".", spin); await new Promise(() => {})',
};
