import { type Declaration, declarationsByLooks } from "../declarations.ts";
import type { VirtualFiles } from "./compiler.ts";
import { hostGlobals, type KernelGlobals, unknownGlobals } from "./globals.ts";

/** A cell as the compiler sees it: a module of its own. */
export interface CellModule {
  /** The file, absolute. */
  path: string;
  /** Its text: a line of imports from earlier cells, the cell, and a line that exports what it declares. */
  text: string;
  /** Where the cell begins in `text`, and where it ends. */
  start: number;
  end: number;
}

/** Where a name of the session comes from. */
interface Origin extends Declaration {
  cell: CellModule;
  /** The cell failed, so a variable may not have got its value: its type is not known. */
  failed: boolean;
  /** Where the name came from before. */
  before: Origin | undefined;
}

export interface SessionOptions {
  /** Where cells import from: the notebook's folder, absolute, with forward slashes. */
  folder: string;
  /** Packages that are found elsewhere than in the folder: name to file. */
  packages: Readonly<Record<string, string>>;
  /** The folders in which the types of Node are looked for (`node_modules/@types`). */
  typeRoots: readonly string[];
  /** Default: nothing is known of them. */
  globals?: KernelGlobals;
}

/**
 * The cells of a session as modules, so that the compiler knows them as they run: every cell imports the names it
 * mentions from the cell that declared them last, and exports its own. A name that is declared again thereby hides the
 * earlier one from later cells without being in conflict with it, and functions of earlier cells keep the types they
 * had. `let` and `var` come as declarations of the same type, because an import cannot be assigned to.
 */
export class SessionFiles implements VirtualFiles {
  readonly config: string;
  readonly draftPath: string;
  readonly #root: string;
  readonly #checkPath: string;
  readonly #globals: string;
  readonly #options: SessionOptions;
  readonly #files = new Map<string, string>();
  /** The values and the types of the session by name; a class is both. */
  readonly #values = new Map<string, Origin>();
  readonly #types = new Map<string, Origin>();
  #count = 0;
  #needsNode = false;
  #draft: Declaration[] = [];

  constructor(options: SessionOptions) {
    this.#options = options;
    this.config = this.#path("hmap.tsconfig.json");
    this.draftPath = this.#path("hmap-draft.mts");
    this.#root = this.#path("hmap-session.mts");
    this.#checkPath = this.#path("hmap-cell.mts");
    this.#globals = this.#path("hmap-globals.d.ts");
    this.#configure();
    this.#files.set(this.#root, "export {};");
    this.#files.set(this.#checkPath, "export {};");
    this.#files.set(this.draftPath, "export {};");
  }

  /** Forgets all cells. */
  reset(): void {
    this.#values.clear();
    this.#types.clear();
  }

  read(path: string): string | undefined {
    return this.#files.get(path);
  }

