import { maskCode } from "./mask.ts";

/** What stands at the cursor of a cell, by looks: the cell need not parse. Offsets are in UTF-16 units. */

/** A place for a completion. */
export interface CompletionPlace {
  /** Where the word that is being typed begins; it ends at the cursor. */
  start: number;
  /** The part of the word before the cursor. */
  prefix: string;
  /** What stands before a dot: `a.b["c"][0]` as a list, or undefined when it is more than names and literals. */
  chain: (string | number)[] | undefined;
  /** Whether there is a dot. */
  member: boolean;
}

const wordBefore = /[\p{ID_Continue}$]*$/u;
const wordAfter = /^[\p{ID_Continue}$]*/u;
const startsName = /^[\p{ID_Start}$_]/u;

/** Undefined inside comments, strings and numbers, where no name can be. */
export function completionPlace(code: string, offset: number): CompletionPlace | undefined {
  // A character more shows whether the cursor is in a text that is blanked.
  const probe = maskCode(`${code.slice(0, offset)}x`);
  if (!probe.endsWith("x")) return undefined;
  const masked = probe.slice(0, -1);
  const [prefix] = wordBefore.exec(masked)!;
  if (prefix !== "" && !startsName.test(prefix)) return undefined;
  const start = offset - prefix.length;
  const before = masked.slice(0, start).trimEnd();
  const dot = /(?:\?\.|(?<!\.)\.)$/.exec(before);
  if (dot === null) return { start, prefix, chain: [], member: false };
  if (/(?<![\p{ID_Continue}$])\d[\d_]*\.$/u.test(before)) return undefined;
  return { start, prefix, chain: chainBefore(code, masked, dot.index), member: true };
}

/** A name to tell about. */
export interface NamePlace {
  start: number;
  end: number;
  /** The names and literals up to and with it, or undefined when there is more before it. */
  chain: (string | number)[] | undefined;
}

/** The name that touches the cursor, or else the function whose arguments the cursor is in. */
export function namePlace(code: string, offset: number): NamePlace | undefined {
  const masked = maskCode(code);
  const [left] = wordBefore.exec(masked.slice(0, offset))!;
  const [right] = wordAfter.exec(masked.slice(offset))!;
  const word = left + right;
  if (startsName.test(word) && !reserved.has(word)) {
    return nameEndingAt(code, masked, offset + right.length);
  }
  let depth = 0;
  for (let i = offset - 1; i >= 0; i--) {
    const char = masked[i]!;
    if (char === ")" || char === "]" || char === "}") depth++;
    else if (char === "[" || char === "{") depth = Math.max(0, depth - 1);
    else if (char === "(") {
      if (depth > 0) {
        depth--;
        continue;
      }
      const callee = nameEndingAt(code, masked, masked.slice(0, i).trimEnd().length);
      if (callee !== undefined && !reserved.has(masked.slice(callee.start, callee.end))) return callee;
    } else if (char === ";" && depth === 0) return undefined;
  }
  return undefined;
}

function nameEndingAt(code: string, masked: string, end: number): NamePlace | undefined {
  const [word] = wordBefore.exec(masked.slice(0, end))!;
  if (!startsName.test(word)) return undefined;
  const start = end - word.length;
  const before = masked.slice(0, start).trimEnd();
  const dot = /(?:\?\.|(?<!\.)\.)$/.exec(before);
  const head = dot === null ? [] : chainBefore(code, masked, dot.index);
  return { start, end, chain: head && [...head, word] };
}

/** The chain that ends before `end`, which is where a dot is. */
function chainBefore(code: string, masked: string, end: number): (string | number)[] | undefined {
  const chain: (string | number)[] = [];
  let at = end;
  for (;;) {
    const before = masked.slice(0, at).trimEnd();
    if (before.endsWith("]")) {
      const open = before.lastIndexOf("[");
      if (open < 0) return undefined;
      const index = code.slice(open + 1, before.length - 1).trim();
      if (/^\d{1,9}$/.test(index)) chain.unshift(Number(index));
      else if (/^(["'])[^"'\\\n]*\1$/.test(index)) chain.unshift(index.slice(1, -1));
      else return undefined;
      at = before.slice(0, open).trimEnd().length;
      if (before.slice(0, at).endsWith("?.")) at -= 2;
      if (before.slice(0, at).endsWith("?")) return undefined;
      if (!/[\p{ID_Continue}$\]]$/u.test(before.slice(0, at))) return undefined;
      continue;
    }
    const [word] = wordBefore.exec(before)!;
    if (!startsName.test(word)) return undefined;
    chain.unshift(word);
    const rest = before.slice(0, before.length - word.length).trimEnd();
    const dot = /(?:\?\.|(?<!\.)\.)$/.exec(rest);
    if (dot === null) return reserved.has(word) ? undefined : chain;
    at = dot.index;
  }
}

/** Words that are never names. */
export const reserved: ReadonlySet<string> = new Set(
  (
    "await break case catch class const continue debugger default delete do else enum export extends false finally for function " +
    "if import in instanceof let new null return static super switch this throw true try typeof var void while with yield"
  ).split(" "),
);
