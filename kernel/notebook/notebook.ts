/**
 * Notebook files (nbformat 4.5). Texts that the format keeps as lists of lines are single strings here: reading joins
 * them, writing splits them, so nothing else has to know.
 */
import type { MimeBundle } from "../language/language.ts";

/** Free-form metadata of a cell or notebook. */
export type Metadata = Record<string, unknown>;

export type NotebookOutput =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: string }
  | { output_type: "display_data"; data: MimeBundle; metadata: Metadata }
  | { output_type: "execute_result"; data: MimeBundle; metadata: Metadata; execution_count: number | null }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

interface TextCell {
  cell_type: "markdown" | "raw";
  id: string;
  metadata: Metadata;
  source: string;
  /** Files pasted into a Markdown cell. */
  attachments?: Record<string, MimeBundle>;
}

export interface CodeCell {
  cell_type: "code";
  id: string;
  metadata: Metadata;
  source: string;
  execution_count: number | null;
  outputs: NotebookOutput[];
}

export type NotebookCell = TextCell | CodeCell;

export interface Notebook {
  cells: NotebookCell[];
  metadata: Metadata;
  nbformat: number;
  nbformat_minor: number;
}

/** A file that is no notebook; the message is one sentence that ends with what to do. */
export class NotebookError extends Error {
  override readonly name = "NotebookError";
}

/**
 * Reads the text of a notebook file.
 *
 * @throws NotebookError for anything but a notebook of format 4.
 */
export function parseNotebook(text: string): Notebook {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new NotebookError("this is not a notebook, which is a JSON file: give a file that Jupyter saved");
  }
  if (!isObject(json) || !Array.isArray(json.cells) || typeof json.nbformat !== "number") {
    throw new NotebookError(
      "this JSON file is not a notebook, as it has no cells: give a file that Jupyter saved",
    );
  }
  if (json.nbformat !== 4) {
    throw new NotebookError(
      `this notebook has format ${json.nbformat}, not 4: open it in JupyterLab and save it again`,
    );
  }
  const cells = json.cells.map((cell: unknown, index): NotebookCell => {
    const type = isObject(cell) ? cell.cell_type : undefined;
    if (!isObject(cell) || (type !== "code" && type !== "markdown" && type !== "raw")) {
      throw new NotebookError(
        `cell ${index + 1} is neither code, Markdown nor raw: mend the file or take the cell out`,
      );
    }
    const id = typeof cell.id === "string" ? cell.id : `cell-${index + 1}`;
    const metadata = isObject(cell.metadata) ? cell.metadata : {};
    const source = joined(cell.source);
    if (type !== "code") {
      const attachments = isObject(cell.attachments)
        ? { attachments: cell.attachments as Record<string, MimeBundle> }
        : {};
      return { cell_type: type, id, metadata, source, ...attachments };
    }
    const count = cell.execution_count;
    const outputs = Array.isArray(cell.outputs) ? cell.outputs.filter(isObject).map(readOutput) : [];
    const execution_count = typeof count === "number" ? count : null;
    return { cell_type: type, id, metadata, source, execution_count, outputs };
  });
  const minor = typeof json.nbformat_minor === "number" ? json.nbformat_minor : 5;
  const metadata = isObject(json.metadata) ? json.metadata : {};
  return { cells, metadata, nbformat: 4, nbformat_minor: Math.max(minor, 5) };
}

function readOutput(output: Record<string, unknown>): NotebookOutput {
  const bundle = () =>
    Object.fromEntries(
      Object.entries(isObject(output.data) ? output.data : {}).map(([type, data]) => [
        type,
        isJsonType(type) ? data : joined(data),
      ]),
    );
  const metadata = isObject(output.metadata) ? output.metadata : {};
  switch (output.output_type) {
    case "stream":
      return {
        output_type: "stream",
        name: output.name === "stderr" ? "stderr" : "stdout",
        text: joined(output.text),
      };
    case "error":
      return {
        output_type: "error",
        ename: String(output.ename),
        evalue: String(output.evalue),
        traceback: Array.isArray(output.traceback) ? output.traceback.map(String) : [],
      };
    case "execute_result": {
      const count = output.execution_count;
      const execution_count = typeof count === "number" ? count : null;
      return { output_type: "execute_result", data: bundle(), metadata, execution_count };
    }
    default:
      return { output_type: "display_data", data: bundle(), metadata };
  }
}

/**
 * The text of a notebook file, character for character as Jupyter writes it (Python's nbformat: one space of indent,
 * keys sorted, characters beyond ASCII as they are, a newline at the end).
 */
export function formatNotebook(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => {
    if (cell.cell_type !== "code") return { ...cell, source: lines(cell.source) };
    const outputs = cell.outputs.map((output) => {
      if (output.output_type === "stream") return { ...output, text: lines(output.text) };
      if (output.output_type === "error") return output;
      const data = Object.entries(output.data).map(([type, value]) => [
        type,
        typeof value === "string" && !isJsonType(type) ? lines(value) : value,
      ]);
      return { ...output, data: Object.fromEntries(data) };
    });
    return { ...cell, source: lines(cell.source), outputs };
  });
  return `${json({ ...notebook, cells }, "")}\n`;
}

/** JSON as Python's json.dumps writes it with indent=1 and sort_keys: JavaScript would put keys like "10" first. */
function json(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent} `;
  const items = Array.isArray(value)
    ? value.map((item) => json(item ?? null, inner))
    : Object.keys(value)
        .sort()
        .filter((key) => (value as Metadata)[key] !== undefined)
        .map((key) => `${JSON.stringify(key)}: ${json((value as Metadata)[key], inner)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (items.length === 0) return open + close;
  return `${open}\n${items.map((item) => inner + item).join(",\n")}\n${indent}${close}`;
}

// Where Python's str.splitlines cuts: besides the usual line ends, the separators 1C to 1E and what Unicode names.
const lineEnds = "\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029";
const lineWithEnd = new RegExp(`[^${lineEnds}]*(?:\\r\\n|[${lineEnds}])|[\\s\\S]+$`, "g");

/** Lines with their ends. */
function lines(text: string): string[] {
  return text.match(lineWithEnd) ?? [];
}

function joined(text: unknown): string {
  return Array.isArray(text) ? text.join("") : typeof text === "string" ? text : "";
}

function isJsonType(type: string): boolean {
  return type === "application/json" || type.endsWith("+json");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
