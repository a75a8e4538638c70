import { mapSvg } from "../../engine/diagram/mapsvg.ts";
import { readSnapshot } from "../../engine/diagram/snapshotjson.ts";
import { themeCss } from "../../engine/diagram/theme.ts";
import type { MapSnapshot } from "../../engine/snapshot.ts";

/** The narrowest and the widest picture, in pixels. */
const WIDTHS = { least: 240, most: 900 };

/**
 * `<hmap-snapshot>`: shows the JSON snapshot of a map as a picture that fits the width it has, in the `color-scheme` of
 * where it stands.
 */
export class SnapshotView extends HTMLElement {
  #state: MapSnapshot | undefined;
  #width = 0;
  readonly #root = this.attachShadow({ mode: "open" });
  readonly #place = document.createElement("div");
  readonly #resize = new ResizeObserver(() => this.#draw());

  constructor() {
    super();
    const style = document.createElement("style");
    style.textContent = `:host { display: block; overflow-x: auto; } svg { display: block; }\n${themeCss}`;
    this.#root.append(style, this.#place);
  }

  /**
   * The snapshot, as JSON of any origin.
   *
   * @throws TypeError when it is none, or of a version that is not known here
   */
  set data(json: unknown) {
    this.#state = readSnapshot(json);
    this.#width = 0;
    this.#draw();
  }

  connectedCallback(): void {
    this.#resize.observe(this);
    this.#draw();
  }

  disconnectedCallback(): void {
    this.#resize.disconnect();
  }

  #draw(): void {
    const width = Math.min(WIDTHS.most, Math.max(WIDTHS.least, Math.floor(this.clientWidth)));
    if (this.#state === undefined || this.clientWidth === 0 || width === this.#width) return;
    this.#width = width;
    // Parsed as a document of its own, and every text in it was escaped: nothing in it can run.
    const svg = new DOMParser().parseFromString(mapSvg(this.#state, { width }), "image/svg+xml");
    this.#place.replaceChildren(document.importNode(svg.documentElement, true));
  }
}
