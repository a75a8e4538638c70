import type { HeapEvent, HeapSample, HeapSeriesSnapshot } from "../diagram/states.ts";
import { growing, HMAP, oldBucketCount } from "../map/hmap.ts";
import { arrayBuckets } from "../map/make.ts";
import type { Recording } from "./recording.ts";

/** Operations that are looked at, at most: more than a chart has pixels for. */
const SAMPLES = 400;

/**
 * The heap over a recording's operations: bytes of all objects, and of the arrays of all maps that it has seen. Of a
 * long recording some operations stand for all. The recording is where it was afterwards.
 */
export function heapSeriesOf(recording: Recording): HeapSeriesSnapshot {
  const { position, operations } = recording;
  const samples: HeapSample[] = [];
  const events: HeapEvent[] = [];
  const count = Math.min(SAMPLES, operations);
  let done = 0;
  for (let at = 0; at < count; at++) {
    const next = Math.floor(((at + 1) * operations) / count);
    for (; done < next; done++) {
      if (recording.has(done, "growth")) events.push({ at, kind: "growth" });
      if (recording.has(done, "collection")) events.push({ at, kind: "collection" });
    }
    recording.seek(recording.endOf(next - 1));
    samples.push({ heapAlloc: recording.heapAlloc(next), ...arrays(recording) });
  }
  recording.seek(position);
  return { unit: "operation", samples, events };
}

/** Bytes of the arrays that there are at the present position. */
function arrays(recording: Recording): Pick<HeapSample, "buckets" | "oldbuckets"> {
  const { memory } = recording.parts.machine;
  let buckets = 0;
  let oldbuckets = 0;
  for (const map of recording.maps) {
    if (!recording.exists(map)) continue;
    const { type: t, address: h } = map;
    if (memory.loadPointer(h + HMAP.buckets) !== 0) {
      buckets += arrayBuckets(t, memory.load8(h + HMAP.B)) * t.bucketSize;
    }
    if (growing(memory, h))
      oldbuckets += arrayBuckets(t, Math.log2(oldBucketCount(memory, h))) * t.bucketSize;
  }
  return { buckets, oldbuckets };
}
