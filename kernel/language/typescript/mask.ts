/** Words after which a slash begins a regular expression, where after any other word or value it divides. */
const beforeRegExp = new Set(
  "return typeof instanceof in of new delete void throw case do else yield await default extends".split(" "),
);

/**
 * The text of a cell with the inside of its comments, strings, templates and regular expressions replaced by spaces, so
 * that brackets and words can be looked for. Lengths and line ends stay; quotes stay too, and `{…}` around code in a template
 * does. Works on text that does not parse: what is not closed goes on to its line's end, or the text's.
 */
export function maskCode(text: string): string {
  const out = text.split("");
  const blank = (from: number, to: number) => {
    for (let i = from; i < to; i++) if (out[i] !== "\n") out[i] = " ";
  };
  /** For each open `{` whether it is the `${` of a template. */
  const braces: boolean[] = [];
  let value = false;
  let i = 0;

  const template = (from: number) => {
    let at = from;
    while (at < text.length && text[at] !== "`" && !(text[at] === "$" && text[at + 1] === "{")) {
      at += text[at] === "\\" ? 2 : 1;
    }
    at = Math.min(at, text.length);
    blank(from, at);
    if (text[at] === "$") {
      out[at] = " ";
      braces.push(true);
      value = false;
      return at + 2;
    }
    value = true;
    return at + 1;
  };

  while (i < text.length) {
    const char = text[i]!;
    if (char === "/" && text[i + 1] === "/") {
      const end = lineEnd(text, i);
      blank(i, end);
      i = end;
    } else if (char === "/" && text[i + 1] === "*") {
      const close = text.indexOf("*/", i + 2);
      const end = close < 0 ? text.length : close + 2;
      blank(i, end);
      i = end;
    } else if (char === '"' || char === "'") {
      const end = quoteEnd(text, i + 1, char);
      blank(i + 1, end);
      i = end + 1;
      value = true;
    } else if (char === "`") {
      i = template(i + 1);
    } else if (char === "/" && !value) {
      const end = regExpEnd(text, i + 1);
      blank(i + 1, end);
      i = end + 1;
      value = true;
    } else if (/[\p{ID_Start}$_0-9]/u.test(char)) {
      const [word] = /^[\p{ID_Continue}$]*/u.exec(text.slice(i))!;
      value = !beforeRegExp.has(word);
      i += Math.max(1, word.length);
    } else {
      if (char === "{") braces.push(false);
      if (char === "}" && braces.pop() === true) {
        i = template(i + 1);
        continue;
      }
      if (!/\s/.test(char)) value = char === ")" || char === "]" || char === "}";
      i++;
    }
  }
  return out.join("");
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

function quoteEnd(text: string, from: number, quote: string): number {
  let at = from;
  while (at < text.length && text[at] !== quote && text[at] !== "\n") at += text[at] === "\\" ? 2 : 1;
  return Math.min(at, text.length);
}

function regExpEnd(text: string, from: number): number {
  let inClass = false;
  let at = from;
  while (at < text.length && text[at] !== "\n") {
    if (text[at] === "\\") at++;
    else if (text[at] === "[") inClass = true;
    else if (text[at] === "]") inClass = false;
    else if (text[at] === "/" && !inClass) break;
    at++;
  }
  return Math.min(at, text.length);
}
