import type {
  Cell,
  Completions,
  ExpressionValue,
  Inspection,
  IsComplete,
  Language,
  LanguageInfo,
  MimeBundle,
  Outcome,
} from "../language.ts";
import { CellSyntaxError } from "./cellerror.ts";
import { makeConsole } from "./console.ts";
import { mimeBundle, plainBundle } from "./display.ts";
import { typescriptInfo } from "./info.ts";
import { isComplete } from "./iscomplete.ts";
import { type CellFunction, type CellImports, compileCell } from "./rewrite.ts";
import { type CellSource, syntaxCellError, thrownCellError } from "./traceback.ts";

/** Remembers which cell the running code belongs to, across timers and awaits. Node's AsyncLocalStorage fits. */
export interface CellContext {
  run<T>(cell: Cell, callback: () => T): T;
  getStore(): Cell | undefined;
}

export interface TypeScriptOptions {
  /**
   * Loads what a cell imports: resolves to the module's namespace object, rejects with a sentence that names it.
   * `attributes` are those of `with { type: "json" }`.
   */
  importModule(specifier: string, attributes: Record<string, string>): Promise<unknown>;
  /**
   * Runs a classic script in the global scope and returns its completion value. Node: vm.Script with `filename`; the
   * page: indirect eval of `script + "\n//# sourceURL=" + filename`. The file name must appear in stacks as given.
   */
  evaluate(script: string, filename: string): unknown;
  /** Default: output outside a running cell goes to the cell that ran last. */
  context?: CellContext;
  /** The global object of `evaluate`, on which `console`, `display` and `input` are put. Default: globalThis. */
  global?: object;
}

/** What `display` returns: a way to change what it showed. */
export interface DisplayHandle {
  /** Shows `value` in the same place. */
  update(value: unknown, options?: DisplayOptions): void;
}

export interface DisplayOptions {
  /** The value is a MIME bundle itself: `display({ "text/html": "<b>hi</b>" }, { raw: true })`. */
  raw?: boolean;
  /** For the front end, by MIME type. */
  metadata?: MimeBundle;
}

/** The variables of cells on each global object: a session after another in the same place must not take them for the host's. */
const cellGlobals = new WeakMap<object, Set<string>>();

/** Calls in stacks: enough to find the user's own behind those of a library. */
const stackDepth = 50;

/**
 * Cells of TypeScript, the same in Node and in the page. See {@link compileCell} for how a cell becomes a script.
 *
 * Cells find three globals besides those of their host: `console`, `display(value, options?)`, which shows a value in
 * the middle of a cell, and `input(prompt)`, which asks the person for a line of text.
 *
 * Not there yet: completion and inspection answer that they know nothing.
 */
export class TypeScriptLanguage implements Language {
  readonly info: LanguageInfo = typescriptInfo;
  readonly #options: TypeScriptOptions;
  readonly #global: object;
  readonly #imports: CellImports;
  /** By file name: functions of earlier cells appear in later stacks. */
  readonly #cells = new Map<string, CellSource>();
  /** The global variables that cells declared. */
  readonly #globals: Set<string>;
  /** The variables of cells that would hide a global of the host's, by name: see `CellScope` of rewrite.ts. */
  readonly #scope: Record<string, unknown> = Object.create(null);
  readonly #scoped = new Set<string>();
  #last: Cell | undefined;
  #displays = 0;
  /** Displays that wait for an asynchronous MIME bundle, by running cell. */
  readonly #pending = new WeakMap<Cell, Promise<void>[]>();
  readonly #replaced: [name: string, descriptor: PropertyDescriptor | undefined][] = [];

