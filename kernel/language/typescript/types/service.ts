import type { Completions, Inspection, Output } from "../../language.ts";
import { toOffset } from "../codepoints.ts";
import {
  byText,
  type CompletionItem,
  completions,
  inspection,
  keywordItems,
  notFound,
} from "../completion.ts";
import { completionPlace, namePlace, reserved } from "../cursor.ts";
import { maskCode } from "../mask.ts";
import {
  type Compiler,
  type CompletionEntryResponse,
  type CompletionResponse,
  type DiagnosticResponse,
  type JsDocTagResponse,
  type SnapshotResponse,
  type SymbolResponse,
  symbolFlags,
  type TypeResponse,
  typeFormat,
  type VirtualFiles,
} from "./compiler.ts";
import { kernelNames } from "./globals.ts";
import { type CellModule, SessionFiles, type SessionOptions } from "./session.ts";
import { hasNoCheck, isUnknownName, isWorthSaying, type TypeWarning, warningOutput } from "./warnings.ts";

export interface TypeServiceOptions extends SessionOptions {
  /** Starts a compiler that sees `files` besides those on disk. Throws when there is none. */
  start(files: VirtualFiles): Compiler;
  /** Whether type errors are shown. Default: true. */
  warnings?: boolean;
  /**
   * Whether a name that no types are known of exists all the same: a cell may have put it on `globalThis`. Asked after
   * the cell's end. Default: nothing does.
   */
  isDefined?(name: string): Promise<boolean>;
  /** A line about a compiler that could not be started or has ended. Nothing by default. */
  log?(line: string): void;
}

/** A cell that has been added and not yet been checked. */
interface Unchecked {
  code: string;
  label: string;
  module: CellModule;
  /** How the cell ended, when it has. */
  ended: Promise<"ok" | "error">;
  show(output: Output): void;
}

/** A snapshot of the session in the compiler, and how to ask about a file of it. */
interface Snapshot {
  id: number;
  ask<T>(method: string, parameters: object): Promise<T>;
}

/** A compiler that ends more often than this is not started again. */
const mostStarts = 3;

/** Texts of cells whose type errors are remembered. */
const mostRemembered = 200;

/** A cell that runs longer than this is warned about before its end, in milliseconds. */
const longRunMs = 100;

/** Completions whose types are asked for, and told, one by one. */
const mostSignatures = 40;
/** In characters. */
const longSignature = 120;
const anyMeaning = symbolFlags.value | symbolFlags.type | symbolFlags.namespace;

/** Candidates for a name that are looked up. */
const mostCandidates = 300;

/**
 * Types, documentation and type errors of cells, from the TypeScript 7 compiler. It starts the compiler when the first
 * cell has ended or something is asked, and does nothing in the thread of the cells.
 *
 * A compiler that ends is started anew; without one the answers are undefined, and cells run as ever.
 */
export class TypeService {
  readonly #options: TypeServiceOptions;
  readonly #files: SessionFiles;
  #compiler: Compiler | undefined;
  #ready = false;
  #starts = 0;
  #snapshot: Snapshot | undefined;
  /** Everything that changes files waits for what does so before it. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Files that changed since the last snapshot. */
  readonly #changed = new Set<string>();
  readonly #running = new Map<string, { module: CellModule; end(status: "ok" | "error"): void }>();
  #unchecked: Unchecked[] = [];
  /** What was found in the modules of cells, by their texts: a cell that is run again is not checked again. */
  readonly #checked = new Map<string, readonly DiagnosticResponse[]>();
  /** What {@link #typesOf} has found since the last cell. */
  readonly #memberTypes = new Map<string, string>();
  #checking = false;

  constructor(options: TypeServiceOptions) {
    this.#options = options;
    this.#files = new SessionFiles(options);
  }

