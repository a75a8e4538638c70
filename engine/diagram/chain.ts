import { formatAddress } from "../memory/memory.ts";
import type { BucketSnapshot, MapSnapshot } from "../snapshot.ts";
import { BUCKET_HEIGHT, bucketWidth, drawBucket, measures, tailOf } from "./bucketsvg.ts";
import { checkWidth, Drawing } from "./drawing.ts";
import { bucketLines, cellWidth } from "./maptext.ts";
import { arrow, fitted, HEADING, NOTE, picture, text } from "./svg.ts";
import { bucketTitle, count, placeWords } from "./words.ts";

/**
 * One bucket with the overflow buckets that hang on it, drawn.
 *
 * @param state a map of which the array has one chain
 */
export function chainDrawing(state: MapSnapshot): Drawing {
  return new Drawing({
    title: `Bucket ${state.buckets?.from} of a ${state.type}`,
    text: () => chainText(state),
    svg: (width) => chainSvg(state, width),
    snapshot: () => ({ chain: state }),
  });
}

function chainOf(state: MapSnapshot): readonly BucketSnapshot[] {
  return state.buckets?.chains[0] ?? [];
}

function words(state: MapSnapshot): { name: string; remark: string } {
  const chain = chainOf(state);
  const buckets = state.buckets as NonNullable<MapSnapshot["buckets"]>;
  const live = chain.flatMap((bucket) => bucket.cells).filter((cell) => cell.key !== undefined).length;
  const overflow =
    chain.length === 1 ? "" : `, with ${count(chain.length - 1, "overflow bucket", "overflow buckets")}`;
  return {
    name: `bucket ${buckets.from} of ${buckets.length}${overflow}`,
    remark: `${state.type}, ${count(live, "entry", "entries")}, at ${formatAddress(chain[0]?.address ?? 0)}`,
  };
}

function chainText(state: MapSnapshot): string {
  const { name, remark } = words(state);
  const buckets = state.buckets as NonNullable<MapSnapshot["buckets"]>;
  const lines = chainOf(state).flatMap((bucket, link) =>
    bucketLines(
      bucketTitle(state, buckets, buckets.from, link, bucket),
      bucket,
      cellWidth(state, {}),
      {},
      true,
    ),
  );
  return [`${name}: ${remark}`, ...lines].join("\n");
}

const MARGIN = 16;
const GAP = 28;

/** The chain as SVG: from left to right, in as many rows as it takes. */
function chainSvg(state: MapSnapshot, width = 900): string {
  const room = checkWidth(width) - 2 * MARGIN;
  const chain = chainOf(state);
  const buckets = state.buckets as NonNullable<MapSnapshot["buckets"]>;
  const slots = measures(state, room, width < 480);
  const across = bucketWidth(slots);
  const columns = Math.max(1, Math.floor((room + GAP) / (across + GAP)));
  const { name, remark } = words(state);
  const shapes = [
    text(MARGIN, 30, fitted(name, room, HEADING), HEADING),
    text(MARGIN, 48, fitted(remark, room, NOTE), NOTE),
  ];
  const [tailX, tailY] = tailOf(slots);
  for (const [link, bucket] of chain.entries()) {
    const x = MARGIN + (link % columns) * (across + GAP);
    const y = 60 + Math.floor(link / columns) * (BUCKET_HEIGHT + GAP);
    const last = link + 1 === chain.length;
    const title = bucketTitle(state, buckets, buckets.from, link, bucket);
    const label = link === 0 ? `bucket ${buckets.from}` : `overflow ${link}`;
    const place = link === 0 ? "" : placeWords(bucket);
    shapes.push(drawBucket(bucket, { title, label, remark: place, half: undefined, last }, slots, x, y, {}));
    if (last) continue;
    const from = [x + tailX, y + tailY] as const;
    if ((link + 1) % columns !== 0) {
      const turn = x + across + GAP / 2 - 3;
      shapes.push(arrow(from, [turn, from[1]], [turn, y + 13], [x + across + GAP, y + 13]));
    } else {
      const [lane, under] = [MARGIN + 14, y + BUCKET_HEIGHT + GAP / 2 - 2];
      shapes.push(arrow(from, [from[0], under], [lane, under], [lane, y + BUCKET_HEIGHT + GAP]));
    }
  }
  const rows = Math.ceil(chain.length / columns);
  const wide = Math.min(columns, chain.length) * (across + GAP) - GAP;
  return picture(
    Math.max(wide, Math.min(room, 300)) + 2 * MARGIN,
    60 + rows * (BUCKET_HEIGHT + GAP) - GAP + MARGIN,
    shapes,
    {
      title: `Bucket ${buckets.from} of a ${state.type}`,
      description: `${name}: ${chain
        .flatMap((bucket) => bucket.cells)
        .flatMap((cell) => (cell.key === undefined ? [] : [`${cell.key}: ${cell.elem}`]))
        .join(", ")}.`,
    },
  );
}
