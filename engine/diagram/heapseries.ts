import { left, right } from "./columns.ts";
import { checkWidth, Drawing } from "./drawing.ts";
import { byteWords, type Column, columnsOf, heapWords, ticksTo } from "./heapcolumns.ts";
import type { HeapEvent, HeapSeriesSnapshot } from "./states.ts";
import {
  boxSample,
  COLUMN,
  fitted,
  group,
  HEADING,
  type LegendEntry,
  legend,
  line,
  NOTE,
  n,
  path,
  picture,
  text,
  textWidth,
} from "./svg.ts";
import { count } from "./words.ts";

/** The heap over time, drawn: `HeapAlloc` as a curve, the map's arrays as areas. */
export function heapDrawing(state: HeapSeriesSnapshot): Drawing {
  return new Drawing({
    title: `HeapAlloc over ${count(state.samples.length, "sample", "samples")}`,
    text: () => heapText(state),
    svg: (width) => heapSvg(state, width),
    snapshot: () => ({ heap: state }),
  });
}

const TEXT = { columns: 64, rows: 10 };
const EIGHTHS = " ▁▂▃▄▅▆▇█";

/** The curve in block characters, and below it where growths and collections were. */
function heapText(state: HeapSeriesSnapshot): string {
  const { samples, unit, events } = state;
  if (samples.length === 0) return "no sample of the heap yet";
  const columns = columnsOf(samples, TEXT.columns);
  const ticks = ticksTo(Math.max(...columns.map(({ high }) => high)));
  const top = ticks.at(-1) as number;
  const names = Math.max(...ticks.map((tick) => byteWords(tick).length));
  const drawn = Array.from({ length: TEXT.rows }, (_, i) => {
    const row = TEXT.rows - 1 - i;
    const bars = columns.map(({ high }) => {
      const eighths = Math.round((high / top) * TEXT.rows * 8) - row * 8;
      return EIGHTHS[Math.max(0, Math.min(8, eighths))];
    });
    const name = i === 0 ? byteWords(top) : row === 0 ? "0" : "";
    return `${right(name, names)} │${bars.join("")}`.trimEnd();
  });
  const signs = Array.from(columns, (_, column) => {
    const here = events.filter(({ at }) => Math.floor((at * columns.length) / samples.length) === column);
    const growth = here.some(({ kind }) => kind === "growth");
    const collection = here.some(({ kind }) => kind === "collection");
    return growth && collection ? "*" : growth ? "g" : collection ? "c" : " ";
  }).join("");
  const pad = " ".repeat(names);
  return [
    heapWords(state),
    ...drawn,
    `${pad} └${"─".repeat(columns.length)}`,
    `${pad}  ${signs}`.trimEnd(),
    `${pad}  ${left("0", columns.length - 1)} ${count(samples.length, unit, `${unit}s`)}`,
    "g a growth began, c a collection, * both",
  ].join("\n");
}

const MARGIN = 16;
const PLOT = { height: 240, signs: 30, foot: 40 };

/**
 * The curve as SVG.
 *
 * @throws RangeError when the width is below 240
 */
function heapSvg(state: HeapSeriesSnapshot, width = COLUMN): string {
  const room = checkWidth(width) - 2 * MARGIN;
  const { samples, unit, events } = state;
  const shapes = [text(MARGIN, 30, fitted("HeapAlloc", room, HEADING), HEADING)];
  const said = { title: "HeapAlloc over time", description: heapWords(state) };
  if (samples.length === 0) {
    shapes.push(text(MARGIN, 50, "no sample of the heap yet", NOTE));
    return picture(Math.min(width, 300), 66, shapes, said);
  }
  const [summary, rest] = heapWords(state).slice("HeapAlloc ".length).split("; ") as [string, string];
  const beside = textWidth("HeapAlloc", HEADING) + 14;
  const whole = `${summary}; ${rest}`;
  const oneLine = beside + textWidth(whole, NOTE) <= room;
  if (oneLine) shapes.push(text(MARGIN + beside, 30, whole, NOTE));
  else
    for (const [i, part] of [summary, rest].entries())
      shapes.push(text(MARGIN, 47 + 16 * i, fitted(part, room, NOTE), NOTE));
  const small = { ...NOTE, size: 10 } as const;
  const highest = samples.reduce((most, sample) => Math.max(most, sample.heapAlloc), 0);
  const ticks = ticksTo(highest);
  const left = MARGIN + Math.max(...ticks.map((tick) => textWidth(byteWords(tick), small))) + 8;
  const across = MARGIN + room - left;
  const top = (oneLine ? 44 : 76) + PLOT.signs;
  const foot = top + PLOT.height;
  const scale = PLOT.height / (ticks.at(-1) as number);
  const y = (bytes: number) => foot - bytes * scale;
  const columns = columnsOf(samples, Math.floor(across));
  const step = across / Math.max(1, columns.length - 1);
  const x = (column: number) => left + column * step;
  for (const tick of ticks) {
    shapes.push(
      line("grid", [left, y(tick)], [left + across, y(tick)]),
      text(left - 6, y(tick) + 4, byteWords(tick), { ...small, anchor: "end" }),
    );
  }
  shapes.push(group(areas(columns, x, y), "the map's arrays"));
  shapes.push(group([curve(columns, x, y)], "HeapAlloc"));
  for (const { at, kind } of visibleEvents(events, samples.length, across)) {
    const place = left + (across * at) / Math.max(1, samples.length - 1);
    shapes.push(eventSign(kind, place, top, foot));
  }
  shapes.push(
    line("rule", [left, foot + 0.5], [left + across, foot + 0.5]),
    text(left, foot + 16, "0", small),
    text(left + across, foot + 16, count(samples.length, unit, `${unit}s`), { ...small, anchor: "end" }),
  );
  const key = legend(legendEntries(state), MARGIN, foot + 30, room);
  return picture(width, foot + 30 + key.height + MARGIN, [...shapes, ...key.shapes], said);
}

