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
import { liveCompletions, liveInspection } from "./completion.ts";
import { makeConsole } from "./console.ts";
import { mimeBundle } from "./display.ts";
import { coloured } from "./displaycolour.ts";
import { playingBundle } from "./displayplayer.ts";
import { Displays } from "./displays.ts";
import { typescriptInfo } from "./info.ts";
import { isComplete } from "./iscomplete.ts";
import { LiveObjects } from "./live.ts";
import { type ParsedCell, parseCell, type Uninterrupted } from "./parser.ts";
import { type CellFunction, type CellImports, rewriteCell } from "./rewrite.ts";
import { type CellSource, syntaxCellError, tellStacks, thrownCellError } from "./traceback.ts";

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
  /**
   * Loads a part of the language that this host must not stop in the middle, as an interrupt may stop code: a module that
   * was stopped while it loaded is lost to its process. Default: nothing can stop it.
   */
  uninterrupted?: Uninterrupted;
  /** Awaited before code runs, which is parsed meanwhile. For hosts that load late what code names. Nothing by default. */
  beforeRun?(code: string): Promise<unknown> | undefined;
  /**
   * Awaited before a value, a result or what a cell threw, is put into words. For hosts that load late what does that.
   * Nothing by default.
   */
  beforeText?(value: unknown): Promise<unknown> | undefined;
  /** A call that code makes in every loop and function, which throws when it is to stop. None by default. */
  poll?: string;
  /** Default: output outside a running cell goes to the cell that ran last. */
  context?: CellContext;
  /** Whether looking at an object's properties would run code; completion leaves such objects alone. Default: never. */
  isProxy?(value: object): boolean;
  /** The script that defines the element `<hmap-player>`, for `display.player`. None by default. */
  playerScript?(): Promise<string>;
  /**
   * Whether a recording comes with the player in HTML without being asked, for front ends that have no extension. Not by
   * default: notebooks that are kept in version control would hold the same hundred kilobytes in every output.
   */
  playsRecordings?: boolean;
  /** The global object of `evaluate`, on which `console`, `display` and `input` are put. Default: globalThis. */
  global?: object;
}

/** The variables of cells on each global object: a session after another in the same place must not take them for the host's. */
const cellGlobals = new WeakMap<object, Set<string>>();

// Taken once: a cell may replace it.
const { setTimeout } = globalThis;

/** Does some work in a task of its own. */
function inTask<T>(work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    setTimeout(() => void work().then(resolve, reject), 0);
  });
}

/** Calls in stacks: enough to find the user's own behind those of a library. */
const stackDepth = 50;

