import { grouped } from "../grouped.ts";
import { checkWidth, Drawing } from "./drawing.ts";
import { byteWords } from "./heapcolumns.ts";
import type { MemStatsSnapshot } from "./states.ts";
import { HEADING, line, NOTE, picture, rect, text } from "./svg.ts";
import { count } from "./words.ts";

/** Memory statistics, drawn: how far the heap is from its next collection. */
function memStatsForms(state: MemStatsSnapshot) {
  return {
    title: `HeapAlloc ${byteWords(state.heapAlloc)}`,
    text: () => gaugeText(state),
    svg: (width?: number) => gaugeSvg(state, width),
    snapshot: () => ({ memStats: state }),
  };
}

function rows({
  heapAlloc,
  nextGC,
  numGC,
}: MemStatsSnapshot): [name: string, exact: string, words: string][] {
  return [
    ["HeapAlloc", grouped(heapAlloc), byteWords(heapAlloc)],
    ["NextGC", grouped(nextGC), byteWords(nextGC)],
    ["NumGC", String(numGC), count(numGC, "collection", "collections")],
  ];
}

function full({ heapAlloc, nextGC }: MemStatsSnapshot): number {
  return Math.min(1, heapAlloc / nextGC);
}

function gaugeText(state: MemStatsSnapshot): string {
  const digits = Math.max(...rows(state).map(([, exact]) => exact.length));
  const done = Math.round(40 * full(state));
  return [
    ...rows(state).map(([name, exact, words]) => `${name.padEnd(9)}  ${exact.padStart(digits)}  ${words}`),
    `0 │${"█".repeat(done)}${"░".repeat(40 - done)}│ NextGC`,
  ].join("\n");
}

const MARGIN = 16;

function gaugeSvg(state: MemStatsSnapshot, width = 480): string {
  const room = Math.min(checkWidth(width), 480) - 2 * MARGIN;
  const shapes: string[] = [text(MARGIN, 30, "memory statistics", HEADING)];
  let y = 52;
  for (const [name, exact, words] of rows(state)) {
    shapes.push(
      text(MARGIN, y, name, { style: "dim" }),
      text(MARGIN + 190, y, exact, { anchor: "end" }),
      ...(room < 320 ? [] : [text(MARGIN + 204, y, words, NOTE)]),
    );
    y += 20;
  }
  y += 4;
  const end = MARGIN + room;
  shapes.push(
    rect(MARGIN, y, room, 18, "rest", 0),
    rect(MARGIN, y, Math.max(1, room * full(state)), 18, "bar", 0),
  );
  shapes.push(line("arrow", [end, y - 5], [end, y + 23]));
  shapes.push(text(MARGIN, y + 36, "HeapAlloc", NOTE));
  shapes.push(
    text(end, y + 36, room < 260 ? "NextGC" : "NextGC: the next collection", { ...NOTE, anchor: "end" }),
  );
  return picture(room + 2 * MARGIN, y + 36 + MARGIN, shapes, {
    title: "Memory statistics",
    description: rows(state)
      .map(([name, exact]) => `${name} ${exact}`)
      .join(", "),
  });
}

/** {@link MemStatsSnapshot} that can be drawn: what `go.memStats()` gives. */
export class MemStats extends Drawing implements MemStatsSnapshot {
  readonly heapAlloc: number;
  readonly nextGC: number;
  readonly numGC: number;

  constructor(state: MemStatsSnapshot) {
    super(memStatsForms(state));
    this.heapAlloc = state.heapAlloc;
    this.nextGC = state.nextGC;
    this.numGC = state.numGC;
  }
}
