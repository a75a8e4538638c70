import { maskCode } from "./mask.ts";

/** How a name came to a cell's top level; for what can be done with it. `type` is nothing at run time. */
type DeclarationKind = "variable" | "constant" | "function" | "class" | "enum" | "import" | "type";

/** A name that a cell declares at its top level. A type and a value may share one. */
export interface Declaration {
  name: string;
  kind: DeclarationKind;
  /** It says `export` itself. */
  exported?: boolean;
}

const name = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
const modifiers = String.raw`(?:export\s+|default\s+|declare\s+|abstract\s+|async\s+)*`;
const declaration = new RegExp(
  String.raw`(?<![\p{ID_Continue}$.])(${modifiers})(?:(const\s+enum|enum|interface|type|namespace|module|class|function(?:\s*\*)?)\s*(?<=\s|\*)(${name})|(const|let|var)(?=[\s{[]))`,
  "gu",
);
const importDeclaration = /(?<![\p{ID_Continue}$.])import\s+(type\s+)?(?![.(])([^;'"()]*?)\s*from\s*["']/gu;

/**
 * The names declared at the top level of code that may not parse, by looks. What it takes for a declaration or
 * overlooks only makes the type of that name unknown.
 */
export function declarationsByLooks(code: string): Declaration[] {
  const masked = maskCode(code);
  const top = topLevelOf(masked);
  const found: Declaration[] = [];
  for (const match of top.matchAll(declaration)) {
    const [text, before = "", keyword, declared, variable] = match;
    const exported = before.startsWith("export") ? { exported: true } : {};
    if (keyword !== undefined && declared !== undefined) {
      found.push({ name: declared, kind: kindOf(keyword), ...exported });
    } else if (variable !== undefined) {
      const kind = variable === "const" ? "constant" : "variable";
      for (const bound of boundNames(masked, top, match.index + text.length)) {
        found.push({ name: bound, kind, ...exported });
      }
    }
  }
  for (const [, type, names = ""] of masked.matchAll(importDeclaration)) {
    for (const local of importedNames(names)) {
      found.push({ name: local.name, kind: type !== undefined || local.type ? "type" : "import" });
    }
  }
  return found;
}

/** The names of a `const`, `let` or `var` whose declarators begin at `from`. */
function boundNames(masked: string, top: string, from: number): string[] {
  const names: string[] = [];
  let at = from;
  for (;;) {
    at += /^\s*/.exec(top.slice(at))![0].length;
    if (/[{[]/.test(top[at] ?? "")) {
      const end = bracketEnd(masked, at);
      names.push(...patternNames(masked.slice(at + 1, end - 1)));
      at = end;
    } else {
      const [word] = new RegExp(`^(?:${name})?`, "u").exec(top.slice(at))!;
      if (word === "") return names;
      // Behind a comma in a type argument (`Map<string, number>`) there is no declarator.
      if (/^\s*(?:[=:,;!\n]|$)/.test(top.slice(at + word.length))) names.push(word);
      at += word.length;
    }
    // On to the comma before the next name, unless the statement ends first.
    const next = nextDeclarator.exec(top.slice(at));
    if (next === null) return names;
    at += next[0].length;
  }
}

/** A line's end ends the statement, unless it stands behind a comma, an equals sign or an open bracket. */
const nextDeclarator = /^(?:[^,;\n]|(?<=[=([{]\s*)\n)*,(?=\s*[\p{ID_Start}$_{[])/u;

function bracketEnd(masked: string, from: number): number {
  let depth = 0;
  for (let at = from; at < masked.length; at++) {
    if (/[([{]/.test(masked[at]!)) depth++;
    else if (/[)\]}]/.test(masked[at]!) && --depth === 0) return at + 1;
  }
  return masked.length;
}

/** The names that a destructuring pattern binds; keys and default values are left out. */
function patternNames(pattern: string): string[] {
  const names: string[] = [];
  for (const part of splitTop(pattern)) {
    const target = splitTop(part, "=")[0]!
      .trim()
      .replace(/^\.\.\.\s*/, "");
    const colon = splitTop(target, ":");
    const bound = (colon.at(-1) ?? "").trim();
    if (/^[{[]/.test(bound)) names.push(...patternNames(bound.slice(1, bracketEnd(bound, 0) - 1)));
    else if (new RegExp(`^${name}$`, "u").test(bound)) names.push(bound);
  }
  return names;
}

/** Splits where `separator` is outside brackets. */
function splitTop(text: string, separator = ","): string[] {
  const top = topLevelOf(text);
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at <= top.length; at++) {
    if (at < top.length && top[at] !== separator) continue;
    parts.push(text.slice(from, at));
    from = at + 1;
  }
  return parts;
}

function kindOf(keyword: string): DeclarationKind {
  if (keyword.endsWith("enum")) return "enum";
  if (keyword.startsWith("function")) return "function";
  if (keyword === "class") return "class";
  if (keyword === "const") return "constant";
  return keyword === "let" || keyword === "var" ? "variable" : "type";
}

/** The local names of `a, { b as c, type d }` and `* as e`. */
function importedNames(clause: string): { name: string; type: boolean }[] {
  return clause
    .replaceAll(/[{}]/g, ",")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part) => ({ name: part.split(/\s+/).at(-1)!, type: /^type\s/.test(part) }))
    .filter((part) => new RegExp(`^${name}$`, "u").test(part.name));
}

/** Masked code with everything inside brackets blanked as well. */
function topLevelOf(masked: string): string {
  let depth = 0;
  let out = "";
  for (const char of masked) {
    if (/[)\]}]/.test(char)) depth = Math.max(0, depth - 1);
    out += depth === 0 || char === "\n" ? char : " ".repeat(char.length);
    if (/[([{]/.test(char)) depth++;
  }
  return out;
}
