import { BUCKET_CELLS, TopHash } from "../map/bmap.ts";
import { formatAddress } from "../memory/memory.ts";
import type { BucketSnapshot, CellSnapshot, MapSnapshot } from "../snapshot.ts";
import { group, rect, type Style, text, textWidth } from "./svg.ts";
import { cellMark, cellsOf, hex, shorten } from "./words.ts";

const CELL = { height: 20, gap: 2, columnGap: 4 };
const TOP_WIDTH = 30;
const BUCKET = { padding: 8, title: 22, pointer: 24 };

/** Pixels from a bucket's upper edge to its lower one. */
export const BUCKET_HEIGHT =
  BUCKET.title + BUCKET_CELLS * (CELL.height + CELL.gap) + BUCKET.pointer + BUCKET.padding;

/** Pixels from a bucket's upper edge to the middle of its overflow pointer. */
export const POINTER_Y = BUCKET_HEIGHT - 15;

/** Characters of a key or elem that a cell shows; its title has all. */
const CELL_TEXT = 12;

/** Pixels that the two columns of slots of every bucket in a picture take. */
export interface SlotWidths {
  key: number;
  elem: number;
}

/** Widths that let every key and elem of a state be read. */
export function slotWidths(state: MapSnapshot): SlotWidths {
  const cells = [...cellsOf(state.oldbuckets), ...cellsOf(state.buckets)];
  const widest = (label: (cell: CellSnapshot) => string) =>
    Math.ceil(Math.max(40, ...cells.map((cell) => textWidth(label(cell)) + 12)));
  return { key: widest(keyLabel), elem: widest((cell) => shorten(cell.elem ?? "", CELL_TEXT)) };
}

/** Pixels from a bucket's left edge to its right one. */
export function bucketWidth(slots: SlotWidths): number {
  return 2 * BUCKET.padding + TOP_WIDTH + slots.key + slots.elem + 2 * CELL.columnGap;
}

/** What a drawing says of a bucket besides its contents. */
export interface BucketWords {
  /** Its full name, for the tooltip. */
  title: string;
  /** Its name where the drawing shows whose chain it is in. */
  label: string;
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
  { title, label, half, last }: BucketWords,
  slots: SlotWidths,
  x: number,
  y: number,
): string {
  const width = bucketWidth(slots);
  const shapes = [rect(x, y, width, BUCKET_HEIGHT, "card", 4)];
  if (half !== undefined) shapes.push(rect(x, y, width, 4, half));
  shapes.push(text(x + BUCKET.padding, y + 16, fitting(label, width), { size: 11, font: "sans" }));
  for (const [i, cell] of bucket.cells.entries()) {
    shapes.push(
      drawCell(cell, i, slots, x + BUCKET.padding, y + BUCKET.title + i * (CELL.height + CELL.gap)),
    );
  }
  const small = { size: 10, style: "dim" } as const;
  shapes.push(text(x + BUCKET.padding, y + POINTER_Y + 3, "overflow", small));
  if (last)
    shapes.push(text(x + width - BUCKET.padding, y + POINTER_Y + 3, "nil", { ...small, anchor: "end" }));
  return group(shapes, `${title} at ${formatAddress(bucket.address)}`);
}

function drawCell(cell: CellSnapshot, i: number, slots: SlotWidths, x: number, y: number): string {
  const style = cellStyle(cell);
  const live = cell.key !== undefined;
  const ink = live ? "ink" : "dim";
  const keyX = x + TOP_WIDTH + CELL.columnGap;
  const elemX = keyX + slots.key + CELL.columnGap;
  const base = y + 14;
  const top = hex(cell.tophash, 2);
  const shapes = [
    rect(x, y, TOP_WIDTH, CELL.height, style),
    rect(keyX, y, slots.key, CELL.height, style),
    rect(elemX, y, slots.elem, CELL.height, style),
    text(x + TOP_WIDTH / 2, base, top.slice(2), { anchor: "middle", style: ink, size: 11 }),
  ];
  const label = keyLabel(cell);
  if (label !== "") shapes.push(text(keyX + slots.key / 2, base, label, { anchor: "middle", style: ink }));
  if (cell.elem !== undefined) {
    shapes.push(text(elemX + slots.elem / 2, base, shorten(cell.elem, CELL_TEXT), { anchor: "middle" }));
  }
  const state = live ? `tophash ${top}, key ${cell.key}, elem ${cell.elem}` : markName(cell.tophash);
  return group(shapes, `cell ${i}: ${state}`);
}

function keyLabel(cell: CellSnapshot): string {
  return cell.key === undefined ? cellMark(cell.tophash) : shorten(cell.key, CELL_TEXT);
}

/** How a cell looks, by what is in it. */
export function cellStyle(cell: CellSnapshot): Style {
  if (cell.key !== undefined) return "live";
  if (cell.tophash === TopHash.evacuatedX) return "x";
  if (cell.tophash === TopHash.evacuatedY) return "y";
  return cell.tophash === TopHash.emptyOne ? "one" : "rest";
}

function markName(tophash: number): string {
  return Object.entries(TopHash).find(([, value]) => value === tophash)?.[0] ?? "";
}

/** As much of a title as a bucket is wide; its tooltip has the rest. */
function fitting(title: string, width: number): string {
  const characters = (width - 2 * BUCKET.padding) / textWidth("x", { size: 11, font: "sans" });
  return shorten(title, Math.floor(characters));
}
