import type { SourceMapMappings } from "@jridgewell/sourcemap-codec";

/** A place in a text. Lines and columns count from 1, columns in UTF-16 units: as V8 prints them. */
export interface Position {
  line: number;
  column: number;
}

/** The place of a character. An offset past the end gives the end. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, Math.max(0, offset));
  const line = before.split("\n").length;
  return { line, column: before.length - before.lastIndexOf("\n") };
}

/**
 * Follows a decoded source map from generated text back to its source. Between two mapped places columns are counted
 * on from the first, unless `everyCharacter` is mapped: then what is between two places was put in, and belongs to the
 * first. Before the first place of a line, that is taken.
 */
export function traceBack(
  mappings: SourceMapMappings,
  { line, column }: Position,
  everyCharacter = false,
): Position {
  const segments = mappings[line - 1]?.filter((segment) => segment.length > 1) ?? [];
  let best = segments[0];
  for (const segment of segments) {
    if (segment[0] > column - 1) break;
    best = segment;
  }
  if (best === undefined || best.length === 1) return { line, column };
  const [start, , sourceLine, sourceColumn] = best;
  const beyond = everyCharacter ? 0 : Math.max(0, column - 1 - start);
  return { line: sourceLine + 1, column: sourceColumn + 1 + beyond };
}
