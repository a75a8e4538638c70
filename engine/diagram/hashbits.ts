import { minTopHash } from "../map/bmap.ts";
import { visible, wrap } from "./columns.ts";
import { checkWidth, Drawing } from "./drawing.ts";
import type { HashSnapshot } from "./states.ts";
import {
  boxSample,
  COLUMN,
  fitted,
  group,
  HEADING,
  hatch,
  NOTE,
  n,
  path,
  picture,
  rect,
  type Style,
  text,
  textWidth,
} from "./svg.ts";
import { count, hex } from "./words.ts";

/** The parts of a hash that can be pointed out. */
type HashPart = "tophash" | "bucket" | "half";

/** How to draw a hash. */
export interface HashDrawOptions {
  /** Most pixels in width; {@link COLUMN} by default, 240 at least. */
  readonly width?: number;
  /** Which bits to point out. */
  readonly focus?: HashPart;
}

/** The hash of a key, drawn: 64 bits, and which of them the map uses for what. */
export function hashDrawing(state: HashSnapshot, options: HashDrawOptions = {}): Drawing {
  return new Drawing({
    title: `The hash of ${state.key} in a ${state.type}`,
    text: () => hashText(state),
    svg: (width) => hashSvg(state, width === undefined ? options : { ...options, width }),
    snapshot: () => ({ hash: { ...state, hash: `0x${state.hash.toString(16).padStart(16, "0")}` } }),
  });
}

/** What some bits say. Bits are numbered from 0, the lowest. */
interface Statement {
  part: HashPart;
  from: number;
  to: number;
  style: Style;
  /** Two letters that stand for the colour. */
  mark: string;
  words: string;
}

function statements(state: HashSnapshot): Statement[] {
  const { B, bucket, hash, tophash } = state;
  const top = Number(hash >> 56n);
  const found: Statement[] = [
    {
      part: "tophash",
      from: 56,
      to: 63,
      style: "tag",
      mark: "t",
      words:
        top < minTopHash
          ? `the high byte is ${hex(top, 2)}, but below ${minTopHash} are marks: ${minTopHash} is added, and the tophash is ${hex(tophash, 2)}`
          : `the high byte is the tophash, ${hex(tophash, 2)}, which the cell keeps`,
    },
  ];
  const bits = count(B, "bit", "bits");
  const decides = state.doubling ? B - 1 : B;
  const upper = (hash >> BigInt(decides)) & 1n;
  const half = upper === 0n ? "X" : "Y";
  const [from, to] = [2 ** decides, 2 ** (decides + 1)];
  const number = bucket & (from - 1);
  const move = upper === 0n ? `stays at number ${number}` : `moves from number ${number} to ${number + from}`;
  found.push(
    {
      part: "half",
      from: decides,
      to: decides,
      style: half === "X" ? "x" : "y",
      mark: half,
      words: state.doubling
        ? `bit ${decides} is ${upper}: ${half}. In this growth from ${from} to ${to} buckets the entry ${move}`
        : `bit ${decides} is ${upper}: ${half}. When ${from} ${from === 1 ? "bucket becomes" : "buckets become"} ${to}, the entry ${move}`,
    },
    {
      part: "bucket",
      from: 0,
      to: B - 1,
      style: "live",
      mark: "b",
      words:
        B === 0
          ? "B is 0: of one bucket no bit has to choose"
          : `the low ${bits} (B is ${B}) choose bucket ${bucket} of ${2 ** B}`,
    },
  );
  return found;
}

/** Which statement a bit belongs to: the deciding one first, as it may be one of the bucket's bits. */
function statementOf(all: readonly Statement[], bit: number): Statement | undefined {
  return (["half", "tophash", "bucket"] as const)
    .map((part) => all.find((one) => one.part === part && bit >= one.from && bit <= one.to))
    .find((one) => one !== undefined);
}

function bitAt(state: HashSnapshot, bit: number): string {
  return String((state.hash >> BigInt(bit)) & 1n);
}

function hexOf(state: HashSnapshot): string {
  return `0x${state.hash.toString(16).padStart(16, "0")}`;
}

/** The hash as text: the bits, under each the letter of what it is for, and the letters explained. */
function hashText(state: HashSnapshot): string {
  const all = statements(state);
  const row = (content: (bit: number) => string) =>
    Array.from({ length: 8 }, (_, byte) =>
      Array.from({ length: 8 }, (_, i) => content(63 - 8 * byte - i)).join(""),
    ).join(" ");
  const said = all.flatMap(({ mark, words }) =>
    wrap(words, 67).map((line, i) => `${i === 0 ? mark : " "}   ${line}`),
  );
  return [
    `hash of ${visible(state.key)} in a ${state.type}, hash0 ${hex(state.hash0, 8)}`,
    hexOf(state),
    "",
    row((bit) => bitAt(state, bit)),
    row((bit) => statementOf(all, bit)?.mark ?? "·").trimEnd(),
    "",
    ...said,
    `·   the other ${count(unused(all), "bit is", "bits are")} not used here, nor kept anywhere`,
  ].join("\n");
}

function unused(all: readonly Statement[]): number {
  return Array.from({ length: 64 }, (_, bit) => statementOf(all, bit)).filter((one) => one === undefined)
    .length;
}

