import { BUCKET_CELLS, isEmpty, TopHash } from "../map/bmap.ts";
import { formatAddress } from "../memory/memory.ts";
import type { ArraySnapshot, BucketSnapshot, CellSnapshot, MapSnapshot } from "../snapshot.ts";
import { arrow, group, picture, rect, type Style, text, textWidth } from "./svg.ts";
import { bucketTitle, cellMark, flagNames, hex, hiddenBuckets, shorten } from "./words.ts";

const MARGIN = 16;
const CELL = { height: 20, gap: 2 };
const TOP_WIDTH = 30;
const BUCKET = { padding: 8, title: 22, pointer: 24 };
const BUCKET_HEIGHT =
  BUCKET.title + BUCKET_CELLS * (CELL.height + CELL.gap) + BUCKET.pointer + BUCKET.padding;
const GAP = { x: 16, y: 22 };
const ARRAY = { padding: 12, title: 28 };
const HEADER = { width: 196, row: 22, title: 30 };
/** Room between the header and the arrays, for the pointers' arrows. */
const LANE = 40;
/** A picture grows no wider than this for the sake of more buckets in a row. */
const MAX_WIDTH = 900;
/** Characters of a key or elem that a cell shows; its title has all. */
const CELL_TEXT = 12;

/** Widths of a bucket's two columns of slots. */
interface Slots {
  key: number;
  elem: number;
}

/** A drawn part and its size. */
interface Block {
  shapes: string[];
  width: number;
  height: number;
}

/**
 * Draws a map's state as SVG: the hmap on the left; on the right the array of buckets with their overflow chains
 * hanging down, and above it, while the map is growing, the old array. A bucket's three columns are the three
 * parts of its memory: eight tophash bytes, eight keys, eight elems.
 */
export function mapSvg(state: MapSnapshot): string {
  const slots = slotWidths(state);
  const arraysX = MARGIN + HEADER.width + LANE;
  const shapes: string[] = [];
  let y = MARGIN;
  let width = arraysX;
  const pointers: { field: Field; y: number }[] = [];
  for (const name of ["oldbuckets", "buckets"] as const) {
    const array = state[name];
    if (array === null) continue;
    const block = drawArray(state, name, array, slots, arraysX, y);
    shapes.push(...block.shapes);
    pointers.push({ field: name, y: y + ARRAY.title / 2 });
    y += block.height + GAP.y;
    width = Math.max(width, arraysX + block.width);
  }
  const header = drawHeader(state, MARGIN, MARGIN);
  shapes.push(...header.shapes);
  for (const [lane, pointer] of pointers.entries()) {
    // Each pointer turns in a lane of its own, so that two never run on top of each other.
    const from = fieldY(pointer.field, MARGIN);
    const turn = MARGIN + HEADER.width + 13 + 12 * lane;
    shapes.push(
      arrow([MARGIN + HEADER.width - 10, from], [turn, from], [turn, pointer.y], [arraysX, pointer.y]),
    );
  }
  if (state.buckets === null) {
    width = MARGIN + HEADER.width;
    y = MARGIN;
  }
  const bottom = Math.max(y - GAP.y, MARGIN + header.height);
  const legend = drawLegend(state, MARGIN, bottom + 22, width - MARGIN);
  shapes.push(...legend.shapes);
  return picture(width + MARGIN, bottom + legend.height + MARGIN, shapes, {
    title: `${state.type} with ${count(state.count, "entry", "entries")}`,
    description: describe(state),
  });
}

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

function fieldY(field: Field, y: number): number {
  return y + HEADER.title + FIELDS.indexOf(field) * HEADER.row + HEADER.row / 2;
}

function fieldValue(state: MapSnapshot, field: Field): string {
  switch (field) {
    case "flags":
      return flagNames(state) === "" ? "0" : shorten(flagNames(state), 14);
    case "hash0":
      return hex(state.hash0, 8);
    case "buckets":
    case "oldbuckets":
      return state[field] === null ? "nil" : formatAddress(state[field].address);
    case "extra":
      return state.spares === 0 ? "no spares" : count(state.spares, "spare", "spares");
    default:
      return String(state[field]);
  }
}

function drawHeader(state: MapSnapshot, x: number, y: number): Block {
  const height = HEADER.title + FIELDS.length * HEADER.row + 8;
  const shapes = [
    rect(x, y, HEADER.width, height, "card", 5),
    text(x + 10, y + 20, "hmap", { bold: true, font: "sans", size: 13 }),
    text(x + HEADER.width - 10, y + 20, shorten(state.type, 18), { anchor: "end", size: 11, style: "dim" }),
  ];
  for (const field of FIELDS) {
    const at = fieldY(field, y);
    const nil = fieldValue(state, field) === "nil";
    shapes.push(text(x + 10, at + 4, field, { size: 11, style: "dim" }));
    const pointer = (field === "buckets" || field === "oldbuckets") && !nil;
    const right = x + HEADER.width - (pointer ? 16 : 10);
    shapes.push(
      text(right, at + 4, fieldValue(state, field), { size: 11, anchor: "end", style: nil ? "dim" : "ink" }),
    );
  }
  return { shapes, width: HEADER.width, height };
}

