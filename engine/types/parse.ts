import { type GoType, int, string } from "./gotype.ts";
import { type MapType, mapType } from "./maptype.ts";

const keyTypes = new Map<string, GoType>([
  ["int", int],
  ["string", string],
]);
const elemTypes = new Map<string, GoType>([["int", int]]);

/**
 * Reads a map type written in Go: `map[string]int`.
 *
 * @throws TypeError naming what is wrong: not a map type, or a key or elem type that this version does not have
 */
export function parseMapType(source: string): MapType {
  const text = source.trim();
  const open = /^map\s*\[/.exec(text);
  if (open === null)
    throw new TypeError(`${quote(text)} is not a map type; write one as in Go: map[string]int`);
  const close = closingBracket(text, open[0].length);
  if (close === -1) throw new TypeError(`${quote(text)} lacks the ] that ends the key type`);
  const keyName = text.slice(open[0].length, close).trim();
  const elemName = text.slice(close + 1).trim();
  if (keyName === "") throw new TypeError(`${quote(text)} lacks a key type; write one as in map[string]int`);
  if (elemName === "")
    throw new TypeError(`${quote(text)} lacks an elem type; write one as in map[string]int`);
  const key = keyTypes.get(keyName);
  const elem = elemTypes.get(elemName);
  if (key === undefined) throw unsupported("key", keyName, keyTypes);
  if (elem === undefined) throw unsupported("elem", elemName, elemTypes);
  return mapType(`map[${key.name}]${elem.name}`, key, elem, key === string ? "faststr" : "fast64");
}

function unsupported(role: string, name: string, types: ReadonlyMap<string, GoType>): TypeError {
  return new TypeError(`${role} type ${name} is not supported yet: use ${[...types.keys()].join(" or ")}`);
}

/** The index of the bracket that closes the one opened before `from`, or -1. */
function closingBracket(text: string, from: number): number {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    if (text[i] === "[") depth++;
    else if (text[i] === "]" && --depth === 0) return i;
  }
  return -1;
}

function quote(text: string): string {
  return text === "" ? "an empty string" : JSON.stringify(text);
}
