import type { SlotSnapshot, TypeSnapshot } from "../typesnapshot.ts";
import {
  bucketStretches,
  collectorWords,
  pairStretches,
  pairWords,
  paragraph,
  partLegend,
  slotWords,
  strip,
  variantWords,
} from "./bucketparts.ts";
import { columnsOf, left, right, wrap } from "./columns.ts";
import { checkWidth, Drawing } from "./drawing.ts";
import {
  arrow,
  type Block,
  COLUMN,
  dot,
  fitted,
  HEADING,
  hatch,
  legend,
  NOTE,
  picture,
  rect,
  text,
  textWidth,
} from "./svg.ts";
import { count } from "./words.ts";

/** How a map type lays out its buckets, drawn. */
export function typeDrawing(state: TypeSnapshot): Drawing {
  return new Drawing({
    title: `The bucket of a ${state.type}`,
    text: () => typeText(state),
    svg: (width) => typeSvg(state, width),
    snapshot: () => ({ type: state }),
  });
}

/** The layout of a bucket as text: a table of its parts, and what there is to say of them. */
function typeText(state: TypeSnapshot): string {
  const { key, elem, bucketSize } = state;
  const elemOffset = 8 + 8 * key.slot;
  const rows = [
    ["offset", "bytes", "part", "type"],
    ["0", "8", "tophash", "[8]uint8"],
    ["8", String(8 * key.slot), "keys", `[8]${key.indirect ? "*" : ""}${key.type}`],
    [String(elemOffset), String(8 * elem.slot), "elems", `[8]${elem.indirect ? "*" : ""}${elem.type}`],
    [String(bucketSize - 8), "8", "overflow", "*bmap"],
  ] as const;
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...rows.map((row) => columnsOf(row[column] as string))),
  );
  const rule = (start: string, middle: string, end: string) =>
    start + widths.map((width) => "─".repeat(width + 2)).join(middle) + end;
  const line = (row: readonly string[]) =>
    `│ ${row.map((cell, i) => (i < 2 ? right : left)(cell, widths[i] as number)).join(" │ ")} │`;
  return [
    `${state.type}: a bucket has ${bucketSize} bytes`,
    rule("┌", "┬", "┐"),
    line(rows[0]),
    rule("├", "┼", "┤"),
    ...rows.slice(1).map(line),
    rule("└", "┴", "┘"),
    ...sentences(state).flatMap((sentence) => wrap(sentence, 78)),
  ].join("\n");
}

function sentences(state: TypeSnapshot): string[] {
  return [
    `A key, ${state.key.type}: ${slotWords(state.key)}.`,
    `An elem, ${state.elem.type}: ${slotWords(state.elem)}.`,
    pairWords(state),
    collectorWords(state),
    `The compiler calls ${variantWords(state)}.`,
  ];
}

const MARGIN = 16;

/**
 * The layout of a bucket as SVG: a key and an elem, the bucket to scale, and beside it the bucket that pairs would make.
 *
 * @throws RangeError when the width is below 240
 */
