import type { IsComplete } from "../language.ts";
import { CellSyntaxError } from "./cellerror.ts";
import { parseCell, type Uninterrupted } from "./parser.ts";
import { rewriteCell } from "./rewrite.ts";

/**
 * What may follow where a parser stops early although more text could help: the body of an arrow function, what a `try`
 * needs.
 */
const continuations = ["\n0", "\ncatch {}"];

/** Whether a cell could run as it stands, judged by where its parser stops. Refused syntax counts as invalid. */
export async function isComplete(code: string, uninterrupted?: Uninterrupted): Promise<IsComplete> {
  const state = await stateOf(code, uninterrupted);
  if (state === "complete") return { status: "complete" };
  const incomplete = { status: "incomplete", indent: nextIndent(code) } as const;
  if (state === "incomplete") return incomplete;
  for (const more of continuations) {
    if ((await stateOf(code + more, uninterrupted)) !== "invalid") return incomplete;
  }
  return { status: "invalid" };
}

async function stateOf(
  code: string,
  uninterrupted?: Uninterrupted,
): Promise<"complete" | "incomplete" | "invalid"> {
  try {
    rewriteCell(await parseCell(code, uninterrupted));
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
