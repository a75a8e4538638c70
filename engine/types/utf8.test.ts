import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeUtf8, encodedUtf8Length, encodeUtf8 } from "./utf8.ts";

test("strings become the bytes that TextEncoder gives, half surrogates included", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const expected = new TextEncoder().encode(text);
      const bytes = new Uint8Array(expected.length + 3);
      expect(encodedUtf8Length(text)).toBe(expected.length);
      expect(encodeUtf8(text, bytes, 3)).toBe(bytes.length);
      expect(bytes.subarray(3)).toEqual(expected);
      expect(decodeUtf8(bytes, 3, expected.length)).toBe(text.toWellFormed());
    }),
    { numRuns: 1000, seed: 1 },
  );
  expect(encodedUtf8Length("\ud800x")).toBe(4);
});

test("bytes that are not UTF-8 become U+FFFD one by one, as Go's range loop has them", () => {
  const decode = (...bytes: number[]) => decodeUtf8(new Uint8Array(bytes), 0, bytes.length);
  expect(decode(0x61, 0xff, 0x62)).toBe("a\ufffdb");
  expect(decode(0xc0, 0x80)).toBe("\ufffd\ufffd"); // an overlong form
  expect(decode(0xed, 0xa0, 0x80)).toBe("\ufffd\ufffd\ufffd"); // a surrogate
  expect(decode(0xe2, 0x82)).toBe("\ufffd\ufffd"); // cut short
  expect(decode(0xf4, 0x90, 0x80, 0x80)).toBe("\ufffd".repeat(4)); // beyond U+10FFFF
});
