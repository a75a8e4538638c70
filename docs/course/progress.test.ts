import { describe, expect, test } from "vitest";
import { isDone, Progress } from "./progress.ts";

function memory() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text),
  };
}
const of = { exercises: 2, questions: 1 };

describe("progress", () => {
  test("grows, survives, and is done when nothing is left", () => {
    const store = memory();
    new Progress(store).record("lessons/a/", { exercises: [2] }, of);
    new Progress(store).record("lessons/a/", { exercises: [1, 2], questions: [1] }, of);
    const lesson = new Progress(store).lesson("lessons/a/")!;
    expect(lesson).toEqual({ exercises: [1, 2], questions: [1], of });
    expect(isDone(lesson)).toBe(true);
    expect(isDone({ ...lesson, questions: [] })).toBe(false);
    expect(new Progress(store).lesson("lessons/b/")).toBeUndefined();
  });

  test("moves to another browser, and adds to what is there", () => {
    const here = new Progress(memory());
    const there = new Progress(memory());
    here.record("lessons/a/", { exercises: [1] }, of);
    here.stopAt({ path: "lessons/a/", title: "A", heading: "in-short" });
    there.record("lessons/a/", { exercises: [2] }, of);
    there.import(here.export());
    expect(there.lesson("lessons/a/")?.exercises).toEqual([1, 2]);
    expect(there.place?.heading).toBe("in-short");
  });

  test("without storage, or with one that throws, is only forgotten", () => {
    const refuses = () => {
      throw new Error("no");
    };
    for (const store of [undefined, { getItem: refuses, setItem: refuses }]) {
      const progress = new Progress(store);
      progress.record("lessons/a/", { exercises: [1] }, of);
      expect(progress.lesson("lessons/a/")).toBeUndefined();
    }
  });

  test.each([
    ["no JSON", "progress"],
    ["another version", '{"version":2,"lessons":{}}'],
    ["lessons that are none", '{"version":1,"lessons":{"a":{"exercises":["<script>"]}}}'],
    ["a list", "[]"],
  ])("refuses a file with %s and changes nothing", (_, text) => {
    const progress = new Progress(memory());
    progress.record("lessons/a/", { exercises: [1] }, of);
    const before = progress.export();
    expect(() => progress.import(text)).toThrow("This is not a file of progress");
    expect(progress.export()).toBe(before);
  });

  test("a place that leads off the site, and a lesson with a magic name, do no harm", () => {
    const progress = new Progress(memory());
    const lesson = { exercises: [], questions: [], of };
    for (const path of ["javascript:alert(1)//", "//elsewhere.invalid/", "../../x/", "https://a/"]) {
      progress.import(JSON.stringify({ version: 1, lessons: {}, place: { path, title: "A", heading: "" } }));
      expect(progress.place).toBeUndefined();
    }
    progress.import(`{"version":1,"lessons":{"__proto__":${JSON.stringify(lesson)}}}`);
    expect(({} as Record<string, unknown>).exercises).toBeUndefined();
  });
});