  /** Adds a cell that begins to run; its type errors are shown, some milliseconds later, by `show`. */
  cellBegan(
    cell: { id: string; code: string; executionCount: number },
    show: (output: Output) => void,
  ): void {
    const module = this.#files.add(cell.code);
    this.#memberTypes.clear();
    this.#prepareFor(cell.code);
    const { promise: ended, resolve: end } = Promise.withResolvers<"ok" | "error">();
    this.#running.set(cell.id, { module, end });
    if (this.#options.warnings === false || hasNoCheck(cell.code) || this.#isGivenUp()) return;
    const label = `In [${cell.executionCount}]`;
    this.#unchecked.push({ code: cell.code, label, module, ended, show });
    if (this.#ready) this.#checkSoon();
  }

  /** The cell has ended: when it failed, its variables may have no value. */
  cellEnded(id: string, status: "ok" | "error"): void {
    const cell = this.#running.get(id);
    if (cell === undefined) return;
    this.#running.delete(id);
    if (status === "error") this.#files.fail(cell.module);
    cell.end(status);
    if (!this.#ready) this.start();
  }

  /** Forgets all cells: the session began anew. */
  reset(): void {
    this.#files.reset();
    this.#memberTypes.clear();
    this.#running.clear();
    this.#unchecked = [];
  }

  dispose(): void {
    this.#starts = mostStarts;
    this.#stop();
  }

  /** Starts the compiler, unless it runs; it is ready when {@link complete} answers. */
  start(): void {
    if (this.#compiler !== undefined || this.#isGivenUp()) return;
    this.#starts++;
    try {
      this.#compiler = this.#options.start(this.#files);
    } catch (error) {
      this.#starts = mostStarts;
      this.#options.log?.(error instanceof Error ? error.message : String(error));
      return;
    }
    const compiler = this.#compiler;
    void this.#inTurn(async () => {
      await compiler.request("initialize", null);
      this.#changed.clear();
      const opened = await compiler.request("updateSnapshot", { openProjects: [this.#files.config] });
      this.#use(compiler, opened as SnapshotResponse);
      // The first question loads the libraries; nobody should have to wait for that.
      await this.#snapshot?.ask("getSemanticDiagnostics", { file: this.#files.draftPath });
      this.#ready = true;
      this.#checkSoon();
    });
  }

  /** Undefined while the compiler is not ready. `cursor` counts code points. */
  async complete(code: string, cursor: number): Promise<Completions | undefined> {
    if (!this.#isReady()) return undefined;
    const offset = toOffset(code, cursor);
    return this.#inTurn(async () => {
      const place = completionPlace(code, offset);
      const prefix = place?.prefix ?? /[\p{ID_Continue}$./@-]*$/u.exec(code.slice(0, offset))![0];
      const start = offset - prefix.length;
      const names = place !== undefined && !place.member ? this.#candidates(code, start, prefix) : [];
      const { snapshot, module } = await this.#draft(code, names);
      const file = module.path;
      // Asked together: one answers while the other is on its way.
      const owner = this.#owner(snapshot, { file, position: module.start + start }).catch(() => undefined);
      let items: CompletionItem[] = [];
      try {
        const found = await snapshot.ask<CompletionResponse | null>("getCompletionsAtPosition", {
          file,
          position: module.start + offset,
          includeSymbol: true,
        });
        items = await this.#items(snapshot, found?.entries ?? [], prefix, await owner);
      } catch {
        // For a name that could be anything the compiler wants to offer imports too, which this API cannot.
        items = await this.#named(snapshot, file, module.start + start, names);
        if (place !== undefined && prefix !== "") items.push(...keywordItems(prefix));
      }
      if (prefix === "" && isFunction(items)) items = items.filter(({ text }) => !ofFunctions.has(text));
      return completions(code, start, offset, items.sort(byText));
    });
  }

  /** Undefined while the compiler is not ready. `cursor` counts code points. */
  async inspect(code: string, cursor: number, detail: 0 | 1): Promise<Inspection | undefined> {
    if (!this.#isReady()) return undefined;
    const place = namePlace(code, toOffset(code, cursor));
    if (place === undefined) return notFound;
    return this.#inTurn(async () => {
      const { snapshot, module } = await this.#draft(code);
      const name = code.slice(place.start, place.end);
      const at = { file: module.path, position: module.start + place.start };
      // Where a type is written as if it were a value there is no symbol.
      const symbol =
        (await snapshot.ask<SymbolResponse | null>("getSymbolAtPosition", at)) ??
        (await snapshot.ask<SymbolResponse | null>("resolveName", { name, meaning: anyMeaning, ...at }));
      if (symbol === null || symbol.name === "unknown") return notFound;
      const signature = await this.#signature(snapshot, symbol, name, at);
      if (signature === undefined) return notFound;
      return inspection(signature, await this.#documentation(snapshot, symbol, detail));
    });
  }

  /** Names that may be meant: of the session, the cell itself and the language. */
  #candidates(code: string, start: number, prefix: string): string[] {
    const names = new Set([...this.#files.names(), ...kernelNames]);
    const around = `${code.slice(0, start)} ${code.slice(start + prefix.length)}`;
    for (const [name] of maskCode(around).matchAll(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu)) names.add(name);
    if (prefix !== "") for (const name of Object.getOwnPropertyNames(globalThis)) names.add(name);
    const begin = prefix.toLowerCase();
    return [...names]
      .filter((name) => name.toLowerCase().startsWith(begin) && !reserved.has(name))
      .slice(0, mostCandidates);
  }

  /** Those of `names` that can be used at a place. */
  async #named(
    snapshot: Snapshot,
    file: string,
    position: number,
    names: readonly string[],
  ): Promise<CompletionItem[]> {
    const meaning = anyMeaning;
    const symbols = await Promise.all(
      names.map((name) =>
        snapshot.ask<SymbolResponse | null>("resolveName", { name, meaning, file, position }),
      ),
    );
    const found = symbols.filter((symbol) => symbol !== null);
    return this.#items(
      snapshot,
      found.map((symbol) => ({ name: symbol.name, symbol })),
      "",
    );
  }

  async #items(
    snapshot: Snapshot,
    entries: readonly CompletionEntryResponse[],
    prefix: string,
    owner?: string,
  ): Promise<CompletionItem[]> {
    const begin = prefix.toLowerCase();
    const fitting = entries.filter(
      ({ name, insertText }) => name.toLowerCase().startsWith(begin) && /^[^[(]/.test(insertText ?? name),
    );
    const types = await this.#typesOf(snapshot, fitting.slice(0, mostSignatures), owner);
    return fitting.map(({ name, kind, symbol }, index) => {
      const signature = types[index];
      const item: CompletionItem = {
        text: name.replace(/\?$/, ""),
        type: itemType(kind, symbol?.flags ?? 0, signature),
      };
      if (signature === undefined) return item;
      const isLong = signature.length > longSignature;
      return { ...item, signature: isLong ? `${signature.slice(0, longSignature)}…` : signature };
    });
  }

  /**
   * The texts of the types of entries that are symbols: to ask for them takes longer than for the entries. `owner`: the type
   * that they are members of, if that has a name, which stands for the same as long as no cell comes.
   */
  async #typesOf(
    snapshot: Snapshot,
    entries: readonly CompletionEntryResponse[],
    owner: string | undefined,
  ): Promise<(string | undefined)[]> {
    const keeps = owner !== undefined && !this.#files.draftDeclares(owner);
    const keys = entries.map(({ name, symbol }) => JSON.stringify([owner, name, symbol?.declarations]));
    const known = (index: number) => (keeps ? this.#memberTypes.get(keys[index]!) : undefined);
    const asked = entries.flatMap(({ symbol }, index) =>
      symbol === undefined || known(index) !== undefined ? [] : [{ index, id: symbol.id }],
    );
    const texts = entries.map((_, index) => known(index));
    if (asked.length === 0) return texts;
    const symbols = asked.map(({ id }) => id);
    const types = await snapshot.ask<(TypeResponse | null)[]>("getTypesOfSymbols", { symbols });
    await Promise.all(
      asked.map(async ({ index }, place) => {
        const type = types[place];
        if (type == null) return;
        const text = await this.#typeText(snapshot, type, typeFormat.short);
        texts[index] = text;
        if (keeps) this.#memberTypes.set(keys[index]!, text);
      }),
    );
    return texts;
  }

  #typeText(snapshot: Snapshot, type: TypeResponse, flags: number = typeFormat.whole): Promise<string> {
    return snapshot.ask<string>("typeToString", { type: type.id, flags });
  }

  /** `(method) GoMap<string, number>.set(key: string, value: number): void` */
  async #signature(
    snapshot: Snapshot,
    symbol: SymbolResponse,
    name: string,
    at: { file: string; position: number },
  ): Promise<string | undefined> {
    const target = await this.#target(snapshot, symbol);
    const { flags } = target;
    if ((flags & symbolFlags.value) === 0) {
      const declared = await snapshot.ask<TypeResponse>("getDeclaredTypeOfSymbol", { symbol: target.id });
      const isAlias = (flags & symbolFlags.typeAlias) !== 0;
      const text = await this.#typeText(snapshot, declared, isAlias ? typeFormat.noAlias : typeFormat.whole);
      if ((flags & symbolFlags.interface) !== 0) return `interface ${text}`;
      return isAlias ? `type ${name} = ${text}` : `type ${text}`;
    }
    const type = await snapshot.ask<TypeResponse | null>("getTypeAtPosition", at);
    if (type === null) return undefined;
    if ((flags & symbolFlags.class) !== 0) {
      const declared = await snapshot.ask<TypeResponse>("getDeclaredTypeOfSymbol", { symbol: target.id });
      return `class ${await this.#typeText(snapshot, declared)}`;
    }
    if ((flags & symbolFlags.module) !== 0 && (flags & symbolFlags.function) === 0) return `module ${name}`;
    if ((flags & symbolFlags.enum) !== 0) return `enum ${name}`;
    const text = await this.#typeText(snapshot, type);
    const isMember = (target.flags & (symbolFlags.method | symbolFlags.accessor | 4)) !== 0;
    const owner = isMember ? await this.#owner(snapshot, at) : undefined;
    const ownerName = owner !== undefined && /^.{1,80}$/.test(owner) ? `${owner}.` : "";
    return overloads(text)
      .map((overload) => `${this.#word(symbol, flags)}${ownerName}${name}${asDeclaration(overload, flags)}`)
      .join("\n");
  }

  /** What stands in front of a name, as in a declaration, with a space. */
  #word(symbol: SymbolResponse, flags: number): string {
    if ((flags & symbolFlags.function) !== 0) return "function ";
    if ((flags & symbolFlags.method) !== 0) return "(method) ";
    if ((flags & symbolFlags.variable) === 0) return "(property) ";
    if ((symbol.flags & symbolFlags.alias) !== 0) return "const ";
    const kind = this.#files.kind(symbol.name);
    return kind === "constant" ? "const " : kind === "variable" ? "let " : "var ";
  }

  /** The type that the member at a place belongs to, if it has a name, as it is there: `GoMap<string, number>` */
  async #owner(snapshot: Snapshot, at: { file: string; position: number }): Promise<string | undefined> {
    const text = this.#files.read(at.file) ?? "";
    const dot = /\??\.\s*$/.exec(text.slice(0, at.position));
    if (dot === null || !/[\p{ID_Continue}$]/u.test(text[dot.index - 1] ?? "")) return undefined;
    const type = await snapshot.ask<TypeResponse | null>("getTypeAtPosition", {
      file: at.file,
      position: dot.index - 1,
    });
    if (type === null) return undefined;
    const owner = await this.#typeText(snapshot, type, typeFormat.noAlias);
    return /^[\p{ID_Continue}$<>[\], "|.]+$/u.test(owner) ? owner : undefined;
  }

  /** What an import stands for. */
  async #target(snapshot: Snapshot, symbol: SymbolResponse): Promise<SymbolResponse> {
    if ((symbol.flags & symbolFlags.alias) === 0) return symbol;
    return snapshot.ask<SymbolResponse>("getAliasedSymbol", { symbol: symbol.id });
  }

