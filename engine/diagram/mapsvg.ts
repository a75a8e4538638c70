import { TopHash } from "../map/bmap.ts";
import type { ArraySnapshot, MapSnapshot } from "../snapshot.ts";
import { ARRAY_TITLE, type ArrayRoom, drawArray, rowLength, rowWidth } from "./arraysvg.ts";
import { measures } from "./bucketsvg.ts";
import { checkWidth } from "./drawing.ts";
import { type ArrayField, COLUMN_WIDTH, headerBand, headerColumn } from "./headersvg.ts";
import { type MapDrawOptions, markWords } from "./mapmarks.ts";
import {
  arrow,
  boxSample,
  fitted,
  type LegendEntry,
  legend,
  paragraphs,
  picture,
  pointer,
  rect,
  type Style,
  text,
  textWidth,
} from "./svg.ts";
import { cellsOf, count, hex, hiddenBuckets, NIL_MAP, splits } from "./words.ts";

const GAP = 22;
/** Room between the hmap and the arrays, where the pointers' arrows run. */
const LANE = 40;
/** Room at the side for an arrow that passes by the old array. */
const SIDE_LANE = 22;
/** A picture grows no wider than this for the sake of more buckets in a row, unless it is told to. */
const WIDTH = 900;
/** Sentences are no wider than this: a phone shows so much of a wide picture before it is scrolled. */
const NOTES_WIDTH = 330;
/** Below this all parts stand one below the other. */
const NARROW = 480;

/** How the parts of a picture stand to each other. */
type Arrangement =
  /** The hmap as a column, the arrays to the right of it. */
  | "beside"
  /** The hmap as a band, the arrays below. */
  | "below"
  /** The hmap as a column, the arrays below, and arrows along the right edge. */
  | "stacked";

/**
 * Draws a map's state as SVG: the hmap, the array of buckets with their overflow chains hanging down, and above
 * it, while the map is growing, the old array. Of a small map the hmap stands beside the array, else above.
 *
 * @throws RangeError when the width is below 240
 */
export function mapSvg(state: MapSnapshot, options: MapDrawOptions = {}): string {
  const most = checkWidth(options.width ?? WIDTH);
  if (state.address === 0) return nilSvg(state, most);
  const { focus = [] } = options;
  const margin = most < NARROW ? 8 : 16;
  const passes = state.oldbuckets !== null;
  const narrow = most < NARROW;
  const edge = passes ? 16 : 10;
  const slots = measures(state, most - 2 * margin - edge - 24, narrow);
  const arrangement = arrange(state, most, slots);
  const beside = arrangement === "beside";
  const stacked = arrangement === "stacked";
  const lane = stacked ? edge : 0;
  const notes = paragraphs(options.notes ?? [], margin, margin, Math.min(NOTES_WIDTH, most) - 2 * margin);
  const top = margin + (notes.height === 0 ? 0 : notes.height + 12);
  const header =
    arrangement === "below"
      ? headerBand(state, margin, top, focus)
      : headerColumn(state, margin, top, stacked ? most - 2 * margin - lane : COLUMN_WIDTH, focus);
  const x = beside ? margin + header.width + LANE : margin + (!stacked && passes ? SIDE_LANE : 0);
  const room = arrayRoom(state, slots, most - margin - lane - x, arrangement);
  if (!beside) room.least = Math.max(room.least, Math.min(room.most, margin + header.width - x));
  const shapes: string[] = [];
  let right = margin + Math.max(header.width, notes.width);
  let bottom = top + header.height;
  let y = beside ? top : bottom + (stacked ? 18 : LANE);
  for (const field of ["oldbuckets", "buckets"] as const) {
    const array = state[field];
    if (array === null) continue;
    const block = drawArray(state, array, room, x, y, options);
    const from = header.pointers[field];
    shapes.push(...block.shapes);
    if (beside) shapes.push(besideArrow(field, from, x, y));
    else if (stacked) {
      const turn = most - margin - (field === "buckets" ? 0 : 6);
      const end = y + ARRAY_TITLE / 2;
      shapes.push(arrow(from, [turn, from[1]], [turn, end], [x + block.width, end]));
    } else if (field === "oldbuckets" || !passes) shapes.push(arrow(from, [from[0], y]));
    else {
      const turn = from[1] + LANE / 2;
      const [side, end] = [margin + 4, y + ARRAY_TITLE / 2];
      shapes.push(arrow(from, [from[0], turn], [side, turn], [side, end], [x, end]));
    }
    right = Math.max(right, x + block.width);
    bottom = Math.max(bottom, y + block.height);
    y += block.height + GAP;
  }
  right += lane;
  const key = legend(legendEntries(state, options), margin, bottom + 16, right - margin);
  if (key.height > 0) bottom += 16 + key.height;
  return picture(
    right + margin,
    bottom + margin,
    [...notes.shapes, ...header.shapes, ...shapes, ...key.shapes],
    {
      title: `${state.type} with ${count(state.count, "entry", "entries")}`,
      description: describe(state),
    },
  );
}