function slotWidths(state: MapSnapshot): Slots {
  const cells = [state.oldbuckets, state.buckets]
    .flatMap((array) => array?.chains.flat() ?? [])
    .flatMap((b) => b.cells);
  const widest = (label: (cell: CellSnapshot) => string) =>
    Math.ceil(Math.max(40, ...cells.map((cell) => textWidth(label(cell)) + 12)));
  return {
    key: widest((cell) => keyLabel(cell)),
    elem: widest((cell) => shorten(cell.elem ?? "", CELL_TEXT)),
  };
}

function bucketWidth(slots: Slots): number {
  return 2 * BUCKET.padding + TOP_WIDTH + slots.key + slots.elem + 2 * 4;
}

/** How many buckets stand in one row: a power of two, so that halves line up, as many as are not too wide. */
function columnsOf(array: ArraySnapshot, slots: Slots): number {
  const room = MAX_WIDTH - 2 * MARGIN - HEADER.width - LANE - 2 * ARRAY.padding + GAP.x;
  const most = Math.max(1, Math.floor(room / (bucketWidth(slots) + GAP.x)));
  return Math.min(Math.max(1, array.chains.length), 2 ** Math.floor(Math.log2(most)));
}

function drawArray(
  state: MapSnapshot,
  name: "buckets" | "oldbuckets",
  array: ArraySnapshot,
  slots: Slots,
  x: number,
  y: number,
): Block {
  const columns = columnsOf(array, slots);
  const across = bucketWidth(slots);
  const shapes: string[] = [];
  let top = y + ARRAY.title;
  for (let first = 0; first < array.chains.length; first += columns) {
    const row = array.chains.slice(first, first + columns);
    for (const [column, chain] of row.entries()) {
      const left = x + ARRAY.padding + column * (across + GAP.x);
      for (const [link, bucket] of chain.entries()) {
        const title = bucketTitle(state, array, array.from + first + column, link, bucket);
        const under = top + link * (BUCKET_HEIGHT + GAP.y);
        shapes.push(
          drawBucket(bucket, title, halfOf(state, array, array.from + first + column), slots, left, under),
        );
        if (link + 1 < chain.length) {
          const middle = left + across / 2;
          shapes.push(arrow([middle, under + BUCKET_HEIGHT - 12], [middle, under + BUCKET_HEIGHT + GAP.y]));
        }
        const last = link + 1 === chain.length;
        const pointerY = under + BUCKET_HEIGHT - 12;
        shapes.push(
          text(left + BUCKET.padding, pointerY, "overflow", { size: 10, style: "dim" }),
          text(left + across - BUCKET.padding, pointerY, last ? "nil" : "", {
            size: 10,
            style: "dim",
            anchor: "end",
          }),
        );
      }
    }
    top += Math.max(...row.map((chain) => chain.length)) * (BUCKET_HEIGHT + GAP.y);
  }
  const hidden = hiddenBuckets(array);
  if (hidden !== "") {
    shapes.push(text(x + ARRAY.padding, top, hidden, { size: 11, font: "sans", style: "dim" }));
    top += GAP.y;
  }
  const remark =
    name === "oldbuckets"
      ? `${state.nevacuate} of ${array.length} evacuated`
      : `${count(array.length, "bucket", "buckets")} of ${state.bucketSize} bytes`;
  const title = text(x + ARRAY.padding, y + 19, name, { bold: true, font: "sans", size: 13 });
  const remarkX = x + ARRAY.padding + textWidth(name, { size: 13, font: "sans" }) + 16;
  const words = text(remarkX, y + 19, remark, { font: "sans", size: 11, style: "dim" });
  const width = Math.max(
    2 * ARRAY.padding + columns * across + (columns - 1) * GAP.x,
    remarkX - x + textWidth(remark, { font: "sans", size: 11 }) + ARRAY.padding,
  );
  const height = top - GAP.y + ARRAY.padding - y;
  return { shapes: [rect(x, y, width, height, "paper", 6), title, words, ...shapes], width, height };
}

/** Which half of a growth a bucket of the new array takes in; undefined in the old one and when not growing. */
function halfOf(state: MapSnapshot, array: ArraySnapshot, number: number): "x" | "y" | undefined {
  const old = state.oldbuckets;
  if (old === null || array === old || old.length === array.length) return undefined;
  return number < old.length ? "x" : "y";
}

function drawBucket(
  bucket: BucketSnapshot,
  title: string,
  half: "x" | "y" | undefined,
  slots: Slots,
  x: number,
  y: number,
): string {
  const shapes = [rect(x, y, bucketWidth(slots), BUCKET_HEIGHT, "card", 4)];
  if (half !== undefined) shapes.push(rect(x, y, bucketWidth(slots), 4, half));
  shapes.push(
    text(x + BUCKET.padding, y + 16, fitTitle(title, bucketWidth(slots)), { size: 11, font: "sans" }),
  );
  for (const [i, cell] of bucket.cells.entries()) {
    shapes.push(
      drawCell(cell, i, slots, x + BUCKET.padding, y + BUCKET.title + i * (CELL.height + CELL.gap)),
    );
  }
  return group(shapes, `${title} at ${formatAddress(bucket.address)}`);
}

