import type { IsComplete } from "../language.ts";
import { CellSyntaxError } from "./cellerror.ts";
import { compileCell } from "./rewrite.ts";

/** Whether a cell could run as it stands, judged by where its parser stops. Refused syntax counts as invalid. */
export function isComplete(code: string): IsComplete {
  try {
    compileCell(code);
    return { status: "complete" };
  } catch (error) {
    if (!(error instanceof CellSyntaxError)) throw error;
    return error.incomplete ? { status: "incomplete", indent: nextIndent(code) } : { status: "invalid" };
  }
}

/** The indentation of the last line, two spaces more when it opens something. */
function nextIndent(code: string): string {
  const line = code.trimEnd().split("\n").at(-1) ?? "";
  const indent = /^[ \t]*/.exec(line)![0];
  return /[{([]$|=>$/.test(line) ? `${indent}  ` : indent;
}
