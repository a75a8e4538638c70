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
