import type { ArraySnapshot, MapSnapshot, SnapshotOptions } from "../snapshot.ts";
import { mapSvg } from "./mapsvg.ts";
import { mapText } from "./maptext.ts";

/** The MIME type of {@link SnapshotJson}. */
export const SNAPSHOT_MIME = "application/vnd.hmap.snapshot.v1+json";

/** A map's state, or a part of it, as JSON that says what it is. See snapshot.schema.json. */
export interface SnapshotJson {
  readonly format: "hmap-snapshot/1";
  readonly map: MapSnapshot;
}

/** What a notebook shows of a map, best form last. */
export interface MapBundle {
  readonly "text/plain": string;
  readonly "image/svg+xml": string;
  readonly [SNAPSHOT_MIME]: SnapshotJson;
}

/** How much of a map is drawn unless more is asked for. */
export const DRAWN = { limit: 16, links: 16 } as const;

/** Characters of a key or elem that a notebook keeps; a picture shows fewer still. */
const MOST_CHARACTERS = 60;

/** Bytes of one bundle, about: a notebook with many maps in it stays quick to load, keep and compare. */
const MOST_BYTES = 280_000;

/**
 * A map in all its forms. They stay below {@link MOST_BYTES} together, whatever the map: of many buckets and of
 * long chains the first are shown, long keys and elems are cut (and end in `…`), and both forms say how many buckets
 * are left out.
 *
 * @param take takes the map's state, with the options given
 */
export function mapBundle(take: (options: SnapshotOptions) => MapSnapshot): MapBundle {
  let { limit, links }: { limit: number; links: number } = DRAWN;
  for (;;) {
    const map = shortened(take({ limit, links }));
    const bundle: MapBundle = {
      "text/plain": mapText(map),
      "image/svg+xml": mapSvg(map),
      [SNAPSHOT_MIME]: { format: "hmap-snapshot/1", map },
    };
    if (bytesOf(bundle) <= MOST_BYTES || (limit === 1 && links === 1)) return bundle;
    if (links > 1) links = Math.ceil(links / 2);
    else limit = Math.ceil(limit / 2);
  }
}

/** A map's state with its long keys and elems cut. */
function shortened(state: MapSnapshot): MapSnapshot {
  const { buckets, oldbuckets } = state;
  return {
    ...state,
    buckets: buckets && shortenedArray(buckets),
    oldbuckets: oldbuckets && shortenedArray(oldbuckets),
  };
}

function shortenedArray(array: ArraySnapshot): ArraySnapshot {
  const chains = array.chains.map((chain) =>
    chain.map((bucket) => ({
      ...bucket,
      cells: bucket.cells.map((cell) =>
        cell.key === undefined || cell.elem === undefined
          ? cell
          : { ...cell, key: cut(cell.key), elem: cut(cell.elem) },
      ),
    })),
  );
  return { ...array, chains };
}

function cut(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const characters = [...text.slice(0, 2 * MOST_CHARACTERS)];
  return characters.length <= MOST_CHARACTERS
    ? text
    : `${characters.slice(0, MOST_CHARACTERS - 1).join("")}…`;
}

/** About the bytes that a notebook file needs for it: a character beyond ASCII is three at most. */
function bytesOf(bundle: MapBundle): number {
  const text = JSON.stringify(bundle);
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) bytes += 2;
  return bytes;
}
