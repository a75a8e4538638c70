import { toBase64 } from "../base64.ts";
import { encodedUtf8Length, encodeUtf8 } from "../types/utf8.ts";
import { SNAPSHOT_MIME, type SnapshotContent, type SnapshotJson } from "./snapshotjson.ts";
import { xml } from "./svg.ts";

/** A MIME bundle: what Jupyter shows of a value, in the forms that a front end may choose from. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** What a notebook shows of a drawing, best form last. */
export interface DrawingBundle {
  readonly "text/plain": string;
  readonly "image/svg+xml": string;
  /** The picture as an image, which is inert: it is shown in notebooks that nobody trusts, too. */
  readonly "text/html"?: string;
  readonly [SNAPSHOT_MIME]?: SnapshotJson;
}

/** Bytes of one bundle, about: a notebook with many outputs in it stays quick to load, keep and compare. */
const MOST_BYTES = 280_000;

/**
 * All forms of a drawing. A form that would make the bundle too long for a notebook is left out: first the snapshot,
 * then the HTML; text and picture are always there.
 */
export function drawingBundle(drawing: {
  readonly title: string;
  readonly text: string;
  readonly svg: string;
  readonly snapshot?: SnapshotContent | undefined;
}): DrawingBundle {
  const { title, text, svg, snapshot } = drawing;
  const forms = [
    { "text/plain": text, "image/svg+xml": svg },
    { "text/html": pictureHtml(title, svg) },
    snapshot === undefined ? {} : { [SNAPSHOT_MIME]: { format: "hmap-snapshot/1", ...snapshot } },
  ];
  while (forms.length > 1 && bytesOf(forms) > MOST_BYTES) forms.pop();
  return Object.assign({}, ...forms) as DrawingBundle;
}

/** A picture as an element of HTML that needs nothing else and does nothing. */
export function pictureHtml(title: string, svg: string): string {
  return `<img alt="${xml(title)}" src="data:image/svg+xml;base64,${base64(svg)}" style="max-width: 100%">`;
}

function base64(text: string): string {
  const bytes = new Uint8Array(encodedUtf8Length(text));
  encodeUtf8(text, bytes, 0);
  return toBase64(bytes);
}

/** About the bytes that a notebook file needs for something: a character beyond ASCII is three at most. */
function bytesOf(json: unknown): number {
  const text = JSON.stringify(json);
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) bytes += 2;
  return bytes;
}
