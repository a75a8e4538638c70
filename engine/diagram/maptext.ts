import { TopHash } from "../map/bmap.ts";
import { formatAddress } from "../memory/memory.ts";
import type { ArraySnapshot, BucketSnapshot, CellSnapshot, MapSnapshot } from "../snapshot.ts";
import { columnsOf, table } from "./columns.ts";
import {
  type BucketPart,
  bucketInFocus,
  inFocus,
  type MapDrawOptions,
  marksAt,
  markWords,
} from "./mapmarks.ts";
import {
  bucketTitle,
  cellMark,
  cellsOf,
  flagNames,
  hex,
  hiddenBuckets,
  NIL_MAP,
  slotText,
  spareWords,
} from "./words.ts";

/** Columns of a key or elem that a cell shows. */
const CELL_WIDTH = 12;

/**
 * Draws a map's state as text, with box-drawing characters that line up in any monospaced font: the hmap, the old
 * array while growing, then the array. A bucket's rows are the parts of its memory, in order: tophash, keys, elems.
 * What is in focus has a `*` behind it, and what a mark points at is named below the bucket.
 */
export function mapText(state: MapSnapshot, options: MapDrawOptions = {}): string {
  if (state.address === 0) return `${state.type}  ${NIL_MAP}`;
  const star = (field: string) =>
    options.focus?.some((one) => "field" in one && one.field === field) ? "*" : "";
  const flags = flagNames(state);
  const lines = [
    `${state.type}  hmap at ${formatAddress(state.address)}`,
    `count ${state.count}${star("count")}  B ${state.B}${star("B")}  hash0 ${hex(state.hash0, 8)}${star("hash0")}` +
      `  noverflow ${state.noverflow}${star("noverflow")}  spares ${state.spares}${star("extra")}` +
      (flags === "" ? (star("flags") === "" ? "" : "  flags 0*") : `  flags ${flags}${star("flags")}`),
  ];
  if (state.buckets === null) lines.push("buckets nil: the first assign makes one");
  const width = cellWidth(state, options);
  if (state.oldbuckets !== null) {
    const { length } = state.oldbuckets;
    const remark = `${state.nevacuate}${star("nevacuate")} of ${length} evacuated in order`;
    lines.push("", arrayTitle(state, `oldbuckets${star("oldbuckets")}`, state.oldbuckets, remark));
    lines.push(...arrayLines(state, state.oldbuckets, width, options));
  }
  if (state.buckets !== null) {
    const remark = `${state.bucketSize} bytes each`;
    lines.push("", arrayTitle(state, `buckets${star("buckets")}`, state.buckets, remark));
    lines.push(...arrayLines(state, state.buckets, width, options));
  }
  return lines.join("\n");
}

/** Columns that every cell of a state takes. */
export function cellWidth(state: MapSnapshot, { focus = [] }: MapDrawOptions): number {
  const star = focus.some((one) => "bucket" in one && one.cell !== undefined) ? 1 : 0;
  const shown = [...cellsOf(state.oldbuckets), ...cellsOf(state.buckets)];
  return star + Math.max(4, ...shown.flatMap((cell) => rows(cell).map(columnsOf)));
}

function arrayTitle(state: MapSnapshot, name: string, array: ArraySnapshot, remark: string): string {
  const spares = spareWords(state, array);
  const behind = spares === "" ? "" : `, then ${spares}`;
  return `${name} at ${formatAddress(array.address)}: ${array.length} (${remark})${behind}`;
}

function arrayLines(
  state: MapSnapshot,
  array: ArraySnapshot,
  width: number,
  options: MapDrawOptions,
): string[] {
  const lines = array.chains.flatMap((chain, i) =>
    chain.flatMap((bucket, link) =>
      bucketLines(bucketTitle(state, array, array.from + i, link, bucket), bucket, width, options),
    ),
  );
  const hidden = hiddenBuckets(array);
  return hidden === "" ? lines : [...lines, hidden];
}

const PARTS: readonly BucketPart[] = ["tophash", "key", "elem"];

/**
 * One bucket in a box, below its name.
 *
 * @param width columns of a cell
 * @param whole whether to draw it even if it is empty, and no box has to be drawn
 */
export function bucketLines(
  title: string,
  bucket: BucketSnapshot,
  width: number,
  { marks = [], focus = [] }: MapDrawOptions,
  whole = false,
): string[] {
  const here = marksAt(marks, bucket, undefined).map((mark) => `  <- ${markWords(mark)}`);
  const pointed = bucketInFocus(focus, bucket) ? "*" : "";
  const link = inFocus(focus, bucket, undefined, "overflow") ? " (overflow*)" : "";
  const name = `${title}${pointed}${link}${here.join("")}`;
  const marked = bucket.cells.map((_, cell) => marksAt(marks, bucket, cell));
  const isPlain = !whole && marked.every((found) => found.length === 0) && focusless(focus, bucket);
  if (isPlain && bucket.cells.every((cell) => cell.tophash === TopHash.emptyRest)) return [`${name}: empty`];
  const cells = bucket.cells.map(rows);
  const lines: [string, ...string[]][] = PARTS.map((part, row) => [
    part,
    ...cells.map((texts, cell) => `${texts[row]}${inFocus(focus, bucket, cell, part) ? "*" : ""}`),
  ]);
  const drawn = table(lines, width);
  const first = columnsOf((drawn[0] as string).split("┬")[0] as string);
  for (const [cell, found] of marked.entries()) {
    const middle = first + cell * (width + 3) + 2 + Math.floor((width - 1) / 2);
    for (const mark of found) drawn.push(`${" ".repeat(middle)}^ ${markWords(mark)}`);
  }
  return [name, ...drawn];
}

function focusless(focus: NonNullable<MapDrawOptions["focus"]>, bucket: BucketSnapshot): boolean {
  return !focus.some((one) => "bucket" in one && one.bucket === bucket.address && one.cell !== undefined);
}

/** What a cell shows: tophash, key, elem. */
function rows(cell: CellSnapshot): [tophash: string, key: string, elem: string] {
  const top = cell.tophash.toString(16).padStart(2, "0");
  if (cell.key === undefined || cell.elem === undefined) return [top, cellMark(cell.tophash), ""];
  return [top, slotText(cell.key, CELL_WIDTH), slotText(cell.elem, CELL_WIDTH)];
}
