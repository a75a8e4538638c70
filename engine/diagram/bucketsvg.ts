import { BUCKET_CELLS, TopHash } from "../map/bmap.ts";
import { formatAddress } from "../memory/memory.ts";
import type { BucketSnapshot, CellSnapshot, MapSnapshot } from "../snapshot.ts";
import { columnsOf } from "./columns.ts";
import {
  type BucketPart,
  bucketInFocus,
  inFocus,
  type MapDrawOptions,
  marksAt,
  markWords,
} from "./mapmarks.ts";
import {
  dot,
  fitted,
  group,
  NOTE,
  pointer,
  rect,
  rects,
  type Style,
  type TextOptions,
  text,
  textWidth,
} from "./svg.ts";
import { cellMark, cellsOf, hex, slotText } from "./words.ts";

const CELL = { height: 20, gap: 2 };
const BUCKET = { title: 24, pointer: 22, foot: 4 };

/** Pixels from a bucket's upper edge to its lower one. */
export const BUCKET_HEIGHT =
  BUCKET.title + BUCKET_CELLS * (CELL.height + CELL.gap) + BUCKET.pointer + BUCKET.foot;

/** Pixels from a bucket's upper edge to the middle of its overflow pointer. */
const POINTER_Y = BUCKET_HEIGHT - 14;

/** Where a chain's arrow leaves a bucket. */
export function tailOf(slots: Measures): readonly [x: number, y: number] {
  return [bucketWidth(slots) - slots.padding - 8, POINTER_Y];
}

/** Most columns of a key or elem that a cell shows; its title has all. */
const CELL_TEXT = 12;

/** Pixels that the parts of every bucket in a picture take. */
export interface Measures {
  tophash: number;
  key: number;
  elem: number;
  /** Between the columns. */
  gap: number;
  /** Between the columns and the bucket's edge. */
  padding: number;
  /** Between buckets side by side. */
  apart: number;
  /** Between buckets and the frame of their array. */
  frame: number;
  /** Columns of text that a key or elem is cut to. */
  columns: number;
}

const ROOMY = { tophash: 30, gap: 4, padding: 8, apart: 16, frame: 12, least: 40, around: 12 };
const COMPACT = { tophash: 24, gap: 3, padding: 7, apart: 9, frame: 8, least: 30, around: 8 };

/**
 * Widths that let every key and elem of a state be read, cut to so few columns that a bucket is not wider than
 * `most` pixels.
 *
 * @param compact whether to leave little room around everything
 */
export function measures(state: MapSnapshot, most: number, compact: boolean): Measures {
  const { least, around, ...fixed } = compact ? COMPACT : ROOMY;
  const cells = [...cellsOf(state.oldbuckets), ...cellsOf(state.buckets)];
  const keys = cells.map((cell) => keyLabel(cell, CELL_TEXT));
  const elems = cells.map((cell) => slotText(cell.elem, CELL_TEXT));
  for (let columns = CELL_TEXT; ; columns--) {
    const widest = (labels: readonly string[]) => {
      const widths = labels.map(
        (label) => textWidth("x".repeat(Math.min(columns, columnsOf(label)))) + around,
      );
      return Math.ceil(Math.max(least, ...widths));
    };
    const slots = { ...fixed, key: widest(keys), elem: widest(elems), columns };
    if (bucketWidth(slots) <= most || columns === 4) return slots;
  }
}

/** Pixels from a bucket's left edge to its right one. */
export function bucketWidth({ tophash, key, elem, gap, padding }: Measures): number {
  return 2 * padding + tophash + key + elem + 2 * gap;
}

/** What a drawing says of a bucket besides its contents. */
export interface BucketWords {
  /** Its full name, for the tooltip. */
  title: string;
  /** Its name where the drawing shows whose chain it is in. */
  label: string;
  /** What more there is to say of it, where there is room. */
  remark: string;
  /** The half of a growth that it takes in, when there is one. */
  half: "x" | "y" | undefined;
  /** Whether its chain ends here. */
  last: boolean;
}

/**
 * Draws one bucket. Its three columns are the three parts of its memory, eight tophash bytes, eight keys, eight
 * elems; below them is the overflow pointer.
 */
