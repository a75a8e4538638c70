/** What each of a drawing's classes looks like, from the page's colours: see svg.ts. */
const shapes = `
svg.hmap { display: block; max-width: none; height: auto; margin-inline: auto; }
svg.hmap, .hmap-ink { fill: var(--diagram-ink); }
svg.hmap > .hmap-paper:first-of-type { fill: none; stroke: none; }
.hmap-paper { fill: var(--diagram-paper); stroke: var(--diagram-edge); }
.hmap-card { fill: var(--diagram-card); stroke: var(--diagram-line); }
.hmap-rest { fill: var(--diagram-rest); stroke: var(--diagram-rest-edge); }
.hmap-one { fill: var(--diagram-rest); stroke: var(--diagram-line); }
.hmap-live { fill: var(--diagram-live); stroke: var(--diagram-live-edge); }
.hmap-x { fill: var(--diagram-x); stroke: var(--diagram-x-edge); }
.hmap-y { fill: var(--diagram-y); stroke: var(--diagram-y-edge); }
.hmap-focus { stroke: var(--diagram-focus); }
.hmap-elem { fill: var(--diagram-elem); stroke: var(--diagram-elem-edge); }
.hmap-bar { fill: var(--diagram-live-edge); }
.hmap-hole { fill: var(--diagram-paper); stroke: var(--diagram-ink); }
.hmap-grid { stroke: var(--diagram-edge); }
.hmap-dashes { stroke: var(--diagram-tag-edge); }
.hmap-tag { fill: var(--diagram-tag); stroke: var(--diagram-tag-edge); }
.hmap-mark { fill: var(--diagram-tag-edge); stroke: var(--diagram-tag-edge); }
.hmap-hatch, .hmap-rule { stroke: var(--diagram-line); }
.hmap-curve { stroke: var(--diagram-ink); }
.hmap-arrow { stroke: var(--diagram-dim); }
.hmap-head, .hmap-dim { fill: var(--diagram-dim); }
@media (forced-colors: active) {
  svg.hmap, svg.hmap text { fill: CanvasText; }
  .hmap-paper, .hmap-card, .hmap-rest, .hmap-one { fill: Canvas; stroke: GrayText; }
  .hmap-live, .hmap-x, .hmap-y, .hmap-tag, .hmap-elem, .hmap-hole { fill: Canvas; stroke: CanvasText; }
  .hmap-hatch, .hmap-rule, .hmap-curve, .hmap-arrow, .hmap-grid, .hmap-dashes { stroke: CanvasText; }
  .hmap-head, .hmap-mark, .hmap-bar { fill: CanvasText; stroke: CanvasText; }
  .hmap-focus { stroke: Highlight; }
}`;

/**
 * The colours, unless the page gives its own: light or dark as the page's color-scheme is. The drawings' hues are Okabe
 * and Ito's, which stay apart for colour-blind readers.
 */
const colours = `
:host {
  --diagram-paper: light-dark(#f8fafb, #171c21);
  --diagram-edge: light-dark(#dde3e8, #2c343b);
  --diagram-card: light-dark(#ffffff, #1f262c);
  --diagram-line: light-dark(#8a8f98, #6c7781);
  --diagram-rest: light-dark(#f1f3f4, #262d34);
  --diagram-rest-edge: light-dark(#dfe3e6, #39424a);
  --diagram-live: light-dark(#cfe8f7, #144a66);
  --diagram-live-edge: #56b4e9;
  --diagram-x: light-dark(#cdebe1, #0d4a3a);
  --diagram-x-edge: light-dark(#009e73, #1fb98c);
  --diagram-y: light-dark(#fbe3b5, #5a3f06);
  --diagram-y-edge: #e69f00;
  --diagram-focus: light-dark(#d55e00, #ff8c42);
  --diagram-elem: light-dark(#fbf6c9, #47430f);
  --diagram-elem-edge: light-dark(#b5a400, #d6c928);
  --diagram-tag: light-dark(#f3dce9, #562c46);
  --diagram-tag-edge: light-dark(#b8608f, #d88bb5);
  --diagram-dim: light-dark(#56616c, #9ba6b0);
  --diagram-ink: light-dark(#1c2026, #eef2f5);
}`;

/**
 * A style sheet for drawings in a shadow root: they follow the `color-scheme` of where they stand, and the page's own
 * colours, `--diagram-paper` and so on, where it sets them on the host.
 */
export const themeCss = `${colours}\n${shapes}`;
