/**
 * Code in a link: everything is in the fragment, which browsers do not send to any server. The form is
 * `#code=` with the base64url of the deflated JSON list of cells, and `&cell=` with the number of the cell on its page,
 * from 1, that the first one is for.
 */

/** What a link may hold: enough for every lesson, and little enough to be looked at. */
const limits = { cells: 60, characters: 200_000 };

/** Code that came with a link. */
export interface SharedCode {
  cells: string[];
  /** Number of the cell on the page, from 1. */
  cell: number;
}

/** The fragment of a link, without `#`. */
export async function sharedFragment({ cells, cell }: SharedCode): Promise<string> {
  const text = new Blob([JSON.stringify(cells)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(text).arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const code = btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return `code=${code}${cell === 1 ? "" : `&cell=${cell}`}`;
}

/**
 * The code in a fragment, or undefined when there is none. It is only read here; what runs is up to the reader.
 *
 * @throws Error when the code cannot be read, or is more than a link may hold
 */
export async function readShared(fragment: string): Promise<SharedCode | undefined> {
  const fields = new URLSearchParams(fragment.replace(/^#/, ""));
  const code = fields.get("code");
  if (code === null) return undefined;
  const cell = Number(fields.get("cell") ?? 1);
  const cells = await unpack(code);
  if (!Number.isInteger(cell) || cell < 1 || cells === undefined) {
    throw new Error("The code in this link cannot be read: ask for the link again.");
  }
  return { cells, cell };
}

async function unpack(code: string): Promise<string[] | undefined> {
  try {
    const bytes = Uint8Array.from(atob(code.replaceAll("-", "+").replaceAll("_", "/")), (sign) =>
      sign.charCodeAt(0),
    );
    const cells: unknown = JSON.parse(await inflate(bytes));
    if (!Array.isArray(cells) || cells.length === 0 || cells.length > limits.cells) return undefined;
    return cells.every((cell) => typeof cell === "string") ? cells : undefined;
  } catch {
    return undefined;
  }
}

/** Stops at the limit: a short link can be made that would unpack to gigabytes. */
async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const reader = new Blob([bytes])
    .stream()
    .pipeThrough(new DecompressionStream("deflate-raw"))
    .pipeThrough(new TextDecoderStream())
    .getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += value;
    if (text.length > limits.characters) {
      await reader.cancel();
      throw new RangeError("too much code");
    }
  }
}
