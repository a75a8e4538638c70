import { decode, type SourceMapMappings } from "@jridgewell/sourcemap-codec";
import { getFormattedTokens, transform } from "sucrase";
import { CellSyntaxError } from "./cellerror.ts";
import { positionAt } from "./positions.ts";

/** JavaScript without types, and the way back to the TypeScript it came from. */
export interface Stripped {
  code: string;
  /** Decoded on demand: only errors need it. */
  mappings(): SourceMapMappings;
}

/**
 * Removes the types from a cell and transforms what is not just a type (enums, parameter properties). Lines stay.
 *
 * @throws CellSyntaxError for code that does not parse and for value namespaces, which sucrase would drop in silence.
 */
export function stripTypes(code: string): Stripped {
  refuseNamespaces(code);
  try {
    const result = transform(code, {
      transforms: ["typescript"],
      disableESTransforms: true,
      // An import may be meant for the next cell.
      keepUnusedImports: true,
      filePath: "cell.ts",
      sourceMapOptions: { compiledFilename: "cell.js" },
    });
    const encoded = result.sourceMap!.mappings;
    return { code: result.code, mappings: () => decode(encoded) };
  } catch (error) {
    const { message, pos } = error as { message: string; pos?: number };
    if (pos === undefined) throw error;
    throw parseError(message.replace(/^Error transforming cell\.ts: /, ""), code, pos, positionAt(code, pos));
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
  if (message === "Unexpected token") {
    const token = /^(?:[\p{ID_Continue}$#]+|.)/u.exec(text.slice(offset))?.[0] ?? "";
    return new CellSyntaxError(`unexpected ${JSON.stringify(token)}`, position);
  }
  return new CellSyntaxError(message, position);
}

/** Looks for `namespace N {` and `module N {` that are not just declared. */
function refuseNamespaces(code: string): void {
  if (!/\b(?:namespace|module)\b/.test(code)) return;
  let rows: string[];
  try {
    rows = getFormattedTokens(code, { transforms: ["typescript"] })
      .split("\n")
      .slice(1);
  } catch {
    return; // does not parse, which is reported with a better message below
  }
  // A row is: start-end, label, raw text, then flags, of which `isType` marks what sucrase removes.
  const tokens = rows.map((row) => {
    const [place = "", , raw = ""] = row.split(/\s+/);
    const [line = 0, column = 0] = place.split("-")[0]!.split(":").map(Number);
    return { raw, removed: row.includes(" isType"), position: { line, column } };
  });
  for (const [index, { raw, removed, position }] of tokens.entries()) {
    if ((raw !== "namespace" && raw !== "module") || !removed) continue;
    if (tokens[index - 1]?.raw === "declare" && tokens[index - 1]!.removed) continue;
    const name = tokens[index + 1]?.raw ?? "";
    const follows = tokens[index + 2]?.raw;
    if (!/^[\p{ID_Start}$_]/u.test(name) || (follows !== "{" && follows !== ".")) continue;
    throw new CellSyntaxError(
      `namespaces do not work in cells: make \`${name}\` an object, or leave its members at the top level`,
      position,
    );
  }
}
