import type { ArraySnapshot, MapSnapshot } from "../snapshot.ts";
import {
  BUCKET_HEIGHT,
  bucketWidth,
  cellStyle,
  drawBucket,
  POINTER_Y,
  type SlotWidths,
  slotWidths,
} from "./bucketsvg.ts";
import { type ArrayField, headerBand, headerColumn } from "./headersvg.ts";
import { arrow, picture, rect, type Style, text, textWidth } from "./svg.ts";
import { bucketTitle, cellsOf, count, hex, hiddenBuckets, NIL_MAP, overflowTitle } from "./words.ts";

const MARGIN = 16;
const GAP = { x: 16, y: 22 };
const ARRAY = { padding: 12, title: 28 };
/** Room between the hmap and the arrays, where the pointers' arrows run. */
const LANE = 40;
/** Room on the left for an arrow that passes by the old array. */
const SIDE_LANE = 22;
/** A picture grows no wider than this for the sake of more buckets in a row. */
const MAX_WIDTH = 900;

/** A drawn part and its size. */
interface Block {
  shapes: string[];
  width: number;
  height: number;
}

/**
 * Draws a map's state as SVG: the hmap, the array of buckets with their overflow chains hanging down, and above
 * it, while the map is growing, the old array. Of a small map the hmap stands beside the array, else above.
 */
export function mapSvg(state: MapSnapshot): string {
  if (state.address === 0) return nilSvg(state);
  const slots = slotWidths(state);
  const small = (state.buckets?.chains.length ?? 0) <= 2;
  const header = small ? headerColumn(state, MARGIN, MARGIN) : headerBand(state, MARGIN, MARGIN);
  const passing = !small && state.oldbuckets !== null;
  const x = small ? MARGIN + header.width + LANE : MARGIN + (passing ? SIDE_LANE : 0);
  const shapes: string[] = [];
  let right = MARGIN + header.width;
  let bottom = MARGIN + header.height;
  let y = small ? MARGIN : bottom + LANE;
  for (const field of ["oldbuckets", "buckets"] as const) {
    const array = state[field];
    if (array === null) continue;
    const block = drawArray(state, array, slots, x, y);
    const [fromX, fromY] = header.pointers[field];
    shapes.push(...block.shapes);
    if (small) shapes.push(besideArrow(field, fromX, fromY, x, y));
    else if (field === "oldbuckets" || !passing) shapes.push(arrow([fromX, fromY], [fromX, y]));
    else {
      const turn = fromY + LANE / 2;
      const [side, end] = [MARGIN + 4, y + ARRAY.title / 2];
      shapes.push(arrow([fromX, fromY], [fromX, turn], [side, turn], [side, end], [x, end]));
    }
    right = Math.max(right, x + block.width);
    bottom = Math.max(bottom, y + block.height);
    y += block.height + GAP.y;
  }
  const legend = drawLegend(state, MARGIN, bottom + 26, right - MARGIN);
  return picture(
    right + MARGIN,
    bottom + legend.height + MARGIN,
    [...header.shapes, ...shapes, ...legend.shapes],
    {
      title: `${state.type} with ${count(state.count, "entry", "entries")}`,
      description: describe(state),
    },
  );
}

function nilSvg(state: MapSnapshot): string {
  const words = `${state.type}  ${NIL_MAP}`;
  return picture(textWidth(words) + 2 * MARGIN, 44, [text(MARGIN, 27, words)], {
    title: state.type,
    description: NIL_MAP,
  });
}

/** An arrow from a field of the hmap to the array beside it; each field's turns in a lane of its own. */
function besideArrow(field: ArrayField, fromX: number, fromY: number, x: number, y: number): string {
  const turn = x - LANE / 2 + (field === "buckets" ? 4 : -6);
  const end = y + ARRAY.title / 2;
  return arrow([fromX, fromY], [turn, fromY], [turn, end], [x, end]);
}

/** How many buckets stand in one row: a power of two, so that halves line up, as many as are not too wide. */
function columnsOf(array: ArraySnapshot, slots: SlotWidths): number {
  const room = MAX_WIDTH - 2 * MARGIN - SIDE_LANE - 2 * ARRAY.padding + GAP.x;
  const most = Math.max(1, Math.floor(room / (bucketWidth(slots) + GAP.x)));
  return Math.min(Math.max(1, array.chains.length), 2 ** Math.floor(Math.log2(most)));
}

