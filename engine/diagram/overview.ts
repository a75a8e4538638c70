import { grouped } from "../grouped.ts";
import { TopHash } from "../map/bmap.ts";
import type { OverviewArray, OverviewSnapshot } from "../overviewsnapshot.ts";
import { right, wrap } from "./columns.ts";
import { checkWidth, Drawing } from "./drawing.ts";
import {
  type Block,
  boxSample,
  fitted,
  group,
  HEADING,
  type LegendEntry,
  legend,
  line,
  NOTE,
  n,
  path,
  picture,
  rect,
  text,
  textWidth,
} from "./svg.ts";
import { count } from "./words.ts";

/** A big map from afar, drawn: a tile for each bucket or, of very big ones, for several. */
export function overviewDrawing(state: OverviewSnapshot): Drawing {
  return new Drawing({
    title: `All buckets of a ${state.type} with ${count(state.count, "entry", "entries")}`,
    text: () => overviewText(state),
    svg: (width) => overviewSvg(state, width),
  });
}

/** What a tile shows: one bucket, or several that stand side by side. */
interface Tile {
  /** Live cells of a bucket, on average; more than 8 only with overflow buckets. */
  live: number;
  /** Whether there is an overflow bucket. */
  overflow: boolean;
  /** Whether all of its buckets have been evacuated. */
  evacuated: boolean;
}

/** Tiles of buckets from `first` on. */
function tiles(array: OverviewArray, first: number, length: number, perTile: number): Tile[] {
  return Array.from({ length: Math.ceil(length / perTile) }, (_, tile) => {
    let [live, overflow, evacuated] = [0, false, true];
    const end = first + Math.min(length, (tile + 1) * perTile);
    const start = first + tile * perTile;
    for (let number = start; number < end; number++) {
      live += array.live[number] as number;
      overflow ||= (array.overflow[number] as number) > 0;
      const top = array.tophash[8 * number] as number;
      evacuated &&= top >= TopHash.evacuatedX && top <= TopHash.evacuatedEmpty;
    }
    return { live: live / (end - start), overflow, evacuated };
  });
}

/** A part of an overview: an array, or one half of a new one. */
interface Band {
  title: string;
  half: "x" | "y" | undefined;
  tiles: Tile[];
}

/** The parts of an overview, in at most `most` tiles for all of the new array, and how many buckets a tile stands for. */
function bandsOf(state: OverviewSnapshot, most: number): { bands: Band[]; perTile: number } {
  const { buckets, oldbuckets } = state;
  if (buckets === null) return { bands: [], perTile: 1 };
  const perTile = Math.max(1, buckets.length / most);
  const bands: Band[] = [];
  const size = (array: OverviewArray) => count(array.length, "bucket", "buckets");
  if (oldbuckets === null) {
    bands.push({ title: size(buckets), half: undefined, tiles: tiles(buckets, 0, buckets.length, perTile) });
    return { bands, perTile };
  }
  const { length } = oldbuckets;
  const done = `${grouped(state.nevacuate)} evacuated in order`;
  bands.push({
    title: `old array: ${size(oldbuckets)}, ${done}`,
    half: undefined,
    tiles: tiles(oldbuckets, 0, length, perTile),
  });
  if (length === buckets.length) {
    bands.push({
      title: `new array: ${size(buckets)}`,
      half: undefined,
      tiles: tiles(buckets, 0, length, perTile),
    });
  } else {
    const numbers = (from: number) => `buckets ${grouped(from)} to ${grouped(from + length - 1)}`;
    bands.push({ title: `X, ${numbers(0)}`, half: "x", tiles: tiles(buckets, 0, length, perTile) });
    bands.push({ title: `Y, ${numbers(length)}`, half: "y", tiles: tiles(buckets, length, length, perTile) });
  }
  return { bands, perTile };
}

/** How many chains have 0, 1, ... 8 live cells, and how many have more. */
function histogram({ buckets }: OverviewSnapshot): number[] {
  const found = new Array<number>(10).fill(0);
  for (const live of buckets?.live ?? []) found[Math.min(live, 9)] = (found[Math.min(live, 9)] as number) + 1;
  return found;
}

function chainsTitle({ oldbuckets }: OverviewSnapshot): string {
  return oldbuckets === null ? "entries in a chain" : "entries in a chain of the new array";
}

