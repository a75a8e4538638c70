import { expect, test } from "vitest";
import { Runtime } from "../index.ts";
import { center, clip, columnsOf, left, right, visible, wrap } from "./columns.ts";
import { gallery } from "./gallery.ts";

test("East Asian characters and emoji take two columns, accents none, everything else one", () => {
  const widths = {
    a: 1,
    é: 1,
    "e\u0301": 1,
    東京: 4,
    서울: 4,
    ﾊﾝ: 2,
    "，": 2,
    "🍎": 2,
    "👍🏽": 2,
    "❤": 1,
    "→": 1,
    ש: 1,
  };
  for (const [text, columns] of Object.entries(widths)) expect(columnsOf(text), text).toBe(columns);
});

test("what cannot be seen is written as Go writes it with %q", () => {
  expect(visible("a\u202eb")).toBe("a\\u202eb");
  expect(visible("a\u0007\u200d")).toBe("a\\x07\\u200d");
  expect(visible("\u{e0041}")).toBe("\\U000e0041");
  expect(visible("❤\ufe0f")).toBe("❤");
});

test("a text is cut where its columns end, never in the middle of a character", () => {
  expect(clip("plum", 4)).toBe("plum");
  expect(clip("plums", 4)).toBe("plu…");
  expect(clip("東京都", 4)).toBe("東…");
  expect(clip("東京都", 5)).toBe("東京…");
});

test("text is aligned by columns, not by length", () => {
  expect([center("東", 5), left("東", 5), right("東", 5)]).toEqual([" 東  ", "東   ", "   東"]);
});

test("words are put into lines that are not too long", () => {
  expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
  expect(wrap("", 7)).toEqual([]);
});

/** Lines of each box in a drawing: from a line that begins with ┌ to one that begins with └. */
function boxes(text: string): string[][] {
  return [...text.matchAll(/^┌[^└]*└.*$/gmu)].map(([box]) => box.split("\n"));
}

test("the lines of every box in the gallery are equally wide", () => {
  let checked = 0;
  for (const { name, drawing } of gallery()) {
    for (const box of boxes(drawing.text)) {
      expect([...new Set(box.map(columnsOf))], name).toHaveLength(1);
      checked++;
    }
  }
  expect(checked).toBeGreaterThan(10);
});

test("keys of any script leave the columns of a bucket in line", () => {
  const m = new Runtime({ seed: 1 }).make("map[string]string");
  for (const key of [
    "東京都庁舎のある新宿",
    "👨‍👩‍👧",
    "नमस्ते",
    "مرحبا",
    "🇩🇪",
    "\u0000\u202e",
    "ｆｕｌｌ",
    "e\u0301\u0302",
  ]) {
    m.set(key, key);
  }
  const [box] = boxes(String(m));
  const walls = box?.slice(1, -1).map((line) => {
    const at: number[] = [];
    for (const [i, part] of line.split("│").entries()) at.push((at[i - 1] ?? 0) + columnsOf(part) + 1);
    return at.join();
  });
  expect(new Set(walls)).toHaveLength(1);
});
