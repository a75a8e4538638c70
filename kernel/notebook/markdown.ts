import { kernelName } from "../implementation.ts";
import { typescriptInfo } from "../language/typescript/info.ts";
import { hostMetadata, lessonMetadata } from "./exercises.ts";
import { formatInfo, parseInfo } from "./fenceinfo.ts";
import { type CodeCell, type Metadata, type Notebook, type NotebookCell, NotebookError } from "./notebook.ts";
import { lessonText, notebookText, type Shelf } from "./pagetext.ts";

/**
 * Lessons are Markdown files; this converts one to a notebook and back without losing a character. The dialect is
 * jupytext's Markdown:
 *
 * - a fence of language `typescript` at the left margin is a code cell, with metadata behind the language
 *   (`tags=["exercise"]`); with `.noeval` there, as every other fence, it stays part of the text;
 * - the text between is Markdown cells, divided by two blank lines;
 * - `<!-- #region -->` to `<!-- #endregion -->` makes one Markdown cell whatever is in it, `<!-- #raw -->` to
 *   `<!-- #endraw -->` a raw cell;
 * - front matter at the top is kept in the notebook's metadata. Its `title` and `description` become a first Markdown
 *   cell, as a notebook has no other place for them; that cell is not part of the lesson on the way back.
 *
 * Alerts and links are written as notebooks want them (pagetext.ts); checks may fail, and solutions are folded away
 * (exercises.ts).
 */

/** What this module adds to metadata, all under one name. Absent members mean the usual. */
interface Extra {
  /** Notebook: the front matter, without its `---` lines. */
  front_matter?: string;
  /** Notebook: blank lines before the first cell. */
  lines_before?: number;
  /** Cell: made from the front matter. */
  title?: true;
  /** Markdown cell: whether it stands in region comments, when that is not as its text needs. */
  region?: boolean;
  /** Cell: blank lines behind it. */
  lines_after?: number;
  /** Cell without text: there is an empty line between its opening and its end. */
  empty_line?: true;
  /** Code cell: the fence, when it is longer than need be. */
  fence?: string;
  /** Code cell: the text behind the language as it was written, when {@link formatInfo} writes it otherwise. */
  info?: string;
  /** Markdown cell: its text is the lesson's, as the form for notebooks would not lead back to it. */
  verbatim?: true;
}

const extraName = "hmap";

/** A piece of a lesson, before it is a cell. `gap`: blank lines behind it. */
type Piece =
  | { type: "code"; lines: string[]; fence: string; info: string; gap: number }
  | { type: "markdown" | "raw"; lines: string[]; region: boolean; gap: number };

/**
 * The notebook of a lesson, without outputs. The same text gives the same notebook; cell ids come from the cells' texts.
 *
 * @param shelf where the other pages are, for links to them; without it links stay as they are
 * @throws NotebookError for carriage returns (files of Windows), which notebooks would not keep, and for a code cell
 *   without an end, naming its line.
 */
export function notebookFromMarkdown(text: string, shelf?: Shelf): Notebook {
  if (text.includes("\r")) {
    throw new NotebookError("the lesson has Windows line ends: save it with LF line ends");
  }
  const { frontMatter, body, bodyLine } = splitFrontMatter(text);
  const { pieces, before } = cutPieces(body, bodyLine);

  const notebookExtra: Extra = {};
  if (frontMatter !== undefined) notebookExtra.front_matter = frontMatter;
  if (before !== usualBefore(frontMatter)) notebookExtra.lines_before = before;
  const cells: NotebookCell[] = [];
  const ids = new Map<string, number>();
  const id = (type: string, source: string) => {
    const hash = fnv1a(`${type}\n${source}`);
    const count = ids.get(hash) ?? 0;
    ids.set(hash, count + 1);
    return count === 0 ? hash : `${hash}-${count + 1}`;
  };
  const title = titleText(frontMatter);
  if (title !== undefined) {
    cells.push({
      cell_type: "markdown",
      id: "title",
      metadata: withExtra({}, { title: true }),
      source: title,
    });
  }
  for (const [index, piece] of pieces.entries()) {
    const source = piece.lines.join("\n");
    const extra: Extra = {};
    if (piece.gap !== usualGap(piece.type, pieces[index + 1]?.type)) extra.lines_after = piece.gap;
    if (piece.lines.length === 1 && source === "") extra.empty_line = true;
    if (piece.type === "code") {
      const metadata = hostMetadata(parseInfo(piece.info));
      if (piece.fence !== usualFence(source)) extra.fence = piece.fence;
      if (piece.info !== usualInfo(lessonMetadata(metadata))) extra.info = piece.info;
      cells.push({
        cell_type: "code",
        id: id("code", source),
        metadata: withExtra(metadata, extra),
        source,
        execution_count: null,
        outputs: [],
      });
      continue;
    }
    const text = piece.type === "markdown" ? notebookText(source, shelf) : source;
    const isWayBack = piece.type === "raw" || lessonText(text, shelf) === source;
    if (!isWayBack) extra.verbatim = true;
    if (piece.type === "markdown" && piece.region !== needsRegion(source)) extra.region = piece.region;
    cells.push({
      cell_type: piece.type,
      id: id(piece.type, source),
      metadata: withExtra({}, extra),
      source: isWayBack ? text : source,
    });
  }
  return {
    cells,
    metadata: withExtra(
      { kernelspec: { ...kernelName }, language_info: { ...typescriptInfo } },
      notebookExtra,
    ),
    nbformat: 4,
    nbformat_minor: 5,
  };
}

