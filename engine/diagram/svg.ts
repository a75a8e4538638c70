import { clip, columnsOf, wrap } from "./columns.ts";

// The few SVG elements that the drawings are made of. Everything is a string: no DOM, so the same code draws in Node
// and in a page. Looks are presentation attributes, which any viewer honours (a notebook shows the picture as an
// image, where a page's style sheet does not reach). Each shape has a class too: a page that has the picture in
// its own document may restyle it, for a dark theme say.

/** What a shape stands for, and how it looks unless a style sheet says otherwise. Colours are Okabe and Ito's. */
const styles = {
  /** The sheet that all is drawn on: it makes the picture legible on any page. */
  paper: { fill: "#fcfcfa", stroke: "#d8d8d2" },
  /** A thing in memory: the header, a bucket. */
  card: { fill: "#ffffff", stroke: "#8a8f98" },
  /** An empty cell with nothing live behind it. */
  rest: { fill: "#f4f4f1", stroke: "#e2e2dd" },
  /** An empty cell, and memory that is not in use. */
  one: { fill: "#f4f4f1", stroke: "#a0a5ad", "stroke-dasharray": "2 2" },
  /** A live cell, and keys: sky blue, light enough for text. */
  live: { fill: "#cfe8f7", stroke: "#56b4e9" },
  /** Of the half that keeps its bucket number when the map grows: bluish green. */
  x: { fill: "#cdebe1", stroke: "#009e73" },
  /** Of the half that moves up by the old size: orange. */
  y: { fill: "#fbe3b5", stroke: "#e69f00" },
  /** What the present step is about: vermilion, and thick. */
  focus: { fill: "none", stroke: "#d55e00", "stroke-width": "2.5" },
  /** Where an iterator is, and the bits and bytes of the tophash: reddish purple. */
  tag: { fill: "#f3dce9", stroke: "#b8608f" },
  /** Elems: yellow. */
  elem: { fill: "#fbf6c9", stroke: "#b5a400" },
  /** As much of something as there is: sky blue, at full strength. */
  bar: { fill: "#56b4e9" },
  /** The sign of an iterator. */
  mark: { fill: "#b8608f", stroke: "#b8608f" },
  /** The lines of a hatched area. */
  hatch: { fill: "none", stroke: "#8a8f98", "stroke-width": "1" },
  /** A hole in a filled shape, which marks it. */
  hole: { fill: "#fcfcfa", stroke: "#1c2026" },
  /** Lines that only help the eye. */
  grid: { fill: "none", stroke: "#e6e6e0" },
  /** A line that marks a moment, dashed: of a collection. */
  dashes: { fill: "none", stroke: "#b8608f", "stroke-dasharray": "3 3" },
  /** A line that divides or measures. */
  rule: { fill: "none", stroke: "#a0a5ad" },
  /** A curve: what was measured. */
  curve: { fill: "none", stroke: "#1c2026", "stroke-width": "1.6", "stroke-linejoin": "round" },
  /** A pointer. */
  arrow: { fill: "none", stroke: "#5b6470", "stroke-width": "1.4" },
  /** The head of a pointer's arrow. */
  head: { fill: "#5b6470" },
  /** Text; what a picture's own fill is. */
  ink: { fill: "#1c2026" },
  /** Text of less weight. */
  dim: { fill: "#5b6470" },
} as const;

export type Style = keyof typeof styles;

const SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
const MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** Widths of one column, in units of the font size: measured generously, as fonts differ. */
const MONO_WIDTH = 0.61;
const SANS_WIDTH = 0.56;

const SIZE = 12;

/** How text is set. */
export interface TextOptions {
  style?: Style;
  /** Pixels; 12 by default. */
  size?: number;
  font?: "mono" | "sans";
  anchor?: "start" | "middle" | "end";
  bold?: boolean;
}

/** Small text that explains. */
export const NOTE = { size: 11, font: "sans", style: "dim" } as const;
/** The name of a part of a picture. */
export const HEADING = { size: 13, font: "sans", bold: true } as const;

