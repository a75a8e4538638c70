import type {
  AnyNode,
  ExpressionStatement,
  FunctionDeclaration,
  ImportDeclaration,
  ModuleDeclaration,
  Program,
  Statement,
  VariableDeclaration,
} from "acorn";
import MagicString from "magic-string";
import { CellSyntaxError } from "./cellerror.ts";
import { type ParsedCell, parseCell } from "./parser.ts";
import { addPolls } from "./polls.ts";
import { type Position, positionAt, traceBack } from "./positions.ts";
import {
  assignedIdentifiers,
  children,
  constantAssignments,
  declaredIdentifiers,
  isFunction,
  isOwnRun,
  mentionedNames,
} from "./syntaxtree.ts";

/** A cell made ready to run. */
export interface CompiledCell {
  /**
   * A classic script. Run in the global scope it declares the cell's top-level names as global variables and has as
   * its completion value a function, {@link CellFunction}, that runs the cell.
   */
  script: string;
  /** The top-level names the cell declares. */
  names: string[];
  /** Those of them that nothing may be assigned to: `const` and imports. */
  constants: ReadonlySet<string>;
  /**
   * Whether the script gives, instead of the cell's function, a function that makes it from the scope object: the cell
   * declares or mentions names that may not become global variables.
   */
  scoped: boolean;
  /** Whether the function is async: the cell awaits or imports something. */
  async: boolean;
  /** From a place in the script to the place in the cell as it was typed. */
  source(position: Position): Position;
}

/** What {@link CompiledCell.script} evaluates to. The value of the last expression comes boxed, so that a promise stays one. */
export type CellFunction = (host: CellImports) => { value: unknown } | undefined | Promise<unknown>;

/** Which names live where. */
interface CellScope {
  /**
   * Whether a top-level name would hide something of the host's (`Map`, `console`, `location`), on which the kernel and
   * all modules rely. Such names become members of a scope object that only cells look into.
   */
  isReserved(name: string): boolean;
  /** The names that are members of the scope object already. */
  scoped: ReadonlySet<string>;
  /** The constants of earlier cells. */
  constants: ReadonlySet<string>;
}

const everythingGlobal: CellScope = { isReserved: () => false, scoped: new Set(), constants: new Set() };

/** What a cell's imports need of the language. */
export interface CellImports {
  /** `import(specifier, options)` */
  dynamic(specifier: unknown, options?: unknown): Promise<unknown>;
  /** A static import; rejects when the module has no export of one of the `needed` names. */
  static(specifier: string, needed: string[], attributes: Record<string, string>): Promise<unknown>;
  /** Setting any member throws a TypeError: it stands for a const of an earlier cell. */
  constants: object;
}

/** Parses a cell and turns it into a script: see {@link rewriteCell}. */
export async function compileCell(code: string, scope?: CellScope, poll?: string): Promise<CompiledCell> {
  return rewriteCell(await parseCell(code), scope, poll);
}

/**
 * Turns a cell into a script that can be run again and again in one global scope.
 *
 * A cell is the body of a module whose top-level names stay: it is strict, may await, and its `const`, `let`, `class`,
 * `function` and import names become global variables that the next cell sees and may declare again. Functions made
 * by earlier cells see the new value. The value of a last expression statement is the cell's result.
 *
 * Differences from a module: a top-level name has no temporal dead zone, so it reads as undefined (or as its value from
 * an earlier cell) before its declaration; imported names are copies, not live bindings; `import.meta` and `export …
 * from` are refused. What a top-level `using` holds is closed at the end of the cell, and its name ends with it. A name that the host has too (`Map`) is
 * hidden from the cells that come after, never from the kernel; functions of earlier cells go on seeing the host's.
 *
 * @param poll a call to put into loops and functions, see {@link addPolls}; none by default
 * @throws CellSyntaxError with the position in the cell as typed.
 */
export function rewriteCell(parsed: ParsedCell, scope = everythingGlobal, poll?: string): CompiledCell {
  const rewriting = new Rewriting(parsed);
  const script = rewriting.run(scope);
  if (poll !== undefined) addPolls(script, parsed.program, poll);
  return {
    script: script.toString(),
    names: [...rewriting.names],
    constants: rewriting.constants,
    async: rewriting.async,
    scoped: rewriting.scoped,
    source: wayBack(script, parsed.source),
  };
}

