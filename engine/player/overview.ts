import {
  DARK,
  LIGHT,
  type OverviewPixels,
  overviewCellAt,
  overviewPixels,
  paintOverview,
} from "../diagram/overviewpixels.ts";
import { grouped } from "../grouped.ts";
import { overviewAt } from "../trace/closeup.ts";
import type { Frame } from "../trace/frame.ts";
import type { Recording } from "../trace/recording.ts";
import { h } from "./controls.ts";

/** For how many times as long as the last painting took there is none. */
const REST = 8;
/** A painting of so many milliseconds is none that a reader who drags the slider would not notice. */
const NOTICED = 6;
/** How long the slider must have been still for one of those, in milliseconds. */
const STILL = 90;

/**
 * All buckets of a big map on a canvas, a pixel for each cell. A press on one shows that part of the map in the
 * drawing. The keyboard goes there with the player's steps, so the canvas is a picture to it.
 */
export class Overview {
  readonly element: HTMLElement;
  readonly #canvas = h("canvas", { role: "img" });
  readonly #words = h("p");
  #pixels: OverviewPixels | null = null;
  #cost = 0; // milliseconds that the last painting took
  #painted = 0; // when it was
  #waiting: ReturnType<typeof setTimeout> | undefined;

  /** @param choose is called with the number of the bucket that the reader wants to see */
  constructor(choose: (bucket: number) => void) {
    this.element = h("div", { class: "overview", hidden: "" }, this.#words, this.#canvas);
    this.#canvas.addEventListener("click", ({ offsetX, offsetY }) => {
      if (this.#pixels === null) return;
      const scale = this.#pixels.width / this.#canvas.clientWidth;
      const place = overviewCellAt(this.#pixels, offsetX * scale, offsetY * scale);
      if (place !== undefined) choose(place.bucket);
    });
  }

  /**
   * Shows a position, if the map has more buckets than the drawing shows. While positions follow each other quickly
   * a big map is painted now and then only, so that there is time for the rest of each frame; while the slider is
   * dragged, when it is still.
   */
  show(recording: Recording, frame: Frame, drawn: number, dragged: boolean): void {
    clearTimeout(this.#waiting);
    this.element.hidden = (frame.state?.buckets?.length ?? 0) <= drawn;
    if (this.element.hidden) return;
    const rest =
      dragged && this.#cost > NOTICED ? STILL : this.#painted + REST * this.#cost - performance.now();
    if (rest <= 0) this.#paint(recording, frame);
    else this.#waiting = setTimeout(() => this.#paint(recording, frame), rest);
  }

  #paint(recording: Recording, frame: Frame): void {
    const began = performance.now();
    const state = overviewAt(recording, frame);
    const context = this.#canvas.getContext("2d");
    if (state === null || context === null) return;
    const length = state.buckets?.length ?? 0;
    this.#pixels = overviewPixels(state, isDark(this.element) ? DARK : LIGHT);
    const { width, height } = this.#pixels;
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    // Enlarged, a cell is a square; made smaller, it must not drop out.
    this.#canvas.style.imageRendering = width < this.#canvas.clientWidth ? "pixelated" : "auto";
    paintOverview(context, this.#pixels);
    this.#words.textContent = `All ${grouped(length)} buckets, a dot for each cell. Press on one to see it above.`;
    this.#canvas.setAttribute(
      "aria-label",
      `${grouped(state.count)} entries in ${grouped(length)} buckets` +
        (state.oldbuckets === null
          ? ""
          : `, growing: ${grouped(state.nevacuate)} of ${grouped(state.oldbuckets.length)} old buckets are done`),
    );
    this.#painted = performance.now();
    this.#cost = this.#painted - began;
  }
}

/** Whether an element's text is light: canvases know nothing of `light-dark()`. */
function isDark(element: Element): boolean {
  const red = /\d+/.exec(getComputedStyle(element).color)?.[0];
  return red !== undefined && Number(red) > 128;
}
