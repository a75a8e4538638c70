import type { HeapEvent, HeapSample, HeapSeriesSnapshot } from "./states.ts";
import { count } from "./words.ts";

/** Samples that one column of pixels or characters stands for. */
export interface Column {
  low: number;
  high: number;
  buckets: number;
  oldbuckets: number;
}

/** As many columns as there is room for; of several samples the extremes. */
export function columnsOf(samples: readonly HeapSample[], most: number): Column[] {
  const length = Math.min(samples.length, most);
  return Array.from({ length }, (_, column) => {
    const from = Math.floor((column * samples.length) / length);
    const to = Math.floor(((column + 1) * samples.length) / length);
    const found: Column = { low: Infinity, high: 0, buckets: 0, oldbuckets: 0 };
    for (let i = from; i < to; i++) {
      const { heapAlloc, buckets, oldbuckets } = samples[i] as HeapSample;
      found.low = Math.min(found.low, heapAlloc);
      found.high = Math.max(found.high, heapAlloc);
      found.buckets = Math.max(found.buckets, buckets);
      found.oldbuckets = Math.max(found.oldbuckets, oldbuckets);
    }
    return found;
  });
}

/** A number of bytes: `208 B`, `1.5 KiB`, `38 MiB`. */
export function byteWords(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  let unit = 0;
  let number = bytes;
  while (number >= 1024 && unit < units.length - 1) {
    number /= 1024;
    unit++;
  }
  return `${number >= 100 || unit === 0 || Number.isInteger(number) ? Math.round(number) : number.toFixed(1)} ${units[unit]}`;
}

/** Round numbers of bytes from 0 to a little over `most`, at most six. */
export function ticksTo(most: number): number[] {
  let step = 64;
  while (step * 5 < most) step *= 2;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, i) => i * step);
}

/** How much memory there is and was, and what happened, in a sentence. */
export function heapWords(state: HeapSeriesSnapshot): string {
  const highest = state.samples.reduce((most, sample) => Math.max(most, sample.heapAlloc), 0);
  const last = state.samples.at(-1)?.heapAlloc ?? 0;
  const of = (kind: HeapEvent["kind"]) => state.events.filter((event) => event.kind === kind).length;
  return `HeapAlloc ${byteWords(last)} at the end, ${byteWords(highest)} at most; ${count(of("growth"), "growth", "growths")}, ${count(of("collection"), "collection", "collections")}`;
}