/** On its own, so that it keeps no syntax tree: the sources of cells are kept as long as the session lasts. */
function wayBack(script: MagicString, source: CompiledCell["source"]): CompiledCell["source"] {
  return (position) => source(traceBack(script.generateDecodedMap({ hires: true }).mappings, position, true));
}

/**
 * One cell's rewriting. Statements are changed in place, and texts put in are such that they neither continue the
 * statement before (when its semicolon is left out) nor are continued by the one after.
 */
class Rewriting {
  readonly names = new Set<string>();
  readonly constants = new Set<string>();
  async = false;
  scoped = false;
  readonly #parsed: ParsedCell;
  readonly #code: string;
  readonly #program: Program;
  readonly #script: MagicString;
  /** Parameter of the cell's function, a name the cell does not use. */
  readonly #host: string;
  /** Where hoisted functions and late imports go: behind the imports at the top. */
  #front = 0;
  readonly #enums = new Set<string>();
  /** The names that something is assigned to, in whatever scope. */
  readonly #assigned = new Set<string>();

  constructor(parsed: ParsedCell) {
    this.#parsed = parsed;
    this.#code = parsed.code;
    this.#program = parsed.program;
    this.#script = new MagicString(parsed.code);
    let host = "$host";
    while (this.#code.includes(host)) host += "$";
    this.#host = host;
  }

  run(scope: CellScope): MagicString {
    const { body } = this.#program;
    const last = body.findLastIndex(({ type }) => type !== "EmptyStatement");
    for (const statement of body) {
      if (statement.type !== "ImportDeclaration") break;
      this.#front = statement.end;
    }
    this.#expressions(this.#program, true);
    for (const [index, statement] of body.entries()) {
      this.#topLevel(statement as Statement | ModuleDeclaration, index === last, body[index + 1]);
    }
    this.#refuseAssignments(scope.constants);

    const globals = [...this.names].filter((name) => !scope.isReserved(name));
    const mentioned = scope.scoped.size > 0 ? mentionedNames(this.#program, () => false) : new Set<string>();
    this.scoped = globals.length < this.names.size || [...scope.scoped].some((name) => mentioned.has(name));
    const declarations = globals.length > 0 ? `var ${globals.join(", ")}; ` : "";
    // A strict function may stand in a `with` statement, which itself is in sloppy code.
    const [open, close] = this.scoped
      ? [`(function (${this.#host}) { with (${this.#host}) return `, " })"]
      : ["(", ")"];
    this.#script.prepend(
      `${declarations}${open}${this.async ? "async " : ""}(${this.#host}) => { "use strict"; `,
    );
    // On a line of its own, as the cell may end in a comment.
    this.#script.append(`\n}${close}`);
    return this.#script;
  }

  /**
   * An assignment to a const of this cell is refused before anything runs. One to a const of an earlier cell becomes one
   * to a member of the host's object that throws when it is run, as it would in one script.
   */
  #refuseAssignments(earlier: ReadonlySet<string>): void {
    const constants = new Set(
      [...this.#assigned].filter(
        (name) => this.constants.has(name) || (earlier.has(name) && !this.names.has(name)),
      ),
    );
    for (const { identifier, shorthand } of constantAssignments(this.#program, constants)) {
      const { name, start, end } = identifier;
      if (this.constants.has(name)) throw this.#error("Assignment to constant variable.", identifier);
      const member = `${this.#host}.constants.${name}`;
      // Only the content: what was put in front of it stays.
      this.#script.overwrite(start, end, shorthand ? `${name}: ${member}` : member, { contentOnly: true });
    }
  }

  #topLevel(statement: Statement | ModuleDeclaration, last: boolean, next: AnyNode | undefined): void {
    switch (statement.type) {
      case "ImportDeclaration":
        this.#import(statement);
        return;
      case "VariableDeclaration":
        this.#variables(statement, isEnumBody(statement, next));
        return;
      case "FunctionDeclaration":
        this.#function(statement as FunctionDeclaration, statement.start);
        return;
      case "ClassDeclaration":
        this.names.add(statement.id.name);
        this.#script.appendRight(statement.start, `${statement.id.name} = `);
        this.#script.appendLeft(statement.end, ";");
        return;
      case "ExpressionStatement":
        if (last) this.#result(statement);
        return;
      case "ExportNamedDeclaration":
        if (statement.source)
          throw this.#error("a cell cannot export from another module: import it", statement);
        if (!statement.declaration) {
          this.#script.overwrite(statement.start, statement.end, ";");
          return;
        }
        if (statement.declaration.type === "FunctionDeclaration") {
          this.#function(statement.declaration as FunctionDeclaration, statement.start);
          return;
        }
        this.#script.remove(statement.start, statement.declaration.start);
        this.#topLevel(statement.declaration, last, next);
        return;
      case "ExportDefaultDeclaration":
        throw this.#error("a cell has no default export: leave out `export default`", statement);
      case "ExportAllDeclaration":
        throw this.#error("a cell cannot export from another module: import it", statement);
      default:
        this.#nestedVars(statement);
        return;
    }
  }

