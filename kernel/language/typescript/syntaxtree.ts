import type { AnyNode, Identifier, Pattern, Program, VariableDeclaration } from "acorn";

/** Small helpers over acorn's syntax tree (the ESTree shape). */

function isNode(value: unknown): value is AnyNode {
  return (
    typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string"
  );
}

/** The nodes directly below `node`, in no particular order. */
export function children(node: AnyNode): AnyNode[] {
  const found: AnyNode[] = [];
  // Not Object.values, which makes a list of what is mostly names, places and flags.
  for (const key in node) {
    const value: unknown = node[key as keyof AnyNode];
    if (typeof value !== "object") continue;
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) found.push(item);
    } else if (isNode(value)) found.push(value);
  }
  return found;
}

export function isFunction(node: AnyNode): boolean {
  return (
    node.type === "FunctionDeclaration" ||
    node.type === "FunctionExpression" ||
    node.type === "ArrowFunctionExpression"
  );
}

/** Whether code below `node` runs at another time, or with another `await`, than the code around it. */
export function isOwnRun(node: AnyNode): boolean {
  return isFunction(node) || node.type === "StaticBlock";
}

/** The identifiers that a declaration's pattern binds. */
function* boundIdentifiers(pattern: Pattern): Generator<Identifier> {
  switch (pattern.type) {
    case "Identifier":
      yield pattern;
      return;
    case "ObjectPattern":
      for (const property of pattern.properties) {
        yield* boundIdentifiers(property.type === "RestElement" ? property.argument : property.value);
      }
      return;
    case "ArrayPattern":
      for (const element of pattern.elements) if (element !== null) yield* boundIdentifiers(element);
      return;
    case "AssignmentPattern":
      yield* boundIdentifiers(pattern.left);
      return;
    case "RestElement":
      yield* boundIdentifiers(pattern.argument);
      return;
    case "MemberExpression":
      return; // only in assignments, where nothing is bound
  }
}

export function* declaredIdentifiers(declaration: VariableDeclaration): Generator<Identifier> {
  for (const { id } of declaration.declarations) yield* boundIdentifiers(id);
}

/** The names a program's identifiers mention anywhere, property names included: a superset of what it uses. */
export function mentionedNames(program: Program, skip: (node: AnyNode) => boolean): Set<string> {
  const names = new Set<string>();
  const visit = (node: AnyNode) => {
    if (skip(node)) return;
    if (node.type === "Identifier") names.add(node.name);
    for (const child of children(node)) visit(child);
  };
  visit(program);
  return names;
}

/** The identifiers that a node itself assigns to. */
export function assignedIdentifiers(node: AnyNode): Iterable<Identifier> {
  switch (node.type) {
    case "AssignmentExpression":
      return boundIdentifiers(node.left);
    case "UpdateExpression":
      return boundIdentifiers(node.argument as Pattern);
    case "ForInStatement":
    case "ForOfStatement":
      return node.left.type === "VariableDeclaration" ? [] : boundIdentifiers(node.left);
    default:
      return [];
  }
}

/** An assignment to a constant. */
interface ConstantAssignment {
  identifier: Identifier;
  /** It stands for its key too: `({ a } = b)`. */
  shorthand: boolean;
}

/**
 * Finds the assignments to top-level constants (`const` and imports), which the rewriting would turn into ordinary
 * variables. Constants of inner scopes are left to the engine that runs the code.
 */
export function constantAssignments(program: Program, constants: ReadonlySet<string>): ConstantAssignment[] {
  if (constants.size === 0) return [];
  const found: Identifier[] = [];
  const shorthands = new Set<number>();

  const visit = (node: AnyNode, shadowed: ReadonlySet<string>) => {
    const names = node === program ? [] : scopeNames(node);
    const inner = names.length === 0 ? shadowed : new Set([...shadowed, ...names]);
    if (node.type === "Property" && node.shorthand) shorthands.add(node.start);
    for (const identifier of assignedIdentifiers(node)) {
      if (constants.has(identifier.name) && !inner.has(identifier.name)) found.push(identifier);
    }
    for (const child of children(node)) visit(child, inner);
  };
  visit(program, new Set());
  return found.map((identifier) => ({ identifier, shorthand: shorthands.has(identifier.start) }));
}

/** The names that a node declares for the code below it. */
function scopeNames(node: AnyNode): string[] {
  const names: string[] = [];
  const add = (identifiers: Iterable<Identifier>) => {
    for (const identifier of identifiers) names.push(identifier.name);
  };
  const addLexical = (statements: readonly AnyNode[]) => {
    for (const statement of statements) {
      if (statement.type === "VariableDeclaration" && statement.kind !== "var") {
        add(declaredIdentifiers(statement));
      } else if (statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration") {
        if (statement.id) add([statement.id]);
      }
    }
  };
  switch (node.type) {
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      for (const parameter of node.params) add(boundIdentifiers(parameter));
      if (node.type === "FunctionExpression" && node.id) add([node.id]);
      add(varIdentifiers(node.body));
      break;
    case "ClassExpression":
      if (node.id) add([node.id]);
      break;
    case "StaticBlock":
      addLexical(node.body);
      for (const statement of node.body) add(varIdentifiers(statement));
      break;
    case "BlockStatement":
      addLexical(node.body);
      break;
    case "SwitchStatement":
      addLexical(node.cases.flatMap((branch) => branch.consequent));
      break;
    case "CatchClause":
      if (node.param) add(boundIdentifiers(node.param));
      break;
    case "ForStatement":
      if (node.init?.type === "VariableDeclaration") addLexical([node.init]);
      break;
    case "ForInStatement":
    case "ForOfStatement":
      if (node.left.type === "VariableDeclaration") addLexical([node.left]);
      break;
  }
  return names;
}

/** The names of `var` declarations at or below `node`, not inside further functions. */
function* varIdentifiers(node: AnyNode): Generator<Identifier> {
  if (node.type === "VariableDeclaration" && node.kind === "var") yield* declaredIdentifiers(node);
  if (isOwnRun(node)) return;
  for (const child of children(node)) yield* varIdentifiers(child);
}