/**
 * Cells of TypeScript, the same in Node and in the page. See {@link rewriteCell} for how a cell becomes a script.
 *
 * Cells find five globals besides those of their host: `console`, `display(value, options?)`, which shows a value in
 * the middle of a cell (see {@link Displays}), `live(value)`, which keeps what it shows up to date, and for a line of
 * text that the person types `input(prompt)`, a promise, and `prompt(message)`, which waits.
 *
 * Completion and inspection look at values only; what knows types is {@link TypeService}, which needs a compiler.
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
  /** The names that a cell has declared as constants, which later cells may declare again but not assign to. */
  readonly #constants = new Set<string>();
  #last: Cell | undefined;
  #interrupts = 0;
  readonly #displays: Displays;
  readonly #replaced: [name: string, descriptor: PropertyDescriptor | undefined][] = [];

  readonly #bundle: (value: unknown) => MimeBundle | Promise<MimeBundle>;

  constructor(options: TypeScriptOptions) {
    const { playerScript, playsRecordings = false } = options;
    this.#bundle =
      playerScript !== undefined && playsRecordings
        ? (value) => playingBundle(value, playerScript)
        : mimeBundle;
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
      constants: new Proxy(
        {},
        {
          set: () => {
            throw new TypeError("Assignment to constant variable.");
          },
        },
      ),
    };
    this.#install(
      "console",
      makeConsole(
        {
          write: (name, text) => {
            const told = tellStacks(text, (file) => this.#cells.get(file));
            this.#cell()?.emit({ type: "stream", name, text: told });
          },
          show: (data) => {
            this.#cell()?.emit({ type: "display", data, metadata: {} });
          },
          clear: () => {
            this.#cell()?.emit({ type: "clear_output", wait: false });
          },
        },
        () => performance.now(),
      ),
    );
    this.#displays = new Displays({
      cell: () => this.#cell(),
      report: (cell, error) => cell.emit({ type: "error", ...this.#thrown(error) }),
      playerScript: options.playerScript,
      bundle: this.#bundle,
    });
    this.#install("display", this.#displays.display());
    this.#install("live", (value: unknown) => this.#displays.live(value));
    this.#install("input", (prompt: unknown = "", settings?: { password?: boolean }) => {
      const cell = this.#cell();
      if (cell === undefined)
        return Promise.reject(new Error("input can only be asked for while a cell runs"));
      return cell.input(String(prompt), settings?.password === true);
    });
    this.#install("prompt", (message: unknown = "", initial: unknown = "") => {
      const cell = this.#cell();
      if (cell === undefined) throw new Error("prompt can only be called while a cell runs");
      if (cell.waitForInput === undefined) throw new Error("prompt cannot wait here: use `await input()`");
      const question = initial === "" ? String(message) : `${message} [${initial}] `;
      return cell.waitForInput(question) || String(initial);
    });
    if (Error.stackTraceLimit < stackDepth) Error.stackTraceLimit = stackDepth;
  }

  async execute(code: string, cell: Cell): Promise<Outcome> {
    this.#last = cell;
    const label = `In [${cell.executionCount}]`;
    this.#displays.begin(cell);
    try {
      const { value } = await this.#run(code, label, cell);
      await this.#displays.settled(cell);
      if (value !== undefined) {
        await this.#options.beforeText?.(value);
        const data = this.#told(await this.#bundle(value));
        if (Object.keys(data).length > 0) cell.emit({ type: "result", data, metadata: {} });
      }
      return { status: "ok" };
    } catch (error) {
      await this.#options.beforeText?.(error);
      return { status: "error", ...this.#cellError(error, label, code) };
    } finally {
      await this.#displays.end(cell);
    }
  }

  async evaluate(expression: string, cell: Cell): Promise<ExpressionValue> {
    const label = "expression";
    // On lines of its own: it may end in a comment.
    const code = `(${expression}\n)`;
    try {
      const { value } = await this.#run(code, label, cell);
      await this.#options.beforeText?.(value);
      return { status: "ok", data: this.#told(await mimeBundle(value)), metadata: {} };
    } catch (error) {
      await this.#options.beforeText?.(error);
      return { status: "error", ...this.#cellError(error, label, code) };
    }
  }

  isComplete(code: string): Promise<IsComplete> {
    return isComplete(code, this.#options.uninterrupted);
  }

  /** From the values that there are, without running any code: see {@link LiveObjects}. */
  complete(code: string, cursor: number): Completions {
    return liveCompletions(code, cursor, this.#live());
  }

  /** From the value of the name, without running any code. Detail 1 adds the text of a function. */
  inspect(code: string, cursor: number, detail: 0 | 1): Inspection {
    return liveInspection(code, cursor, detail, this.#live());
  }

  /** A cell that runs keeps its state to itself; one that still waits for what it needs must not run any more. */
  interrupt(): void {
    this.#interrupts++;
  }

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
    const ready = this.#options.beforeRun?.(code);
    // Code that cannot be parsed fails for that, whatever else would have been missing.
    ready?.catch(() => undefined);
    const parsed = parseCell(code, this.#options.uninterrupted);
    if (ready === undefined && !(parsed instanceof Promise)) {
      return this.#runParsed(parsed, code, label, cell);
    }
    const interrupts = this.#interrupts;
    const late = await parsed;
    await ready;
    // Node 22 aborts when code is stopped that began in a microtask.
    return inTask(async () => {
      if (interrupts !== this.#interrupts) throw new Error("the cell was interrupted before it ran");
      return this.#runParsed(late, code, label, cell);
    });
  }

  /** Up to its first await the cell runs in one go: what names mean cannot change meanwhile. */
  async #runParsed(
    parsed: ParsedCell,
    code: string,
    label: string,
    cell: Cell,
  ): Promise<{ value?: unknown }> {
    const compiled = rewriteCell(
      parsed,
      {
        isReserved: (name) => this.#isReserved(name),
        scoped: this.#scoped,
        constants: this.#constants,
      },
      this.#options.poll,
    );
    const filename = this.#filename(cell);
    this.#cells.set(filename, { label, code, source: compiled.source });
    for (const name of compiled.names) {
      if (compiled.constants.has(name)) this.#constants.add(name);
      else this.#constants.delete(name);
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

  #live(): LiveObjects {
    const { isProxy } = this.#options;
    return new LiveObjects({ objects: [this.#scope, this.#global], ...(isProxy && { isProxy }) });
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

  #cell(): Cell | undefined {
    return this.#options.context?.getStore() ?? this.#last;
  }

  /** A bundle with the stacks of errors in its text as the person knows them. */
  #told(data: MimeBundle): MimeBundle {
    const text = data["text/plain"];
    if (typeof text !== "string") return data;
    return { ...data, "text/plain": tellStacks(text, (file) => this.#cells.get(file)) };
  }

  #cellError(error: unknown, label: string, code: string) {
    if (error instanceof CellSyntaxError) return coloured(syntaxCellError(error, label, code));
    return this.#thrown(error);
  }

  #thrown(error: unknown) {
    return coloured(thrownCellError(error, (file) => this.#cells.get(file)));
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
