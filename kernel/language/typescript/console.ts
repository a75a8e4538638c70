import { format, type InspectOptions, inspect } from "node-inspect-extracted";
import type { MimeBundle } from "../language.ts";
import { tableBundle } from "./displaytable.ts";

/** Where a console's text goes. */
export interface ConsoleSink {
  write(name: "stdout" | "stderr", text: string): void;
  /** A table: front ends choose between its text and its HTML. */
  show(bundle: MimeBundle): void;
  clear(): void;
}

/**
 * The `console` of cells, the same in Node and in the page: `log`, `info`, `debug`, `dir`, `group`, `count` and the
 * timers print to stdout, `warn`, `error`, `trace` (with the calls) and failed assertions to stderr; `table` shows a table, in a group as
 * text. `now` gives milliseconds.
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
    table: (data: unknown, columns?: string[]) => {
      const bundle = tableBundle(data, columns);
      // Inside a group it has to be indented with the rest, and only text can be.
      if (indent !== "" || bundle["text/html"] === undefined) print("stdout", String(bundle["text/plain"]));
      else sink.show(bundle);
    },
    trace: (...values: unknown[]) => {
      const calls = new Error().stack?.replace(/^.*/, "") ?? "";
      err(`Trace${values.length > 0 ? `: ${format(...values)}` : ""}${calls}`);
    },
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