function arrange(state: MapSnapshot, most: number, slots: ArrayRoom["slots"]): Arrangement {
  if (most < NARROW) return "stacked";
  const chains = state.buckets?.chains.length ?? 0;
  const wanted = COLUMN_WIDTH + LANE + 2 * 16 + rowWidth(Math.max(1, chains), slots);
  if (chains <= 2 && wanted <= most) return "beside";
  return most < 700 ? "stacked" : "below";
}

/** How wide the arrays are, and how many buckets stand in a row: the same in both, so that halves line up. */
function arrayRoom(
  state: MapSnapshot,
  slots: ArrayRoom["slots"],
  most: number,
  arrangement: Arrangement,
): ArrayRoom {
  const arrays = [state.oldbuckets, state.buckets].filter((array) => array !== null);
  const old = splits(state) ? (state.oldbuckets?.chains.length ?? 0) : 0;
  // Halves of one bucket each stand side by side, if they can: below each other they would leave half the width empty.
  const halvesBeside = old === 1 && rowLength(2, slots, most) === 2;
  const longest = old > 0 ? old : Math.max(0, ...arrays.map((array) => array.chains.length));
  const columns = rowLength(longest, slots, most);
  const across = halvesBeside ? 2 : columns;
  if (arrangement !== "stacked") {
    const least = arrays.length === 0 ? 0 : rowWidth(across, slots);
    return { slots, columns, halvesBeside, least, most };
  }
  // Every part is as wide as the picture: slots too, as far as they do not become mere space.
  const spare = Math.min(60, Math.floor((most - rowWidth(across, slots)) / across / 2));
  const stretched = { ...slots, key: slots.key + Math.max(0, spare), elem: slots.elem + Math.max(0, spare) };
  return { slots: stretched, columns, halvesBeside, least: most, most };
}

function nilSvg(state: MapSnapshot, most: number): string {
  const room = most - 32;
  const type = fitted(state.type, room);
  const words = paragraphs([NIL_MAP], 16, 36, room);
  return picture(
    Math.max(textWidth(type), words.width) + 32,
    44 + words.height,
    [text(16, 26, type), ...words.shapes],
    { title: state.type, description: NIL_MAP },
  );
}

/** An arrow from a field of the hmap to the array beside it; each field's turns in a lane of its own. */
function besideArrow(field: ArrayField, from: readonly [number, number], x: number, y: number): string {
  const turn = x - LANE / 2 + (field === "buckets" ? 4 : -6);
  const end = y + ARRAY_TITLE / 2;
  return arrow(from, [turn, from[1]], [turn, end], [x, end]);
}

/** Looks of a cell, and the tophash that each is explained by. */
const MEANINGS: readonly { tophash: number; style: Style; words: string }[] = [
  { tophash: 0x9a, style: "live", words: "live: tophash, key, elem" },
  { tophash: TopHash.emptyRest, style: "rest", words: "emptyRest: empty to the chain's end" },
  { tophash: TopHash.emptyOne, style: "one", words: "emptyOne: empty" },
  { tophash: TopHash.evacuatedX, style: "x", words: "evacuatedX: moved to the same number" },
  { tophash: TopHash.evacuatedY, style: "y", words: "evacuatedY: moved up by the old size" },
  { tophash: TopHash.evacuatedEmpty, style: "rest", words: "evacuatedEmpty: was empty already" },
];

/** Explains the looks that occur in this picture, and no others. */
function legendEntries(state: MapSnapshot, { marks = [], focus = [] }: MapDrawOptions): LegendEntry[] {
  const cells = [...cellsOf(state.buckets), ...cellsOf(state.oldbuckets)];
  const used = new Set(cells.map((cell) => (cell.key === undefined ? cell.tophash : 0x9a)));
  return [
    ...MEANINGS.filter(({ tophash }) => used.has(tophash)).map(({ tophash, style, words }) => ({
      sample: boxSample(style, hex(tophash, 2).slice(2)),
      words,
    })),
    ...(focus.length === 0
      ? []
      : [
          { sample: (x: number, y: number) => rect(x, y, 22, 16, "focus"), words: "what this step is about" },
        ]),
    ...[...new Set(marks.map(markWords))].map((words) => ({
      sample: (x: number, y: number) =>
        pointer(
          x + 15,
          y + 8,
          marks.some((mark) => mark.kind !== "start" && markWords(mark) === words),
        ),
      words,
    })),
  ];
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
