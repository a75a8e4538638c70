import { expect, test } from "vitest";
import { endWaiting, waitForAnswer } from "./waiting.ts";

test("an answer is passed on as it was typed, however long it is and whatever is in it", () => {
  for (const text of ["", "Ada", "Ада 😀 \ud800 \0", "x".repeat(1_000_000)]) {
    expect(waitForAnswer((answer) => endWaiting(answer, "answered", text))).toBe(text);
  }
});

test("a refusal and an interrupt are errors with their sentences", () => {
  expect(() => waitForAnswer((answer) => endWaiting(answer, "refused", "nobody is there"))).toThrow(
    new Error("nobody is there"),
  );
  expect(() => waitForAnswer((answer) => endWaiting(answer, "interrupted", "stopped"))).toThrow(
    expect.objectContaining({ name: "Interrupted", message: "stopped" }),
  );
});

test("only the first end counts", () => {
  const answer = waitForAnswer((shared) => {
    endWaiting(shared, "answered", "first");
    endWaiting(shared, "interrupted", "a much longer second");
  });
  expect(answer).toBe("first");
});

test("an answer that is too long is refused, and does not leave the cell waiting", () => {
  const tooLong = "x".repeat(2 ** 23 + 1);
  expect(() => waitForAnswer((answer) => endWaiting(answer, "answered", tooLong))).toThrow(
    "an answer may have 8388608 characters, and this has 8388609",
  );
});

test("what cannot be asked is not waited for", () => {
  expect(() =>
    waitForAnswer(() => {
      throw new TypeError("no port");
    }),
  ).toThrow("no port");
});
