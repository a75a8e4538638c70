import type { Language } from "../language/language.ts";
import type { TypeScriptLanguage } from "../language/typescript/typescript.ts";

/**
 * What few cells use of the engine and of the language. A built page loads it when a cell first names it, before the cell
 * runs: what the engine does at once in Node it then does at once here. tools/siteparts.ts sees to that; without it,
 * everything is there from the beginning.
 *
 * A name that a cell puts together as it runs is not seen: the call then fails, and says why.
 */
interface Part {
  /** Matches the code of each cell that may reach it. Cells that only happen to match load it in vain. */
  readonly words: RegExp;
  readonly load: () => Promise<unknown>;
}

const drawings = () => import("./drawingspart.ts");
const values = () => import("./valuespart.ts");
const assist = () => import("./assistpart.ts");

const named: readonly Part[] = [
  { words: /\b(?:console|display|live)\b/, load: values },
  {
    words: /\b(?:bytes|drawBucket|drawHash|layout|memStats|overview|overviewPixels|watchHeap)\b/,
    load: drawings,
  },
  { words: /\brecord\b/, load: () => import("./recordpart.ts") },
];

/** Loads what code names and nothing has named before, if there is any: for `TypeScriptOptions.beforeRun`. */
export function beforeRun(code: string): Promise<unknown> | undefined {
  const missing = named.filter((part) => !loaded.has(part) && part.words.test(code));
  return missing.length === 0 ? undefined : Promise.all(missing.map(loadPart));
}

const loaded = new Set<Part>();

async function loadPart(part: Part): Promise<void> {
  try {
    await part.load();
  } catch (error) {
    throw new Error(
      `what the cell needs could not be loaded (${(error as Error).message}): check the connection, and restart the kernel`,
    );
  }
  loaded.add(part);
}

/** Loads what puts a value into words, unless it has words of its own: for `TypeScriptOptions.beforeText`. */
export function beforeText(value: unknown): Promise<unknown> | undefined {
  const own =
    value instanceof Error
      ? !("cause" in value || "errors" in value)
      : typeof value === "object" && value !== null && Symbol.for("Jupyter.display") in value;
  return own ? undefined : values();
}

/** What cells import as `hmap/diagram`. */
export async function diagramModule(): Promise<object> {
  return (await drawings()).diagram;
}

/** The language, which loads what a question needs before it answers. */
export function withParts(language: TypeScriptLanguage): Language {
  return {
    info: language.info,
    execute: (code, cell) => language.execute(code, cell),
    evaluate: (expression, cell) => language.evaluate(expression, cell),
    isComplete: (code) => language.isComplete(code),
    complete: async (code, cursor) => {
      await assist();
      return language.complete(code, cursor);
    },
    inspect: async (code, cursor, detail) => {
      await Promise.all([assist(), values()]);
      return language.inspect(code, cursor, detail);
    },
    interrupt: () => language.interrupt(),
  };
}
