import { DRAWN } from "../diagram/mapbundle.ts";
import type { Focus, MapDrawOptions, Mark } from "../diagram/mapmarks.ts";
import { mapSvg } from "../diagram/mapsvg.ts";
import { mapText } from "../diagram/maptext.ts";
import type { Address } from "../memory/memory.ts";
import type { MapSnapshot } from "../snapshot.ts";
import type { TraceEvent } from "./events.ts";
import { focusOf } from "./focus.ts";
import type { RecordedMap } from "./recorded.ts";
import type { Recording } from "./recording.ts";

/** Main buckets of each array that a frame shows at most. */
const FRAME_BUCKETS = 16;

/** What there is to see at a recording's position. */
export interface Frame {
  /** The bucket that the step is about, or null. */
  readonly bucket: Address | null;
  /** The map that the present operation is about; null before any is made. */
  readonly map: RecordedMap | null;
  readonly state: MapSnapshot | null;
  readonly marks: readonly Mark[];
  readonly focus: readonly Focus[];
}

/**
 * Takes what there is to see at a recording's position. Of a big map it is the part that the step is about.
 *
 * @param buckets most main buckets of each array
 * @param from number of the first of them, instead of what the step is about
 */
export function frameOf(recording: Recording, buckets = FRAME_BUCKETS, from?: number): Frame {
  const map = recording.map ?? recording.maps.findLast((one) => recording.exists(one)) ?? null;
  if (map === null || !recording.exists(map))
    return { map: null, state: null, marks: [], focus: [], bucket: null };
  const { event } = recording;
  const focus = event === null ? [] : focusOf(event);
  const soFar = recording.eventsSoFar;
  if (event?.kind === "elemStored") {
    const place = soFar.findLast((one) => one.kind === "cellTaken" || one.kind === "keyFound");
    if (place !== undefined) focus.push({ bucket: place.b, cell: place.cell, part: "elem" });
  }
  const first = from ?? Math.floor(bucketNumber(recording, map, focus, soFar) / buckets) * buckets;
  const state = recording.snapshot(map, { from: first, limit: buckets, links: DRAWN.links });
  const marks = recording
    .iterators()
    .filter((iterator) => recording.maps[iterator.map] === map)
    .map(({ bucket, cell }): Mark => ({ name: "iterator", bucket, ...(cell < 0 ? {} : { cell }) }));
  const bucket = focus.findLast((one) => "bucket" in one)?.bucket ?? null;
  return { map, state, marks, focus, bucket };
}

/** The number of the main bucket that a step is about; for an overflow bucket, of the one its chain begins with. */
function bucketNumber(
  recording: Recording,
  map: RecordedMap,
  focus: readonly Focus[],
  soFar: readonly TraceEvent[],
): number {
  for (const one of focus) {
    const number = "bucket" in one ? recording.mainBucketOf(map, one.bucket) : -1;
    if (number >= 0) return number;
  }
  const last = soFar.findLast(
    (one) => one.kind === "bucketChosen" || one.kind === "iteratorMoved" || one.kind === "evacuationStarted",
  );
  if (last === undefined) return 0;
  return last.kind === "evacuationStarted" ? last.oldbucket : last.number;
}

/**
 * The frame at a recording's position as SVG; an empty string when there is no map yet.
 *
 * @param options the most pixels in width, and sentences to stand above
 */
export function frameSvg(
  { state, marks, focus }: Frame,
  options: Pick<MapDrawOptions, "width" | "notes"> = {},
): string {
  return state === null ? "" : mapSvg(state, { marks, focus, ...options });
}

/** The frame as text. */
export function frameText({ state, marks, focus }: Frame): string {
  return state === null ? "no map yet" : mapText(state, { marks, focus });
}
