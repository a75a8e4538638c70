import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A small deliberate mistake in one file of the engine, given as a replacement in its text. */
export interface Mutation {
  /** What the engine does wrong with it. */
  readonly mistake: string;
  /** The file, from engine/. */
  readonly file: string;
  /** The first words of the function or method to look in, where its text alone does not tell the place. */
  readonly inside?: string;
  /** Text that is there exactly once. */
  readonly from: string;
  readonly to: string;
  /** Why no recording can show the mistake, in one sentence, where that is so. */
  readonly unseen?: string;
  /** The test file, from engine/, that shows it instead. An unseen mistake without one changes nothing. */
  readonly test?: string;
}

/**
 * Plants a mutation in a copy of engine/. Returns what puts the file right again.
 *
 * @throws Error when the text to replace is not there exactly once: the engine has changed, and the list must follow
 */
export function plant(mutation: Mutation, engine: string): () => void {
  const path = join(engine, mutation.file);
  const right = readFileSync(path, "utf8");
  writeFileSync(path, mutate(right, mutation));
  return () => writeFileSync(path, right);
}

/** The text of a file with the mutation in it. */
export function mutate(text: string, { file, inside, from, to }: Mutation): string {
  const [start, end] = inside === undefined ? [0, text.length] : extent(text, inside, file);
  const part = text.slice(start, end);
  const found = part.split(from).length - 1;
  if (found !== 1) {
    const where = inside === undefined ? file : `"${inside}" of ${file}`;
    throw new Error(`${where} has the text ${JSON.stringify(from)} ${found} times, not once: mend the list`);
  }
  return text.slice(0, start) + part.replace(from, () => to) + text.slice(end);
}

/** From the first words of a declaration to the brace that closes it, which stands as far to the right. */
function extent(text: string, inside: string, file: string): [start: number, end: number] {
  const start = text.indexOf(inside);
  if (start === -1 || text.indexOf(inside, start + 1) !== -1) {
    throw new Error(`${file} does not have the text ${JSON.stringify(inside)} exactly once: mend the list`);
  }
  const indent = start - (text.lastIndexOf("\n", start) + 1);
  const end = text.indexOf(`\n${" ".repeat(indent)}}`, start);
  return [start, end === -1 ? text.length : end];
}
