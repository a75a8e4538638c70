/**
 * Whether a whole text matches a pattern of `*` (any characters), `?` (one character) and `[abc]`, `[a-z]`, `[^abc]`
 * (one of these, or none of these): what history_request searches with. A `[` without its `]` stands for itself.
 * Upper and lower case differ. Takes at most text times pattern steps, whatever the pattern.
 *
 * @see https://www.sqlite.org/lang_expr.html#glob, which IPython's history uses
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const parts = parse(pattern);
  const characters = [...text];
  let part = 0;
  let at = 0;
  // Where to go on when what follows the last star does not fit: one character further into the star.
  let star = -1;
  let starAt = 0;
  while (at < characters.length) {
    const next = parts[part];
    if (next === "*") {
      star = part++;
      starAt = at;
    } else if (next?.(characters[at]!)) {
      part++;
      at++;
    } else if (star >= 0) {
      part = star + 1;
      at = ++starAt;
    } else {
      return false;
    }
  }
  while (parts[part] === "*") part++;
  return part === parts.length;
}

type Part = "*" | ((character: string) => boolean);

function parse(pattern: string): Part[] {
  const characters = [...pattern];
  const parts: Part[] = [];
  for (let i = 0; i < characters.length; i++) {
    const one = characters[i]!;
    if (one === "*") {
      if (parts.at(-1) !== "*") parts.push("*");
    } else if (one === "?") {
      parts.push(() => true);
    } else {
      // A "]" directly behind "[" or "[^" is one of the set.
      const from = characters[i + 1] === "^" ? i + 2 : i + 1;
      const end = one === "[" ? characters.indexOf("]", from + 1) : -1;
      if (end < 0) {
        parts.push((character) => character === one);
      } else {
        parts.push(oneOf(characters.slice(from, end), from === i + 1));
        i = end;
      }
    }
  }
  return parts;
}

function oneOf(set: string[], wanted: boolean): (character: string) => boolean {
  const ranges: [from: string, to: string][] = [];
  for (let i = 0; i < set.length; i++) {
    const isRange = set[i + 1] === "-" && i + 2 < set.length;
    ranges.push([set[i]!, isRange ? set[i + 2]! : set[i]!]);
    if (isRange) i += 2;
  }
  return (character) => ranges.some(([from, to]) => from <= character && character <= to) === wanted;
}
