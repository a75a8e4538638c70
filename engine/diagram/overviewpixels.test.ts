import { expect, test } from "vitest";
import { Runtime } from "../index.ts";
import type { OverviewArray, OverviewSnapshot } from "../overviewsnapshot.ts";
import { LIGHT, overviewCellAt, overviewPixels, paintOverview } from "./overviewpixels.ts";

/** An array in which each cell's tophash is given. */
function array(...buckets: readonly (readonly number[])[]): OverviewArray {
  const tophash = Uint8Array.from(buckets.flat());
  return { length: buckets.length, tophash, live: new Uint8Array(), overflow: new Uint8Array() };
}

function colourAt({ data, width }: ReturnType<typeof overviewPixels>, x: number, y: number): number[] {
  return [...data.slice(4 * (y * width + x), 4 * (y * width + x) + 3)];
}

const plain = { type: "map[int]int", count: 0, B: 0, nevacuate: 0 };

test("eight pixels side by side are the cells of a bucket, in the colour of what is in them", () => {
  const pixels = overviewPixels({ ...plain, buckets: array([9, 255, 5, 4, 3, 2, 1, 0]), oldbuckets: null });
  expect([pixels.width, pixels.height]).toEqual([8, 1]);
  const { live, rest, y, x, one } = LIGHT;
  const colours = Array.from({ length: 8 }, (_, cell) => colourAt(pixels, cell, 0));
  expect(colours).toEqual([live, live, live, rest, y, x, one, rest]);
});

test("while the map grows, a bucket, its X and its Y stand in the same place of three bands", () => {
  const state: OverviewSnapshot = {
    ...plain,
    oldbuckets: array([2, 3, 4, 4, 4, 4, 4, 4], [9, 0, 0, 0, 0, 0, 0, 0]),
    buckets: array(
      [9, 0, 0, 0, 0, 0, 0, 0],
      new Array(8).fill(0),
      [9, 1, 0, 0, 0, 0, 0, 0],
      new Array(8).fill(0),
    ),
  };
  const pixels = overviewPixels(state);
  expect(pixels.bands.map(({ array: of, first }) => [of, first])).toEqual([
    ["oldbuckets", 0],
    ["buckets", 0],
    ["buckets", 2],
  ]);
  const [old, x, y] = pixels.bands.map(({ top }) => top) as [number, number, number];
  expect(colourAt(pixels, 0, old)).toEqual(LIGHT.x);
  expect(colourAt(pixels, 1, old)).toEqual(LIGHT.y);
  expect(colourAt(pixels, 0, x)).toEqual(LIGHT.live);
  expect(colourAt(pixels, 0, y)).toEqual(LIGHT.live);
  expect(colourAt(pixels, 1, y)).toEqual(LIGHT.one);
  expect(colourAt(pixels, 0, x - 1)).toEqual(LIGHT.paper);
});

test("a pixel tells which cell it is", () => {
  const m = new Runtime({ seed: 1 }).make("map[int]int");
  for (let i = 0; m.snapshot({ limit: 0 }).nevacuate < 30; i++) m.set(i, i);
  const state = m.snapshot();
  const pixels = m.overviewPixels();
  let live = 0;
  for (let y = 0; y < pixels.height; y++) {
    for (let x = 0; x < pixels.width; x++) {
      const at = overviewCellAt(pixels, x, y);
      if (at === undefined) continue;
      const cell = state[at.array]?.chains[at.bucket]?.[0]?.cells[at.cell];
      const isLive = String(colourAt(pixels, x, y)) === String(LIGHT.live);
      expect(isLive, `pixel ${x}, ${y}`).toBe(cell?.key !== undefined);
      if (isLive) live++;
    }
  }
  expect(live).toBeGreaterThan(100);
  expect(overviewCellAt(pixels, pixels.width, 0)).toBeUndefined();
});

test("a million keys are 2,048 pixels by 1,024, a pixel for each of the cells of 262,144 buckets", () => {
  const array = {
    length: 262_144,
    tophash: new Uint8Array(2_097_152),
    live: new Uint8Array(),
    overflow: new Uint8Array(),
  };
  const { width, height } = overviewPixels({ ...plain, B: 18, buckets: array, oldbuckets: null });
  expect([width, height]).toEqual([2048, 1024]);
});

test("a map without a bucket is one pixel of paper", () => {
  const pixels = overviewPixels({ ...plain, buckets: null, oldbuckets: null });
  expect([pixels.width > 0, pixels.height, pixels.bands]).toEqual([true, 1, []]);
});

test("an overview is put onto a canvas as it is", () => {
  const pixels = overviewPixels({ ...plain, buckets: array([9, 0, 0, 0, 0, 0, 0, 0]), oldbuckets: null });
  const put: unknown[] = [];
  paintOverview(
    {
      createImageData: (width, height) => ({ data: new Uint8ClampedArray(4 * width * height) }),
      putImageData: (image, x, y) => put.push((image as { data: Uint8ClampedArray }).data, x, y),
    },
    pixels,
  );
  expect(put).toEqual([pixels.data, 0, 0]);
});