/** About how wide a text will be, in pixels. */
export function textWidth(content: string, { size = SIZE, font = "mono", bold = false }: TextOptions = {}) {
  return columnsOf(content) * size * (font === "mono" ? MONO_WIDTH : SANS_WIDTH + (bold ? 0.06 : 0));
}

/**
 * Pixels in width of a picture that could have any width: it stands in a column of text, on a page and in a notebook,
 * without being scrolled.
 */
export const COLUMN = 620;

/** As much of a text as fits into `width` pixels. */
export function fitted(content: string, width: number, options: TextOptions = {}): string {
  return clip(content, Math.max(1, Math.floor(width / textWidth("x", options))));
}

/** A line of text whose baseline starts at (or, by its anchor, is centred on) x, y. */
export function text(x: number, y: number, content: string, options: TextOptions = {}): string {
  const { style = "ink", size = SIZE, font = "mono", anchor = "start", bold = false } = options;
  const attributes = [
    font === "mono" ? "" : ` font-family="${SANS}"`,
    size === SIZE ? "" : ` font-size="${size}"`,
    bold ? ' font-weight="600"' : "",
    anchor === "start" ? "" : ` text-anchor="${anchor}"`,
    style === "ink" ? "" : ` ${look(style)}`,
  ];
  return `<text x="${n(x)}" y="${n(y)}"${attributes.join("")}>${xml(content)}</text>`;
}

/** A rectangle, its corners rounded by `radius`. */
export function rect(x: number, y: number, width: number, height: number, style: Style, radius = 2): string {
  return `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="${radius}" ${look(style)}/>`;
}

/**
 * Rectangles that look the same, their corners rounded by 2. One path: a browser that plays a recording makes, places and
 * paints all of a picture for each frame, and most of the elements would be these.
 */
export function rects(
  style: Style,
  places: readonly (readonly [x: number, y: number, width: number, height: number])[],
): string {
  const outlines = places.map(([x, y, width, height], i) => {
    // From where the one before began: so the paths of like cells are alike, and compress well.
    const before = places[i - 1];
    const start = before === undefined ? `M${n(x + 2)} ${n(y)}` : `m${n(x - before[0])} ${n(y - before[1])}`;
    const [across, down] = [n(width - 4), n(height - 4)];
    return `${start}h${across}q2 0 2 2v${down}q0 2-2 2h-${across}q-2 0-2-2v-${down}q0-2 2-2z`;
  });
  return path(style, outlines.join(""));
}

/** Diagonal lines across a rectangle: a second sign for what colour says, or for memory that nothing uses. */
export function hatch(x: number, y: number, width: number, height: number, gap = 6): string {
  const lines: string[] = [];
  for (let at = gap / 2; at < width + height; at += gap) {
    const [fromX, fromY] = at < height ? [0, at] : [at - height, height];
    const [toX, toY] = at < width ? [at, 0] : [width, at - width];
    lines.push(`M${n(x + fromX)} ${n(y + fromY)}L${n(x + toX)} ${n(y + toY)}`);
  }
  return path("hatch", lines.join(""));
}

/** Any outline or line, in SVG's path language. */
export function path(style: Style, data: string): string {
  return `<path d="${data}" ${look(style)}/>`;
}

/** A line through points. */
export function line(style: Style, ...points: readonly (readonly [x: number, y: number])[]): string {
  return path(style, through(points));
}