function drawCell(cell: CellSnapshot, i: number, slots: Slots, x: number, y: number): string {
  const style = cellStyle(cell);
  const live = cell.key !== undefined;
  const ink = live ? "ink" : "dim";
  const keyX = x + TOP_WIDTH + 4;
  const elemX = keyX + slots.key + 4;
  const base = y + 14;
  const shapes = [
    rect(x, y, TOP_WIDTH, CELL.height, style),
    rect(keyX, y, slots.key, CELL.height, style),
    rect(elemX, y, slots.elem, CELL.height, style),
    text(x + TOP_WIDTH / 2, base, hex(cell.tophash, 2).slice(2), { anchor: "middle", style: ink, size: 11 }),
  ];
  const label = keyLabel(cell);
  if (label !== "") shapes.push(text(keyX + slots.key / 2, base, label, { anchor: "middle", style: ink }));
  if (cell.elem !== undefined) {
    shapes.push(text(elemX + slots.elem / 2, base, shorten(cell.elem, CELL_TEXT), { anchor: "middle" }));
  }
  const state = live
    ? `tophash ${hex(cell.tophash, 2)}, key ${cell.key}, elem ${cell.elem}`
    : markName(cell.tophash);
  return group(shapes, `cell ${i}: ${state}`);
}

function keyLabel(cell: CellSnapshot): string {
  return cell.key === undefined ? cellMark(cell.tophash) : shorten(cell.key, CELL_TEXT);
}

function cellStyle(cell: CellSnapshot): Style {
  if (cell.key !== undefined) return "live";
  if (cell.tophash === TopHash.evacuatedX) return "x";
  if (cell.tophash === TopHash.evacuatedY) return "y";
  return cell.tophash === TopHash.emptyOne ? "one" : "rest";
}

function markName(tophash: number): string {
  return Object.entries(TopHash).find(([, value]) => value === tophash)?.[0] ?? "";
}

const MEANINGS: readonly { style: Style; mark: string; words: string }[] = [
  { style: "live", mark: "9a", words: "live: tophash, key, elem" },
  { style: "rest", mark: "00", words: "emptyRest: empty to the chain's end" },
  { style: "one", mark: "01", words: "emptyOne: empty" },
  { style: "x", mark: "02", words: "evacuatedX: moved to the same number" },
  { style: "y", mark: "03", words: "evacuatedY: moved up by the old size" },
];

/** Explains the looks that occur in this picture, and no others. */
function drawLegend(state: MapSnapshot, x: number, y: number, width: number): Block {
  const used = new Set<Style>();
  for (const array of [state.buckets, state.oldbuckets]) {
    for (const cell of array?.chains.flat().flatMap((bucket) => bucket.cells) ?? [])
      used.add(cellStyle(cell));
  }
  const shapes: string[] = [];
  let [left, top] = [x, y];
  for (const { style, mark, words } of MEANINGS.filter((meaning) => used.has(meaning.style))) {
    const across = 32 + textWidth(words, { size: 11, font: "sans" });
    if (left > x && left + across > x + width) [left, top] = [x, top + 20];
    shapes.push(
      rect(left, top - 12, 22, 16, style),
      text(left + 11, top, mark, { size: 10, anchor: "middle" }),
    );
    shapes.push(text(left + 28, top, words, { size: 11, font: "sans", style: "dim" }));
    left += across + 14;
  }
  return { shapes, width, height: shapes.length === 0 ? 0 : top - y + 30 };
}

function describe(state: MapSnapshot): string {
  if (state.buckets === null) return "No bucket yet: the first assign makes one.";
  const live = (array: ArraySnapshot) =>
    array.chains.map((chain, i) => {
      const entries = chain
        .flatMap((bucket) => bucket.cells)
        .filter((cell) => !isEmpty(cell.tophash) && cell.key);
      const words = entries.map((cell) => `${cell.key}: ${cell.elem}`).join(", ");
      return `bucket ${array.from + i} ${words === "" ? "has no live entry" : `holds ${words}`}`;
    });
  const old = state.oldbuckets === null ? "" : ` Old array: ${live(state.oldbuckets).join("; ")}.`;
  const hidden = hiddenBuckets(state.buckets);
  return (
    `${count(state.buckets.length, "bucket", "buckets")}: ${live(state.buckets).join("; ")}.` +
    (hidden === "" ? "" : ` ${hidden}.`) +
    old
  );
}

/** As much of a title as a bucket is wide; its tooltip has the rest. */
function fitTitle(title: string, width: number): string {
  const characters = Math.floor((width - 2 * BUCKET.padding) / textWidth("x", { size: 11, font: "sans" }));
  return shorten(title, characters);
}

function count(number: number, one: string, many: string): string {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}
