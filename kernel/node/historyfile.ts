import { appendFile, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { type HistoryEntry, type HistoryStore, historyBounds } from "../core/history.ts";

/** What a history file may hold before its oldest entries go, in bytes. */
const maxBytes = 8 * 1024 * 1024;

/**
 * Where history is kept: the variable HMAP_HISTORY names the file, and empty means nowhere; otherwise it is in the
 * user's folder for data.
 */
export function historyPath(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.HMAP_HISTORY !== undefined) return env.HMAP_HISTORY === "" ? undefined : env.HMAP_HISTORY;
  switch (process.platform) {
    case "darwin":
      return join(homedir(), "Library", "hmap", "history.jsonl");
    case "win32":
      return join(env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "hmap", "history.jsonl");
    default:
      return join(env.XDG_DATA_HOME || join(homedir(), ".local", "share"), "hmap", "history.jsonl");
  }
}

/**
 * History in a file that only its owner can read: one entry of JSON a line, shared by all kernels of this user. A line
 * that cannot be read (a crash while it was written) is left out. When the file holds too many entries or bytes, the
 * next kernel that reads it keeps the newest. A file that cannot be read or written is reported once, and history is
 * then that of this session.
 */
export class HistoryFile implements HistoryStore {
  readonly #path: string;
  readonly #report: (line: string) => void;
  readonly #bounds: { entries: number; bytes: number };
  #failed = false;
  /** Writes happen one after the other. */
  #last: Promise<void> = Promise.resolve();

  /** @param report takes one sentence when the file cannot be used */
  constructor(
    path: string,
    report: (line: string) => void,
    bounds = { entries: historyBounds.entries, bytes: maxBytes },
  ) {
    this.#path = path;
    this.#report = report;
    this.#bounds = bounds;
  }

  async load(): Promise<{ session: number; entries: HistoryEntry[] }> {
    let text = "";
    try {
      text = await readFile(this.#path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") this.#fail(error);
    }
    const lines = text.split("\n").filter((line) => line !== "");
    const all = lines.flatMap((line) => parseEntry(line) ?? []);
    const session = all.reduce((latest, entry) => Math.max(latest, entry.session), 0) + 1;
    const entries = all.filter((entry) => entry.line > 0);
    // A line of its own takes the number, so that a kernel that starts meanwhile gets another.
    this.#write(() => this.#appendLine({ session, line: 0, input: "" }));
    if (entries.length > this.#bounds.entries || text.length > this.#bounds.bytes) {
      this.#write(() => this.#keepNewest(entries));
    }
    return { session, entries };
  }

  append(entry: HistoryEntry): void {
    this.#write(() => this.#appendLine(entry));
  }

  /** Resolves when everything appended so far is in the file. */
  settled(): Promise<void> {
    return this.#last;
  }

  #write(work: () => Promise<void>): void {
    this.#last = this.#last.then(work).catch((error: unknown) => this.#fail(error));
  }

  async #appendLine(entry: HistoryEntry): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true });
    // One write at the end of the file: lines of several kernels do not mix.
    await appendFile(this.#path, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
  }

  /** Halves the bounds, so that this happens seldom. */
  async #keepNewest(entries: HistoryEntry[]): Promise<void> {
    const lines: string[] = [];
    let size = 0;
    for (const entry of entries.slice(-this.#bounds.entries / 2).reverse()) {
      const line = `${JSON.stringify(entry)}\n`;
      size += line.length;
      if (size > this.#bounds.bytes / 2) break;
      lines.unshift(line);
    }
    const last = entries.at(-1);
    const marker = JSON.stringify({ session: (last?.session ?? 0) + 1, line: 0, input: "" });
    const temporary = `${this.#path}.${process.pid}`;
    await writeFile(temporary, `${lines.join("")}${marker}\n`, { mode: 0o600 });
    await rename(temporary, this.#path);
  }

  #fail(error: unknown): void {
    if (this.#failed) return;
    this.#failed = true;
    const reason = (error as Error).message;
    this.#report(`history is not kept: ${reason}; set HMAP_HISTORY to a file that can be written`);
  }
}

function parseEntry(line: string): HistoryEntry | undefined {
  try {
    const { session, line: number, input, output } = JSON.parse(line) as HistoryEntry;
    if (!Number.isInteger(session) || !Number.isInteger(number) || typeof input !== "string")
      return undefined;
    return { session, line: number, input, ...(typeof output === "string" && { output }) };
  } catch {
    return undefined;
  }
}
