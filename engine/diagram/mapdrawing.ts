import { BUCKET_CELLS } from "../map/bmap.ts";
import type { IteratorSnapshot, MapSnapshot } from "../snapshot.ts";
import { Drawing } from "./drawing.ts";
import type { MapDrawOptions, Mark } from "./mapmarks.ts";
import { mapSvg } from "./mapsvg.ts";
import { mapText } from "./maptext.ts";
import type { SnapshotContent } from "./snapshotjson.ts";
import { count } from "./words.ts";

/** A map's state, drawn. */
export function mapDrawing(state: MapSnapshot, options: MapDrawOptions = {}): Drawing {
  const { marks, focus } = options;
  return forms(state, options, () => ({
    map: state,
    ...(marks === undefined ? {} : { marks }),
    ...(focus === undefined ? {} : { focus }),
  }));
}

/**
 * An iterator, drawn: its map, with the cell it stands on and the one it began with marked.
 *
 * @param state the part of the map around the iterator
 */
export function iteratorDrawing(state: MapSnapshot, iterator: IteratorSnapshot): Drawing {
  const { buckets, startBucket, offset, done, bptr, i } = iterator;
  const marks: Mark[] = [];
  if (buckets !== 0) {
    marks.push({
      bucket: buckets + startBucket * state.bucketSize,
      cell: offset,
      name: "iterator",
      kind: "start",
    });
  }
  if (!done && bptr !== 0) {
    marks.push({ bucket: bptr, cell: (i - 1 + offset) & (BUCKET_CELLS - 1), name: "iterator" });
  }
  return forms(state, { marks }, () => ({ iterator, map: state }));
}

function forms(state: MapSnapshot, options: MapDrawOptions, snapshot: () => SnapshotContent): Drawing {
  return new Drawing({
    title: `A ${state.type} with ${count(state.count, "entry", "entries")}`,
    text: () => mapText(state, options),
    svg: (width) => mapSvg(state, width === undefined ? options : { ...options, width }),
    snapshot,
  });
}
