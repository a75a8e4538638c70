import { format, formatWithOptions } from "node-inspect-extracted";
import { grouped } from "../../../engine/grouped.ts";
import type { MimeBundle } from "../language.ts";

/** Rows that a table shows at most; a last line tells how many are left out. */
const MOST_ROWS = 200;
/** Characters that a place of a table shows at most. */
const MOST_CHARACTERS = 200;

/** A value laid out in rows and columns. */
interface Table {
  header: string[];
  rows: Place[][];
  /** Rows that are not in `rows`. */
  hidden: number;
}

interface Place {
  text: string;
  /** The string itself, which HTML shows without quotes. */
  string?: string;
  isNumber?: boolean;
}

/**
 * Whether a value is shown as a table without being asked to: an array of plain objects, each with members, as far as a
 * table would show them.
 */
export function isTabular(value: unknown): value is object[] {
  return Array.isArray(value) && value.length > 0 && value.slice(0, MOST_ROWS).every(isRow);
}

function isRow(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  // By what a plain object lacks, not by identity: objects come from other realms too.
  const prototype = Object.getPrototypeOf(value);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  return isPlain && Object.getOwnPropertySymbols(value).length === 0 && Object.keys(value).length > 0;
}

/**
 * A table as text in box drawing and as HTML, of anything with rows: arrays, objects, Map and Set. What has no rows is
 * shown as `console.log` would show it. Of many rows the first {@link MOST_ROWS} are shown, and the rest is counted.
 *
 * @param only the columns to show, in this order; all by default
 */
export function tableBundle(data: unknown, only?: readonly string[]): MimeBundle {
  const table = layOut(data, only);
  if (table === undefined) return { "text/plain": format(data) };
  return { "text/plain": boxed(table), "text/html": html(table) };
}

function layOut(data: unknown, only?: readonly string[]): Table | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { all, count } = rowsOf(data);
  const columns = new Set<string>();
  let hasPlainValues = false;
  const shown = all.map(([index, row]) => {
    if (typeof row !== "object" || row === null) {
      hasPlainValues = true;
      return { index, row: {} as Record<string, unknown>, plain: place(row) };
    }
    for (const name of Object.keys(row)) columns.add(name);
    return { index, row: row as Record<string, unknown>, plain: nothing };
  });
  const names = only ?? [...columns];
  return {
    header: ["(index)", ...names, ...(hasPlainValues ? ["Values"] : [])],
    rows: shown.map(({ index, row, plain }) => [
      { text: index },
      ...names.map((name) => (Object.hasOwn(row, name) ? place(row[name]) : nothing)),
      ...(hasPlainValues ? [plain] : []),
    ]),
    hidden: count - shown.length,
  };
}

/** The first rows of a value with their names, and how many there are in all. */
function rowsOf(data: object): { all: [index: string, row: unknown][]; count: number } {
  if (data instanceof Map || data instanceof Set) {
    const isMap = data instanceof Map;
    const all: [index: string, row: unknown][] = [];
    for (const [key, value] of data.entries()) {
      if (all.length === MOST_ROWS) break;
      all.push([String(all.length), isMap ? { Key: key, Values: value } : value]);
    }
    return { all, count: data.size };
  }
  if (Array.isArray(data)) return { all: Object.entries(data.slice(0, MOST_ROWS)), count: data.length };
  const names = Object.keys(data);
  const all = names
    .slice(0, MOST_ROWS)
    .map((name): [string, unknown] => [name, (data as Record<string, unknown>)[name]]);
  return { all, count: names.length };
}

const nothing: Place = { text: "" };

function place(value: unknown): Place {
  const text = cut(formatWithOptions({ depth: 0, breakLength: Infinity }, "%O", value));
  if (typeof value === "string") return { text, string: cut(value) };
  return typeof value === "number" || typeof value === "bigint" ? { text, isNumber: true } : { text };
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= MOST_CHARACTERS
    ? text
    : `${characters.slice(0, MOST_CHARACTERS - 1).join("")}…`;
}

function boxed({ header, rows, hidden }: Table): string {
  const lines = rows.map((row) => row.map(({ text }) => text));
  const length = (text: string) => [...text].length;
  const widths = header.map((name, column) =>
    Math.max(length(name), ...lines.map((line) => length(line[column]!))),
  );
  const rule = (left: string, middle: string, right: string) =>
    left + widths.map((width) => "─".repeat(width + 2)).join(middle) + right;
  const line = (texts: string[]) =>
    `│${texts.map((text, column) => ` ${text}${" ".repeat(widths[column]! - length(text))} `).join("│")}│`;
  return [
    rule("┌", "┬", "┐"),
    line(header),
    rule("├", "┼", "┤"),
    ...lines.map(line),
    rule("└", "┴", "┘"),
    ...(hidden > 0 ? [left(hidden)] : []),
  ].join("\n");
}

/** Numbers stand right, as front ends have it by default, and all else left. */
function html({ header, rows, hidden }: Table): string {
  const toLeft = ' style="text-align: left"';
  const cell = ({ text, string, isNumber }: Place) =>
    `<td${isNumber ? "" : toLeft}>${escaped(string ?? text)}</td>`;
  const body = rows.map(
    ([index, ...cells]) => `<tr><th>${escaped(index!.text)}</th>${cells.map(cell).join("")}</tr>`,
  );
  const head = header.map((name) => `<th scope="col"${toLeft}>${escaped(name)}</th>`).join("");
  return (
    `<table><thead><tr>${head}</tr></thead><tbody>\n${body.join("\n")}\n</tbody></table>` +
    (hidden > 0 ? `<p>${left(hidden)}</p>` : "")
  );
}

function left(hidden: number): string {
  return `${grouped(hidden)} more ${hidden === 1 ? "row" : "rows"} not shown`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
