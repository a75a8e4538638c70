import { expect, test } from "vitest";
import type { Completions, Inspection } from "../language/language.ts";
import { completeWith, inspectWith } from "./assistant.ts";
import type { Clock } from "./clock.ts";

/** Every wait is over once nothing else is to be done. */
const impatient: Clock = { now: () => 0, after: (_, callback) => void setImmediate(callback) };

const typesKey = "_jupyter_types_experimental";
const never = new Promise<never>(() => {});

function completions(matches: string[], more: Partial<Completions> = {}): Completions {
  const types = matches.map((text) => ({ text, type: "function", start: 2, end: 3 }));
  return { matches, cursor_start: 2, cursor_end: 3, metadata: { [typesKey]: types }, ...more };
}

const inspection = (text: string): Inspection => ({
  found: true,
  data: { "text/plain": text },
  metadata: {},
});

test("typed matches come first, then those of the values that types do not know, each with its kind", async () => {
  const merged = await completeWith(
    Promise.resolve(completions(["set", "secret"])),
    Promise.resolve(completions(["size", "set"])),
    3,
    impatient,
  );
  expect(merged.matches).toEqual(["size", "set", "secret"]);
  expect((merged.metadata[typesKey] as { text: string }[]).map(({ text }) => text)).toEqual(merged.matches);
});

test("kinds are left out when not every match has one", async () => {
  const merged = await completeWith(
    Promise.resolve(completions(["b"], { metadata: {} })),
    Promise.resolve(completions(["a"])),
    3,
    impatient,
  );
  expect(merged).toEqual({ matches: ["a", "b"], cursor_start: 2, cursor_end: 3, metadata: {} });
});

test("matches for another place in the code are not mixed with the typed ones", async () => {
  const typed = completions(["a"]);
  const live = completions(["b"], { cursor_start: 0 });
  expect(await completeWith(Promise.resolve(live), Promise.resolve(typed), 3, impatient)).toEqual(typed);
});

test("whoever answers is enough: no assistant, one that is not ready, one that fails, a busy execution side", async () => {
  const one = completions(["a"]);
  const live = Promise.resolve(one);
  expect(await completeWith(live, undefined, 3, impatient)).toEqual(one);
  expect(await completeWith(live, Promise.resolve(undefined), 3, impatient)).toEqual(one);
  expect(await completeWith(live, Promise.reject(new Error("ended")), 3, impatient)).toEqual(one);
  expect(await completeWith(live, never, 3, impatient)).toEqual(one);
  expect(await completeWith(never, Promise.resolve(one), 3, impatient)).toEqual(one);
  expect(await completeWith(Promise.reject(new Error("busy")), Promise.resolve(one), 3, impatient)).toEqual(
    one,
  );
});

test("when nobody answers in time there are no matches at the cursor", async () => {
  expect(await completeWith(never, never, 3, impatient)).toEqual({
    matches: [],
    cursor_start: 3,
    cursor_end: 3,
    metadata: {},
  });
  expect(await inspectWith(never, undefined, impatient)).toEqual({ found: false, data: {}, metadata: {} });
});

test("a fault of the execution side is the answer when there is no other", async () => {
  const fault = Promise.reject(new TypeError("no completer"));
  await expect(completeWith(fault, Promise.resolve(undefined), 3, impatient)).rejects.toThrow("no completer");
});

test("what is typed explains better than a value, which explains better than nothing", async () => {
  const live = Promise.resolve(inspection("value"));
  const nothing = Promise.resolve({ found: false, data: {}, metadata: {} });
  expect(await inspectWith(live, Promise.resolve(inspection("type")), impatient)).toEqual(inspection("type"));
  expect(await inspectWith(live, nothing, impatient)).toEqual(inspection("value"));
  expect(await inspectWith(nothing, Promise.resolve(inspection("type")), impatient)).toEqual(
    inspection("type"),
  );
});
