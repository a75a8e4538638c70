import { inspect } from "node-inspect-extracted";
import type { MimeBundle } from "../language.ts";
import { isTabular, tableBundle } from "./displaytable.ts";

/** Objects say how they are shown through a method of this name: it returns a MIME bundle, or a promise of one. */
export const displaySymbol = Symbol.for("Jupyter.display");

/**
 * How a value is shown: its own MIME bundle when it has one, a table when it is an array of plain objects, else the
 * inspector's text, which is the same in Node and in the page. An empty bundle means that there is nothing to show. A
 * promise only where the value's method gives one, so that `display` keeps its place among the lines printed around it.
 *
 * @throws (or rejects with) whatever the value's own method throws, and TypeError when it returns no bundle.
 */
export function mimeBundle(value: unknown): MimeBundle | Promise<MimeBundle> {
  if (!showsItself(value)) {
    return isTabular(value) ? tableBundle(value) : { "text/plain": inspect(value) };
  }
  const bundle = value[displaySymbol]() as { then?: unknown } | undefined;
  return typeof bundle?.then === "function" ? Promise.resolve(bundle).then(plainBundle) : plainBundle(bundle);
}

/** Whether a value has a bundle of its own. */
export function showsItself(value: unknown): value is { [displaySymbol](): unknown } {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    typeof (value as Record<symbol, unknown>)[displaySymbol] === "function"
  );
}

/**
 * A copy of a bundle that can be sent and written to a notebook: text as it is, bytes as base64, anything else as JSON.
 *
 * @throws TypeError when it is no object.
 */
export function plainBundle(bundle: unknown): MimeBundle {
  if (bundle === undefined || bundle === null) return {};
  if (typeof bundle !== "object" || Array.isArray(bundle)) {
    throw new TypeError(
      `a MIME bundle is an object such as { "text/plain": "..." }, and this is ${inspect(bundle, { depth: 0 })}`,
    );
  }
  const plain: MimeBundle = {};
  for (const [type, data] of Object.entries(bundle)) {
    if (data === undefined) continue;
    if (typeof data === "string") plain[type] = data;
    else if (data instanceof Uint8Array) plain[type] = base64(data);
    else plain[type] = JSON.parse(JSON.stringify(data) ?? "null");
  }
  return plain;
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
