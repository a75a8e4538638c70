import type { Metadata } from "./notebook.ts";

/**
 * What stands behind the language of a code cell's fence: metadata as `key=JSON`, for example
 * `tags=["exercise"] name="grow"`. The form is jupytext's.
 */

/** The metadata of an info text. Bare words, which jupytext does not keep as metadata either, are passed over. */
export function parseInfo(info: string): Metadata {
  const metadata: Metadata = {};
  let rest = info.trim();
  while (rest !== "") {
    const key = /^([\w-]+)=/.exec(rest);
    if (key === null) {
      rest = rest.replace(/^\S+\s*/, "");
      continue;
    }
    rest = rest.slice(key[0].length);
    const end = valueEnd(rest);
    const value = end === 0 ? undefined : parseValue(rest.slice(0, end));
    if (value !== undefined) metadata[key[1]!] = value;
    rest = rest.slice(end === 0 ? /^\S*/.exec(rest)![0].length || 1 : end).trimStart();
  }
  return metadata;
}

/** The info text for metadata, as jupytext writes it. */
export function formatInfo(metadata: Metadata): string {
  return Object.entries(metadata)
    .filter(([key, value]) => /^[\w-]+$/.test(key) && value !== undefined)
    .map(([key, value]) => `${key}=${spaced(value)}`)
    .join(" ");
}

/** JSON on one line with Python's spaces. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${spaced(member)}`);
  return `{${members.join(", ")}}`;
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Length of the JSON value at the start of `text`: to the end of its brackets, its string or its word. */
function valueEnd(text: string): number {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text[i]!;
    if (inString) {
      if (unit === "\\") i++;
      else if (unit === '"') inString = false;
    } else if (unit === '"') inString = true;
    else if (unit === "[" || unit === "{") depth++;
    else if (unit === "]" || unit === "}") depth--;
    if (!inString && depth <= 0 && (i + 1 === text.length || /\s/.test(text[i + 1]!))) return i + 1;
  }
  return 0;
}