  constructor(options: TypeScriptOptions) {
    this.#options = options;
    this.#global = options.global ?? globalThis;
    this.#globals = cellGlobals.get(this.#global) ?? new Set();
    cellGlobals.set(this.#global, this.#globals);
    this.#imports = {
      dynamic: async (specifier, importOptions) => {
        const attributes = (importOptions as { with?: Record<string, string> } | undefined)?.with ?? {};
        return options.importModule(String(specifier), attributes);
      },
      static: (specifier, needed, attributes) => this.#importStatic(specifier, needed, attributes),
    };
    this.#install(
      "console",
      makeConsole(
        {
          write: (name, text) => {
            this.#cell()?.emit({ type: "stream", name, text });
          },
          clear: () => {
            this.#cell()?.emit({ type: "clear_output", wait: false });
          },
        },
        () => performance.now(),
      ),
    );
    this.#install("display", (value: unknown, display?: DisplayOptions) => this.#display(value, display));
    this.#install("input", (prompt: unknown = "", settings?: { password?: boolean }) => {
      const cell = this.#cell();
      if (cell === undefined)
        return Promise.reject(new Error("input can only be asked for while a cell runs"));
      return cell.input(String(prompt), settings?.password === true);
    });
    if (Error.stackTraceLimit < stackDepth) Error.stackTraceLimit = stackDepth;
  }

  async execute(code: string, cell: Cell): Promise<Outcome> {
    this.#last = cell;
    const label = `In [${cell.executionCount}]`;
    const pending: Promise<void>[] = [];
    this.#pending.set(cell, pending);
    try {
      const { value } = await this.#run(code, label, cell);
      for (const shown of pending) await shown;
      if (value !== undefined) {
        const data = await mimeBundle(value);
        if (Object.keys(data).length > 0) cell.emit({ type: "result", data, metadata: {} });
      }
      return { status: "ok" };
    } catch (error) {
      return { status: "error", ...this.#cellError(error, label, code) };
    } finally {
      this.#pending.delete(cell);
    }
  }

  async evaluate(expression: string, cell: Cell): Promise<ExpressionValue> {
    const label = "expression";
    // On lines of its own: it may end in a comment.
    const code = `(${expression}\n)`;
    try {
      const { value } = await this.#run(code, label, cell);
      return { status: "ok", data: await mimeBundle(value), metadata: {} };
    } catch (error) {
      return { status: "error", ...this.#cellError(error, label, code) };
    }
  }

  isComplete(code: string): IsComplete {
    return isComplete(code);
  }

  /** Gives no matches yet. */
  complete(_code: string, cursor: number): Completions {
    return { matches: [], cursor_start: cursor, cursor_end: cursor, metadata: {} };
  }

  /** Finds nothing yet. */
  inspect(_code: string, _cursor: number, _detail: 0 | 1): Inspection {
    return { found: false, data: {}, metadata: {} };
  }

  /** Nothing to forget: all state of a running cell is its own. */
  interrupt(): void {}

  /**
   * Shows an error that no cell is there to catch (an unhandled rejection, a throw in a timer) with the cell it
   * belongs to; for the host's handlers of such errors.
   */
  reportError(error: unknown): void {
    this.#cell()?.emit({ type: "error", ...this.#thrown(error) });
  }

  /** Puts back the globals it replaced. Variables of cells stay, as functions may still use them. */
  dispose(): void {
    for (const [name, descriptor] of this.#replaced) {
      if (descriptor === undefined) delete (this.#global as Record<string, unknown>)[name];
      else Object.defineProperty(this.#global, name, descriptor);
    }
    this.#replaced.length = 0;
  }

  /** Runs code and gives the value of its last expression, boxed: a promise stays a promise. */
  async #run(code: string, label: string, cell: Cell): Promise<{ value?: unknown }> {
    const compiled = compileCell(code, {
      isReserved: (name) => this.#isReserved(name),
      scoped: this.#scoped,
    });
    const filename = this.#filename(cell);
    this.#cells.set(filename, { label, code, source: compiled.source });
    for (const name of compiled.names) {
      if (!this.#isReserved(name)) this.#globals.add(name);
      else if (!this.#scoped.has(name)) {
        this.#scoped.add(name);
        this.#scope[name] = undefined;
      }
    }
    const made = this.#options.evaluate(compiled.script, filename);
    const run = (compiled.scoped ? (made as (scope: object) => unknown)(this.#scope) : made) as CellFunction;
    const { context } = this.#options;
    const call = () => run(this.#imports);
    const completion = context === undefined ? call() : context.run(cell, call);
    return ((compiled.async ? await completion : completion) as { value: unknown } | undefined) ?? {};
  }

  /** Whether the host, and not a cell, has a global of this name. */
  #isReserved(name: string): boolean {
    return this.#scoped.has(name) || (name in this.#global && !this.#globals.has(name));
  }

  /** Free of spaces, which a sourceURL may not have; unique, also when a number is used twice (silent cells). */
  #filename(cell: Cell): string {
    const base = `hmap-cell-${cell.executionCount}`;
    let filename = `${base}.ts`;
    for (let again = 2; this.#cells.has(filename); again++) filename = `${base}-${again}.ts`;
    return filename;
  }

  async #importStatic(
    specifier: string,
    needed: string[],
    attributes: Record<string, string>,
  ): Promise<unknown> {
    const module = await this.#options.importModule(specifier, attributes);
    for (const name of needed) {
      if (typeof module === "object" && module !== null && name in module) continue;
      const missing = name === "default" ? "no default export" : `no export named ${JSON.stringify(name)}`;
      throw new SyntaxError(`the module ${JSON.stringify(specifier)} has ${missing}`);
    }
    return module;
  }

  #display(value: unknown, options: DisplayOptions = {}): DisplayHandle {
    const cell = this.#cell();
    // Random, so that a session does not change what an earlier one showed in the same document.
    const display_id = `hmap-${Math.random().toString(36).slice(2)}-${this.#displays++}`;
    const show = (
      type: "display" | "update_display",
      shown: unknown,
      { raw, metadata = {} }: DisplayOptions,
    ) => {
      if (cell === undefined) return;
      const emit = (data: MimeBundle) => {
        if (Object.keys(data).length > 0)
          cell.emit({ type, data, metadata: plainBundle(metadata), display_id });
      };
      if (raw) {
        emit(plainBundle(shown));
        return;
      }
      const bundle = mimeBundle(shown);
      if (!(bundle instanceof Promise)) {
        emit(bundle);
        return;
      }
      const shownLater = bundle.then(emit);
      const pending = this.#pending.get(cell);
      // The cell waits for it and fails with it; when the cell has ended, there is only its output to tell.
      if (pending !== undefined) pending.push(shownLater);
      shownLater.catch((error: unknown) => {
        if (pending === undefined) cell.emit({ type: "error", ...this.#thrown(error) });
      });
    };
    show("display", value, options);
    const handle: DisplayHandle = {
      update: (next, nextOptions = options) => show("update_display", next, nextOptions),
    };
    // As the last value of a cell the handle itself is not worth showing.
    return Object.assign(handle, { [Symbol.for("Jupyter.display")]: () => ({}) });
  }

  #cell(): Cell | undefined {
    return this.#options.context?.getStore() ?? this.#last;
  }

  #cellError(error: unknown, label: string, code: string) {
    if (error instanceof CellSyntaxError) return syntaxCellError(error, label, code);
    return this.#thrown(error);
  }

  #thrown(error: unknown) {
    return thrownCellError(error, (file) => this.#cells.get(file));
  }

  #install(name: string, value: unknown): void {
    this.#replaced.push([name, Object.getOwnPropertyDescriptor(this.#global, name)]);
    Object.defineProperty(this.#global, name, {
      value,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }
}