function summary(state: OverviewSnapshot): string {
  const { buckets } = state;
  if (buckets === null) return "no bucket yet";
  const chained = buckets.overflow.reduce((sum, links) => sum + links, 0);
  const load = (state.count / buckets.length).toFixed(2);
  return `${count(state.count, "entry", "entries")}, ${load} for each of ${count(buckets.length, "bucket", "buckets")}, ${count(chained, "overflow bucket", "overflow buckets")}`;
}

function tileWords(perTile: number): string {
  return perTile === 1
    ? "each tile is a bucket, filled as far as it is"
    : `each tile is ${grouped(perTile)} buckets, filled as they are on average`;
}

const LEVELS = " ▁▂▃▄▅▆▇█";
const TEXT = { columns: 64, rows: 16 };

/** The overview as text: a character for each tile, and how full the chains are. */
function overviewText(state: OverviewSnapshot): string {
  const { bands, perTile } = bandsOf(state, TEXT.columns * TEXT.rows);
  const lines = [state.type, summary(state)];
  for (const band of bands) {
    const columns = Math.min(
      TEXT.columns,
      2 ** Math.ceil(Math.log2(band.tiles.length) / 2 + 1),
      band.tiles.length,
    );
    lines.push("", band.title, `┌${"─".repeat(columns)}┐`);
    for (let first = 0; first < band.tiles.length; first += columns) {
      const row = band.tiles
        .slice(first, first + columns)
        .map(tileCharacter)
        .join("");
      lines.push(`│${row.padEnd(columns)}│`);
    }
    lines.push(`└${"─".repeat(columns)}┘`);
  }
  if (bands.length === 0) return lines.join("\n");
  lines.push(`${tileWords(perTile)}; + with an overflow bucket, / evacuated`, "");
  const found = histogram(state);
  const most = Math.max(...found, 1);
  const digits = Math.max(...found.map((chains) => grouped(chains).length));
  lines.push(`${chainsTitle(state)}:`);
  for (const [live, chains] of found.entries()) {
    const bar = "█".repeat(Math.ceil((40 * chains) / most));
    const name = live > 8 ? "more" : String(live);
    lines.push(`${right(name, 7)}  ${right(grouped(chains), digits)} ${bar}`.trimEnd());
  }
  return lines.join("\n");
}

function tileCharacter({ live, overflow, evacuated }: Tile): string {
  if (evacuated) return "/";
  if (overflow) return "+";
  return LEVELS[Math.min(8, Math.ceil(live))] as string;
}

const MARGIN = 16;

/**
 * The overview as SVG: at most 4,096 tiles, each filled from below as far as its buckets are.
 *
 * @throws RangeError when the width is below 240
 */
function overviewSvg(state: OverviewSnapshot, width = 800): string {
  const room = checkWidth(width) - 2 * MARGIN;
  const narrow = room < 600;
  const { bands, perTile } = bandsOf(state, narrow ? 1024 : 4096);
  const shapes = [
    text(MARGIN, 30, fitted(state.type, room, { size: 14, bold: true }), { size: 14, bold: true }),
  ];
  let y = 38;
  let widest = 0;
  const columns = Math.floor(room / textWidth("x", NOTE));
  for (const words of [summary(state), ...(bands.length === 0 ? [] : [tileWords(perTile)])]) {
    for (const part of wrap(words, columns)) {
      shapes.push(text(MARGIN, y + 12, part, NOTE));
      y += 16;
    }
  }
  y += 8;
  for (const band of bands) {
    const block = drawBand(band, MARGIN, y, room, narrow ? 32 : 64);
    shapes.push(...block.shapes);
    y += block.height + 14;
    widest = Math.max(widest, block.width);
  }
  if (bands.length > 0) {
    const block = drawHistogram(histogram(state), chainsTitle(state), MARGIN, y, Math.min(room, 420));
    shapes.push(...block.shapes);
    y += block.height + 10;
    const key = legend(legendEntries(bands), MARGIN, y, room);
    shapes.push(...key.shapes);
    y += key.height;
  }
  return picture(Math.min(width, Math.max(widest, 420) + 2 * MARGIN), y + MARGIN, shapes, {
    title: `All buckets of a ${state.type}`,
    description: `${summary(state)}. Chains by their number of entries: ${histogram(state)
      .map((chains, live) => `${live > 8 ? "more than 8" : live}: ${grouped(chains)}`)
      .join(", ")}.`,
  });
}

