import type { IsComplete } from "../language.ts";
import { CellSyntaxError } from "./cellerror.ts";
import { compileCell } from "./rewrite.ts";

/**
 * What may follow where a parser stops early although more text could help: the body of an arrow function, what a `try`
 * needs.
 */
const continuations = ["\n0", "\ncatch {}"];

/** Whether a cell could run as it stands, judged by where its parser stops. Refused syntax counts as invalid. */
export function isComplete(code: string): IsComplete {
  const state = stateOf(code);
  if (state === "complete") return { status: "complete" };
  const incomplete =
    state === "incomplete" || continuations.some((more) => stateOf(code + more) !== "invalid");
  return incomplete ? { status: "incomplete", indent: nextIndent(code) } : { status: "invalid" };
}

function stateOf(code: string): "complete" | "incomplete" | "invalid" {
  try {
    compileCell(code);
    return "complete";
  } catch (error) {
    if (!(error instanceof CellSyntaxError)) throw error;
    return error.incomplete ? "incomplete" : "invalid";
  }
}

/** The indentation of the last line, two spaces more when it opens something. */
function nextIndent(code: string): string {
  const line = code.trimEnd().split("\n").at(-1) ?? "";
  const indent = /^[ \t]*/.exec(line)![0];
  return /[{([]$|=>$/.test(line) ? `${indent}  ` : indent;
}
