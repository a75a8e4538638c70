import type { Position } from "./positions.ts";

/** A cell that cannot run: it does not parse, or uses something that cells refuse. */
export class CellSyntaxError extends Error {
  override readonly name = "SyntaxError";
  /** In the cell as the person typed it. */
  readonly position: Position;
  /** More text could make the cell whole: it ends in the middle of something. */
  readonly incomplete: boolean;

  constructor(message: string, position: Position, incomplete = false) {
    super(message);
    this.position = position;
    this.incomplete = incomplete;
  }
}

/**
 * A parser's complaint in the words for people. `text` is the text it read, `offset` the place in it, and `position`
 * the place in the cell.
 */
export function parseError(
  complaint: string,
  text: string,
  offset: number,
  position: CellSyntaxError["position"],
): CellSyntaxError {
  const message = complaint.replace(/ \(\d+:\d+\)$/, "");
  if (/^Unterminated (template|comment)/.test(message)) return new CellSyntaxError(message, position, true);
  if (/^Unterminated/.test(message)) return new CellSyntaxError(message, position);
  if (offset >= text.trimEnd().length) {
    return new CellSyntaxError("the cell ends in the middle of something", position, true);
  }
  if (text[offset] === "@") {
    return new CellSyntaxError("decorators do not work in cells: call the decorator as a function", position);
  }
  const before = /\b(accessor|defer)\s+$/.exec(text.slice(0, offset))?.[1];
  if (before === "accessor") {
    return new CellSyntaxError(
      "`accessor` does not work in cells: leave it out, or write a getter and a setter",
      position,
    );
  }
  if (before === "defer") {
    return new CellSyntaxError("`import defer` does not work in cells: import the module", position);
  }
  if (message === "Unexpected token") {
    const token = /^(?:[\p{ID_Continue}$#]+|.)/u.exec(text.slice(offset))?.[0] ?? "";
    return new CellSyntaxError(`unexpected ${JSON.stringify(token)}`, position);
  }
  return new CellSyntaxError(message, position);
}
