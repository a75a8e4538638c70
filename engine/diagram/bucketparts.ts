import type { FieldSnapshot, SlotSnapshot, TypeSnapshot } from "../typesnapshot.ts";
import {
  type Block,
  boxSample,
  dot,
  fitted,
  group,
  hatch,
  type LegendEntry,
  NOTE,
  rect,
  type Style,
  text,
  textWidth,
} from "./svg.ts";
import { count } from "./words.ts";

// What the drawings of a bucket's layout and of its bytes have in common.

/** How the parts of a bucket look. */
export const PART_STYLE: Readonly<Record<FieldSnapshot["part"], Style>> = {
  tophash: "tag",
  key: "live",
  elem: "elem",
  overflow: "card",
};

/** The letter that stands for a part, beside its colour. */
export const PART_MARK: Readonly<Record<FieldSnapshot["part"], string>> = {
  tophash: "t",
  key: "k",
  elem: "e",
  overflow: "o",
};

/** The runtime's functions that serve a map type. */
export function variantWords({ variant }: TypeSnapshot): string {
  const suffix = { fast32: "_fast32", fast64: "_fast64", faststr: "_faststr", slow: "" }[variant];
  return `mapaccess1${suffix}, mapassign${suffix}, mapdelete${suffix}`;
}

/** What a slot is: `16 bytes, a pointer at 0`. */
export function slotWords({ size, slot, indirect, pointers }: SlotSnapshot): string {
  if (indirect) return `${size} bytes, over 128: the slot has a pointer to them`;
  if (slot === 0) return "no bytes at all";
  const bytes = count(slot, "byte", "bytes");
  if (pointers.length === 0) return bytes;
  return `${bytes}, a pointer at ${pointers.join(", ")}`;
}

/** What the same bucket would be with key and elem side by side, in a sentence. */
export function pairWords({ bucketSize, pair, key, elem }: TypeSnapshot): string {
  const size = 16 + 8 * pair.size;
  if (pair.padding === 0) {
    return `Pairs of key and elem would be as long: ${key.slot} + ${elem.slot} bytes need no padding.`;
  }
  return (
    `As eight pairs of key and elem it would have ${size} bytes instead of ${bucketSize}:` +
    ` each pair ${pair.size}, of which ${count(pair.padding, "byte is", "bytes are")} padding.`
  );
}

/** What the collector does with such buckets, in a sentence. */
export function collectorWords({ hasPointers }: TypeSnapshot): string {
  return hasPointers
    ? "The collector looks into the buckets, for the pointers in them."
    : "The collector does not look into the buckets: keys and elems have no pointers, and extra lists the overflow buckets.";
}

/** A stretch of memory in a strip. */
export interface Stretch {
  style: Style;
  size: number;
  label: string;
  title: string;
  /** Where in it pointers are. */
  pointers?: readonly number[];
  padding?: boolean;
}

/** The stretches of a bucket as it is. */
export function bucketStretches({ fields, key, elem }: TypeSnapshot): Stretch[] {
  return fields
    .filter(({ size }) => size > 0)
    .map(({ part, cell, offset, size }) => ({
      style: PART_STYLE[part],
      size,
      label: part === "overflow" ? "o" : `${PART_MARK[part]}${cell}`,
      title: `${part === "overflow" ? part : `${part} ${cell}`}: ${count(size, "byte", "bytes")} at ${offset}`,
      pointers:
        part === "key" ? key.pointers : part === "elem" ? elem.pointers : part === "overflow" ? [0] : [],
    }));
}

/** The stretches of a bucket with key and elem side by side, padding between them. */
export function pairStretches(state: TypeSnapshot): Stretch[] {
  const { pair, key, elem, fields } = state;
  const stretches = bucketStretches(state);
  const [tophash, overflow] = [stretches.slice(0, 8), stretches.slice(-1)];
  const pairs = fields
    .filter(({ part }) => part === "key")
    .flatMap(({ cell }): Stretch[] => [
      { style: "live", size: key.slot, label: `k${cell}`, title: `key ${cell}`, pointers: key.pointers },
      padding(pair.elemOffset - key.slot),
      { style: "elem", size: elem.slot, label: `e${cell}`, title: `elem ${cell}`, pointers: elem.pointers },
      padding(pair.size - pair.elemOffset - elem.slot),
    ]);
  return [...tophash, ...pairs.filter(({ size }) => size > 0), ...overflow];
}

