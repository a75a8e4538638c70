import { inspect } from "node-inspect-extracted";
import type { CellError } from "../language.ts";
import type { CellSyntaxError } from "./cellerror.ts";
import type { Position } from "./positions.ts";

/** What is known of the code behind a script's file name. */
export interface CellSource {
  /** "In [3]" */
  label: string;
  code: string;
  /** From a place in the script that ran to the place in `code`. */
  source(position: Position): Position;
}

/** Finds the cell that a file name in a stack belongs to. */
export type FindCell = (filename: string) => CellSource | undefined;

/** The error of a cell that did not run: its line of code, a caret and the position. */
export function syntaxCellError(error: CellSyntaxError, label: string, code: string): CellError {
  const { line, column } = error.position;
  const evalue = `${error.message} (${label}:${line}:${column})`;
  return {
    ename: error.name,
    evalue,
    traceback: [`${error.name}: ${evalue}`, "", ...excerpt(code, error.position)],
  };
}

/**
 * What a cell threw, as Jupyter shows it: message, the calls inside cells with the positions the person typed, and the
 * line of code. Calls outside cells are left out: they say nothing about the cell, and their paths differ between
 * machines. Any value can be thrown, also one that lies about being an error.
 */
export function thrownCellError(thrown: unknown, findCell: FindCell): CellError {
  if (!isErrorLike(thrown)) {
    const evalue = inspect(thrown);
    return { ename: "Uncaught", evalue, traceback: [`Uncaught ${evalue}`] };
  }
  const ename = String(thrown.name ?? "Error");
  const evalue = String(thrown.message);
  return { ename, evalue, traceback: describe(thrown, findCell, new Set()) };
}

interface ErrorLike {
  name?: unknown;
  message: unknown;
  stack?: unknown;
  cause?: unknown;
  errors?: unknown;
}

/** Errors come from other realms too, so `instanceof` would miss some. */
function isErrorLike(value: unknown): value is ErrorLike {
  return typeof value === "object" && value !== null && "message" in value && "stack" in value;
}

function describe(error: ErrorLike, findCell: FindCell, seen: Set<unknown>): string[] {
  seen.add(error);
  const name = String(error.name ?? "Error");
  const message = String(error.message);
  const { calls, top } = userCalls(typeof error.stack === "string" ? error.stack : "", findCell);
  const lines = [message === "" ? name : `${name}: ${message}`, ...withoutRepeats(calls)];
  if (top !== undefined) lines.push("", ...excerpt(top.cell.code, top.position));
  const nested: [introduction: string, inner: unknown][] = [];
  if (Array.isArray(error.errors)) for (const one of error.errors) nested.push(["One of them: ", one]);
  if (error.cause !== undefined) nested.push(["Caused by: ", error.cause]);
  for (const [introduction, inner] of nested) {
    if (seen.has(inner)) continue;
    const [first = "", ...rest] = isErrorLike(inner) ? describe(inner, findCell, seen) : [inspect(inner)];
    lines.push("", introduction + first, ...rest);
  }
  return lines;
}

/** Of a call that repeats, as in a recursion, the first two lines and how many more there are. */
function withoutRepeats(calls: readonly string[]): string[] {
  const lines: string[] = [];
  for (let at = 0; at < calls.length; ) {
    let end = at;
    while (calls[end] === calls[at]) end++;
    const shown = end - at > 3 ? 2 : end - at;
    lines.push(...calls.slice(at, at + shown));
    if (shown < end - at) lines.push(`    … ${end - at - shown} times more`);
    at = end;
  }
  return lines;
}

interface UserCalls {
  calls: string[];
  /** The innermost call inside a cell. */
  top: { cell: CellSource; position: Position } | undefined;
}

/** The lines of a stack that are inside cells, in V8's form whatever the engine. */
function userCalls(stack: string, findCell: FindCell): UserCalls {
  const calls: string[] = [];
  let top: UserCalls["top"];
  for (const line of stack.split("\n")) {
    const call = userCall(line, findCell);
    if (call === undefined) continue;
    top ??= call;
    calls.push(`    ${call.text}`);
  }
  return { calls, top };
}

/** A line of a stack that is inside a cell (V8: `at f (file:1:2)`, other engines: `f@file:1:2`). */
function userCall(
  line: string,
  findCell: FindCell,
): { text: string; cell: CellSource; position: Position } | undefined {
  const match =
    /^\s*at (?:(.*?) \()?(\S+?):(\d+):(\d+)\)?$/.exec(line.replace("at async ", "at ")) ??
    /^(.*?)@(\S+?):(\d+):(\d+)$/.exec(line);
  if (match === null) return undefined;
  const [, name = "", file, row, column] = match;
  const cell = findCell(file!);
  if (cell === undefined) return undefined;
  const position = cell.source({ line: Number(row), column: Number(column) });
  const place = `${cell.label}:${position.line}:${position.column}`;
  const isTopLevel = name === "" || name === "eval" || name === "<anonymous>";
  return { text: isTopLevel ? `at ${place}` : `at ${name} (${place})`, cell, position };
}

/**
 * Text in which errors were printed, with their stacks told as those of failing cells are: the calls inside cells alone,
 * at the positions the person typed. A stack without such calls stays as it is.
 */
export function tellStacks(text: string, findCell: FindCell): string {
  if (!/^\s+at /m.test(text)) return text;
  return text.replace(/^[ \t]+at .*(?:\n[ \t]+at .*)*/gm, (stack) => {
    const lines = stack.split("\n");
    const calls = lines.flatMap((line) => {
      const call = userCall(line.replace(afterStack, ""), findCell);
      return call === undefined ? [] : [/^\s*/.exec(line)![0] + call.text];
    });
    return calls.length === 0 ? stack : withoutRepeats(calls).join("\n") + afterStack.exec(lines.at(-1)!)![0];
  });
}

/** What the inspector puts behind an error that is part of something: a comma, a bracket, or the brace of its members. */
const afterStack = /[\s,{}\]]*$/;

/** The line of code at a position, with a caret below the column. */
function excerpt(code: string, { line, column }: Position): string[] {
  const text = code.split("\n")[line - 1];
  if (text === undefined) return [];
  const number = String(line);
  // Tabs stay tabs, so that the caret stands below its character whatever a tab's width.
  const space = text.slice(0, column - 1).replace(/[^\t]/g, " ");
  return [`  ${number} | ${text}`, `  ${" ".repeat(number.length)} | ${space}^`];
}
