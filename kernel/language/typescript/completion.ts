import type { Completions, Inspection } from "../language.ts";
import { toCursor, toOffset } from "./codepoints.ts";
import { completionPlace, namePlace, reserved } from "./cursor.ts";
import { isClass, type LiveObjects, type LiveProperty } from "./live.ts";

/** A completion as front ends show it. `type` is one of jedi's words, which JupyterLab has icons for. */
export interface CompletionItem {
  text: string;
  type: "function" | "class" | "module" | "instance" | "property" | "keyword" | "statement";
  /** What the item is, in a few words: the type of a value, the parameters of a function. */
  signature?: string;
}

/** The content of a complete_reply for items that replace the text from `start` to `end`, offsets in UTF-16 units. */
export function completions(
  code: string,
  start: number,
  end: number,
  items: readonly CompletionItem[],
): Completions {
  const cursor_start = toCursor(code, start);
  const cursor_end = toCursor(code, end);
  const types = items.map((item) => ({ ...item, start: cursor_start, end: cursor_end }));
  return {
    matches: items.map((item) => item.text),
    cursor_start,
    cursor_end,
    // The name is JupyterLab's: packages/completer/src/default/kernelprovider.ts.
    metadata: items.length > 0 ? { _jupyter_types_experimental: types } : {},
  };
}

/** Completions from the values that are there, at once and without running any of their code. */
export function liveCompletions(code: string, cursor: number, live: LiveObjects): Completions {
  const offset = toOffset(code, cursor);
  const place = completionPlace(code, offset);
  if (place?.chain === undefined) return completions(code, offset, offset, []);
  const properties: LiveProperty[] = [];
  if (place.member) {
    const receiver = live.resolve(place.chain);
    if (receiver !== undefined) properties.push(...live.properties(receiver.value));
  } else {
    properties.push(...live.variables());
  }
  const prefix = place.prefix.toLowerCase();
  const items: CompletionItem[] = properties
    .filter(({ name }) => name.toLowerCase().startsWith(prefix))
    // What every object has is only in the way, until it is asked for.
    .filter(({ name, common }) => prefix !== "" || !(common || name === "constructor"))
    .filter(({ name }) => place.member || prefix !== "" || !/^[A-Z]/.test(name))
    .map(liveItem);
  if (!place.member && prefix !== "") items.push(...keywordItems(prefix));
  return completions(code, place.start, offset, items.sort(byText));
}

/** The keywords that begin with `prefix`. */
export function keywordItems(prefix: string): CompletionItem[] {
  return [...reserved]
    .filter((word) => word.startsWith(prefix) && word !== prefix)
    .map((text) => ({ text, type: "keyword" }));
}

/** In the order of the alphabet, names with a leading underscore last. */
export function byText(a: { text: string }, b: { text: string }): number {
  const hidden = Number(a.text.startsWith("_")) - Number(b.text.startsWith("_"));
  return hidden || (a.text < b.text ? -1 : 1);
}

/** What is known of a name from its value alone. */
export function liveInspection(code: string, cursor: number, detail: 0 | 1, live: LiveObjects): Inspection {
  const place = namePlace(code, toOffset(code, cursor));
  const found = place?.chain && live.resolve(place.chain);
  if (place?.chain === undefined || found === undefined) return notFound;
  const name = place.chain.map((part) => (typeof part === "number" ? `[${part}]` : part)).join(".");
  const value = live.text(found.value);
  const code0 = `${name.replaceAll(".[", "[")}: ${typeof found.value}\n${value}`;
  return inspection(
    code0,
    "",
    detail === 1 && typeof found.value === "function" ? sourceOf(found.value) : undefined,
  );
}

export const notFound: Inspection = { found: false, data: {}, metadata: {} };

/** An inspect_reply's content: TypeScript, then its documentation in Markdown, then more TypeScript. */
export function inspection(signature: string, documentation: string, more?: string): Inspection {
  const parts = [signature, documentation, more ?? ""].filter((part) => part !== "");
  const fence = (text: string) => `\`\`\`typescript\n${text}\n\`\`\``;
  const markdown = [fence(signature), documentation, more === undefined ? "" : fence(more)].filter(
    (part) => part !== "",
  );
  return {
    found: true,
    data: { "text/plain": parts.join("\n\n"), "text/markdown": markdown.join("\n\n") },
    metadata: {},
  };
}

function liveItem(property: LiveProperty): CompletionItem {
  const { name: text, value } = property;
  if (!("value" in property)) return { text, type: "property" };
  if (typeof value !== "function") return { text, type: "instance", signature: typeof value };
  return { text, type: isClass(value) ? "class" : "function" };
}

/** The text of a function. `toString` of the language itself: one of the function's own could be anything. */
function sourceOf(value: object): string {
  return Function.prototype.toString.call(value);
}
