import { formatAddress } from "../memory/memory.ts";
import type { BytesSnapshot, FieldSnapshot } from "../typesnapshot.ts";
import { PART_MARK, PART_STYLE, pairWords, paragraph, partLegend } from "./bucketparts.ts";
import { columnsOf, left, right, wrap } from "./columns.ts";
import { checkWidth, Drawing } from "./drawing.ts";
import { fitted, group, HEADING, legend, NOTE, picture, rects, text, textWidth } from "./svg.ts";
import { count, slotText } from "./words.ts";

/** The bytes of a bucket, drawn: hexadecimal, with what each of them is. */
export function bytesDrawing(state: BytesSnapshot): Drawing {
  return new Drawing({
    title: `The bytes of ${state.name} of a ${state.type.type}`,
    text: () => bytesText(state),
    svg: (width) => bytesSvg(state, width),
    snapshot: () => ({
      bytes: {
        ...state,
        keys: state.keys.map((key) => key ?? null),
        elems: state.elems.map((elem) => elem ?? null),
      },
    }),
  });
}

/** Bytes that are drawn of a bucket; the rest is counted. */
const MOST = 1024;

/** Columns of a key or elem in a label. */
const VALUE = 24;

/** What a field is and what it holds: `key 0: "fig"`. */
function label(state: BytesSnapshot, { part, cell }: FieldSnapshot, short = false): string {
  if (part === "overflow") {
    return `${short ? "o" : "overflow"} ${state.overflow === 0 ? "nil" : `to ${formatAddress(state.overflow)}`}`;
  }
  const name = short ? `${PART_MARK[part]}${cell}` : `${part} ${cell}`;
  if (part === "tophash") return name;
  const value = (part === "key" ? state.keys : state.elems)[cell];
  return value === undefined ? name : `${name}: ${slotText(value, VALUE)}`;
}

function byteAt(state: BytesSnapshot, offset: number): string {
  return (state.bytes[offset] as number).toString(16).padStart(2, "0");
}

/** A row of eight bytes, or of several that are all zero. */
interface Row {
  offset: number;
  bytes: string;
  words: string;
}

/** The bytes as text: eight in a row, and beside them what begins there. */
function bytesText(state: BytesSnapshot): string {
  const { type, bytes } = state;
  const size = Math.min(bytes.length, MOST);
  const rows: Row[] = [];
  for (let offset = 0; offset < size; offset += 8) {
    const begins = type.fields.filter(
      (field) => field.offset >= offset && field.offset < offset + 8 && field.size > 0,
    );
    const hex = Array.from({ length: 8 }, (_, i) => byteAt(state, offset + i)).join(" ");
    rows.push({ offset, bytes: hex, words: rowWords(state, begins) });
  }
  const words = Math.max(...rows.map((row) => columnsOf(row.words)));
  const rule = (start: string, middle: string, end: string) =>
    start + ["─".repeat(8), "─".repeat(25), "─".repeat(words + 2)].join(middle) + end;
  const lines = [
    `${state.name} of a ${type.type} at ${formatAddress(state.address)}, ${bytes.length} bytes`,
    rule("┌", "┬", "┐"),
  ];
  let before: FieldSnapshot["part"] | undefined;
  for (const row of rows) {
    const part = type.fields.find((field) => field.size > 0 && field.offset + field.size > row.offset)?.part;
    if (before !== undefined && part !== before) lines.push(rule("├", "┼", "┤"));
    before = part;
    lines.push(`│ ${right(String(row.offset), 6)} │ ${row.bytes} │ ${left(row.words, words)} │`);
  }
  lines.push(rule("└", "┴", "┘"));
  if (size < bytes.length) lines.push(`${count(bytes.length - size, "more byte", "more bytes")} not shown`);
  return [...lines, ...wrap(pairWords(type), 78)].join("\n");
}

/** What begins in a row: one field with its value, or several of a kind by their numbers. */
function rowWords(state: BytesSnapshot, fields: readonly FieldSnapshot[]): string {
  const [first] = fields;
  const last = fields.at(-1);
  if (first === undefined || last === undefined) return "";
  if (fields.length === 1) return label(state, first);
  const values = first.part === "key" ? state.keys : first.part === "elem" ? state.elems : [];
  const shown = fields.map(({ cell }) => values[cell]).filter((value) => value !== undefined);
  const live = shown.length === 0 ? "" : `: ${slotText(shown.join(" "), 2 * VALUE)}`;
  return `${first.part} ${first.cell} to ${last.cell}${live}`;
}