  /** Makes the value of the last expression what the cell's function returns. */
  #result(statement: ExpressionStatement): void {
    const { start, end, expression } = statement;
    // Behind a comma a function without a name does not get that of the member.
    this.#script.appendRight(start, takesName(expression) ? "return { value: (0, " : "return { value: (");
    if (this.#code[end - 1] === ";") this.#script.appendRight(end - 1, ") }");
    else this.#script.appendLeft(end, ") };");
  }

  /**
   * `const { a } = b, c = 1` becomes `void (0, { a } = b, c = 1);`, in which arrow functions still get their names.
   * `const a = b` becomes `{ const $ = b; a = $ }`: V8 knows the place of an undefined `b` in a declaration, and in an
   * assignment only that of the statement; behind a comma, that of the equals sign.
   */
  #variables(declaration: VariableDeclaration, reset = false): void {
    const { declarations, kind, start, end } = declaration;
    // Stays what it is: a local of the cell, closed at the cell's end.
    if (kind === "using" || kind === "await using") return;
    for (const { name } of declaredIdentifiers(declaration)) {
      this.names.add(name);
      if (kind === "const") this.constants.add(name);
      // An enum adds to what the name holds already: begin anew, but not at its second part in the same cell.
      if (reset && this.#enums.has(name)) reset = false;
      if (reset) this.#enums.add(name);
    }
    const [first] = declarations;
    const last = declarations.at(-1)!;
    const hasSemicolon = this.#code[end - 1] === ";" && end > last.end;
    if (first === last && first!.init && first!.id.type === "Identifier" && !takesName(first!.init)) {
      const value = `${this.#host}$value`;
      this.#script.overwrite(start, first!.id.end, `{ const ${value}`);
      this.#script.appendLeft(last.end, `; ${first!.id.name} = ${value} }`);
      if (hasSemicolon) this.#script.remove(end - 1, end);
      return;
    }
    this.#script.overwrite(start, first!.start, "void (0, ");
    for (const { id, init } of declarations) {
      if (!init && (kind === "let" || reset)) this.#script.appendLeft(id.end, " = void 0");
    }
    this.#script.appendLeft(last.end, hasSemicolon ? ")" : ");");
  }

