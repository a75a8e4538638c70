import { formatAddress } from "../memory/memory.ts";
import type { MapSnapshot } from "../snapshot.ts";
import type { Focus } from "./mapmarks.ts";
import { type Block, dot, fitted, HEADING, NOTE, rect, text, textWidth } from "./svg.ts";
import { count, flagNames, hex } from "./words.ts";

/** A drawn hmap, and where its pointers to arrays begin. */
export interface HeaderBlock extends Block {
  pointers: Record<ArrayField, readonly [x: number, y: number]>;
}

/** The fields of an hmap that point to arrays of buckets. */
export type ArrayField = "buckets" | "oldbuckets";

const FIELDS = [
  "count",
  "flags",
  "B",
  "noverflow",
  "hash0",
  "buckets",
  "oldbuckets",
  "nevacuate",
  "extra",
] as const;
type Field = (typeof FIELDS)[number];

const PADDING = 10;
const TITLE = 30;
const ROW = 22;
const BAND = { height: 74, gap: 22 };
/** Characters that a value can have on one line. */
const LINE = 20;

/** Pixels that {@link headerColumn} wants. */
export const COLUMN_WIDTH = 200;

/** Draws the hmap as a column, a line for each field, in the order they have in memory. */
export function headerColumn(
  state: MapSnapshot,
  x: number,
  y: number,
  width: number,
  focus: readonly Focus[],
): HeaderBlock {
  const height = TITLE + FIELDS.length * ROW + 8;
  const shapes = [rect(x, y, width, height, "card", 5), ...title(state, x, y, width)];
  const pointers: HeaderBlock["pointers"] = { buckets: [x, y], oldbuckets: [x, y] };
  for (const [i, field] of FIELDS.entries()) {
    const base = y + TITLE + i * ROW + 15;
    const value = fieldValue(state, field);
    const right = x + width - PADDING;
    const pointing = isArrayField(field) && value !== "nil";
    if (pointing) {
      pointers[field] = [right, base - 4];
      shapes.push(dot(right, base - 4));
    }
    shapes.push(
      text(x + PADDING, base, field, { size: 11, style: "dim" }),
      ...valueText(pointing ? right - 9 : right, base, value, "end"),
    );
    if (isFocused(focus, field)) shapes.push(rect(x + 4, base - 14, width - 8, 20, "focus", 4));
  }
  return { shapes, width, height, pointers };
}

/** Draws the hmap as a band, the fields side by side: for maps whose arrays are wider than they are high. */
export function headerBand(state: MapSnapshot, x: number, y: number, focus: readonly Focus[]): HeaderBlock {
  const shapes: string[] = [];
  const pointers: HeaderBlock["pointers"] = { buckets: [x, y], oldbuckets: [x, y] };
  let left = x + PADDING;
  for (const field of FIELDS) {
    const value = fieldValue(state, field);
    const lines = valueLines(value);
    const size = sizeOf(lines);
    const across = Math.max(
      textWidth(field, { size: 10 }),
      ...lines.map((line) => textWidth(line, { size })),
    );
    shapes.push(
      text(left, y + 45, field, { size: 10, style: "dim" }),
      ...valueText(left, y + 61, value, "start"),
    );
    if (isArrayField(field)) pointers[field] = [left + 24, y + BAND.height];
    if (isFocused(focus, field)) shapes.push(rect(left - 6, y + 32, across + 10, 36, "focus", 4));
    left += across + BAND.gap;
  }
  const width = left - BAND.gap + PADDING - x;
  return {
    shapes: [rect(x, y, width, BAND.height, "card", 5), ...title(state, x, y, width), ...shapes],
    width,
    height: BAND.height,
    pointers,
  };
}

function title(state: MapSnapshot, x: number, y: number, width: number): string[] {
  const room = width - 2 * PADDING - textWidth("hmap", HEADING) - 12;
  const type = fitted(state.type, room, { size: 11 });
  return [
    text(x + PADDING, y + 20, "hmap", HEADING),
    text(x + width - PADDING, y + 20, type, { ...NOTE, font: "mono", anchor: "end" }),
  ];
}

/** A value; one that is too long, as several flags together are, in two lines of the height of one. */
function valueText(x: number, y: number, value: string, anchor: "start" | "end"): string[] {
  const lines = valueLines(value);
  const size = sizeOf(lines);
  return lines.map((line, i) =>
    text(x, lines.length === 1 ? y : y - 5 + 10 * i, line, { size, anchor, style: ink(value) }),
  );
}

function valueLines(value: string): string[] {
  if (value.length <= LINE) return [value];
  const middle = value.indexOf(" ", value.length / 2 - 4);
  return [value.slice(0, middle), value.slice(middle + 1)];
}

function sizeOf(lines: readonly string[]): number {
  return lines.length === 1 ? 11 : 9;
}

function isFocused(focus: readonly Focus[], field: Field): boolean {
  return focus.some((one) => "field" in one && one.field === field);
}

function isArrayField(field: Field): field is ArrayField {
  return field === "buckets" || field === "oldbuckets";
}

function ink(value: string): "ink" | "dim" {
  return value === "nil" ? "dim" : "ink";
}

function fieldValue(state: MapSnapshot, field: Field): string {
  switch (field) {
    case "flags":
      return flagNames(state) === "" ? "0" : flagNames(state);
    case "hash0":
      return hex(state.hash0, 8);
    case "buckets":
    case "oldbuckets":
      return formatAddress(state[field]?.address ?? 0);
    case "extra":
      return state.extra === 0 ? "nil" : count(state.spares, "spare", "spares");
    default:
      return String(state[field]);
  }
}
