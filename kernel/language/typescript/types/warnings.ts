import type { Output } from "../../language.ts";
import { positionAt } from "../positions.ts";
import type { DiagnosticResponse } from "./compiler.ts";

/** A type error at a place of a cell. */
export interface TypeWarning {
  diagnostic: DiagnosticResponse;
  /** In the cell, in UTF-16 units. */
  offset: number;
}

/** More than these are counted, not shown. */
const mostWarnings = 10;

/**
 * Codes of the compiler that say nothing about a cell: names declared twice (they may be), things that cannot be found
 * (running the cell tells), what a function's missing types would imply, and left sides of commas.
 */
const silent = new Set([
  2300, 2306, 2307, 2393, 2395, 2440, 2451, 2580, 2584, 2591, 2669, 2686, 2688, 2691, 2695, 2732, 2792, 2834,
  2835, 2865, 2867, 2868, 5097,
]);

/** Whether a diagnostic is a type error that a person wants to know of. */
export function isWorthSaying({ category, code }: DiagnosticResponse): boolean {
  if (category !== 1 || silent.has(code)) return false;
  // 1000 to 1999 is syntax, 7000 to 7999 implicit any.
  return code >= 2000 && !(code >= 7000 && code < 8000);
}

/** The name that a diagnostic says there is none of. */
export function isUnknownName({ code, text }: DiagnosticResponse): string | undefined {
  const isUnknown = [2304, 2503, 2552, 2662, 2663, 18004].includes(code);
  return isUnknown ? /'([^']+)'/.exec(text)?.[1] : undefined;
}

/** Whether a cell says that it is not to be checked. */
export function hasNoCheck(code: string): boolean {
  return /^(?:\s|\/\/.*\n|\/\*[\s\S]*?\*\/)*\/\/\s*@ts-nocheck\b/.test(code);
}

/** The type errors of a cell as one output, each with its place and line. */
export function warningOutput(code: string, label: string, warnings: readonly TypeWarning[]): Output {
  const lines = code.split("\n");
  const said = warnings.slice(0, mostWarnings).map(({ diagnostic, offset }) => {
    const { line, column } = positionAt(code, offset);
    const text = lines[line - 1] ?? "";
    const length = Math.max(1, Math.min(diagnostic.end - diagnostic.pos, text.length - column + 1));
    const number = String(line);
    const space = text.slice(0, column - 1).replace(/[^\t]/g, " ");
    return {
      place: `${label}:${line}:${column}`,
      message: chained(diagnostic),
      code: `TS${diagnostic.code}`,
      excerpt: `  ${number} | ${text}\n  ${" ".repeat(number.length)} | ${space}${"~".repeat(length)}`,
    };
  });
  const left = warnings.length - said.length;
  const more = left > 0 ? [`and ${left} more`] : [];
  const plain = said.map(
    (one) => `Type warning at ${one.place}: ${one.message} (${one.code})\n${one.excerpt}`,
  );
  const markdown = said.map(
    (one) =>
      `**Type warning** at \`${one.place}\`: ${escaped(one.message)} (${one.code})\n\n\`\`\`\n${one.excerpt}\n\`\`\``,
  );
  return {
    type: "display",
    data: {
      "text/plain": [...plain, ...more].join("\n"),
      "text/markdown": [...markdown, ...more].join("\n\n"),
    },
    metadata: {},
  };
}

/** A message with the reasons below it, each a little further in. */
function chained(diagnostic: DiagnosticResponse, indent = ""): string {
  const reasons = (diagnostic.messageChain ?? []).map((one) => `\n${chained(one, `${indent}  `)}`);
  return indent + diagnostic.text + reasons.join("");
}

/** Text as it is, in Markdown. */
function escaped(text: string): string {
  return text.replace(/[\\`*_<>[\]&#|~]/g, "\\$&").replaceAll("\n", "  \n");
}
