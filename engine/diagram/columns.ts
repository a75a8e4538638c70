// Widths of characters in the columns of a monospaced font, where most are one column wide, those of East Asia and
// most emoji two, and accents none.

/** One column of a terminal for most characters, none for those that stand on the one before, else two. */
const ZERO = /\p{Mn}|\p{Me}|\p{Cf}|\p{Emoji_Modifier}|[\u{1160}-\u{11ff}]/u;

/** Unicode's East Asian Width "W" and "F", as far as characters are assigned, and emoji that are drawn as such. */
const WIDE =
  /[\u{1100}-\u{115f}\u{2e80}-\u{303e}\u{3041}-\u{33ff}\u{3400}-\u{4dbf}\u{4e00}-\u{a4cf}\u{a960}-\u{a97f}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe10}-\u{fe19}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{ffe0}-\u{ffe6}\u{17000}-\u{18cff}\u{1b000}-\u{1b2ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]|(?!\p{Regional_Indicator})\p{Emoji_Presentation}/u;

/** Characters that are written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** An invisible character that ends a stretch of right-to-left text: without it the cells of a row change places. */
const LEFT_TO_RIGHT_MARK = "\u200e";

/** How many columns a text takes. */
export function columnsOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length; // ASCII, as most is
  let columns = 0;
  for (const character of text) columns += width(character);
  return columns;
}

function width(character: string): 0 | 1 | 2 {
  if (character < "\u0300") return 1;
  if (ZERO.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/**
 * A text with nothing in it that cannot be seen, as Go's `%q` writes it: control and format characters become
 * escapes (a lone right-to-left override would turn a whole line round). What only chooses between the two looks of
 * an emoji is left out, since it changes the width on some screens and not on others.
 */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\ufe0e\ufe0f]/g, "")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffe\uffff]/gu, (hidden) => {
      const code = hidden.codePointAt(0) as number;
      const digits = code < 0x100 ? 2 : code < 0x10000 ? 4 : 8;
      return `\\${{ 2: "x", 4: "u", 8: "U" }[digits]}${code.toString(16).padStart(digits, "0")}`;
    });
}

/** At most `columns` columns of a text; a cut is marked. */
export function clip(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let used = 1;
  let kept = "";
  for (const character of text) {
    used += width(character);
    if (used > columns) break;
    kept += character;
  }
  return `${kept}…`;
}

/** A text in the middle of `columns` columns. */
export function center(text: string, columns: number): string {
  const room = Math.max(0, columns - columnsOf(text));
  const left = Math.floor(room / 2);
  return " ".repeat(left) + leftToRight(text) + " ".repeat(room - left);
}

/** A text at the left of `columns` columns. */
export function left(text: string, columns: number): string {
  return leftToRight(text) + " ".repeat(Math.max(0, columns - columnsOf(text)));
}

/** A text at the right of `columns` columns. */
export function right(text: string, columns: number): string {
  return " ".repeat(Math.max(0, columns - columnsOf(text))) + leftToRight(text);
}

/** Text that does not change the order of what stands around it. */
function leftToRight(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? LEFT_TO_RIGHT_MARK + text + LEFT_TO_RIGHT_MARK : text;
}

/** Words in lines of at most `columns` columns. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && columnsOf(line) + 1 + columnsOf(word) > columns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, line];
}

/**
 * A table of box-drawing characters. The first column holds names and is aligned left, the others are centred and
 * all as wide as the widest needs.
 *
 * @param rows the name of a row and its cells
 * @param least columns of a cell at least
 */
export function table(rows: readonly (readonly [name: string, ...cells: string[]])[], least = 0): string[] {
  const names = Math.max(...rows.map(([name]) => columnsOf(name)));
  const cells = Math.max(least, ...rows.flatMap(([, ...texts]) => texts.map(columnsOf)));
  const across = (rows[0]?.length ?? 1) - 1;
  const rule = (start: string, middle: string, end: string) =>
    `${start}${"─".repeat(names + 2)}${`${middle}${"─".repeat(cells + 2)}`.repeat(across)}${end}`;
  const lines = rows.map(
    ([name, ...texts]) =>
      `│ ${left(name, names)} │${texts.map((text) => ` ${center(text, cells)} `).join("│")}│`,
  );
  return [rule("┌", "┬", "┐"), ...lines, rule("└", "┴", "┘")];
}