function padding(size: number): Stretch {
  const title = count(size, "byte of padding", "bytes of padding");
  return { style: "rest", size, label: "", title, padding: true };
}

const STRIP = { height: 30, offsets: 14 };

/**
 * Memory as a strip, to scale, in as many lines as it takes.
 *
 * @param scale pixels of a byte
 */
export function strip(
  stretches: readonly Stretch[],
  x: number,
  y: number,
  width: number,
  scale: number,
): Block {
  const shapes: string[] = [];
  const perLine = Math.max(8, Math.floor(width / scale / 8) * 8);
  let offset = 0;
  for (const { style, size, label, title, pointers = [], padding } of stretches) {
    const parts: string[] = [];
    for (let done = 0; done < size; ) {
      const column = (offset + done) % perLine;
      const here = Math.min(size - done, perLine - column);
      const top =
        y + STRIP.offsets + Math.floor((offset + done) / perLine) * (STRIP.height + STRIP.offsets + 4);
      const left = x + column * scale;
      const across = here * scale;
      parts.push(rect(left, top, across, STRIP.height, style, 0));
      if (padding) parts.push(hatch(left, top, across, STRIP.height, 5));
      const small = { size: 10, anchor: "middle" } as const;
      if (done === 0 && label !== "" && textWidth(label, small) <= across - 1) {
        parts.push(text(left + across / 2, top + 19, label, small));
      }
      for (const pointer of pointers) {
        if (pointer >= done && pointer < done + here && 8 * scale >= 14) {
          parts.push(dot(left + (pointer - done) * scale + 5, top + STRIP.height - 5, 2));
        }
      }
      done += here;
    }
    shapes.push(group(parts, title));
    offset += size;
  }
  const lines = Math.ceil(offset / perLine);
  shapes.push(...offsets(stretches, x, y, scale, perLine));
  return { shapes, width: perLine * scale, height: lines * (STRIP.height + STRIP.offsets + 4) };
}

/** The offsets where a line or a part begins, and where all ends, as far as there is room for the numbers. */
function offsets(
  stretches: readonly Stretch[],
  x: number,
  y: number,
  scale: number,
  perLine: number,
): string[] {
  const size = stretches.reduce((sum, stretch) => sum + stretch.size, 0);
  const lines = Math.ceil(size / perLine);
  const found = Array.from({ length: lines }, (_, line) => line * perLine);
  let at = 0;
  for (const [i, stretch] of stretches.entries()) {
    if (stretch.style !== stretches[i - 1]?.style && !stretches.some(({ padding }) => padding))
      found.push(at);
    at += stretch.size;
  }
  const small = { ...NOTE, size: 9 } as const;
  const shapes: string[] = [];
  let [line, end] = [-1, 0];
  const put = (offset: number, atEnd: boolean) => {
    const here = Math.floor((atEnd ? offset - 1 : offset) / perLine);
    const label = String(offset);
    const place = x + (offset - here * perLine) * scale;
    const from = atEnd ? place - textWidth(label, small) : place;
    if (here === line && from < end + 5) return;
    shapes.push(
      text(place, y + here * (STRIP.height + STRIP.offsets + 4) + STRIP.offsets - 4, label, {
        ...small,
        anchor: atEnd ? "end" : "start",
      }),
    );
    [line, end] = [here, from + textWidth(label, small)];
  };
  for (const offset of [...new Set(found)].sort((a, b) => a - b)) put(offset, false);
  put(size, true);
  return shapes;
}

/** Explains the parts, and what else a drawing has: hatched padding, dots for pointers. */
export function partLegend(more: readonly ("padding" | "pointer")[]): LegendEntry[] {
  const entries: LegendEntry[] = [
    { sample: boxSample("tag", "t"), words: "tophash" },
    { sample: boxSample("live", "k"), words: "key" },
    { sample: boxSample("elem", "e"), words: "elem" },
    { sample: boxSample("card", "o"), words: "overflow pointer" },
  ];
  if (more.includes("padding")) entries.push({ sample: boxSample("rest", "", true), words: "padding" });
  if (more.includes("pointer"))
    entries.push({ sample: (x, y) => dot(x + 11, y + 8, 2.5), words: "a pointer" });
  return entries;
}

/** Text at the left in as many lines as the width asks for. */
export function paragraph(lines: readonly string[], x: number, y: number, width: number): Block {
  const shapes = lines.map((line, i) => text(x, y + 12 + 17 * i, fitted(line, width, NOTE), NOTE));
  return { shapes, width, height: 17 * lines.length };
}