/** The path through points, to be put together with others. */
function through(points: readonly (readonly [x: number, y: number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${n(x)} ${n(y)}`).join("");
}

/** An arrow along right angles through the points given, its head at the last one. */
export function arrow(...points: readonly (readonly [x: number, y: number])[]): string {
  const [x, y] = points.at(-1) as [number, number];
  const [beforeX, beforeY] = points.at(-2) as [number, number];
  const [dx, dy] = [Math.sign(x - beforeX) * 6, Math.sign(y - beforeY) * 6];
  const head = `M${n(x)} ${n(y)}l${n(-dx - dy / 2)} ${n(-dy - dx / 2)}l${n(dy)} ${n(dx)}z`;
  return line("arrow", ...points) + path("head", head);
}

/** A dot, where a pointer is kept. */
export function dot(x: number, y: number, radius = 2.5): string {
  return `<circle cx="${n(x)}" cy="${n(y)}" r="${radius}" ${look("head")}/>`;
}

/** A triangle that points to the right, its tip at x, y: filled, or an outline. */
export function pointer(x: number, y: number, filled: boolean): string {
  return `<path d="M${n(x)} ${n(y)}l-8 -5v10z" ${look("mark")}${filled ? "" : ' fill-opacity="0"'}/>`;
}

/**
 * Shapes that belong together, with a title that a pointer shows when it rests on them.
 *
 * @param data what a script may find the shapes by, as `data-` attributes
 */
export function group(shapes: readonly string[], title?: string, data: Record<string, string> = {}): string {
  const attributes = Object.entries(data).map(([name, value]) => ` data-${name}="${xml(value)}"`);
  return `<g${attributes.join("")}>${title === undefined ? "" : `<title>${xml(title)}</title>`}${shapes.join("")}</g>`;
}

/** A drawn part of a picture, and how much room it takes. */
export interface Block {
  shapes: string[];
  width: number;
  height: number;
}

/** A whole picture. The title names it for those who cannot see it, and the description says what it shows. */
export function picture(
  width: number,
  height: number,
  shapes: readonly string[],
  words: { title: string; description: string },
): string {
  const [w, h] = [Math.ceil(width), Math.ceil(height)];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img" class="hmap"` +
    ` font-family="${MONO}" font-size="${SIZE}" fill="${styles.ink.fill}">` +
    `<title>${xml(words.title)}</title><desc>${xml(words.description)}</desc>` +
    `${rect(0.5, 0.5, w - 1, h - 1, "paper", 8)}${shapes.join("")}</svg>`
  );
}

/** A sample of what a picture shows, and its meaning. */
export interface LegendEntry {
  /** Draws the sample, 22 pixels wide and 16 high, from its upper left corner. */
  sample(x: number, y: number): string;
  words: string;
}

/** A sample that is a box with two characters in it. */
export function boxSample(style: Style, mark = "", hatched = false): LegendEntry["sample"] {
  return (x, y) =>
    rect(x, y, 22, 16, style) +
    (hatched ? hatch(x, y, 22, 16) : "") +
    (mark === "" ? "" : text(x + 11, y + 12, mark, { size: 10, anchor: "middle" }));
}

/** Explains samples, in as many lines as the width asks for. */
export function legend(entries: readonly LegendEntry[], x: number, y: number, width: number): Block {
  const shapes: string[] = [];
  let [left, top] = [x, y];
  for (const { sample, words } of entries) {
    const across = 28 + textWidth(words, NOTE);
    if (left > x && left + across > x + width) [left, top] = [x, top + 22];
    shapes.push(sample(left, top), text(left + 28, top + 12, fitted(words, width - 28, NOTE), NOTE));
    left += across + 14;
  }
  return { shapes, width, height: entries.length === 0 ? 0 : top + 16 - y };
}

/** Sentences, each a paragraph in as many lines as the width asks for. */
export function paragraphs(sentences: readonly string[], x: number, y: number, width: number): Block {
  const columns = Math.floor(width / textWidth("x", NOTE));
  const block: Block = { shapes: [], width: 0, height: 0 };
  for (const sentence of sentences) {
    if (block.height > 0) block.height += 6;
    for (const line of wrap(sentence, columns)) {
      block.shapes.push(text(x, y + block.height + 10, line, NOTE));
      block.width = Math.max(block.width, textWidth(line, NOTE));
      block.height += 16;
    }
  }
  return block;
}

/** The attributes of each style: a picture has thousands of them. */
const looks = new Map(
  Object.entries(styles).map(([style, values]) => {
    const attributes = Object.entries(values).map(([name, value]) => `${name}="${value}"`);
    return [style, `class="hmap-${style}" ${attributes.join(" ")}`];
  }),
);

function look(style: Style): string {
  return looks.get(style) as string;
}

/** A coordinate with at most two decimals. */
export function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Text with XML's special characters escaped, and those that XML cannot hold replaced. */
export function xml(content: string): string {
  if (/^[\w .,:()+-]*$/.test(content)) return content; // most is plain
  return content
    .toWellFormed()
    .replace(/\p{Cc}|[\ufffe\uffff]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
