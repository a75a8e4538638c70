import { type Address, formatAddress } from "../memory/memory.ts";
import type { TraceEvent } from "../trace/events.ts";

/** How long an entry is under way, in milliseconds. */
const JOURNEY = 420;
const APPEARANCE = 260;

/** Where the drawn cell of a bucket is on the screen, when it is drawn. */
function cellElement(stage: Element, bucket: Address, cell: number): SVGGraphicsElement | null {
  return stage.querySelector(`[data-bucket="${formatAddress(bucket)}"] [data-cell="${cell}"]`);
}

/**
 * Lets what a step has moved travel from where it was to where it is now, in the new drawing.
 *
 * @param before where the cells were in the drawing before: see {@link placesOf}
 * @param forwards whether the step has been done, rather than undone
 */
export function travel(
  stage: Element,
  event: TraceEvent,
  before: ReadonlyMap<string, DOMRect>,
  forwards: boolean,
): void {
  if (event.kind === "entryMoved" || event.kind === "entryCopied") {
    const [from, to] = [
      { bucket: event.b, cell: event.cell },
      { bucket: event.to, cell: event.toCell },
    ];
    const [origin, target] = forwards ? [from, to] : [to, from];
    const start = before.get(placeName(origin.bucket, origin.cell));
    const element = cellElement(stage, target.bucket, target.cell);
    if (start === undefined || element === null) return;
    const end = element.getBoundingClientRect();
    // Lengths in a picture that is made smaller are larger than on the screen.
    const scale = element.getScreenCTM()?.a ?? 1;
    const [right, down] = [(start.x - end.x) / scale, (start.y - end.y) / scale];
    // What is drawn later lies on top: the traveller must not pass under other buckets.
    element.closest("svg")?.append(...raise(element));
    element.animate([{ transform: `translate(${right}px, ${down}px)` }, { transform: "translate(0, 0)" }], {
      duration: JOURNEY,
      easing: "cubic-bezier(0.4, 0, 0.2, 1)",
    });
  } else if (event.kind === "cellTaken" && forwards) {
    cellElement(stage, event.b, event.cell)?.animate([{ opacity: 0 }, { opacity: 1 }], {
      duration: APPEARANCE,
    });
  }
}

/** The bucket that a cell is in, to be drawn last. */
function raise(cell: SVGGraphicsElement): Element[] {
  const bucket = cell.closest("[data-bucket]");
  return bucket === null ? [] : [bucket];
}

/** Where the cells are that a step is about, in the drawing as it is now. */
export function placesOf(stage: Element, event: TraceEvent | null): Map<string, DOMRect> {
  const places = new Map<string, DOMRect>();
  if (event === null || (event.kind !== "entryMoved" && event.kind !== "entryCopied")) return places;
  for (const [bucket, cell] of [
    [event.b, event.cell],
    [event.to, event.toCell],
  ] as const) {
    const element = cellElement(stage, bucket, cell);
    if (element !== null) places.set(placeName(bucket, cell), element.getBoundingClientRect());
  }
  return places;
}

function placeName(bucket: Address, cell: number): string {
  return `${bucket}.${cell}`;
}
