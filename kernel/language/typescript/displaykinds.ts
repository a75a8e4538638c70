import { inspect } from "node-inspect-extracted";
import type { MimeBundle } from "../language.ts";
import { plainBundle } from "./display.ts";
import { tableBundle } from "./displaytable.ts";

/**
 * The bundles behind `display.html` and its like. Each has a `text/plain` beside the form that was asked for: consoles
 * and terminals show no other.
 *
 * @throws TypeError when the content is not of the kind
 */
export const displayKinds = {
  /** A fragment of HTML. Front ends that do not trust the notebook take scripts and styles out of it. */
  html: (content: string): MimeBundle => ({ "text/html": text(content, "html"), "text/plain": content }),
  /** An SVG document as text. */
  svg: (content: string): MimeBundle => {
    const svg = text(content, "svg");
    const title = /<title>([^<]*)<\/title>/.exec(svg)?.[1];
    return { "image/svg+xml": svg, "text/plain": title ?? "(a picture, SVG)" };
  },
  /** The bytes of a PNG file, or the same in base64. */
  png: (content: Uint8Array | string): MimeBundle => picture("image/png", "PNG", content),
  /** The bytes of a JPEG file, or the same in base64. */
  jpeg: (content: Uint8Array | string): MimeBundle => picture("image/jpeg", "JPEG", content),
  /** Markdown, as in a Markdown cell. */
  markdown: (content: string): MimeBundle => ({
    "text/markdown": text(content, "markdown"),
    "text/plain": content,
  }),
  /** LaTeX with its own dollars: `$$e^{i\pi}$$`. */
  latex: (content: string): MimeBundle => ({ "text/latex": text(content, "latex"), "text/plain": content }),
  /** Any JSON value; JupyterLab shows a tree to open and close. */
  json: (content: unknown): MimeBundle => {
    const json = JSON.stringify(content);
    if (json === undefined) {
      throw new TypeError(
        `display.json takes what JSON can hold, and this is ${inspect(content, { depth: 0 })}`,
      );
    }
    return { "application/json": JSON.parse(json), "text/plain": inspect(content) };
  },
  /** A Vega-Lite or Vega specification; its `$schema` says which, and without one it is Vega-Lite 5. */
  vega: (content: object): MimeBundle => ({
    [vegaType(content)]: content,
    "text/plain": `(a chart, ${vegaType(content).includes("vegalite") ? "Vega-Lite" : "Vega"})`,
  }),
  /** A table of anything with rows: arrays, objects, Map, Set. `columns` says which to show. */
  table: (content: unknown, columns?: readonly string[]): MimeBundle => tableBundle(content, columns),
} as const;

function text(content: unknown, kind: string): string {
  if (typeof content === "string") return content;
  throw new TypeError(`display.${kind} takes a string, and this is ${inspect(content, { depth: 0 })}`);
}

function picture(type: string, name: string, content: unknown): MimeBundle {
  if (typeof content !== "string" && !(content instanceof Uint8Array)) {
    throw new TypeError(
      `display.${name.toLowerCase()} takes the file's bytes or its base64, and this is ${inspect(content, { depth: 0 })}`,
    );
  }
  return plainBundle({ [type]: content, "text/plain": `(a picture, ${name})` });
}

/** The MIME type that carries a specification, as its `$schema` says: `.../schema/vega-lite/v5.json`. */
function vegaType(specification: unknown): string {
  if (typeof specification !== "object" || specification === null) {
    throw new TypeError(
      `display.vega takes a Vega-Lite or Vega specification, and this is ${inspect(specification, { depth: 0 })}`,
    );
  }
  const schema = String((specification as { $schema?: unknown }).$schema ?? "");
  const [, kind = "vega-lite", version = "5"] = /\/schema\/(vega(?:-lite)?)\/v(\d+)/.exec(schema) ?? [];
  return `application/vnd.${kind.replace("-", "")}.v${version}+json`;
}
