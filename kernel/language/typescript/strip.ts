import { decode, type SourceMapMappings, type SourceMapSegment } from "@jridgewell/sourcemap-codec";
import { getFormattedTokens, type Options, transform } from "sucrase";
import { CellSyntaxError, parseError } from "./cellerror.ts";
import { type Position, positionAt } from "./positions.ts";

// Only parser.ts imports this, when the first cell comes that needs it.

/** JavaScript without types, and the way back to the TypeScript it came from. */
export interface Stripped {
  code: string;
  /** Decoded on demand: only errors need it. */
  mappings(): SourceMapMappings;
}

const options: Options = {
  transforms: ["typescript"],
  disableESTransforms: true,
  // An import may be meant for the next cell.
  keepUnusedImports: true,
  filePath: "cell.ts",
};

/**
 * Removes the types from a cell and transforms what is not just a type (enums, parameter properties). Lines stay.
 *
 * @throws CellSyntaxError for code that does not parse and for value namespaces, which sucrase would drop in silence.
 */
export function stripTypes(code: string): Stripped {
  refuseNamespaces(code);
  try {
    return { code: transform(code, options).code, mappings: () => mapColumns(code) };
  } catch (error) {
    const { message, pos } = error as { message: string; pos?: number };
    // Sucrase notices some brackets that stay open only when all is read, and then gives no position.
    if (pos === undefined)
      throw parseError("Unexpected end", code, code.length, positionAt(code, code.length));
    throw parseError(message.replace(/^Error transforming cell\.ts: /, ""), code, pos, positionAt(code, pos));
  }
}

/**
 * Sucrase's source map, decoded. Its columns are lost behind a token without length (as in a template that ends in `}`),
 * so those tokens are given a character for as long as the map is made.
 */
function mapColumns(code: string): SourceMapMappings {
  let filler = 0xe000;
  while (code.includes(String.fromCharCode(filler))) filler++;
  const mark = String.fromCharCode(filler);
  const lines = code.split("\n");
  // From the end, so that the places still to come stay true.
  for (const { label, start, end } of tokensOf(code).reverse()) {
    if (label === "eof" || start.line !== end.line || start.column !== end.column) continue;
    const line = lines[start.line - 1]!;
    lines[start.line - 1] = line.slice(0, start.column - 1) + mark + line.slice(start.column - 1);
  }
  const marked = lines.join("\n");
  const result = transform(marked, { ...options, sourceMapOptions: { compiledFilename: "cell.js" } });
  const generated = result.code.split("\n");
  const without = (line: string | undefined, column: number) =>
    column - ((line ?? "").slice(0, column).split(mark).length - 1);
  return decode(result.sourceMap!.mappings).map((segments, row) =>
    segments.map((segment): SourceMapSegment => {
      if (segment.length === 1) return [without(generated[row], segment[0])];
      const [column, source, sourceRow, sourceColumn] = segment;
      return [without(generated[row], column), source, sourceRow, without(lines[sourceRow], sourceColumn)];
    }),
  );
}

/** A token of a cell, as sucrase's parser read it. */
interface Token {
  start: Position;
  end: Position;
  label: string;
  raw: string;
  /** Sucrase takes it out, as part of a type. */
  removed: boolean;
}

/** The tokens of code that parses. */
function tokensOf(code: string): Token[] {
  // A row is: start-end, label, raw text, then flags, of which `isType` marks what is removed. What does not look like
  // one is the rest of a raw text with a line end in it.
  const rows = getFormattedTokens(code, options).matchAll(/^(\d+):(\d+)-(\d+):(\d+) +(\S+) +(\S*)(.*)$/gm);
  return [...rows].map(
    ([, startLine, startColumn, endLine, endColumn, label = "", raw = "", flags = ""]) => ({
      start: { line: Number(startLine), column: Number(startColumn) },
      end: { line: Number(endLine), column: Number(endColumn) },
      label,
      raw,
      removed: flags.includes(" isType"),
    }),
  );
}

/** Looks for `namespace N {` and `module N {` that are not just declared. */
function refuseNamespaces(code: string): void {
  if (!/\b(?:namespace|module)\b/.test(code)) return;
  let tokens: Token[];
  try {
    tokens = tokensOf(code);
  } catch {
    return; // does not parse, which is reported with a better message
  }
  for (const [index, { raw, removed, start }] of tokens.entries()) {
    if ((raw !== "namespace" && raw !== "module") || !removed) continue;
    if (tokens[index - 1]?.raw === "declare" && tokens[index - 1]!.removed) continue;
    const name = tokens[index + 1]?.raw ?? "";
    const follows = tokens[index + 2]?.raw;
    if (!/^[\p{ID_Start}$_]/u.test(name) || (follows !== "{" && follows !== ".")) continue;
    throw new CellSyntaxError(
      `namespaces do not work in cells: make \`${name}\` an object, or leave its members at the top level`,
      start,
    );
  }
}
