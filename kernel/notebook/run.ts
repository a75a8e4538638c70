import type { Kernel } from "@jupyterlab/services";
import { RECORDING_MIME } from "../../engine/trace/recordingjson.ts";
import type { Message } from "../core/message.ts";
import type { CodeCell, Notebook, NotebookOutput } from "./notebook.ts";
import { OutputCollector } from "./outputs.ts";

/** A cell of a notebook as people count: code cells only, from 1. */
interface CellPlace {
  number: number;
  total: number;
  /** Position among all cells, from 0. */
  index: number;
  cell: CodeCell;
}

/** Why a run stopped: the first cell that failed. */
interface CellFailure extends CellPlace {
  ename: string;
  evalue: string;
  traceback: string[];
}

export interface RunResult {
  /** A copy of the notebook with the outputs of this run; cells behind a failing one have none. */
  notebook: Notebook;
  failure?: CellFailure;
}

export interface RunOptions {
  /** Called before each code cell runs. */
  onCell?(place: CellPlace): void;
}

/**
 * Runs a notebook's code cells in order and collects what they show. Stops at the first cell that fails, unless that
 * cell has the tag `raises-exception`, which says that it is meant to. Empty cells are passed over, as Jupyter does.
 * The kernel should be a fresh one.
 */
export async function runNotebook(
  notebook: Notebook,
  kernel: Kernel.IKernelConnection,
  { onCell }: RunOptions = {},
): Promise<RunResult> {
  const result: Notebook = structuredClone(notebook);
  const places = codeCells(result);
  for (const { cell } of places) {
    cell.outputs = [];
    cell.execution_count = null;
  }
  const collector = new OutputCollector();
  for (const place of places) {
    const { cell } = place;
    if (cell.source.trim() === "") continue;
    onCell?.(place);
    const mayFail = (cell.metadata.tags as string[] | undefined)?.includes("raises-exception") === true;
    const collected = collector.cell();
    cell.outputs = collected.outputs;
    const request = { code: cell.source, allow_stdin: false, stop_on_error: !mayFail };
    const future = kernel.requestExecute(request, false);
    future.onIOPub = (message) => collected.handle(message as unknown as Message);
    const { content } = await future.done;
    future.dispose();
    cell.execution_count = content.execution_count ?? null;
    if (content.status === "error" && !mayFail) {
      const { ename, evalue, traceback } = content;
      return { notebook: result, failure: { ...place, ename, evalue, traceback } };
    }
    if (content.status === "aborted" || content.status === "abort") {
      const evalue = "the kernel did not run the cell";
      return { notebook: result, failure: { ...place, ename: "Aborted", evalue, traceback: [evalue] } };
    }
  }
  return { notebook: result };
}

/** Where two notebooks differ. */
interface Difference {
  /** The code cell's number, from 1. */
  number: number;
  /** One sentence about the cell: what it has and what it should have. */
  sentence: string;
}

/**
 * Compares a notebook with the result of running it: the first code cell whose outputs are not the same, or undefined.
 * Execution counts and metadata are not compared, and parts of streams that follow one another count as one.
 */
export function compareOutputs(notebook: Notebook, fresh: Notebook): Difference | undefined {
  const freshCells = codeCells(fresh);
  for (const { cell, number } of codeCells(notebook)) {
    const old = comparable(cell.outputs);
    const now = comparable(freshCells[number - 1]?.cell.outputs ?? []);
    for (let i = 0; i < Math.max(old.length, now.length); i++) {
      if (JSON.stringify(old[i]) === JSON.stringify(now[i])) continue;
      return { number, sentence: describe(old[i], now[i], i) };
    }
  }
  return undefined;
}

/** The code cells of a notebook with their places. */
function codeCells(notebook: Notebook): CellPlace[] {
  const found = [...notebook.cells.entries()].filter(
    (entry): entry is [number, CodeCell] => entry[1].cell_type === "code",
  );
  return found.map(([index, cell], i) => ({ number: i + 1, total: found.length, index, cell }));
}

/** One output as [kind, text] pairs in a fixed order. */
type Comparable = [kind: string, text: string][];

function comparable(outputs: NotebookOutput[]): Comparable[] {
  const result: Comparable[] = [];
  let stream: { name: string; pair: [string, string] } | undefined;
  for (const output of outputs) {
    if (output.output_type === "stream") {
      if (stream?.name === output.name) stream.pair[1] += output.text;
      else {
        stream = { name: output.name, pair: [output.name, output.text] };
        result.push([stream.pair]);
      }
      continue;
    }
    stream = undefined;
    if (output.output_type === "error") {
      result.push([["error", [output.ename, output.evalue, ...output.traceback].join("\n")]]);
      continue;
    }
    const types = Object.keys(output.data)
      .filter((type) => type !== "text/html" || !(RECORDING_MIME in output.data)) // the same again, with the player
      .sort();
    result.push(
      types.map((type) => {
        const data = output.data[type];
        return [
          `${output.output_type} ${type}`,
          typeof data === "string" ? data : JSON.stringify(sorted(data)),
        ];
      }),
    );
  }
  return result;
}

/** The same JSON with members in order of their names. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const names = Object.keys(value).sort();
  return names.map((name) => [name, sorted((value as Record<string, unknown>)[name])]);
}

function describe(old: Comparable | undefined, now: Comparable | undefined, index: number): string {
  const ordinal = `output ${index + 1}`;
  if (now === undefined)
    return `${ordinal} (${kinds(old!)}) is in the notebook, but a fresh run does not give it`;
  if (old === undefined) return `${ordinal} (${kinds(now)}) is not in the notebook, but a fresh run gives it`;
  if (kinds(old) !== kinds(now))
    return `${ordinal} is ${kinds(old)} in the notebook and ${kinds(now)} in a fresh run`;
  const differing = old.findIndex(([, text], i) => text !== now[i]![1]);
  const [kind, oldText] = old[differing]!;
  const oldLines = oldText.split("\n");
  const nowLines = now[differing]![1].split("\n");
  const line = oldLines.findIndex((text, i) => text !== nowLines[i]);
  const at = line === -1 ? oldLines.length : line;
  const show = (text: string | undefined) =>
    text === undefined ? "nothing" : JSON.stringify(text.slice(0, 80));
  return `${ordinal} (${kind}), line ${at + 1}, is ${show(oldLines[at])} in the notebook and ${show(nowLines[at])} in a fresh run`;
}

function kinds(output: Comparable): string {
  return output.map(([kind]) => kind).join(", ");
}