/** The arrays as areas: the present one from the ground, the old one, hatched, on top of it. */
function areas(
  columns: readonly Column[],
  x: (column: number) => number,
  y: (bytes: number) => number,
): string[] {
  const area = (
    from: number,
    to: number,
    low: (column: Column) => number,
    high: (column: Column) => number,
  ) => {
    const points = (bytes: (column: Column) => number) =>
      columns.slice(from, to).map((column, i) => `${n(x(from + i))} ${n(y(bytes(column)))}`);
    return `M${[...points(high), ...points(low).reverse()].join("L")}z`;
  };
  const shapes = [
    path(
      "live",
      area(
        0,
        columns.length,
        () => 0,
        ({ buckets }) => buckets,
      ),
    ),
  ];
  for (let from = 0; from < columns.length; from++) {
    if (columns[from]?.oldbuckets === 0) continue;
    let to = from;
    while ((columns[to]?.oldbuckets ?? 0) > 0) to++;
    const both = ({ buckets, oldbuckets }: Column) => buckets + oldbuckets;
    let lines = "";
    for (let column = from; column < to; column += Math.max(1, Math.round(4 / (x(1) - x(0))))) {
      const { buckets, oldbuckets } = columns[column] as Column;
      lines += `M${n(x(column))} ${n(y(buckets))}V${n(y(buckets + oldbuckets))}`;
    }
    shapes.push(
      path(
        "y",
        area(from, to, ({ buckets }) => buckets, both),
      ),
      path("hatch", lines),
    );
    from = to;
  }
  return shapes;
}

/** HeapAlloc: through the lowest and the highest value of each column. */
function curve(
  columns: readonly Column[],
  x: (column: number) => number,
  y: (bytes: number) => number,
): string {
  const points = columns.flatMap(({ low, high }, i) =>
    low === high ? [`${n(x(i))} ${n(y(low))}`] : [`${n(x(i))} ${n(y(low))}`, `${n(x(i))} ${n(y(high))}`],
  );
  return path("curve", `M${points.join("L")}`);
}

/** At most one event of a kind in six pixels: more could not be told apart. */
function visibleEvents(events: readonly HeapEvent[], samples: number, across: number): HeapEvent[] {
  const last = { growth: -Infinity, collection: -Infinity };
  return events.filter(({ at, kind }) => {
    const place = (across * at) / Math.max(1, samples - 1);
    if (place < last[kind] + 6) return false;
    last[kind] = place;
    return true;
  });
}

/** A growth is a triangle that points up, with a line; a collection a circle on a stalk. */
function eventSign(kind: HeapEvent["kind"], x: number, top: number, foot: number): string {
  if (kind === "growth") {
    return group(
      [line("rule", [x, top - 6], [x, foot]), path("head", `M${n(x)} ${n(top - 16)}l5 9h-10z`)],
      "a growth begins",
    );
  }
  return group(
    [
      path("dashes", `M${n(x)} ${n(top - 18)}V${n(foot)}`),
      `${path("mark", `M${n(x - 4)} ${n(top - 22)}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z`)}`,
    ],
    "a collection",
  );
}

function legendEntries({ samples, events }: HeapSeriesSnapshot): LegendEntry[] {
  const entries: LegendEntry[] = [
    {
      sample: (x, y) => line("curve", [x, y + 12], [x + 10, y + 5], [x + 22, y + 5]),
      words: "HeapAlloc: the arrays and all else, garbage too",
    },
  ];
  if (samples.some(({ buckets }) => buckets > 0)) {
    entries.push({ sample: boxSample("live"), words: "array of buckets" });
  }
  if (samples.some(({ oldbuckets }) => oldbuckets > 0)) {
    entries.push({
      sample: (x, y) =>
        boxSample("y")(x, y) + path("hatch", [4, 8, 12, 16].map((at) => `M${x + at + 1} ${y}v16`).join("")),
      words: "old array",
    });
  }
  if (events.some(({ kind }) => kind === "growth")) {
    entries.push({
      sample: (x, y) => path("head", `M${x + 11} ${y + 3}l5 9h-10z`),
      words: "a growth begins",
    });
  }
  if (events.some(({ kind }) => kind === "collection")) {
    entries.push({
      sample: (x, y) => path("mark", `M${x + 7} ${y + 8}a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z`),
      words: "a collection",
    });
  }
  return entries;
}