const WIDTH = 800;
const MARGIN = 16;
const OFFSETS = 34;
const BYTE = { label: 15, height: 22, gap: 6 };

/**
 * The bytes as SVG: sixteen in a row, eight where there is less room.
 *
 * @throws RangeError when the width is below 240
 */
function bytesSvg(state: BytesSnapshot, width = WIDTH): string {
  const { type, bytes } = state;
  const room = checkWidth(width) - 2 * MARGIN;
  const perRow = room >= 600 ? 16 : 8;
  const across = Math.min(40, Math.floor((room - OFFSETS) / perRow));
  const wide = OFFSETS + perRow * across;
  const size = Math.min(bytes.length, MOST);
  const shapes = [
    text(MARGIN, 30, fitted(state.name, wide, HEADING), HEADING),
    text(
      MARGIN,
      48,
      fitted(`${type.type} at ${formatAddress(state.address)}, ${bytes.length} bytes`, wide, NOTE),
      NOTE,
    ),
  ];
  let y = 60;
  const line = BYTE.label + BYTE.height + BYTE.gap;
  const place = (offset: number): [number, number] => [
    MARGIN + OFFSETS + (offset % perRow) * across,
    y + Math.floor(offset / perRow) * line + BYTE.label,
  ];
  for (let offset = 0; offset < size; offset += perRow) {
    shapes.push(
      text(MARGIN + OFFSETS - 8, place(offset)[1] + 15, String(offset), { ...NOTE, size: 10, anchor: "end" }),
    );
  }
  for (const field of type.fields) {
    if (field.size === 0 || field.offset >= size) continue;
    shapes.push(drawField(state, field, place, perRow, across, size));
  }
  y += Math.ceil(size / perRow) * line + 4;
  if (size < bytes.length) {
    const hidden = `${count(bytes.length - size, "more byte", "more bytes")} not shown`;
    shapes.push(text(MARGIN + OFFSETS, y + 10, hidden, NOTE));
    y += 22;
  }
  const key = legend(partLegend([]), MARGIN, y + 4, wide);
  shapes.push(...key.shapes);
  y += key.height + 14;
  const columns = Math.floor(wide / textWidth("x", NOTE));
  const words = paragraph(wrap(pairWords(type), columns), MARGIN, y, wide);
  shapes.push(...words.shapes);
  y += words.height;
  const live = state.keys.flatMap((found, cell) =>
    found === undefined ? [] : [`${found}: ${state.elems[cell]}`],
  );
  return picture(MARGIN * 2 + wide, y + MARGIN, shapes, {
    title: `The bytes of ${state.name} of a ${type.type}`,
    description: `${bytes.length} bytes in hexadecimal, marked as tophash, keys, elems and overflow pointer. ${live.length === 0 ? "No entry is live." : `Live entries: ${live.join(", ")}.`}`,
  });
}

/** One field: its bytes in boxes, in as many rows as it has part of, and its label above the first. */
function drawField(
  state: BytesSnapshot,
  field: FieldSnapshot,
  place: (offset: number) => [number, number],
  perRow: number,
  across: number,
  size: number,
): string {
  const shapes: string[] = [];
  const end = Math.min(field.offset + field.size, size);
  const boxes: [number, number, number, number][] = [];
  for (let at = field.offset; at < end; ) {
    const here = Math.min(end - at, perRow - (at % perRow));
    const [x, y] = place(at);
    boxes.push([x, y, here * across, BYTE.height]);
    for (let i = 0; i < here; i++) {
      const byte = byteAt(state, at + i);
      const style = byte === "00" ? "dim" : "ink";
      shapes.push(text(x + (i + 0.5) * across, y + 15, byte, { size: 11, anchor: "middle", style }));
    }
    at += here;
  }
  const [x, y] = place(field.offset);
  const room = Math.min(field.size, perRow - (field.offset % perRow)) * across - 2;
  const small = { ...NOTE, size: 9 } as const;
  const long = label(state, field);
  const short = label(state, field, true);
  const fits = [long, short].find((words) => textWidth(words, small) <= room) ?? fitted(short, room, small);
  return group(
    [rects(PART_STYLE[field.part], boxes), ...shapes, text(x + 1, y - 4, fits, small)],
    `${long}: ${count(field.size, "byte", "bytes")} at ${field.offset}`,
    { part: field.part, cell: String(field.cell) },
  );
}