const MARGIN = 16;
const BIT = { height: 24, gap: 8, note: 15 };

/**
 * The hash as SVG: the bits in rows of 64, 32 or 16, as many as fit, and what they are for.
 *
 * @throws RangeError when the width is below 240
 */
function hashSvg(state: HashSnapshot, { width = COLUMN, focus }: HashDrawOptions = {}): string {
  const room = checkWidth(width) - 2 * MARGIN;
  const perRow = [64, 32, 16, 8].find((bits) => bits * 11 + (bits / 8 - 1) * BIT.gap <= room) ?? 8;
  const across = Math.min(18, Math.floor((room - (perRow / 8 - 1) * BIT.gap) / perRow));
  const all = statements(state);
  const wide = perRow * across + (perRow / 8 - 1) * BIT.gap;
  const key = visible(state.key);
  const shapes = [
    text(MARGIN, 30, fitted(`hash of ${key}`, room, HEADING), HEADING),
    text(MARGIN, 50, hexOf(state), { size: 13 }),
    text(MARGIN, 68, fitted(`in a ${state.type}, hash0 ${hex(state.hash0, 8)}`, room, NOTE), NOTE),
  ];
  const first = 88;
  const line = BIT.height + BIT.note + (perRow === 64 ? 12 : 16);
  const place = (bit: number): [x: number, y: number] => {
    const at = 63 - bit;
    const inRow = at % perRow;
    const row = Math.floor(at / perRow);
    const x = MARGIN + inRow * across + Math.floor(inRow / 8) * BIT.gap;
    return [x, first + row * line + BIT.note];
  };
  for (let byte = 7; byte >= 0; byte--) {
    const bits: string[] = [];
    for (let bit = 8 * byte + 7; bit >= 8 * byte; bit--) {
      const [x, top] = place(bit);
      const of = statementOf(all, bit);
      bits.push(
        rect(x, top, across, BIT.height, of?.style ?? "rest", 0),
        ...(of?.part === "half" ? [hatch(x, top + BIT.height - 5, across, 5, 4)] : []),
        text(x + across / 2, top + 16, bitAt(state, bit), {
          size: across < 12 ? 11 : 12,
          anchor: "middle",
          style: of === undefined ? "dim" : "ink",
        }),
      );
    }
    const [left, top] = place(8 * byte + 7);
    const [last] = place(8 * byte);
    const small = { ...NOTE, size: 9 } as const;
    bits.push(
      text(left + 1, top - 5, String(8 * byte + 7), small),
      text(last + across - 1, top - 5, String(8 * byte), { ...small, anchor: "end" }),
    );
    shapes.push(group(bits, `bits ${8 * byte + 7} to ${8 * byte}`, { byte: String(byte) }));
  }
  for (const one of all) {
    if (one.to < one.from) continue;
    for (const { left, right, top } of runs(one, place, across)) {
      const inTheWay = state.doubling && one.part === "half";
      shapes.push(...bracket(one.mark, left, right, top + BIT.height + (inTheWay ? 18 : 3)));
      if (one.part === focus) shapes.push(rect(left, top - 2, right - left, BIT.height + 4, "focus", 0));
    }
  }
  let y = first + (64 / perRow) * line + (state.doubling ? 28 : 16);
  const columns = Math.floor((Math.min(room, 800) - 34) / textWidth("x", NOTE));
  for (const one of all) {
    shapes.push(boxSample(one.style, one.mark, false)(MARGIN, y));
    for (const line of wrap(one.words, columns)) {
      shapes.push(text(MARGIN + 32, y + 12, line, { ...NOTE, style: "ink" }));
      y += 16;
    }
    y += 8;
  }
  const rest = `the other ${count(unused(all), "bit is", "bits are")} not used here, nor kept anywhere`;
  shapes.push(boxSample("rest")(MARGIN, y));
  for (const line of wrap(rest, columns)) {
    shapes.push(text(MARGIN + 32, y + 12, line, NOTE));
    y += 16;
  }
  return picture(Math.max(wide + 2 * MARGIN, Math.min(300, width)), y + MARGIN, shapes, {
    title: `The hash of ${key} in a ${state.type}`,
    description: `${hexOf(state)}: ${all.map(({ words }) => words).join("; ")}.`,
  });
}

/** The stretches of a row each that bits make. */
function runs(
  { from, to }: Statement,
  place: (bit: number) => [number, number],
  across: number,
): { left: number; right: number; top: number }[] {
  const found: { left: number; right: number; top: number }[] = [];
  for (let bit = to; bit >= from; ) {
    let end = bit;
    while (end > from && place(end - 1)[1] === place(bit)[1]) end--;
    const [left, top] = place(bit);
    found.push({ left, right: place(end)[0] + across, top });
    bit = end - 1;
  }
  return found;
}

/** A bracket below bits, with the letter that stands for them. */
function bracket(mark: string, left: number, right: number, y: number): string[] {
  return [
    path("rule", `M${n(left + 1)} ${n(y)}v4H${n(right - 1)}v-4`),
    text((left + right) / 2, y + 14, mark, { size: 10, anchor: "middle" }),
  ];
}
