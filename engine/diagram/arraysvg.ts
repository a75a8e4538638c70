import type { ArraySnapshot, BucketSnapshot, MapSnapshot } from "../snapshot.ts";
import { BUCKET_HEIGHT, bucketWidth, drawBucket, type Measures, tailOf } from "./bucketsvg.ts";
import { wrap } from "./columns.ts";
import type { MapDrawOptions } from "./mapmarks.ts";
import { arrow, type Block, boxSample, fitted, HEADING, line, NOTE, rect, text, textWidth } from "./svg.ts";
import { bucketTitle, count, hiddenBuckets, placeWords, spareWords, splits } from "./words.ts";

const GAP = 22;
/** Pixels from the upper edge of an array's frame to what is in it. */
export const ARRAY_TITLE = 30;
const HALF_TITLE = 26;
const SPARE = { width: 74, height: 22, gap: 6, most: 24 };

/** Room for an array, and how to fill it. */
export interface ArrayRoom {
  slots: Measures;
  /** Main buckets side by side in one row: a power of two, so that halves line up. */
  columns: number;
  /** Whether the halves of a new array stand side by side. */
  halvesBeside: boolean;
  /** Pixels that the frame is wide at least, and at most. */
  least: number;
  most: number;
}

/** How many buckets stand in one row: as many as fitted, but a power of two. */
export function rowLength(buckets: number, slots: Measures, width: number): number {
  const room = width - 2 * slots.frame + slots.apart;
  const most = Math.max(1, Math.floor(room / (bucketWidth(slots) + slots.apart)));
  return Math.min(Math.max(1, buckets), 2 ** Math.floor(Math.log2(most)));
}

/** Pixels that a row of so many buckets takes, with its frame. */
export function rowWidth(columns: number, slots: Measures): number {
  return 2 * slots.frame + columns * (bucketWidth(slots) + slots.apart) - slots.apart;
}

/** Draws one array in a frame: its main buckets in rows, chains hanging down, spares below. */
export function drawArray(
  state: MapSnapshot,
  array: ArraySnapshot,
  room: ArrayRoom,
  x: number,
  y: number,
  options: MapDrawOptions,
): Block {
  const left = x + room.slots.frame;
  const title = arrayTitle(state, array, left, y, room.most - 2 * room.slots.frame);
  const shapes = [...title.shapes];
  let width = Math.max(room.least, title.width + 2 * room.slots.frame);
  let top = y + title.height;
  for (const row of sections(state, array, room)) {
    let [across, height] = [0, 0];
    for (const [i, section] of row.entries()) {
      const at = left + across + (i === 0 ? 0 : room.slots.apart);
      const block = drawSection(state, array, section, room, at, top, options);
      shapes.push(...block.shapes);
      across = at + block.width - left;
      height = Math.max(height, block.height);
    }
    width = Math.max(width, across + 2 * room.slots.frame);
    top += height;
  }
  const hidden = hiddenBuckets(array);
  if (hidden !== "") {
    const across = width - 2 * room.slots.frame;
    const lines = wrap(hidden, Math.floor((across - 12) / textWidth("x", NOTE)));
    shapes.push(rect(left, top - 8, across, 10 + 16 * lines.length, "one", 4));
    for (const [i, words] of lines.entries()) {
      shapes.push(text(left + across / 2, top + 9 + 16 * i, words, { ...NOTE, anchor: "middle" }));
    }
    top += 20 + 16 * lines.length;
  }
  const spares = drawSpares(state, array, left, top - 6, width - 2 * room.slots.frame);
  shapes.push(...spares.shapes);
  top += spares.height;
  const height = top - GAP + room.slots.frame - y;
  return { shapes: [rect(x, y, width, height, "paper", 6), ...shapes], width, height };
}

/** The array's name and what there is to say of it: beside it, or below where that is too long. */
function arrayTitle(state: MapSnapshot, array: ArraySnapshot, x: number, y: number, width: number): Block {
  const old = array === state.oldbuckets;
  const name = old ? "oldbuckets" : "buckets";
  const spares = spareWords(state, array);
  const remark = [
    old
      ? `${state.nevacuate} of ${array.length} evacuated in order`
      : `${count(array.length, "bucket", "buckets")} of ${state.bucketSize} bytes`,
    ...(spares === "" ? [] : [spares]),
  ].join(", ");
  const beside = textWidth(name, HEADING) + 14;
  const below = beside + textWidth(remark, NOTE) > width;
  const shown = fitted(remark, below ? width : width - beside, NOTE);
  return {
    shapes: [
      text(x, y + 20, name, HEADING),
      text(below ? x : x + beside, y + (below ? 37 : 20), shown, NOTE),
    ],
    width: Math.max(beside, (below ? 0 : beside) + textWidth(shown, NOTE)),
    height: ARRAY_TITLE + (below ? 17 : 0),
  };
}

/** Chains that stand together: all of an array, or those of one half of a growth. */
interface Section {
  half: "x" | "y" | undefined;
  /** Number of the first main bucket. */
  first: number;
  chains: readonly (readonly BucketSnapshot[])[];
}

