import type { AnyNode, Program } from "acorn";
import type MagicString from "magic-string";
import { children, isFunction } from "./syntaxtree.ts";

/**
 * Puts a call at the head of every loop and function of a script, so that code which never leaves its thread can be
 * asked to stop: in a page nothing else reaches into a worker. Lines stay lines.
 *
 * @param script what has become of `program`, which may have been edited; a place inside an edited part gets no call
 * @param poll a call without its semicolon, of a function that throws when the code is to stop
 */
export function addPolls(script: MagicString, program: Program, poll: string): void {
  const visit = (node: AnyNode): void => {
    for (const child of children(node)) visit(child);
    const body = polledBody(node);
    if (body === undefined) return;
    try {
      if (body.type === "BlockStatement") script.appendRight(body.start + 1, `${poll};`);
      else if (isFunction(node)) wrap(script, body, `(${poll},`, ")");
      else wrap(script, body, `{${poll};`, "}");
    } catch {
      // MagicString cannot split what has been replaced.
    }
  };
  visit(program);
}

function wrap(script: MagicString, { start, end }: AnyNode, before: string, behind: string): void {
  script.appendRight(start, before);
  script.appendLeft(end, behind);
}

function polledBody(node: AnyNode): AnyNode | undefined {
  switch (node.type) {
    case "ForStatement":
    case "ForInStatement":
    case "ForOfStatement":
    case "WhileStatement":
    case "DoWhileStatement":
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return node.body;
    default:
      return undefined;
  }
}