  /** The names that cells have declared. */
  names(): string[] {
    return [...new Set([...this.#values.keys(), ...this.#types.keys()])];
  }

  /** How a name of the draft was declared as a value, there or in a cell; undefined for others. */
  kind(name: string): Declaration["kind"] | undefined {
    return this.#draft.find((one) => one.name === name)?.kind ?? this.#values.get(name)?.kind;
  }

  /** Whether a type, as a text, has a name in it that the draft declares. */
  draftDeclares(type: string): boolean {
    const names = new Set(type.match(/[\p{ID_Continue}$]+/gu));
    return this.#draft.some(({ name }) => names.has(name));
  }

  /** Adds a cell; later ones see its names. */
  add(code: string): CellModule {
    const declared = declarationsByLooks(code);
    const cell = this.#module(this.#path(`hmap-cell-${++this.#count}.mts`), code, declared);
    for (const declaration of declared) {
      const { name, kind } = declaration;
      const set = (origins: Map<string, Origin>) =>
        origins.set(name, { ...declaration, cell, failed: false, before: origins.get(name) });
      if (kind !== "type") set(this.#values);
      if (/^(?:type|class|enum|import)$/.test(kind)) set(this.#types);
    }
    return cell;
  }

  /** Takes back what is not certain any more when a cell has failed. */
  fail(cell: CellModule): void {
    for (const origin of this.#values.values()) if (origin.cell === cell) origin.failed = true;
  }

  /** Takes back all of a cell that did not parse, and so did not run. */
  withdraw(cell: CellModule): void {
    for (const origins of [this.#values, this.#types]) {
      for (const [name, origin] of origins) {
        if (origin.cell !== cell) continue;
        if (origin.before === undefined) origins.delete(name);
        else origins.set(name, origin.before);
      }
    }
  }

  /**
   * Makes the compiler see some cells. A single one is put in the place of the one that was checked before, which the
   * compiler takes in its stride: a module more means that it puts the program together anew.
   *
   * @returns in which file each of them is, and the files that changed
   */
  check(cells: readonly CellModule[]): { paths: string[]; changed: string[] } {
    const [first] = cells;
    if (first !== undefined && cells.length === 1) {
      this.#files.set(this.#checkPath, first.text);
      return { paths: [this.#checkPath], changed: [this.#checkPath] };
    }
    this.#files.set(this.#root, cells.map(({ path }) => `import ${JSON.stringify(path)};`).join("\n"));
    return { paths: cells.map(({ path }) => path), changed: [this.#root] };
  }

  /** Makes `code` the draft: a cell that is being typed. `more` are names it may come to mention. */
  draft(code: string, more: readonly string[] = []): { module: CellModule; changed: string[] } {
    const before = this.#files.get(this.draftPath);
    this.#draft = declarationsByLooks(code);
    const module = this.#module(this.draftPath, code, this.#draft, more);
    return { module, changed: module.text === before ? [] : [this.draftPath] };
  }

  /** Loads the types of Node when `code` looks as if it needed them: they cost memory. Returns the files that changed. */
  prepareFor(code: string): string[] {
    if (this.#needsNode || !nodeWords.test(code)) return [];
    this.#needsNode = true;
    this.#configure();
    return [this.config, this.#globals];
  }

  #module(
    path: string,
    code: string,
    declared: readonly Declaration[],
    more: readonly string[] = [],
  ): CellModule {
    const own = new Set(declared.map(({ name }) => name));
    const mentioned = new Set([...(code.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? []), ...more]);
    let head = "";
    for (const name of mentioned) if (!own.has(name)) head += this.#import(name);
    const exported = new Set(declared.filter((one) => one.exported !== true).map(({ name }) => name));
    const tail = `export { ${[...exported].join(", ")} };`;
    const start = head.length + 1;
    const text = `${head}\n${code}\n${tail}`;
    this.#files.set(path, text);
    return { path, text, start, end: start + code.length };
  }

  /** The text that brings a name of an earlier cell into a module. */
  #import(name: string): string {
    const value = this.#values.get(name);
    const type = this.#types.get(name);
    const variable = (origin: Origin) => {
      const keyword = origin.kind === "variable" ? "let" : "const";
      if (origin.failed) return `declare ${keyword} ${name}: any; `;
      return `declare ${keyword} ${name}: typeof import(${JSON.stringify(origin.cell.path)}).${name}; `;
    };
    const isVariable = value?.kind === "variable" || value?.kind === "constant";
    let text = "";
    if (value !== undefined && isVariable) text += variable(value);
    const other = isVariable ? type : (value ?? type);
    if (other !== undefined) text += `import { ${name} } from ${JSON.stringify(other.cell.path)}; `;
    return text;
  }

  #configure(): void {
    const { folder, packages, typeRoots, globals = unknownGlobals } = this.#options;
    const compilerOptions = {
      target: "esnext",
      lib: ["esnext"],
      module: "nodenext",
      strict: true,
      useUnknownInCatchVariables: false,
      strictPropertyInitialization: false,
      allowImportingTsExtensions: true,
      allowJs: true,
      resolveJsonModule: true,
      skipLibCheck: true,
      noEmit: true,
      types: this.#needsNode ? ["node"] : [],
      typeRoots: [`${folder}/node_modules/@types`, ...typeRoots],
      paths: Object.fromEntries(Object.entries(packages).map(([name, file]) => [name, [file]])),
    };
    const files = [this.#globals, this.#root, this.#checkPath, this.draftPath];
    this.#files.set(this.config, JSON.stringify({ compilerOptions, files }));
    this.#files.set(this.#globals, hostGlobals(globals, this.#needsNode));
  }

  #path(name: string): string {
    return `${this.#options.folder}/${name}`;
  }
}

/** What is only typed by Node's own declarations. */
const nodeWords =
  /\bnode:|\b(?:process|Buffer|NodeJS|require|fetch|Response|Request|Headers|URL|URLSearchParams|TextEncoder|TextDecoder|AbortController|AbortSignal|Blob|Event|EventTarget|WebSocket|ReadableStream|crypto|navigator|setImmediate)\b|\b(?:from|import)\s*\(?\s*["'](?:assert|buffer|child_process|crypto|events|fs|http|https|module|net|os|path|perf_hooks|readline|stream|timers|tty|url|util|v8|vm|worker_threads|zlib)(?:\/\w+)?["']/;
