import { launchChromium } from "../../tools/chromium.ts";
import type { OverviewPixels } from "../diagram/overviewpixels.ts";
import { Runtime } from "../index.ts";

// `npm run bench:drawing`: how long drawings take. The overview of 16,384 buckets has to be done within one
// frame of a screen, 16 ms: else this fails.

const FRAME = 16;
const ROUNDS = 21;

/** Milliseconds that a call takes: the median of {@link ROUNDS}, after as many to warm up. */
function time(call: () => unknown): number {
  const times: number[] = [];
  for (let round = 0; round < 2 * ROUNDS; round++) {
    const start = performance.now();
    call();
    if (round >= ROUNDS) times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[ROUNDS >> 1] as number;
}

function row(name: string, milliseconds: number, remark = ""): void {
  console.log(`${name.padEnd(44)} ${milliseconds.toFixed(2).padStart(8)} ms  ${remark}`.trimEnd());
}

function filled(entries: number) {
  const m = new Runtime({ seed: 1 }).make("map[int]int", entries);
  for (let i = 0; i < entries; i++) m.set(i, i);
  return m;
}

console.log(`Medians of ${ROUNDS} rounds, Node ${process.versions.node}\n`);
const small = filled(100);
row(
  "16 buckets: SVG",
  time(() => small.draw().svg),
  `${small.draw().svg.length.toLocaleString("en")} characters`,
);
row(
  "16 buckets: text",
  time(() => small.draw().text),
);
row(
  "16 buckets: what a notebook gets",
  time(() => JSON.stringify(bundle(small))),
);
row(
  "one bucket's bytes: SVG",
  time(() => small.bytes(0).svg),
);
row(
  "a key's hash: SVG",
  time(() => small.drawHash(7).svg),
);

const big = filled(100_000);
const buckets = big.snapshot({ limit: 0 }).buckets?.length.toLocaleString("en");
const pixels = time(() => big.overviewPixels());
row(
  `${buckets} buckets: overview in pixels`,
  pixels,
  `${big.overviewPixels().width} by ${big.overviewPixels().height}`,
);
row(
  `${buckets} buckets: overview as SVG`,
  time(() => big.overview().svg),
  `${big.overview().svg.length.toLocaleString("en")} characters`,
);
row(
  `${buckets} buckets: overview as text`,
  time(() => big.overview().text),
);

const huge = filled(1_000_000);
row(
  "262,144 buckets: overview in pixels",
  time(() => huge.overviewPixels()),
  `${huge.overviewPixels().width} by ${huge.overviewPixels().height}`,
);
row(
  "262,144 buckets: overview as SVG",
  time(() => huge.overview().svg),
  `${huge.overview().svg.length.toLocaleString("en")} characters`,
);

const painted = await paintTime(big.overviewPixels());
if (painted !== undefined) row(`${buckets} buckets: onto a canvas of Chromium`, painted);

if (pixels + (painted ?? 0) > FRAME) {
  console.error(`\nThe overview of ${buckets} buckets takes more than a frame of ${FRAME} ms.`);
  process.exitCode = 1;
}

/** Milliseconds that a page takes to put pixels onto a canvas; undefined, and a sentence why, without Chromium. */
async function paintTime({ width, height, data }: OverviewPixels): Promise<number | undefined> {
  try {
    await using browser = await launchChromium();
    const page = await browser.newPage();
    return await page.evaluate(
      ({ width, height, bytes, rounds }) => {
        const canvas = Object.assign(document.createElement("canvas"), { width, height });
        const context = canvas.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
        const data = Uint8ClampedArray.from(atob(bytes), (character) => character.charCodeAt(0));
        const times: number[] = [];
        for (let round = 0; round < rounds; round++) {
          const start = performance.now();
          const image = context.createImageData(width, height);
          image.data.set(data);
          context.putImageData(image, 0, 0);
          context.getImageData(0, 0, 1, 1); // has to wait until the pixels are there
          times.push(performance.now() - start);
        }
        return times.sort((a, b) => a - b)[rounds >> 1] as number;
      },
      { width, height, bytes: Buffer.from(data.buffer).toString("base64"), rounds: ROUNDS },
    );
  } catch (error) {
    console.log(`Without a canvas: ${(error as Error).message}`);
    return undefined;
  }
}

function bundle(m: object): unknown {
  return (m as Record<symbol, () => unknown>)[Symbol.for("Jupyter.display")]?.();
}