function drawArray(state: MapSnapshot, array: ArraySnapshot, slots: SlotWidths, x: number, y: number): Block {
  const columns = columnsOf(array, slots);
  const across = bucketWidth(slots);
  const shapes: string[] = [];
  let top = y + ARRAY.title;
  for (let first = 0; first < array.chains.length; first += columns) {
    const row = array.chains.slice(first, first + columns);
    for (const [column, chain] of row.entries()) {
      const number = array.from + first + column;
      const half = halfOf(state, array, number);
      const left = x + ARRAY.padding + column * (across + GAP.x);
      for (const [link, bucket] of chain.entries()) {
        const title = bucketTitle(state, array, number, link, bucket);
        const last = link + 1 === chain.length;
        const bucketY = top + link * (BUCKET_HEIGHT + GAP.y);
        const label = link === 0 ? title : overflowTitle(link, bucket);
        shapes.push(drawBucket(bucket, { title, label, half, last }, slots, left, bucketY));
        const tail = left + across - 24;
        if (!last) shapes.push(arrow([tail, bucketY + POINTER_Y], [tail, bucketY + BUCKET_HEIGHT + GAP.y]));
      }
    }
    top += Math.max(...row.map((chain) => chain.length)) * (BUCKET_HEIGHT + GAP.y);
  }
  const small = { size: 11, font: "sans", style: "dim" } as const;
  const hidden = hiddenBuckets(array);
  if (hidden !== "") {
    shapes.push(text(x + ARRAY.padding, top, hidden, small));
    top += GAP.y;
  }
  const old = array === state.oldbuckets;
  const name = old ? "oldbuckets" : "buckets";
  const remark = old
    ? `${state.nevacuate} of ${array.length} evacuated in order`
    : `${count(array.length, "bucket", "buckets")} of ${state.bucketSize} bytes`;
  const remarkX = x + ARRAY.padding + textWidth(name, { size: 13, font: "sans" }) + 16;
  const width = Math.max(
    2 * ARRAY.padding + columns * across + (columns - 1) * GAP.x,
    remarkX - x + textWidth(remark, small) + ARRAY.padding,
  );
  const height = top - GAP.y + ARRAY.padding - y;
  const frame = [
    rect(x, y, width, height, "paper", 6),
    text(x + ARRAY.padding, y + 19, name, { bold: true, font: "sans", size: 13 }),
    text(remarkX, y + 19, remark, small),
  ];
  return { shapes: [...frame, ...shapes], width, height };
}

/** Which half of a growth a bucket of the new array takes in; undefined in the old one and when not growing. */
function halfOf(state: MapSnapshot, array: ArraySnapshot, number: number): "x" | "y" | undefined {
  const old = state.oldbuckets;
  if (old === null || array === old || old.length === array.length) return undefined;
  return number < old.length ? "x" : "y";
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
  const used = new Set([...cellsOf(state.buckets), ...cellsOf(state.oldbuckets)].map(cellStyle));
  const shapes: string[] = [];
  let [left, top] = [x, y];
  for (const { style, mark, words } of MEANINGS.filter((meaning) => used.has(meaning.style))) {
    const across = 32 + textWidth(words, { size: 11, font: "sans" });
    if (left > x && left + across > x + width) [left, top] = [x, top + 22];
    shapes.push(
      rect(left, top - 12, 22, 16, style),
      text(left + 11, top, mark, { size: 10, anchor: "middle" }),
      text(left + 28, top, words, { size: 11, font: "sans", style: "dim" }),
    );
    left += across + 14;
  }
  return { shapes, width, height: shapes.length === 0 ? 0 : top - y + 30 };
}

function describe(state: MapSnapshot): string {
  if (state.buckets === null) return "No bucket yet: the first assign makes one.";
  const parts = [`${count(state.buckets.length, "bucket", "buckets")}: ${contents(state.buckets)}.`];
  if (state.oldbuckets !== null) parts.push(`Old array: ${contents(state.oldbuckets)}.`);
  return parts.join(" ");
}

/** What each chain of an array holds, in words. */
function contents(array: ArraySnapshot): string {
  const chains = array.chains.map((chain, i) => {
    const live = chain.flatMap((bucket) => bucket.cells).filter((cell) => cell.key !== undefined);
    const entries = live
      .map((cell) => `${cell.key}: ${cell.elem} (tophash ${hex(cell.tophash, 2)})`)
      .join(", ");
    return `bucket ${array.from + i} ${entries === "" ? "has no live entry" : `holds ${entries}`}`;
  });
  const hidden = hiddenBuckets(array);
  return hidden === "" ? chains.join("; ") : [...chains, hidden].join("; ");
}
