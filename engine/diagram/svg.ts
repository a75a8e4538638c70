// The few SVG elements that the drawings are made of. Everything is a string: no DOM, so the same code draws in Node
// and in a page. Looks are presentation attributes, which any viewer honours (a notebook shows the picture as an
// image, where a page's style sheet does not reach). Each shape has a class too: a page that has the picture in
// its own document may restyle it, for a dark theme say.

/** What a shape stands for, and how it looks unless a style sheet says otherwise. */
const styles = {
  /** The sheet that all is drawn on: it makes the picture legible on any page. */
  paper: { fill: "#fcfcfa", stroke: "#d8d8d2" },
  /** A thing in memory: the header, a bucket. */
  card: { fill: "#ffffff", stroke: "#8a8f98" },
  /** An empty cell with nothing live behind it. */
  rest: { fill: "#f4f4f1", stroke: "#e2e2dd" },
  /** An empty cell. */
  one: { fill: "#f4f4f1", stroke: "#a0a5ad", "stroke-dasharray": "2 2" },
  /** A live cell: Okabe and Ito's sky blue, light enough for text. */
  live: { fill: "#cfe8f7", stroke: "#56b4e9" },
  /** Of the half that keeps its bucket number when the map grows: their bluish green. */
  x: { fill: "#cdebe1", stroke: "#009e73" },
  /** Of the half that moves up by the old size: their orange. */
  y: { fill: "#fbe3b5", stroke: "#e69f00" },
  /** A pointer. */
  arrow: { fill: "none", stroke: "#5b6470", "stroke-width": "1.4" },
  /** The head of a pointer's arrow. */
  head: { fill: "#5b6470" },
  /** Text. */
  ink: { fill: "#1c2026" },
  /** Text of less weight. */
  dim: { fill: "#5b6470" },
} as const;

export type Style = keyof typeof styles;

const SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
const MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** Widths of one character, in units of the font size: measured generously, as fonts differ. */
const MONO_WIDTH = 0.61;
const SANS_WIDTH = 0.56;

/** How text is set. */
export interface TextOptions {
  style?: Style;
  /** Pixels; 12 by default. */
  size?: number;
  font?: "mono" | "sans";
  anchor?: "start" | "middle" | "end";
  bold?: boolean;
}

/** About how wide a text will be, in pixels. */
export function textWidth(content: string, { size = 12, font = "mono" }: TextOptions = {}): number {
  return [...content].length * size * (font === "mono" ? MONO_WIDTH : SANS_WIDTH);
}

/** A line of text whose baseline starts at (or, by its anchor, is centred on) x, y. */
export function text(x: number, y: number, content: string, options: TextOptions = {}): string {
  const { style = "ink", size = 12, font = "mono", anchor = "start", bold = false } = options;
  const weight = bold ? ' font-weight="600"' : "";
  const at = anchor === "start" ? "" : ` text-anchor="${anchor}"`;
  return `<text x="${n(x)}" y="${n(y)}" font-family="${font === "mono" ? MONO : SANS}" font-size="${size}"${weight}${at} ${look(style)}>${xml(content)}</text>`;
}

/** A rectangle, its corners rounded by `radius`. */
export function rect(x: number, y: number, width: number, height: number, style: Style, radius = 2): string {
  return `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="${radius}" ${look(style)}/>`;
}

/** An arrow along right angles through the points given, its head at the last one. */
export function arrow(...points: readonly (readonly [x: number, y: number])[]): string {
  const path = points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${n(x)} ${n(y)}`).join("");
  const [x, y] = points.at(-1) as [number, number];
  const [beforeX, beforeY] = points.at(-2) as [number, number];
  const [dx, dy] = [Math.sign(x - beforeX) * 6, Math.sign(y - beforeY) * 6];
  const head = `M${n(x)} ${n(y)}l${n(-dx - dy / 2)} ${n(-dy - dx / 2)}l${n(dy)} ${n(dx)}z`;
  return `<path d="${path}" ${look("arrow")}/><path d="${head}" ${look("head")}/>`;
}

/** Shapes that belong together, with a title that a pointer shows when it rests on them. */
export function group(shapes: readonly string[], title?: string): string {
  return `<g>${title === undefined ? "" : `<title>${xml(title)}</title>`}${shapes.join("")}</g>`;
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
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img" class="hmap">` +
    `<title>${xml(words.title)}</title><desc>${xml(words.description)}</desc>` +
    `${rect(0.5, 0.5, w - 1, h - 1, "paper", 8)}${shapes.join("")}</svg>`
  );
}

function look(style: Style): string {
  const attributes = Object.entries(styles[style]).map(([name, value]) => `${name}="${value}"`);
  return `class="hmap-${style}" ${attributes.join(" ")}`;
}

/** A coordinate with at most two decimals. */
function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Text with XML's special characters escaped, and those that XML cannot hold replaced. */
function xml(content: string): string {
  return content
    .toWellFormed()
    .replace(/\p{Cc}|[\ufffe\uffff]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