  /** Documentation in Markdown: the comment, then its tags. */
  async #documentation(snapshot: Snapshot, symbol: SymbolResponse, detail: 0 | 1): Promise<string> {
    const target = await this.#target(snapshot, symbol);
    const [comment, tags] = await Promise.all([
      snapshot.ask<string>("getDocumentationComment", { symbol: target.id }),
      snapshot.ask<JsDocTagResponse[] | null>("getJsDocTags", { symbol: target.id }),
    ]);
    const lines = (tags ?? [])
      .filter(({ name }) => detail === 1 || /^(?:param|returns?|throws|deprecated|default)$/.test(name))
      .map(({ name, text = "" }) => {
        const [, subject, rest] = name === "param" ? (/^(\S+)\s*(?:-\s*)?([\s\S]*)$/.exec(text) ?? []) : [];
        return subject === undefined ? `- *${name}* ${text}` : `- \`${subject}\` ${rest}`;
      });
    return [comment, lines.join("\n")].filter((part) => part !== "").join("\n\n");
  }

  /** Checks the cells that wait, shortly: cells that follow each other closely are checked together. */
  #checkSoon(): void {
    if (this.#checking || this.#unchecked.length === 0) return;
    this.#checking = true;
    // Who asks something in the same breath is answered before.
    void Promise.resolve().then(() => this.#inTurn(() => this.#check()));
  }

  async #check(): Promise<void> {
    const waiting = this.#unchecked.splice(0);
    this.#checking = false;
    const cells = waiting.filter((cell) => {
      const known = this.#checked.get(cell.module.text);
      if (known !== undefined) void this.#show(cell, known);
      return known === undefined;
    });
    if (cells.length === 0) return;
    const { paths, changed } = this.#files.check(cells.map(({ module }) => module));
    for (const path of changed) this.#changed.add(path);
    const snapshot = await this.#update();
    await Promise.all(
      cells.map(async (cell, index) => {
        const ask = (method: string) =>
          snapshot.ask<DiagnosticResponse[] | null>(method, { file: paths[index] });
        const [syntax, found] = await Promise.all([
          ask("getSyntacticDiagnostics"),
          ask("getSemanticDiagnostics"),
        ]);
        if ((syntax ?? []).length > 0) {
          this.#files.withdraw(cell.module);
          return;
        }
        this.#remember(cell, found ?? []);
        void this.#show(cell, found ?? []);
      }),
    );
  }

  /** What is wrong with a text stays so, unless it reads files, which may change. */
  #remember({ code, module }: Unchecked, found: readonly DiagnosticResponse[]): void {
    if (/\b(?:import|require)\b/.test(code)) return;
    this.#checked.set(module.text, found);
    if (this.#checked.size <= mostRemembered) return;
    for (const oldest of this.#checked.keys()) {
      this.#checked.delete(oldest);
      return;
    }
  }

  /**
   * Shows type errors beside a cell that has succeeded or goes on running. One that has failed says itself what is
   * wrong, and mostly the same.
   */
  async #show(cell: Unchecked, diagnostics: readonly DiagnosticResponse[]): Promise<void> {
    const { start, end } = cell.module;
    const inCell = diagnostics.filter((one) => one.pos >= start && one.pos <= end && isWorthSaying(one));
    if (inCell.length === 0) return;
    const long = new Promise<"running">((resolve) => setTimeout(() => resolve("running"), longRunMs));
    if ((await Promise.race([cell.ended, long])) === "error") return;
    const warnings: TypeWarning[] = [];
    for (const diagnostic of inCell) {
      const unknown = isUnknownName(diagnostic);
      if (unknown !== undefined) {
        // The cell itself may have made the name.
        if ((await cell.ended) === "error") return;
        if (await this.#options.isDefined?.(unknown)) continue;
      }
      warnings.push({ diagnostic, offset: diagnostic.pos - start });
    }
    if (warnings.length > 0) cell.show(warningOutput(cell.code, cell.label, warnings));
  }

  async #draft(
    code: string,
    names: readonly string[] = [],
  ): Promise<{ snapshot: Snapshot; module: CellModule }> {
    this.#prepareFor(code);
    const { module, changed } = this.#files.draft(code, names);
    for (const path of changed) this.#changed.add(path);
    return { snapshot: await this.#update(), module };
  }

  #prepareFor(code: string): void {
    const changed = this.#files.prepareFor(code);
    for (const path of changed) this.#changed.add(path);
    // The types of globals are others now.
    if (changed.length > 0) this.#checked.clear();
  }

  /** A snapshot of the files as they are. */
  async #update(): Promise<Snapshot> {
    const compiler = this.#compiler;
    if (compiler === undefined) throw new Error("the compiler has ended");
    const changed = [...this.#changed];
    this.#changed.clear();
    if (changed.length > 0 || this.#snapshot === undefined) {
      const answer = await compiler.request("updateSnapshot", { fileChanges: { changed } });
      this.#use(compiler, answer as SnapshotResponse);
    }
    if (this.#snapshot === undefined) throw new Error("the compiler gave no snapshot");
    return this.#snapshot;
  }

  #use(compiler: Compiler, { snapshot: id, projects }: SnapshotResponse): void {
    const old = this.#snapshot;
    const project = projects[0]?.id;
    this.#snapshot = {
      id,
      ask: <T>(method: string, parameters: object) =>
        compiler.request(method, { snapshot: id, project, ...parameters }) as Promise<T>,
    };
    if (old !== undefined) void compiler.request("release", { snapshot: old.id }).catch(() => {});
  }

  /** Whether no compiler runs and none will be started. */
  #isGivenUp(): boolean {
    return this.#compiler === undefined && this.#starts >= mostStarts;
  }

  #isReady(): boolean {
    if (!this.#ready) this.start();
    return this.#ready;
  }

  /** Runs `work` after what came before it. A compiler that has ended meanwhile is given up. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T | undefined> {
    const before = this.#turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    await before;
    const compiler = this.#compiler;
    try {
      return await work();
    } catch (error) {
      if (this.#compiler === compiler && isEnd(error)) {
        if (this.#starts < mostStarts) this.#options.log?.(String((error as Error).message));
        this.#stop();
      }
      return undefined;
    } finally {
      resolve();
    }
  }

  #stop(): void {
    const compiler = this.#compiler;
    this.#compiler = undefined;
    this.#ready = false;
    this.#checking = false;
    this.#snapshot = undefined;
    compiler?.dispose();
  }
}

/** What every function has, and nobody looks for. */
const ofFunctions = new Set("apply arguments bind call caller length name prototype toString".split(" "));

