/** Where a browser keeps what a reader typed. The subset of `localStorage` that drafts need. */
export type DraftStore = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** What a reader made of one cell: survives a reload, and is forgotten when the lesson's own code changes. */
export class Draft {
  readonly #store: DraftStore | undefined;
  readonly #key: string;
  readonly #original: string;

  /**
   * @param store the browser's storage, or undefined where it is switched off: drafts then last as long as the page.
   * @param page the page's path.
   * @param index the cell's number on the page, from 0.
   * @param original the cell's code as the lesson has it.
   */
  constructor(store: DraftStore | undefined, page: string, index: number, original: string) {
    this.#store = store;
    this.#key = `hmap:draft:${page}:${index}`;
    this.#original = original;
  }

  /** The reader's text, or undefined when it is the lesson's own. */
  read(): string | undefined {
    try {
      const kept: unknown = JSON.parse(this.#store?.getItem(this.#key) ?? "null");
      if (!isKept(kept) || kept.original !== this.#original || kept.text === this.#original) return undefined;
      return kept.text;
    } catch {
      return undefined;
    }
  }

  /** Keeps the reader's text; the lesson's own text is not kept. A full or forbidden storage is no error. */
  write(text: string): void {
    try {
      if (text === this.#original) this.#store?.removeItem(this.#key);
      else this.#store?.setItem(this.#key, JSON.stringify({ original: this.#original, text }));
    } catch {
      // Nothing to be done: the text is still in the page.
    }
  }
}

/** The browser's local storage, or undefined where reading it is forbidden. */
export function pageStore(): DraftStore | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}

function isKept(value: unknown): value is { original: string; text: string } {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Record<string, unknown>).original === "string" &&
    typeof (value as Record<string, unknown>).text === "string"
  );
}
