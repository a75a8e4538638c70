import type { ArraySnapshot, MapSnapshot, SnapshotOptions } from "../snapshot.ts";
import { type DrawingBundle, drawingBundle } from "./bundle.ts";
import { mapDrawing } from "./mapdrawing.ts";
import { SNAPSHOT_MIME } from "./snapshotjson.ts";

/** How much of a map is drawn unless more is asked for. */
export const DRAWN = { limit: 16, links: 16 } as const;

/** Characters of a key or elem that a notebook keeps; a picture shows fewer still. */
const MOST_CHARACTERS = 60;

/**
 * A map in all its forms. They stay below 300 KB together, whatever the map: of many buckets and of
 * long chains the first are shown, long keys and elems are cut (and end in `…`), and both forms say how many buckets
 * are left out.
 *
 * @param take takes the map's state, with the options given
 */
export function mapBundle(take: (options: SnapshotOptions) => MapSnapshot): DrawingBundle {
  let { limit, links }: { limit: number; links: number } = DRAWN;
  for (;;) {
    const map = shortened(take({ limit, links }));
    const { title, text, svg } = mapDrawing(map);
    const bundle = drawingBundle({ title, text, svg, snapshot: { map } });
    // With every form in it, it is short enough.
    if (SNAPSHOT_MIME in bundle || (limit === 1 && links === 1)) return bundle;
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
