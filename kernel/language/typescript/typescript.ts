import type {
  Cell,
  Completions,
  ExpressionValue,
  Inspection,
  IsComplete,
  Language,
  LanguageInfo,
  Outcome,
} from "../language.ts";

/** Remembers which cell the running code belongs to, across timers and awaits. Node's AsyncLocalStorage fits. */
export interface CellContext {
  run<T>(cell: Cell, callback: () => T): T;
  getStore(): Cell | undefined;
}

export interface TypeScriptOptions {
  /** Loads what a cell imports: resolves to the module's namespace object, rejects with a sentence that names it. */
  importModule(specifier: string): Promise<unknown>;
  /**
   * Runs a classic script in the global scope and returns its completion value. Node: vm.Script with `filename`; the
   * page: indirect eval of `script + "\n//# sourceURL=" + filename`. The file name must appear in stacks as given.
   */
  evaluate(script: string, filename: string): unknown;
  /** Default: output outside a running cell goes to the cell that ran last. */
  context?: CellContext;
}

/** Cells of TypeScript, the same in Node and in the page. */
export declare class TypeScriptLanguage implements Language {
  readonly info: LanguageInfo;
  constructor(options: TypeScriptOptions);
  execute(code: string, cell: Cell): Promise<Outcome>;
  evaluate(expression: string, cell: Cell): Promise<ExpressionValue>;
  isComplete(code: string): IsComplete;
  complete(code: string, cursor: number): Completions;
  inspect(code: string, cursor: number, detail: 0 | 1): Inspection;
  interrupt(): void;
  /**
   * Shows an error that no cell is there to catch (an unhandled rejection, a throw in a timer) with the cell it
   * belongs to; for the host's handlers of such errors.
   */
  reportError(error: unknown): void;
}