/**
 * The lesson of a notebook: the exact text that {@link notebookFromMarkdown} had, with whatever was changed in the
 * cells. Outputs are left out.
 *
 * @param shelf the one that the notebook was made with
 * @throws NotebookError for a cell whose text cannot stand in a lesson, naming it.
 */
export function markdownFromNotebook(notebook: Notebook, shelf?: Shelf): string {
  const { front_matter, lines_before } = extraOf(notebook.metadata);
  const cells = notebook.cells
    .filter((cell) => !extraOf(cell.metadata).title)
    .map((cell) => asInLesson(cell, shelf));
  const parts: string[] = [];
  if (front_matter !== undefined) parts.push(`---\n${front_matter}---\n`);
  parts.push("\n".repeat(lines_before ?? usualBefore(front_matter)));
  for (const [index, cell] of cells.entries()) {
    const extra = extraOf(cell.metadata);
    const next = cells[index + 1];
    const isLast = next === undefined;
    parts.push(cell.cell_type === "code" ? codeText(cell, extra) : textCellText(cell, index));
    const gap = extra.lines_after ?? usualGap(cell.cell_type, next?.cell_type);
    // A notebook edited in Jupyter may have put other neighbours together than the lesson had.
    parts.push("\n".repeat(isLast ? gap : Math.max(gap, leastGap(cell, next)) + 1));
  }
  return parts.join("");
}

function asInLesson(cell: NotebookCell, shelf: Shelf | undefined): NotebookCell {
  if (cell.cell_type !== "markdown" || extraOf(cell.metadata).verbatim) return cell;
  return { ...cell, source: lessonText(cell.source, shelf) };
}

function codeText(cell: CodeCell, extra: Extra): string {
  const { [extraName]: _, ...metadata } = cell.metadata;
  const usual = usualInfo(lessonMetadata(metadata));
  // The written form counts as long as it says what the metadata says.
  const written = extra.info === undefined ? undefined : usualInfo(lessonMetadata(parseInfo(extra.info)));
  const info = extra.info !== undefined && written === usual ? extra.info : usual;
  const least = usualFence(cell.source);
  const fence = extra.fence !== undefined && extra.fence.length >= least.length ? extra.fence : least;
  return `${fence}typescript${info}\n${content(cell)}${fence}`;
}

function textCellText(cell: NotebookCell, index: number): string {
  const { source } = cell;
  if (isBare(cell)) return source;
  const mark = cell.cell_type === "raw" ? "raw" : "region";
  if (source.split("\n").includes(`<!-- #end${mark} -->`)) {
    throw new NotebookError(
      `cell ${index + 1} contains the line <!-- #end${mark} -->, which would end it: take it out`,
    );
  }
  return `<!-- #${mark} -->\n${content(cell)}<!-- #end${mark} -->`;
}

/** What stands between a cell's opening and its end. */
function content(cell: NotebookCell): string {
  return cell.source === "" && !extraOf(cell.metadata).empty_line ? "" : `${cell.source}\n`;
}

/** Whether a Markdown cell, written without region comments, would be read as something else. */
function needsRegion(source: string): boolean {
  try {
    const { pieces, before } = cutPieces(source, 1);
    const [piece] = pieces;
    const isItself = pieces.length === 1 && piece!.type === "markdown" && !piece!.region && piece!.gap === 0;
    return !isItself || before !== 0 || hasOpenFence(source) || source.split("\n", 1)[0] === "---";
  } catch (error) {
    if (error instanceof NotebookError) return true;
    throw error;
  }
}

/** Cuts a lesson's body into its cells. `line` is the number of its first line in the file. */
function cutPieces(body: string, line: number): { pieces: Piece[]; before: number } {
  const lines = body.split("\n");
  const pieces: Piece[] = [];
  let at = 0;
  const blanks = () => {
    const start = at;
    while (at < lines.length && lines[at] === "") at++;
    return at - start;
  };
  let before = blanks();
  // Without any cell, one of the lines is the (empty) text behind the last newline.
  if (at === lines.length) before--;
  while (at < lines.length) {
    const opening = openingOf(lines[at]!);
    if (opening !== undefined) {
      const end = lines.indexOf(opening.end, at + 1);
      if (end === -1) {
        throw new NotebookError(
          `the cell that begins in line ${line + at} has no end: add a line ${opening.end} behind it`,
        );
      }
      const content = lines.slice(at + 1, end);
      at = end + 1;
      if (opening.type === "code") {
        pieces.push({ type: "code", lines: content, fence: opening.end, info: opening.info, gap: blanks() });
      } else pieces.push({ type: opening.type, lines: content, region: true, gap: blanks() });
      continue;
    }
    const start = at;
    at = textEnd(lines, at);
    let end = at;
    while (lines[end - 1] === "") end--;
    at = end;
    pieces.push({ type: "markdown", lines: lines.slice(start, end), region: false, gap: blanks() });
  }
  return { pieces, before };
}

