import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Draft, type DraftStore } from "./drafts.ts";

function memoryStore(): DraftStore & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

describe("drafts", () => {
  test("what was written is read again, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (original, text) => {
        const store = memoryStore();
        new Draft(store, "/a/", 0, original).write(text);
        expect(new Draft(store, "/a/", 0, original).read()).toBe(text === original ? undefined : text);
      }),
    );
  });

  test("the lesson's own text is not kept", () => {
    const store = memoryStore();
    const draft = new Draft(store, "/a/", 0, "1");
    draft.write("2");
    draft.write("1");
    expect(store.kept.size).toBe(0);
  });

  test("a draft of code that the lesson no longer has is forgotten", () => {
    const store = memoryStore();
    new Draft(store, "/a/", 0, "old").write("mine");
    expect(new Draft(store, "/a/", 0, "new").read()).toBeUndefined();
  });

  test("cells and pages do not share drafts", () => {
    const store = memoryStore();
    new Draft(store, "/a/", 0, "1").write("mine");
    expect(new Draft(store, "/a/", 1, "1").read()).toBeUndefined();
    expect(new Draft(store, "/b/", 0, "1").read()).toBeUndefined();
  });

  test("a store with nonsense, a full store and no store do no harm", () => {
    const store = memoryStore();
    store.setItem("hmap:draft:/a/:0", "{nonsense");
    expect(new Draft(store, "/a/", 0, "1").read()).toBeUndefined();
    const full: DraftStore = {
      ...memoryStore(),
      setItem: () => {
        throw new Error("QuotaExceededError");
      },
    };
    expect(() => new Draft(full, "/a/", 0, "1").write("2")).not.toThrow();
    expect(new Draft(undefined, "/a/", 0, "1").read()).toBeUndefined();
  });
});