export function drawBucket(
  bucket: BucketSnapshot,
  { title, label, remark, half, last }: BucketWords,
  slots: Measures,
  x: number,
  y: number,
  { marks = [], focus = [] }: MapDrawOptions,
): string {
  const width = bucketWidth(slots);
  const shapes = [rect(x, y, width, BUCKET_HEIGHT, "card", 4)];
  if (half !== undefined) shapes.push(rect(x, y, width, 4, half));
  const room = width - 2 * slots.padding;
  const shown = fitted(label, room, LABEL);
  shapes.push(text(x + slots.padding, y + 17, shown, LABEL));
  if (remark !== "" && textWidth(shown, LABEL) + 6 + textWidth(remark, REMARK) <= room) {
    shapes.push(text(x + width - slots.padding, y + 17, remark, { ...REMARK, anchor: "end" }));
  }
  for (const [i, cell] of bucket.cells.entries()) {
    const top = y + BUCKET.title + i * (CELL.height + CELL.gap);
    shapes.push(drawCell(bucket, cell, i, slots, x + slots.padding, top, { marks, focus }));
  }
  const small = { size: 10, style: "dim" } as const;
  shapes.push(text(x + slots.padding, y + POINTER_Y + 3, "overflow", small));
  if (last)
    shapes.push(text(x + width - slots.padding, y + POINTER_Y + 3, "nil", { ...small, anchor: "end" }));
  else shapes.push(dot(x + tailOf(slots)[0], y + POINTER_Y));
  if (inFocus(focus, bucket, undefined, "overflow")) {
    shapes.push(rect(x + slots.padding - 4, y + POINTER_Y - 9, room + 8, 18, "focus", 4));
  }
  if (bucketInFocus(focus, bucket)) shapes.push(rect(x, y, width, BUCKET_HEIGHT, "focus", 4));
  const here = marksAt(marks, bucket, undefined);
  if (here.length > 0)
    shapes.push(
      pointer(
        x,
        y + 13,
        here.some((mark) => mark.kind !== "start"),
      ),
    );
  const about = [`${title} at ${formatAddress(bucket.address)}`, ...here.map(markWords)].join("; ");
  return group(shapes, about, { bucket: formatAddress(bucket.address) });
}

const LABEL = { size: 11, font: "sans" } as const satisfies TextOptions;
const REMARK = { ...NOTE, size: 10 } as const satisfies TextOptions;

function drawCell(
  bucket: BucketSnapshot,
  cell: CellSnapshot,
  i: number,
  slots: Measures,
  x: number,
  y: number,
  { marks = [], focus = [] }: MapDrawOptions,
): string {
  const live = cell.key !== undefined;
  const ink = live ? "ink" : "dim";
  const keyX = x + slots.tophash + slots.gap;
  const elemX = keyX + slots.key + slots.gap;
  const base = y + 14;
  const top = hex(cell.tophash, 2);
  const places: (readonly [BucketPart, Parameters<typeof rects>[1][number]])[] = [
    ["tophash", [x, y, slots.tophash, CELL.height]],
    ["key", [keyX, y, slots.key, CELL.height]],
    ["elem", [elemX, y, slots.elem, CELL.height]],
  ];
  const shapes = [
    rects(
      cellStyle(cell),
      places.map(([, place]) => place),
    ),
    text(x + slots.tophash / 2, base, top.slice(2), { anchor: "middle", style: ink, size: 11 }),
  ];
  const label = keyLabel(cell, slots.columns);
  if (label !== "") shapes.push(text(keyX + slots.key / 2, base, label, { anchor: "middle", style: ink }));
  const elem = slotText(cell.elem, slots.columns);
  if (elem !== "") shapes.push(text(elemX + slots.elem / 2, base, elem, { anchor: "middle" }));
  for (const [part, place] of places) {
    if (inFocus(focus, bucket, i, part)) shapes.push(rect(...place, "focus"));
  }
  const here = marksAt(marks, bucket, i);
  if (here.length > 0) {
    shapes.push(
      pointer(
        x - 1,
        y + CELL.height / 2,
        here.some((mark) => mark.kind !== "start"),
      ),
    );
  }
  const state = live ? `tophash ${top}, key ${cell.key}, elem ${cell.elem}` : markName(cell.tophash);
  return group(shapes, [`cell ${i}: ${state}`, ...here.map(markWords)].join("; "), { cell: String(i) });
}

function keyLabel(cell: CellSnapshot, columns: number): string {
  return cell.key === undefined ? cellMark(cell.tophash) : slotText(cell.key, columns);
}

/** How a cell looks, by what is in it. */
function cellStyle(cell: CellSnapshot): Style {
  if (cell.key !== undefined) return "live";
  if (cell.tophash === TopHash.evacuatedX) return "x";
  if (cell.tophash === TopHash.evacuatedY) return "y";
  return cell.tophash === TopHash.emptyOne ? "one" : "rest";
}

function markName(tophash: number): string {
  return Object.entries(TopHash).find(([, value]) => value === tophash)?.[0] ?? "";
}