  /** `function f() {}` becomes `f = function () {};` (whose name is still f), moved to where it is hoisted to. */
  #function(declaration: FunctionDeclaration, start: number): void {
    const { id, end, async, generator } = declaration;
    this.names.add(id.name);
    const head = `${id.name} = ${async ? "async " : ""}function${generator ? "*" : ""} `;
    this.#script.overwrite(start, id.end, head);
    this.#script.appendLeft(end, ";");
    this.#toFront(start, end);
  }

  #import(declaration: ImportDeclaration): void {
    this.async = true;
    const { source, specifiers, start, end } = declaration;
    const properties: string[] = [];
    const needed: string[] = [];
    let namespace = "";
    const used = mentionedNames(this.#program, (node) => node.type === "ImportDeclaration");
    for (const specifier of specifiers) {
      const { name } = specifier.local;
      this.names.add(name);
      this.constants.add(name);
      if (specifier.type === "ImportNamespaceSpecifier") {
        namespace = `${name} = `;
        continue;
      }
      const imported =
        specifier.type === "ImportDefaultSpecifier"
          ? "default"
          : specifier.imported.type === "Identifier"
            ? specifier.imported.name
            : String(specifier.imported.value);
      properties.push(`${JSON.stringify(imported)}: ${name}`);
      // A name the cell does not use may be that of a type, of which nothing is left at run time.
      if (used.has(name)) needed.push(imported);
    }
    const attributes = Object.fromEntries(
      (declaration.attributes ?? []).map(({ key, value }) => [
        key.type === "Identifier" ? key.name : String(key.value),
        String(value.value),
      ]),
    );
    const names = properties.length > 0 ? `{ ${properties.join(", ")} } = ` : "";
    const call = [String(source.value), needed, attributes].map((part) => JSON.stringify(part)).join(", ");
    this.#script.overwrite(start, end, `void (${names}${namespace}await ${this.#host}.static(${call}));`);
    if (start >= this.#front) this.#toFront(start, end);
  }

  /** Moves a statement; the semicolon left in its place keeps its neighbours apart. */
  #toFront(start: number, end: number): void {
    this.#script.appendRight(end, ";");
    if (start !== this.#front) this.#script.move(start, end, this.#front);
  }

  /** `var` in blocks and loops belongs to the top level too. */
  #nestedVars(node: AnyNode): void {
    if (isOwnRun(node)) return;
    if (node.type === "VariableDeclaration" && node.kind === "var") {
      this.#variables(node);
      return;
    }
    for (const child of children(node)) {
      const isHead =
        child.type === "VariableDeclaration" &&
        child.kind === "var" &&
        ((node.type === "ForStatement" && node.init === child) ||
          ((node.type === "ForInStatement" || node.type === "ForOfStatement") && node.left === child));
      if (!isHead) {
        this.#nestedVars(child);
        continue;
      }
      for (const { name } of declaredIdentifiers(child)) this.names.add(name);
      this.#script.remove(child.start, child.declarations[0]!.start);
    }
  }

  /** Looks for top-level await and for assignments, and rewrites `import()` wherever it is. */
  #expressions(node: AnyNode, top: boolean): void {
    for (const { name } of assignedIdentifiers(node)) this.#assigned.add(name);
    if (top) {
      if (node.type === "AwaitExpression") this.async = true;
      else if (node.type === "ForOfStatement" && node.await) this.async = true;
      else if (node.type === "VariableDeclaration" && node.kind === "await using") this.async = true;
    }
    if (node.type === "ImportExpression") {
      this.#script.overwrite(node.start, node.start + "import".length, `${this.#host}.dynamic`);
    } else if (node.type === "MetaProperty" && node.meta.name === "import") {
      throw this.#error("a cell has no `import.meta`: it is not a file", node);
    }
    for (const child of children(node)) {
      // The value of a class field runs with each object, but its computed name and `extends` run right here.
      const field = node.type === "PropertyDefinition" && node.value === child;
      this.#expressions(child, top && !isFunction(child) && child.type !== "StaticBlock" && !field);
    }
  }

  #error(message: string, { start }: { start: number }): CellSyntaxError {
    return new CellSyntaxError(message, this.#parsed.source(positionAt(this.#code, start)));
  }
}

/** Whether an expression is a function or class without a name, which gets that of the variable it is assigned to. */
function takesName(init: AnyNode): boolean {
  if (init.type === "ArrowFunctionExpression") return true;
  return (init.type === "FunctionExpression" || init.type === "ClassExpression") && !init.id;
}

/** Whether `declaration` is the `var E;` that sucrase writes before an enum's body, `(function (E) {…})(E || (E = {}))`. */
function isEnumBody(declaration: VariableDeclaration, next: AnyNode | undefined): boolean {
  const { id, init } = declaration.declarations[0]!;
  if (declaration.kind !== "var" || init || id.type !== "Identifier") return false;
  if (next?.type !== "ExpressionStatement" || next.expression.type !== "CallExpression") return false;
  const [argument] = next.expression.arguments;
  return (
    argument?.type === "LogicalExpression" &&
    argument.operator === "||" &&
    argument.left.type === "Identifier" &&
    argument.left.name === id.name &&
    argument.right.type === "AssignmentExpression"
  );
}
