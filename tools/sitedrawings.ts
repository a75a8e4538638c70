/**
 * A drawing of the engine's for a page, half as heavy once it is compressed. Its colours come from the style sheet
 * (docs/styles/diagram.css), so the attributes that stand in for them are left out, and so are the font of words and
 * the usual corners; the titles of single slots a run brings. What makes up a bucket or a slot is placed relative to it, so that equal ones are equal text.
 */
export function lighterDrawing(svg: string): string {
  let titles = 0;
  const plain = slotsApart(svg)
    .replace(/<title>[^<]*<\/title>/g, (title) => (titles++ === 0 ? title : ""))
    .replace(/(<\w+ [^>]*class="hmap-[^>]*?)\s*\/?>/g, (element) =>
      element.replace(/ (?:fill|stroke)="#[0-9a-f]+"/g, ""),
    )
    .replace(/<text[^>]*? font-family="[^>]*>/g, withoutFont);
  // Where an x or y is left out it is 0.
  return (relative(plain) ?? plain).replace(/<(?:rect|text) [^>]*>/g, (element) =>
    element.replace(/ (?:[xy]="0"|rx="2")/g, ""),
  );
}

/** The slots of a cell, which are one path, as rectangles: with what these need not say they are shorter. */
function slotsApart(svg: string): string {
  const slot = /([Mm])(-?[\d.]+) (-?[\d.]+)h([\d.]+)q2 0 2 2v([\d.]+)q[^z]*z/g;
  return svg.replace(/<path d="(M[^"]*q2 0 2 2v[^"]*z)"( class="[^>]*)\/>/g, (_, data: string, look) => {
    let [x, y] = [0, 0];
    const rects = data.replace(slot, (_, move, right, below, across, down) => {
      [x, y] = move === "M" ? [Number(right) - 2, Number(below)] : [x + Number(right), y + Number(below)];
      return `<rect x="${round(x)}" y="${round(y)}" width="${round(Number(across) + 4)}" height="${round(Number(down) + 4)}" rx="2"/>`;
    });
    return `<g${look}>${rects}</g>`;
  });
}

/** A text whose font, which is that of words, the style sheet has. */
function withoutFont(text: string): string {
  const plain = text.replace(/ font-family="[^"]*"/, "");
  return plain.includes(' class="')
    ? plain.replace(' class="', ' class="hmap-words ')
    : plain.replace(">", ' class="hmap-words">');
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The drawing with its named groups moved by a transform each; undefined if it holds what cannot be moved so. */
function relative(svg: string): string | undefined {
  const tags = [...svg.matchAll(/<(\/?)(\w+)([^>]*?)(\/?)>/g)];
  const parts: string[] = [];
  /** Where the groups around the present element begin. */
  const open: Point[] = [];
  let origin: Point = { x: 0, y: 0 };
  let end = 0;
  for (const [i, tag] of tags.entries()) {
    const [whole, closes, name = "", attributes = "", empty] = tag;
    parts.push(svg.slice(end, tag.index));
    end = tag.index + whole.length;
    if (closes) {
      origin = open.pop()!;
      parts.push(whole);
      continue;
    }
    if (!empty) open.push(origin);
    const named = name === "g" && / data-\w+="/.test(attributes);
    // The first thing in a bucket or slot is its frame.
    const frame = named ? tags.slice(i + 1, i + 3).find(([, , inner]) => inner === "rect")?.[3] : undefined;
    if (frame === undefined) {
      const moved = name === "svg" ? attributes : movedBy(attributes, origin);
      if (moved === undefined) return undefined;
      parts.push(`<${name}${moved}${empty}>`);
      continue;
    }
    const [x, y] = [placeOf(frame, "x"), placeOf(frame, "y")];
    const rest = attributes.replace(/ data-\w+="[^"]*"/g, "");
    parts.push(`<g transform="translate(${round(x - origin.x)} ${round(y - origin.y)})"${rest}>`);
    origin = { x, y };
  }
  return parts.join("") + svg.slice(end);
}

/** An element's attributes when its origin is moved; undefined when they hold what is not known here. */
function movedBy(attributes: string, { x, y }: Point): string | undefined {
  if (x === 0 && y === 0) return attributes;
  if (/ (?:transform|points|[xy][12]|clip-path|mask|filter)="/.test(attributes)) return undefined;
  const path = / d="([^"]*)"/.exec(attributes)?.[1];
  if (path !== undefined && !/^(?:[MLHV]|[a-z]|[-\d., ])*$/.test(path)) return undefined;
  return attributes
    .replace(/ (c?)([xy])="([^"]*)"/g, (_, centre, axis, place) => {
      const moved = Number(place) - (axis === "x" ? x : y);
      return ` ${centre}${axis}="${round(moved)}"`;
    })
    .replace(/ d="([^"]*)"/, (_, data: string) => ` d="${movedPath(data, x, y)}"`);
}

/** Moves what a path's absolute commands name; relative ones stay. */
function movedPath(data: string, x: number, y: number): string {
  return data.replace(/([MLHV])([-\d., ]+)/g, (_, command: string, places: string) => {
    const moved = places
      .trim()
      .split(/[ ,]+/)
      .map((place, i) =>
        round(Number(place) - (command === "V" || (command !== "H" && i % 2 === 1) ? y : x)),
      );
    return command + moved.join(" ");
  });
}

const placeOf = (attributes: string, axis: "x" | "y"): number =>
  Number(new RegExp(` ${axis}="([^"]*)"`).exec(attributes)?.[1] ?? 0);

/** Drawings have two digits behind the point. */
const round = (place: number): number => Math.round(place * 100) / 100;
