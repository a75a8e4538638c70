import { type DrawingBundle, drawingBundle, type MimeBundle } from "./bundle.ts";
import type { SnapshotContent } from "./snapshotjson.ts";

/** How a {@link Drawing} is made; both forms show the same thing. */
export interface DrawingForms {
  /** What is shown, in a few words. */
  title: string;
  /** The form in box-drawing characters. */
  text(): string;
  /** The picture, in a width that is best for it or, when one is given, in at most so many pixels. */
  svg(width?: number): string;
  /** The state that is shown, as JSON; without it a notebook gets text and picture alone. */
  snapshot?(): SnapshotContent;
}

/**
 * Something drawn: as text, where text is shown, and as a picture, where pictures are. It shows the state at the time
 * it was made, whatever happens afterwards.
 */
export class Drawing {
  /** What is shown, in a few words. */
  readonly title: string;
  readonly #forms: DrawingForms;

  /** Made by the objects that can be drawn: `m.drawBucket(0)`, `m.drawHash(key)`. */
  constructor(forms: DrawingForms) {
    this.title = forms.title;
    this.#forms = forms;
  }

  /** The drawing in box-drawing characters, aligned in any monospaced font. */
  get text(): string {
    return this.#forms.text();
  }

  /** The drawing as an SVG picture, in the width that is best for it. */
  get svg(): string {
    return this.#forms.svg();
  }

  /**
   * The picture laid out anew in at most `width` pixels: 360 suits a phone.
   *
   * @throws RangeError below 240, where nothing can be read
   */
  svgIn(width: number): string {
    return this.#forms.svg(checkWidth(width));
  }

  /** {@link text}. */
  toString(): string {
    return this.text;
  }

  /** What `console.log` prints in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.text;
  }

  /** All forms by their MIME types: text, picture, the picture in HTML, and the state as JSON. */
  get bundle(): DrawingBundle {
    const { title, text, svg } = this;
    return drawingBundle({ title, text, svg, snapshot: this.#forms.snapshot?.() });
  }

  /** What a notebook shows: {@link bundle}. */
  [Symbol.for("Jupyter.display")](): MimeBundle {
    return { ...this.bundle };
  }
}

/** Pixels below which no picture can be read. */
const LEAST_WIDTH = 240;

/** @throws RangeError when a width is no number, or too small to read anything */
export function checkWidth(width: number): number {
  if (!(width >= LEAST_WIDTH)) {
    throw new RangeError(`width must be ${LEAST_WIDTH} pixels or more, not ${String(width)}`);
  }
  return width;
}
