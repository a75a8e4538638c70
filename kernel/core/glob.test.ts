import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchesGlob } from "./glob.ts";

describe("a pattern", () => {
  test("matches whole texts: stars, question marks, sets, ranges and their opposites", () => {
    const yes = (pattern: string, ...texts: string[]) => {
      for (const text of texts) expect(matchesGlob(pattern, text), `${pattern} on ${text}`).toBe(true);
    };
    const no = (pattern: string, ...texts: string[]) => {
      for (const text of texts) expect(matchesGlob(pattern, text), `${pattern} on ${text}`).toBe(false);
    };
    yes("", "");
    no("", "a");
    yes("abc", "abc");
    no("abc", "xabc", "abcx", "ABC");
    yes("*", "", "anything\nat all");
    yes("a*c", "ac", "abc", "a\nc", "acacac");
    no("a*c", "acb", "ca");
    yes("?😀?", "a😀b", "😀😀😀");
    no("?", "", "ab");
    yes("[abc]x", "ax", "cx");
    no("[abc]x", "dx", "x");
    yes("[a-c-]", "a", "b", "-");
    yes("[^a-c]", "d", "]");
    no("[^a-c]", "b", "");
    yes("[]]", "]");
    yes("[^]]", "a");
    yes("a[b", "a[b");
    yes("**a**", "a", "bab");
  });

  test("of many stars that does not match is done soon", () => {
    expect(matchesGlob(`${"*a".repeat(50)}b`, "a".repeat(2000))).toBe(false);
  });

  test("agrees with a regular expression of the same meaning", () => {
    const part = fc.constantFrom("a", "b", "*", "?");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.stringMatching(/^[abc]{0,8}$/), (parts, text) => {
        const meaning = parts.map((one) => (one === "*" ? ".*" : one === "?" ? "." : one)).join("");
        expect(matchesGlob(parts.join(""), text)).toBe(new RegExp(`^${meaning}$`).test(text));
      }),
    );
  });
});