/** Where the Markdown text that begins at `at` ends: before a cell's opening, or at two blank lines, but not in a fence. */
function textEnd(lines: string[], at: number): number {
  let fence: string | undefined;
  let end = at;
  for (; end < lines.length; end++) {
    const line = lines[end]!;
    if (fence === undefined) {
      if (end > at && openingOf(line) !== undefined) break;
      if (line === "" && lines[end + 1] === "") break;
    }
    fence = nextFence(fence, line);
  }
  return end;
}

/** The fence that is open after `line`, given the one that was open before it (CommonMark, fenced code blocks). */
function nextFence(open: string | undefined, line: string): string | undefined {
  const match = /^\s*(?:(?:[-+*]|\d+[.)])\s+)*(`{3,}(?=[^`]*$)|~{3,})(.*)$/.exec(line);
  if (match === null) return open;
  const [, mark = "", rest = ""] = match;
  if (open === undefined) return mark;
  const closes = mark[0] === open[0] && mark.length >= open.length && rest.trim() === "";
  return closes ? undefined : open;
}

function hasOpenFence(text: string): boolean {
  return text.split("\n").reduce(nextFence, undefined as string | undefined) !== undefined;
}

type Opening = { type: "code"; end: string; info: string } | { type: "markdown" | "raw"; end: string };

/** What a line begins, if it begins a cell of its own. */
function openingOf(line: string): Opening | undefined {
  if (line === "<!-- #region -->") return { type: "markdown", end: "<!-- #endregion -->" };
  if (line === "<!-- #raw -->") return { type: "raw", end: "<!-- #endraw -->" };
  const match = /^(`{3,})typescript((?:\s[^`]*)?)$/.exec(line);
  if (match === null || /(?:^|\s)\.noeval(?:\s|$)/.test(match[2]!)) return undefined;
  return { type: "code", end: match[1]!, info: match[2]! };
}

/** Three backticks, or more where the code has as many at the start of a line. */
function usualFence(source: string): string {
  let fence = "```";
  while (source.split("\n").includes(fence)) fence += "`";
  return fence;
}

function usualInfo(metadata: Metadata): string {
  const info = formatInfo(metadata);
  return info === "" ? "" : ` ${info}`;
}

function usualBefore(frontMatter: string | undefined): number {
  return frontMatter === undefined ? 0 : 1;
}

/** Blank lines between two cells; behind the last one, newlines. */
function usualGap(type: string, next: string | undefined): number {
  return type === "markdown" && next === "markdown" ? 2 : 1;
}

function leastGap(cell: NotebookCell, next: NotebookCell): number {
  return isBare(cell) && isBare(next) ? 2 : 0;
}

/** Whether a cell is written as plain text, without comments or a fence around it. */
function isBare(cell: NotebookCell): boolean {
  return cell.cell_type === "markdown" && !(extraOf(cell.metadata).region ?? needsRegion(cell.source));
}

function splitFrontMatter(text: string): { frontMatter?: string; body: string; bodyLine: number } {
  const match = /^---\n((?:[\s\S]*?\n)?)---\n/.exec(text);
  if (match === null) return { body: text, bodyLine: 1 };
  const bodyLine = match[0].split("\n").length;
  return { frontMatter: match[1]!, body: text.slice(match[0].length), bodyLine };
}

/** The heading and introduction that the front matter gives, on one line each; other forms of YAML are left alone. */
function titleText(frontMatter: string | undefined): string | undefined {
  const title = scalar(frontMatter, "title");
  if (title === undefined) return undefined;
  const description = scalar(frontMatter, "description");
  return description === undefined ? `# ${title}` : `# ${title}\n\n${description}`;
}

function scalar(frontMatter: string | undefined, key: string): string | undefined {
  const value = new RegExp(`^${key}:[ \\t]+(.*?)[ \\t]*$`, "m").exec(frontMatter ?? "")?.[1];
  if (value === undefined || /^[>|&*!]/.test(value)) return undefined;
  if (/^'.*'$/.test(value)) return value.slice(1, -1).replaceAll("''", "'");
  if (!/^".*"$/.test(value)) return value === "" ? undefined : value;
  try {
    return String(JSON.parse(value));
  } catch {
    return undefined;
  }
}

function extraOf(metadata: Metadata): Extra {
  const extra = metadata[extraName];
  return typeof extra === "object" && extra !== null ? extra : {};
}

function withExtra(metadata: Metadata, extra: Extra): Metadata {
  return Object.keys(extra).length === 0 ? metadata : { ...metadata, [extraName]: extra };
}

/** 32-bit FNV-1a over UTF-16 units, eight hexadecimal digits: enough to tell a lesson's cells apart. */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}
