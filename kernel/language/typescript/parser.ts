import { type Program, parse, type Token, tokTypes } from "acorn";
import { parseError } from "./cellerror.ts";
import { type Position, positionAt, traceBack } from "./positions.ts";

/** A cell as JavaScript, and its syntax tree. */
export interface ParsedCell {
  /** What `program`'s offsets count in. Its lines are those of the cell. */
  code: string;
  program: Program;
  /** From a place in `code` to the place in the cell as it was typed. */
  source(position: Position): Position;
}

/** Does some work that nothing may stop in the middle. */
export type Uninterrupted = <T>(work: () => Promise<T>) => Promise<T>;

type Strip = typeof import("./strip.ts");

let strip: Strip | undefined;

/**
 * Parses a cell. What is plain JavaScript is left as it is; what takes the types out of the others is only loaded when the
 * first of them comes, as it is the heaviest part of the language.
 *
 * @param uninterrupted how to load it: see `TypeScriptOptions`
 * @throws CellSyntaxError (or rejects with it), with the position in the cell as typed.
 */
export function parseCell(
  code: string,
  uninterrupted: Uninterrupted = (work) => work(),
): ParsedCell | Promise<ParsedCell> {
  const plain = parsePlainly(code);
  if (plain !== undefined) return { code, program: plain, source: (position) => position };
  if (strip !== undefined) return parseStripped(code, strip);
  return uninterrupted(() => import("./strip.ts")).then((loaded) => {
    strip = loaded;
    return parseStripped(code, loaded);
  });
}

function parseStripped(cell: string, { stripTypes }: Strip): ParsedCell {
  const { code, mappings } = stripTypes(cell);
  const source = (position: Position) => traceBack(mappings(), position);
  try {
    return { code, program: parseModule(code), source };
  } catch (error) {
    const { message, pos } = error as { message: string; pos?: number };
    if (pos === undefined) throw error;
    throw parseError(message, code, pos, source(positionAt(code, pos)));
  }
}

/**
 * The syntax tree of a cell that is JavaScript and would be the same without its types; undefined for any other. Of all that
 * parses as JavaScript, TypeScript reads only the arguments of types otherwise: words such as `type` mean what they do in
 * JavaScript where a line ends behind them.
 */
export function parsePlainly(code: string): Program | undefined {
  // Arrows have the one sign, and nothing is a type argument without the other.
  const open = code.indexOf("<");
  const signs = open < 0 || code.indexOf(">", open) < 0 ? undefined : new TypeArgumentWatch();
  try {
    const program = parseModule(code, signs && ((token) => signs.see(token)));
    return signs?.found ? undefined : program;
  } catch {
    return undefined;
  }
}

function parseModule(code: string, onToken?: (token: Token) => void): Program {
  return parse(code, {
    ecmaVersion: "latest",
    sourceType: "module",
    allowHashBang: false,
    ...(onToken && { onToken }),
  });
}

/**
 * Looks for a `<` and a `>` behind it that could enclose the arguments of a type, as in `f<A, B>(x)`, which JavaScript takes
 * for comparisons: brackets between them are closed, and nothing stands there that no type has. It may find too many:
 * what takes out types decides.
 */
class TypeArgumentWatch {
  found = false;
  /** For each open bracket, and outside all of them: whether a `<` stands there that may still be closed. */
  #open: boolean[] = [false];

  see(token: Token): void {
    // Not in acorn's types.
    const { value } = token as Token & { value: unknown };
    switch (token.type) {
      case tokTypes.relational:
      case tokTypes.bitShift:
      case tokTypes.assign:
        if (String(value).startsWith("<")) this.#open[this.#open.length - 1] = true;
        else if (String(value).startsWith(">") && this.#open.at(-1)) this.found = true;
        return;
      case tokTypes.parenL:
      case tokTypes.bracketL:
      case tokTypes.braceL:
      case tokTypes.dollarBraceL:
        this.#open.push(false);
        return;
      case tokTypes.parenR:
      case tokTypes.bracketR:
      case tokTypes.braceR:
        this.#open.pop();
        return;
      case tokTypes.semi:
        this.#open[this.#open.length - 1] = false;
        return;
      case tokTypes.logicalOR:
      case tokTypes.logicalAND:
      case tokTypes.coalesce:
      case tokTypes.equality:
      case tokTypes.incDec:
      case tokTypes.slash:
      case tokTypes.star:
      case tokTypes.starstar:
      case tokTypes.modulo:
      case tokTypes.bitwiseXOR:
      case tokTypes.prefix:
        this.#open.fill(false);
    }
  }
}
