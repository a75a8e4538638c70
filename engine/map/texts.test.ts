import { expect, test } from "vitest";
import { SeededRandom } from "../memory/random.ts";
import { Machine } from "./machine.ts";

const TWO_MILLION = 2 ** 21;
const PAGE = 2 ** 9; // keys on one

/** Keeps keys of 16 bytes, and asks for them. */
function keeper() {
  const go = new Machine(new SeededRandom(1));
  const slot = go.scratch.reserveForever(16);
  const keep = (text: string) => go.texts.keep(16, text.padEnd(16));
  // What is not remembered is made from the bytes, which none of these keys ever wrote.
  const isRemembered = (p: number) => {
    const words = go.memory.words;
    const keys: string[] = [];
    words[slot >>> 2] = p;
    words[(slot >>> 2) + 1] = 16;
    go.texts.read(slot >>> 2, 4, (slot >>> 2) + 4, keys);
    return keys[0] !== "\0".repeat(16);
  };
  return { go, keep, isRemembered };
}

test("keys are forgotten when the collector has freed their page, not sooner", () => {
  const { go, keep, isRemembered } = keeper();
  const freed = keep("freed");
  for (let i = 1; i < PAGE; i++) keep("freed");
  const held = keep("held");
  go.hold(held);
  expect([isRemembered(freed), isRemembered(held)]).toEqual([true, true]);
  go.collect();
  expect([isRemembered(freed), isRemembered(held)]).toEqual([false, true]);
});

test("freed pages make room: what is held is remembered, however many keys come and go", () => {
  const { go, keep, isRemembered } = keeper();
  const held = keep("held");
  go.hold(held);
  for (let generation = 0; generation < 3; generation++) {
    for (let i = 0; i < TWO_MILLION / 2; i++) keep("freed");
    go.collect();
  }
  expect(isRemembered(held)).toBe(true);
});

test("of more than two million keys those on the pages that have been remembered longest are forgotten", () => {
  const { keep, isRemembered } = keeper();
  const firsts: number[] = []; // of each page
  for (let i = 0; i < TWO_MILLION - PAGE; i++) {
    const p = keep("in time");
    if (i % PAGE === 0) firsts.push(p);
  }
  expect(firsts.every(isRemembered)).toBe(true);
  for (let i = 0; i < PAGE; i++) keep("too many");
  const last = keep("too many");
  expect([last, last + 16].map(isRemembered)).toEqual([true, false]);
  expect(firsts.slice(2).every(isRemembered)).toBe(true);
  // In the end, as what is asked for is remembered again, in the place of others.
  expect(firsts.slice(0, 2).map(isRemembered)).toEqual([false, false]);
});