/** What stands in an array, as rows of sections. */
function sections(state: MapSnapshot, array: ArraySnapshot, { halvesBeside }: ArrayRoom): Section[][] {
  const old = state.oldbuckets;
  if (array === old || old === null || !splits(state)) {
    return [[{ half: undefined, first: array.from, chains: array.chains }]];
  }
  const ofX = Math.max(0, Math.min(array.chains.length, old.length - array.from));
  const halves: Section[] = [
    { half: "x" as const, first: array.from, chains: array.chains.slice(0, ofX) },
    { half: "y" as const, first: Math.max(array.from, old.length), chains: array.chains.slice(ofX) },
  ].filter((half) => half.chains.length > 0);
  return halvesBeside ? [halves] : halves.map((half) => [half]);
}

function drawSection(
  state: MapSnapshot,
  array: ArraySnapshot,
  { half, first, chains }: Section,
  { slots, columns }: ArrayRoom,
  x: number,
  y: number,
  options: MapDrawOptions,
): Block {
  const across = bucketWidth(slots);
  const width = Math.min(columns, chains.length) * (across + slots.apart) - slots.apart;
  const shapes = half === undefined ? [] : halfTitle(state, half, x, y, width);
  let top = half === undefined ? y : y + HALF_TITLE;
  for (let start = 0; start < chains.length; start += columns) {
    const row = chains.slice(start, start + columns);
    for (const [column, chain] of row.entries()) {
      const left = x + column * (across + slots.apart);
      for (const [link, bucket] of chain.entries()) {
        const number = first + start + column;
        const words = {
          title: bucketTitle(state, array, number, link, bucket),
          label: link === 0 ? `bucket ${number}` : `overflow ${link}`,
          remark: link === 0 ? origin(state, array, number) : placeWords(bucket),
          half,
          last: link + 1 === chain.length,
        };
        const bucketY = top + link * (BUCKET_HEIGHT + GAP);
        shapes.push(drawBucket(bucket, words, slots, left, bucketY, options));
        if (!words.last) {
          const [tailX, tailY] = tailOf(slots);
          shapes.push(arrow([left + tailX, bucketY + tailY], [left + tailX, bucketY + BUCKET_HEIGHT + GAP]));
        }
      }
    }
    top += Math.max(...row.map((chain) => chain.length)) * (BUCKET_HEIGHT + GAP);
  }
  return { shapes, width, height: top - y };
}

/** Which old bucket a new one takes its entries from; empty when the map is not growing. */
function origin(state: MapSnapshot, array: ArraySnapshot, number: number): string {
  const old = state.oldbuckets;
  if (old === null || array === old) return "";
  return `from old ${number % old.length}`;
}

/** A line above one half of a new array that says which it is. */
function halfTitle(state: MapSnapshot, half: "x" | "y", x: number, y: number, width: number): string[] {
  const old = state.oldbuckets as ArraySnapshot;
  const long = half === "x" ? "same number as before" : `number before + ${old.length}`;
  const words =
    textWidth(long, NOTE) + 34 <= width ? long : half === "x" ? "same number" : `number + ${old.length}`;
  const end = x + 32 + textWidth(words, NOTE);
  return [
    boxSample(half, half.toUpperCase())(x, y - 1),
    text(x + 28, y + 11, fitted(words, width - 28, NOTE), NOTE),
    ...(end + 24 < x + width ? [line("rule", [end + 12, y + 7], [x + width, y + 7])] : []),
  ];
}

/**
 * The spare overflow buckets behind the main ones, each a small box: taken, or still free. Where there are many, a row of
 * them around the next one to be taken.
 */
function drawSpares(state: MapSnapshot, array: ArraySnapshot, x: number, y: number, width: number): Block {
  const made = array.places - array.length;
  if (made === 0 || array !== state.buckets) return { shapes: [], width: 0, height: 0 };
  const shapes = [text(x, y + 8, "spares, in the same block of memory", NOTE)];
  const nextFree = array.places - state.spares;
  const taken = new Map(
    array.chains.flatMap((chain, i) => chain.map((bucket) => [bucket.place, array.from + i] as const)),
  );
  const words = (place: number) => {
    if (place >= nextFree) return "free";
    const chain = taken.get(place);
    return chain === undefined ? "taken" : `in ${chain}`;
  };
  const small = { ...NOTE, size: 10 };
  const longest = Math.max(
    ...["taken", ...[...taken.keys()].map(words)].map((word) => textWidth(word, small)),
  );
  const box = Math.max(SPARE.width, textWidth(String(array.places), { size: 10 }) + longest + 22);
  const across = Math.max(1, Math.floor((width + SPARE.gap) / (box + SPARE.gap)));
  const shown = made <= SPARE.most ? made : across;
  const first = Math.min(Math.max(array.length, nextFree - Math.ceil(shown / 2)), array.places - shown);
  let [left, top] = [x, y + 18];
  for (let place = first; place < first + shown; place++) {
    if (left > x && left + box > x + width) [left, top] = [x, top + SPARE.height + SPARE.gap];
    shapes.push(
      rect(left, top, box, SPARE.height, place >= nextFree ? "one" : "card", 3),
      text(left + 7, top + 15, String(place), { size: 10 }),
      text(left + box - 7, top + 15, words(place), { ...small, anchor: "end" }),
    );
    left += box + SPARE.gap;
  }
  top += SPARE.height;
  if (shown < made) {
    shapes.push(text(x, top + 16, `${count(made - shown, "more spare", "more spares")} not shown`, NOTE));
    top += 18;
  }
  return { shapes, width, height: top + 22 - y };
}