/** Tiles in rows: bars for what is live, a dot where there is an overflow bucket, a stroke where all has moved. */
function drawBand(band: Band, x: number, y: number, room: number, most: number): Block {
  const columns = Math.min(most, 2 ** Math.ceil(Math.log2(band.tiles.length) / 2 + 0.5), band.tiles.length);
  const size = Math.min(24, Math.floor(room / columns));
  const inner = size - 2;
  const top = y + 22;
  const rows = Math.ceil(band.tiles.length / columns);
  let [bars, dots, strokes] = ["", "", ""];
  for (const [i, tile] of band.tiles.entries()) {
    const left = x + (i % columns) * size;
    const foot = top + Math.floor(i / columns) * size + inner;
    const height = Math.min(inner, Math.round((inner * tile.live) / 8));
    if (height > 0) bars += `M${left} ${foot}h${inner}v-${height}h-${inner}z`;
    if (tile.evacuated) strokes += `M${left} ${foot}l${inner} -${inner}`;
    if (tile.overflow) {
      const dot = Math.max(2, Math.round(inner / 4));
      dots += `M${n(left + (inner - dot) / 2)} ${n(foot - inner + 1)}h${dot}v${dot}h-${dot}z`;
    }
  }
  const title =
    band.half === undefined
      ? [
          text(x, y + 12, fitted(band.title, room, { ...NOTE, bold: true }), {
            ...NOTE,
            style: "ink",
            bold: true,
          }),
        ]
      : [
          boxSample(band.half, band.half.toUpperCase())(x, y),
          text(x + 28, y + 12, fitted(band.title.slice(3), room - 28, NOTE), { ...NOTE, style: "ink" }),
        ];
  const [right, bottom] = [x + columns * size, top + rows * size];
  let grid = "";
  for (let i = 1; i < columns; i++) grid += `M${x + i * size - 1} ${top}V${bottom - 1}`;
  for (let i = 1; i < rows; i++) grid += `M${x} ${top + i * size - 1}H${right - 1}`;
  const shapes = [rect(x, top, columns * size - 1, rows * size - 1, "rest", 0), path("grid", grid)];
  if (bars !== "") shapes.push(path("bar", bars));
  if (strokes !== "") shapes.push(path("hatch", strokes));
  if (dots !== "") shapes.push(path("hole", dots));
  return { shapes: [...title, group(shapes, band.title)], width: columns * size, height: 22 + rows * size };
}

/** How many chains have how many live entries. */
function drawHistogram(found: readonly number[], title: string, x: number, y: number, width: number): Block {
  const height = 70;
  const across = width / found.length;
  const most = Math.max(...found, 1);
  const foot = y + 28 + height;
  const shapes = [text(x, y + 12, fitted(title, width, HEADING), HEADING)];
  for (const [live, chains] of found.entries()) {
    const left = x + live * across;
    const bar = chains === 0 ? 0 : Math.max(1, (height * chains) / most);
    const exact = grouped(chains);
    const fits = textWidth(exact, { ...NOTE, size: 9 }) <= across + 2;
    const label = fits ? exact : `${Math.round(chains / 1000)}k`;
    if (bar > 0) shapes.push(rect(left + 3, foot - bar, across - 6, bar, "bar", 0));
    const middle = { ...NOTE, anchor: "middle" } as const;
    shapes.push(
      text(left + across / 2, foot - bar - 4, label, { ...middle, size: 9 }),
      text(left + across / 2, foot + 14, live > 8 ? "more" : String(live), { ...middle, size: 10 }),
    );
  }
  shapes.push(line("rule", [x, foot + 0.5], [x + width, foot + 0.5]));
  return { shapes: [group(shapes, "How many chains have how many entries")], width, height: height + 48 };
}

function legendEntries(bands: readonly Band[]): LegendEntry[] {
  const all = bands.flatMap((band) => band.tiles);
  const tile = (x: number, y: number) => rect(x + 4, y + 1, 14, 14, "rest", 0);
  const entries: LegendEntry[] = [
    { sample: (x, y) => tile(x, y) + rect(x + 4, y + 7, 14, 8, "bar", 0), words: "live entries" },
  ];
  if (all.some(({ overflow }) => overflow)) {
    entries.push({
      sample: (x, y) => tile(x, y) + path("hole", `M${x + 9} ${y + 3}h4v4h-4z`),
      words: "with an overflow bucket",
    });
  }
  if (all.some(({ evacuated }) => evacuated)) {
    entries.push({
      sample: (x, y) => tile(x, y) + line("hatch", [x + 4, y + 15], [x + 18, y + 1]),
      words: "evacuated",
    });
  }
  return entries;
}
