import { format, formatWithOptions, type InspectOptions, inspect } from "node-inspect-extracted";

/** Where a console's text goes. */
export interface ConsoleSink {
  write(name: "stdout" | "stderr", text: string): void;
  clear(): void;
}

/**
 * The `console` of cells, the same in Node and in the page: `log`, `info`, `debug`, `dir`, `table`, `group`, `count`
 * and the timers print to stdout, `warn`, `error`, `trace` and failed assertions to stderr. `now` gives milliseconds.
 */
export function makeConsole(
  sink: ConsoleSink,
  now: () => number,
): Record<string, (...values: never[]) => void> {
  let indent = "";
  const counts = new Map<string, number>();
  const timers = new Map<string, number>();

  const print = (name: "stdout" | "stderr", text: string) => {
    sink.write(name, `${indent === "" ? text : indent + text.replaceAll("\n", `\n${indent}`)}\n`);
  };
  const out = (...values: unknown[]) => print("stdout", format(...values));
  const err = (...values: unknown[]) => print("stderr", format(...values));
  const elapsed = (label: string, values: unknown[]) => {
    const start = timers.get(label);
    if (start === undefined) err(`There is no timer "${label}": start it with console.time.`);
    else out(`${label}: ${(now() - start).toFixed(3)} ms`, ...values);
  };

  return {
    log: out,
    info: out,
    debug: out,
    warn: err,
    error: err,
    dir: (value: unknown, options?: InspectOptions) =>
      print("stdout", inspect(value, { customInspect: false, ...options })),
    dirxml: out,
    table: (data: unknown, columns?: string[]) => print("stdout", table(data, columns)),
    trace: (...values: unknown[]) => err(`Trace${values.length > 0 ? `: ${format(...values)}` : ""}`),
    assert: (condition?: unknown, ...values: unknown[]) => {
      if (condition) return;
      err(`Assertion failed${values.length > 0 ? `: ${format(...values)}` : ""}`);
    },
    group: (...values: unknown[]) => {
      if (values.length > 0) out(...values);
      indent += "  ";
    },
    groupCollapsed: (...values: unknown[]) => {
      if (values.length > 0) out(...values);
      indent += "  ";
    },
    groupEnd: () => {
      indent = indent.slice(2);
    },
    count: (label = "default") => {
      const count = (counts.get(label) ?? 0) + 1;
      counts.set(label, count);
      out(`${label}: ${count}`);
    },
    countReset: (label = "default") => {
      counts.delete(label);
    },
    time: (label = "default") => {
      timers.set(label, now());
    },
    timeLog: (label = "default", ...values: unknown[]) => elapsed(label, values),
    timeEnd: (label = "default") => {
      elapsed(label, []);
      timers.delete(label);
    },
    clear: () => sink.clear(),
  };
}

/** Rows and columns in box drawing, as Node and browsers show them; anything that has no rows is shown as by `log`. */
function table(data: unknown, only?: string[]): string {
  if (typeof data !== "object" || data === null) return format(data);
  const show = (value: unknown) => formatWithOptions({ depth: 0, breakLength: Infinity }, "%O", value);
  const rows: [index: string, row: unknown][] =
    data instanceof Map
      ? [...data].map(([key, value], index) => [String(index), { Key: key, Values: value }])
      : data instanceof Set
        ? [...data].map((value, index) => [String(index), value])
        : Object.entries(data);
  const columns: string[] = [];
  let hasPlainValues = false;
  const cells = rows.map(([index, row]) => {
    if (typeof row !== "object" || row === null) {
      hasPlainValues = true;
      return { index, row: {} as Record<string, unknown>, plain: show(row) };
    }
    for (const name of Object.keys(row)) if (!columns.includes(name)) columns.push(name);
    return { index, row: row as Record<string, unknown>, plain: "" };
  });
  const names = only ?? columns;
  const header = ["(index)", ...names, ...(hasPlainValues ? ["Values"] : [])];
  const lines = cells.map(({ index, row, plain }) => [
    index,
    ...names.map((name) => (Object.hasOwn(row, name) ? show(row[name]) : "")),
    ...(hasPlainValues ? [plain] : []),
  ]);
  const widths = header.map((name, column) =>
    Math.max(name.length, ...lines.map((line) => line[column]!.length)),
  );
  const rule = (left: string, middle: string, right: string) =>
    left + widths.map((width) => "─".repeat(width + 2)).join(middle) + right;
  const text = (line: string[]) =>
    `│${line.map((cell, column) => ` ${cell.padEnd(widths[column]!)} `).join("│")}│`;
  return [
    rule("┌", "┬", "┐"),
    text(header),
    rule("├", "┼", "┤"),
    ...lines.map(text),
    rule("└", "┴", "┘"),
  ].join("\n");
}
