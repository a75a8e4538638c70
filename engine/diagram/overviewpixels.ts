import { BUCKET_CELLS, minTopHash, TopHash } from "../map/bmap.ts";
import type { OverviewArray, OverviewSnapshot } from "../overviewsnapshot.ts";

/** Colours of the pixels, as red, green and blue: the same five meanings as in the other drawings. */
export interface OverviewPalette {
  /** Between the arrays. */
  readonly paper: readonly [number, number, number];
  readonly live: readonly [number, number, number];
  /** emptyRest, and cells that were empty when they were evacuated. */
  readonly rest: readonly [number, number, number];
  /** emptyOne: a deleted entry. */
  readonly one: readonly [number, number, number];
  readonly x: readonly [number, number, number];
  readonly y: readonly [number, number, number];
}

/** For light pages. */
export const LIGHT: OverviewPalette = {
  paper: [252, 252, 250],
  live: [86, 180, 233],
  rest: [233, 233, 228],
  one: [160, 165, 173],
  x: [0, 158, 115],
  y: [230, 159, 0],
};

/** For dark pages. */
export const DARK: OverviewPalette = {
  paper: [23, 28, 33],
  live: [86, 180, 233],
  rest: [44, 52, 59],
  one: [108, 119, 129],
  x: [31, 185, 140],
  y: [230, 159, 0],
};

/** Rows of pixels that one array takes. */
export interface OverviewBand {
  readonly array: "oldbuckets" | "buckets";
  /** First row, and number of rows. */
  readonly top: number;
  readonly rows: number;
  /** Number of the first bucket. */
  readonly first: number;
}

/** A big map as pixels: one for each cell of its main buckets, eight side by side for a bucket. */
export interface OverviewPixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity of each pixel, row by row: what `ImageData` takes. */
  readonly data: Uint8ClampedArray;
  /** Buckets side by side in a row. */
  readonly perRow: number;
  /** Which rows are what: the old array, then the new one, its halves X and Y apart. */
  readonly bands: readonly OverviewBand[];
}

/** Rows left free between bands. */
const GAP = 2;

/**
 * Draws a big map into pixels. Old bucket, its X and its Y stand in the same place of their bands: one sees a growth
 * go on.
 */
export function overviewPixels(state: OverviewSnapshot, palette: OverviewPalette = LIGHT): OverviewPixels {
  const { buckets, oldbuckets } = state;
  const half = oldbuckets?.length ?? buckets?.length ?? 1;
  // About twice as wide as high: a bucket is eight pixels wide and one high.
  const perRow = 2 ** Math.max(0, Math.ceil((Math.log2(half) - 2) / 2));
  const bands: OverviewBand[] = [];
  let top = 0;
  const add = (array: OverviewBand["array"], first: number, length: number) => {
    const rows = Math.ceil(length / perRow);
    bands.push({ array, top, rows, first });
    top += rows + GAP;
  };
  if (oldbuckets !== null) add("oldbuckets", 0, oldbuckets.length);
  if (buckets !== null) {
    for (let first = 0; first < buckets.length; first += half) add("buckets", first, half);
  }
  const width = BUCKET_CELLS * perRow;
  const height = Math.max(1, top - GAP);
  const data = new Uint8ClampedArray(4 * width * height);
  const pixels = new Uint32Array(data.buffer);
  pixels.fill(packed(palette.paper));
  const colours = coloursOf(palette);
  for (const band of bands) {
    paint(
      state[band.array] as OverviewArray,
      band,
      Math.min(half, perRow * band.rows),
      width,
      colours,
      pixels,
    );
  }
  return { width, height, data, perRow, bands };
}

/** Copies tophash bytes into a band: the cells of a bucket lie side by side in both. */
function paint(
  { tophash }: OverviewArray,
  { top, first }: OverviewBand,
  length: number,
  width: number,
  colours: Uint32Array,
  pixels: Uint32Array,
): void {
  const from = BUCKET_CELLS * first;
  const to = width * top;
  const cells = BUCKET_CELLS * length;
  for (let i = 0; i < cells; i++) pixels[to + i] = colours[tophash[from + i] as number] as number;
}

/** The colour of each tophash. */
function coloursOf(palette: OverviewPalette): Uint32Array {
  const colours = new Uint32Array(256).fill(packed(palette.live), minTopHash);
  colours.fill(packed(palette.rest), 0, minTopHash);
  colours[TopHash.emptyOne] = packed(palette.one);
  colours[TopHash.evacuatedX] = packed(palette.x);
  colours[TopHash.evacuatedY] = packed(palette.y);
  return colours;
}

/** A colour as one word, its bytes in the order in which memory has them. */
function packed([red, green, blue]: readonly [number, number, number]): number {
  return new Uint32Array(new Uint8Array([red, green, blue, 255]).buffer)[0] as number;
}

/** Which cell is drawn at a pixel; undefined between the bands. */
export function overviewCellAt(
  { perRow, bands, width }: OverviewPixels,
  x: number,
  y: number,
): { array: OverviewBand["array"]; bucket: number; cell: number } | undefined {
  const band = bands.find(({ top, rows }) => y >= top && y < top + rows);
  if (band === undefined || x < 0 || x >= width) return undefined;
  const bucket = band.first + (Math.floor(y) - band.top) * perRow + Math.floor(x / BUCKET_CELLS);
  return { array: band.array, bucket, cell: Math.floor(x) % BUCKET_CELLS };
}

/** What {@link paintOverview} needs of a canvas's context. */
interface Context {
  createImageData(width: number, height: number): { readonly data: { set(data: ArrayLike<number>): void } };
  putImageData(image: never, x: number, y: number): void;
}

/** Puts an overview onto a canvas of its size: `canvas.getContext("2d")`. */
export function paintOverview(context: Context, { width, height, data }: OverviewPixels): void {
  const image = context.createImageData(width, height);
  image.data.set(data);
  context.putImageData(image as never, 0, 0);
}