function typeSvg(state: TypeSnapshot, width = COLUMN): string {
  const room = checkWidth(width) - 2 * MARGIN;
  const shapes = [
    text(MARGIN, 30, fitted(state.type, room, { size: 14, bold: true }), { size: 14, bold: true }),
  ];
  let y = 46;
  const beside = room >= 600;
  const half = beside ? (room - 32) / 2 : room;
  const slots = (
    [
      ["key", state.key],
      ["elem", state.elem],
    ] as const
  ).map(([name, slot], i) =>
    drawSlot(name, slot, MARGIN + (beside ? i * (half + 32) : 0), beside || i === 0 ? y : y + 92, half),
  );
  for (const block of slots) shapes.push(...block.shapes);
  y += (beside ? 0 : 92) + 96;
  const pairSize = 16 + 8 * state.pair.size;
  const padded = state.pair.padding > 0;
  const longest = padded ? pairSize : state.bucketSize;
  // One line where bytes are still to be seen, else lines of a round number of bytes.
  const perLine = longest <= (beside ? 256 : 96) ? longest : beside ? 128 : 48;
  const scale = Math.min(10, room / perLine);
  const title = (words: string, x = MARGIN) => {
    shapes.push(text(x, y + 12, fitted(words, room, HEADING), HEADING));
    y += 20;
  };
  title(`a bucket: ${state.bucketSize} bytes`);
  const shown = drawn(bucketStretches(state), state.bucketSize, perLine);
  const actual = strip(shown.stretches, MARGIN, y, room, scale);
  shapes.push(...actual.shapes);
  y += actual.height + 6;
  if (shown.hidden > 0) {
    shapes.push(text(MARGIN, y + 6, `${count(shown.hidden, "more byte", "more bytes")} not shown`, NOTE));
    y += 20;
  }
  if (padded) {
    title(`as pairs: ${pairSize} bytes, ${8 * state.pair.padding} padding`);
    const pairs = drawn(pairStretches(state), pairSize, perLine);
    const block = strip(pairs.stretches, MARGIN, y, room, scale);
    shapes.push(...block.shapes);
    y += block.height + 6;
    if (pairs.hidden > 0) {
      shapes.push(text(MARGIN, y + 6, `${count(pairs.hidden, "more byte", "more bytes")} not shown`, NOTE));
      y += 20;
    }
  }
  const key = legend(partLegend(padded ? ["padding", "pointer"] : ["pointer"]), MARGIN, y + 4, room);
  shapes.push(...key.shapes);
  y += key.height + 14;
  const columns = Math.floor(room / textWidth("x", NOTE));
  for (const sentence of sentences(state).slice(2)) {
    const block = paragraph(wrap(sentence, columns), MARGIN, y, room);
    shapes.push(...block.shapes);
    y += block.height + 4;
  }
  return picture(width, y + MARGIN - 4, shapes, {
    title: `The bucket of a ${state.type}`,
    description: `A bucket of ${state.bucketSize} bytes: 8 tophash bytes, 8 keys of ${state.key.slot}, 8 elems of ${state.elem.slot}, the overflow pointer. ${sentences(state).join(" ")}`,
  });
}

/** As many stretches as ten lines of a strip hold: the first ones and how many bytes are left out. */
function drawn<T extends { size: number }>(
  stretches: readonly T[],
  size: number,
  perLine: number,
): { stretches: readonly T[]; hidden: number } {
  if (size <= 10 * perLine) return { stretches, hidden: 0 };
  let bytes = 0;
  const end = stretches.findIndex((stretch) => {
    bytes += stretch.size;
    return bytes > 10 * perLine;
  });
  const shown = stretches.slice(0, Math.max(end, 1));
  return { stretches: shown, hidden: size - shown.reduce((sum, stretch) => sum + stretch.size, 0) };
}

/** One key or elem: its slot word by word, pointers marked; and what a slot with a pointer points to. */
function drawSlot(name: "key" | "elem", slot: SlotSnapshot, x: number, y: number, width: number): Block {
  const style = name === "key" ? "live" : "elem";
  const heading = `${name} `;
  const after = x + textWidth(heading, HEADING) + 4;
  const shapes = [
    text(x, y + 14, heading, HEADING),
    text(after, y + 14, fitted(slot.type, x + width - after), { size: 12 }),
    text(x, y + 31, fitted(slotWords(slot), width, NOTE), NOTE),
  ];
  const top = y + 42;
  const shown = Math.min(slot.slot, 64);
  const scale = Math.min(8, width / Math.max(8, slot.indirect ? 40 : shown));
  if (slot.slot === 0) {
    shapes.push(rect(x, top, 8, 30, "one", 0));
  } else {
    shapes.push(rect(x, top, shown * scale, 30, style, 0));
    for (let at = 8; at < shown; at += 8) {
      shapes.push(rect(x + at * scale, top, Math.min(8, shown - at) * scale, 30, style, 0));
    }
  }
  if (slot.slot > shown) {
    shapes.push(text(x + shown * scale - 8, top + 19, "…", { anchor: "end" }));
  }
  for (const pointer of slot.pointers) {
    if (pointer < shown) shapes.push(dot(x + pointer * scale + 4 * scale, top + 15));
  }
  if (slot.indirect) {
    const to = x + 14 * scale;
    const end = x + Math.min(width, 40 * scale);
    shapes.push(
      arrow([x + 4 * scale, top + 15], [to, top + 15]),
      rect(to, top, end - to, 30, style, 0),
      hatch(to, top + 24, end - to, 6, 5),
      text((to + end) / 2, top + 17, fitted(`${slot.size} bytes`, end - to, { size: 11 }), {
        size: 11,
        anchor: "middle",
      }),
    );
  }
  return { shapes, width, height: 84 };
}
