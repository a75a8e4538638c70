/** A word or sign of a type written in Go, and the index of its first character. */
export interface Token {
  readonly text: string;
  readonly at: number;
}

const PATTERN = /[\p{L}\p{Nd}_]+|"(?:[^"\\\n]|\\.)*"|`[^`]*`|<-|\.\.\.|[*()[\]{};,]|\n|\S/gu;

/** Takes a type written in Go to pieces. A line's end becomes a semicolon, except where Go would put none either. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  const indent = source.length - source.trimStart().length;
  for (const match of source.trim().matchAll(PATTERN)) {
    const text = match[0] === "\n" ? ";" : match[0];
    const before = tokens.at(-1)?.text;
    if (match[0] === "\n" && (before === "{" || before === ";" || before === undefined)) continue;
    tokens.push({ text, at: indent + match.index });
  }
  return tokens;
}

/** Whether a token is a name, and no word of the language. */
export function isIdentifier(text: string | undefined): boolean {
  if (text === undefined || /^(map|struct|interface|chan|func)$/.test(text)) return false;
  return /^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(text);
}

/** The length of an array; null for what is no whole number. A leading 0 makes it octal, as in Go. */
export function lengthOf(text: string): number | null {
  if (!/^\d/.test(text)) return null;
  const digits = text.replaceAll("_", "");
  const length = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  return Number.isInteger(length) ? length : null;
}

/** A field's tag as reflect prints it. */
export function tagText(literal: string): string {
  return literal.startsWith("`") ? JSON.stringify(literal.slice(1, -1)) : literal;
}
