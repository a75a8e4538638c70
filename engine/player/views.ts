import { bytesDrawing } from "../diagram/bucketbytes.ts";
import type { Drawing } from "../diagram/drawing.ts";
import { type HashDrawOptions, hashDrawing } from "../diagram/hashbits.ts";
import { heapDrawing } from "../diagram/heapseries.ts";
import type { HeapSeriesSnapshot } from "../diagram/states.ts";
import { typeDrawing } from "../diagram/typelayout.ts";
import { bytesAt, hashAt } from "../trace/closeup.ts";
import type { TraceEvent } from "../trace/events.ts";
import { type Frame, frameText } from "../trace/frame.ts";
import { heapSeriesOf } from "../trace/heapseries.ts";
import type { Recording } from "../trace/recording.ts";
import { typeSnapshot } from "../typesnapshot.ts";
import { h } from "./controls.ts";

/** Something else to see of a recording's position, below the map: closed until the reader opens it. */
export interface View {
  readonly element: HTMLDetailsElement;
  /** Shows a position, if it is open. */
  show(recording: Recording, frame: Frame, width: number): void;
}

/** Makes a view that is drawn anew at each position. */
function view(
  summary: string,
  body: HTMLElement,
  draw: (recording: Recording, frame: Frame, width: number) => void,
): View {
  const element = h("details", {}, h("summary", {}, summary), body);
  let last: Parameters<typeof draw> | null = null;
  element.addEventListener("toggle", () => {
    if (element.open && last !== null) draw(...last);
  });
  return {
    element,
    show(...position) {
      last = position;
      if (element.open) draw(...position);
    },
  };
}

/** A view of a drawing; where there is none, the sentence that says why. */
function drawingView(
  summary: string,
  none: string,
  draw: (recording: Recording, frame: Frame) => Drawing | null,
): View {
  const body = h("div", { class: "drawing", tabindex: "0", role: "group", "aria-label": summary });
  return view(summary, body, (recording, frame, width) => {
    const drawing = draw(recording, frame);
    if (drawing === null) body.textContent = none;
    else body.innerHTML = drawing.svgIn(width);
  });
}

/** The bits of the hash that a step goes by. */
function hashFocus(event: TraceEvent | null): HashDrawOptions {
  if (event?.kind === "bucketChosen") return { focus: "bucket" };
  return event?.kind === "tophashCompared" || event?.kind === "cellTaken" ? { focus: "tophash" } : {};
}

/** The heap's course is the same at each position of a recording, and takes a moment to find out. */
const heapSeries = new WeakMap<Recording, HeapSeriesSnapshot>();

/** What can be seen of a position besides the map. */
export function views(): View[] {
  const text = h("pre", { tabindex: "0" });
  return [
    drawingView("The key's hash", "This operation has computed no hash so far.", (recording) => {
      const state = hashAt(recording);
      return state === null ? null : hashDrawing(state, hashFocus(recording.event));
    }),
    drawingView("The bucket's bytes", "This step is about no bucket.", (recording, frame) => {
      const state = bytesAt(recording, frame);
      return state === null ? null : bytesDrawing(state);
    }),
    drawingView("The type's layout", "No map has been made yet.", (_, { map }) =>
      map === null ? null : typeDrawing(typeSnapshot(map.type)),
    ),
    drawingView("The heap over all operations", "Nothing has been recorded.", (recording) => {
      const series = heapSeries.get(recording) ?? heapSeriesOf(recording);
      heapSeries.set(recording, series);
      return series.samples.length === 0 ? null : heapDrawing(series);
    }),
    view("The map as text", text, (_, frame) => {
      text.textContent = frameText(frame);
    }),
  ];
}
