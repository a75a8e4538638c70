import { expect, test } from "vitest";
import { plainText } from "./ansi.ts";

test("colours and other escape sequences are removed", () => {
  expect(plainText("\u001b[0;31mReferenceError\u001b[0m: x")).toBe("ReferenceError: x");
  expect(plainText("\u001b]8;;https://go.dev\u0007Go\u001b]8;;\u0007")).toBe("Go");
  expect(plainText("a\u001b[2Kb\u001b[1;32mc\u001b[m")).toBe("abc");
});

test("a line that was overwritten shows its last state", () => {
  expect(plainText("10 %\r50 %\r100 %\ndone")).toBe("100 %\ndone");
});

test("line ends of Windows are line ends", () => {
  expect(plainText("a\r\nb\r\n")).toBe("a\nb\n");
});

test("ordinary text, brackets and a lone carriage return at the end are left alone", () => {
  expect(plainText("m[1] = [31m")).toBe("m[1] = [31m");
  expect(plainText("working\r")).toBe("working\r");
});
