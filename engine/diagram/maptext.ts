import { TopHash } from "../map/bmap.ts";
import { formatAddress } from "../memory/memory.ts";
import type { ArraySnapshot, BucketSnapshot, CellSnapshot, MapSnapshot } from "../snapshot.ts";
import { bucketTitle, cellMark, cellsOf, flagNames, hex, hiddenBuckets, NIL_MAP, shorten } from "./words.ts";

/** Characters of a key or elem that a cell shows. */
const CELL_WIDTH = 12;

/**
 * Draws a map's state as text, with box-drawing characters that line up in any monospaced font: the hmap, the old
 * array while growing, then the array. A bucket's rows are the parts of its memory, in order: tophash, keys, elems.
 */
export function mapText(state: MapSnapshot): string {
  if (state.address === 0) return `${state.type}  ${NIL_MAP}`;
  const flags = flagNames(state);
  const lines = [
    `${state.type}  hmap at ${formatAddress(state.address)}`,
    `count ${state.count}  B ${state.B}  hash0 ${hex(state.hash0, 8)}  noverflow ${state.noverflow}` +
      `  spares ${state.spares}${flags === "" ? "" : `  flags ${flags}`}`,
  ];
  if (state.buckets === null) lines.push("buckets nil: the first assign makes one");
  const shown = [...cellsOf(state.oldbuckets), ...cellsOf(state.buckets)];
  const width = Math.max(4, ...shown.flatMap((cell) => rows(cell).map((text) => text.length)));
  if (state.oldbuckets !== null) {
    const { length } = state.oldbuckets;
    lines.push("", arrayTitle("oldbuckets", state.oldbuckets, `${state.nevacuate} of ${length} evacuated`));
    lines.push(...arrayLines(state, state.oldbuckets, width));
  }
  if (state.buckets !== null) {
    lines.push("", arrayTitle("buckets", state.buckets, `${state.bucketSize} bytes each`));
    lines.push(...arrayLines(state, state.buckets, width));
  }
  return lines.join("\n");
}

function arrayTitle(name: string, array: ArraySnapshot, remark: string): string {
  return `${name} at ${formatAddress(array.address)}: ${array.length} (${remark})`;
}

function arrayLines(state: MapSnapshot, array: ArraySnapshot, width: number): string[] {
  const lines = array.chains.flatMap((chain, i) =>
    chain.flatMap((bucket, link) =>
      bucketLines(bucketTitle(state, array, array.from + i, link, bucket), bucket, width),
    ),
  );
  const hidden = hiddenBuckets(array);
  return hidden === "" ? lines : [...lines, hidden];
}

function bucketLines(title: string, bucket: BucketSnapshot, width: number): string[] {
  if (bucket.cells.every((cell) => cell.tophash === TopHash.emptyRest)) return [`${title}: empty`];
  const columns = bucket.cells.map(rows);
  const rule = (left: string, middle: string, right: string) =>
    `${left}${"─".repeat(9)}${`${middle}${"─".repeat(width + 2)}`.repeat(columns.length)}${right}`;
  const row = (name: string, at: number) =>
    `│ ${name.padEnd(7)} │${columns.map((column) => ` ${center(column[at] as string, width)} `).join("│")}│`;
  return [title, rule("┌", "┬", "┐"), row("tophash", 0), row("key", 1), row("elem", 2), rule("└", "┴", "┘")];
}

/** What a cell shows: tophash, key, elem. */
function rows(cell: CellSnapshot): [tophash: string, key: string, elem: string] {
  const top = cell.tophash.toString(16).padStart(2, "0");
  if (cell.key === undefined || cell.elem === undefined) return [top, cellMark(cell.tophash), ""];
  return [top, shorten(cell.key, CELL_WIDTH), shorten(cell.elem, CELL_WIDTH)];
}

function center(text: string, width: number): string {
  const left = Math.floor((width - text.length) / 2);
  return " ".repeat(left) + text + " ".repeat(width - text.length - left);
}