/** Whether these are the members of a function. */
function isFunction(items: readonly CompletionItem[]): boolean {
  return ["apply", "bind", "call"].every((name) => items.some(({ text }) => text === name));
}

/** Whether an error says that the compiler is no more, and not that it could not answer. */
function isEnd(error: unknown): boolean {
  return error instanceof Error && /compiler (?:ended|did not start|was shut down)/.test(error.message);
}

/** `CompletionItemKind` of the language server protocol in jedi's words. */
function itemType(
  kind: number | undefined,
  flags: number,
  signature: string | undefined,
): CompletionItem["type"] {
  if (kind === 7 || (flags & symbolFlags.class) !== 0) return "class";
  if (kind === 9 || kind === 17 || kind === 19) return "module";
  if (kind === 2 || kind === 3) return "function";
  if (kind === 14) return "keyword";
  if (kind === 5 || kind === 10) return signature?.includes("=>") ? "function" : "property";
  if ((flags & (symbolFlags.function | symbolFlags.method)) !== 0) return "function";
  if ((flags & (symbolFlags.interface | symbolFlags.typeAlias)) !== 0) return "class";
  return signature !== undefined && /^(?:<[^>]*>)?\(.*=>|^\{ [(<]/.test(signature) ? "function" : "instance";
}

/** The call signatures in the text of a function's type, or the text itself. */
function overloads(text: string): string[] {
  const inner = /^\{ (\([\s\S]*\)|<[\s\S]*); \}$/.exec(text)?.[1];
  if (inner === undefined) return [text];
  return inner.split(/; (?=[(<])/).map((one) => one.replace(/\): (?=[^)]*$)/, ") => "));
}

/** `(a: number) => string` of a function or method as `(a: number): string`; any other type as `: type`. */
function asDeclaration(text: string, flags: number): string {
  if ((flags & (symbolFlags.function | symbolFlags.method)) === 0) return `: ${text}`;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (/[([{]/.test(text[i]!)) depth++;
    else if (/[)\]}]/.test(text[i]!)) depth--;
    else if (depth === 0 && text.startsWith(" => ", i)) return `${text.slice(0, i)}: ${text.slice(i + 4)}`;
  }
  return `: ${text}`;
}
