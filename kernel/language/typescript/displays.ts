import type { Cell, MimeBundle } from "../language.ts";
import { displaySymbol, mimeBundle, plainBundle, showsItself } from "./display.ts";
import { displayKinds } from "./displaykinds.ts";
import { playerBundle } from "./displayplayer.ts";

/** What `display` returns: the thing that was shown. */
export interface DisplayHandle {
  /** Names it for `display.update`. */
  readonly id: string;
  /** Shows `value` in the same place, also when the cell has ended. */
  update(value: unknown, options?: DisplayOptions): void;
  /** Shows nothing in that place. */
  clear(): void;
}

/** What `live` returns. */
export interface LiveHandle extends DisplayHandle {
  /** Leaves what is shown as it is from now on. */
  stop(): void;
}

export interface DisplayOptions {
  /** The value is a MIME bundle itself: `display({ "text/html": "<b>hi</b>" }, { raw: true })`. */
  raw?: boolean;
  /** For the front end, by MIME type. */
  metadata?: MimeBundle;
  /** A name of one's own for {@link DisplayHandle.id}; a fresh one by default. */
  id?: string;
}

type Kinds = {
  [Kind in keyof typeof displayKinds]: (...content: Parameters<(typeof displayKinds)[Kind]>) => DisplayHandle;
};

/** The global `display` of cells. */
export interface Display extends Kinds {
  /** Shows a value in the middle of a cell, as if it were the last one. */
  (value: unknown, options?: DisplayOptions): DisplayHandle;
  /**
   * Shows a recording, a map or another drawing with a player of its own: where JupyterLab has no extension for it, in Visual Studio
   * Code and in the pages of nbconvert say. The output is about 100 KB bigger than a plain one.
   */
  player(value: unknown): DisplayHandle;
  /** Shows `value` wherever something was shown under this id. */
  update(id: string, value: unknown, options?: DisplayOptions): void;
  /** Takes away what the cell has shown so far; with `wait` only when the next thing is shown. */
  clear(options?: { wait?: boolean }): void;
}

/** What the displays need of the language. */
interface DisplayHost {
  /** The cell that the running code belongs to. */
  cell(): Cell | undefined;
  /** Shows an error with a cell that cannot fail any more. */
  report(cell: Cell, error: unknown): void;
  /** The script that defines the element `<hmap-player>`, where there is one. */
  playerScript: (() => Promise<string>) | undefined;
  /** How a value is shown. */
  bundle(value: unknown): MimeBundle | Promise<MimeBundle>;
}

/** A display that follows its value. */
interface Live {
  id: string;
  value: unknown;
  /** The bundle that is shown now, as JSON. */
  shown: string;
}

/** Live displays at once: the cost of a cell stays bounded when a cell with `live` is run again and again. */
const MOST_LIVE = 32;

/** What the cells of a session show besides their results. */
export class Displays {
  readonly #host: DisplayHost;
  /** Displays that wait for an asynchronous MIME bundle, by running cell. */
  readonly #pending = new WeakMap<Cell, Promise<void>[]>();
  /** By value: a value that is shown live twice is one display in two places. Oldest first. */
  readonly #live = new Map<unknown, Live>();
  #count = 0;

  constructor(host: DisplayHost) {
    this.#host = host;
  }

  /** A new global `display`. */
  display(): Display {
    const display = (value: unknown, options?: DisplayOptions) => this.#show(value, options);
    const kinds = Object.entries(displayKinds).map(([kind, bundle]) => [
      kind,
      (...content: unknown[]) =>
        this.#show((bundle as (...content: unknown[]) => MimeBundle)(...content), { raw: true }),
    ]);
    return Object.assign(display, Object.fromEntries(kinds) as Kinds, {
      player: (value: unknown) => {
        const { playerScript } = this.#host;
        const show = () => {
          if (playerScript === undefined) throw new Error("display.player is not there in this page");
          return playerBundle(value, playerScript);
        };
        return this.#show({ [displaySymbol]: show });
      },
      update: (id: string, value: unknown, options?: DisplayOptions) =>
        this.#emit(this.#host.cell(), "update_display", String(id), value, options),
      clear: ({ wait = false }: { wait?: boolean } = {}) =>
        this.#host.cell()?.emit({ type: "clear_output", wait }),
    });
  }

  /**
   * The global `live` of cells: shows a value and, whenever a cell has ended that changed how it looks, shows it anew in
   * the same place. A function that does not show itself is called each time for the value. Of more than
   * {@link MOST_LIVE} the oldest stays as it is.
   */
  live(value: unknown): LiveHandle {
    const cell = this.#host.cell();
    const live = this.#live.get(value) ?? { id: this.#freshId(), value, shown: "" };
    const isOld = live.shown !== "";
    const bundle = mimeBundle(current(live));
    // One that comes later is shown once more at the end of the cell.
    live.shown = bundle instanceof Promise ? "" : JSON.stringify(bundle);
    const [oldest] = this.#live.keys();
    if (!this.#live.has(value) && this.#live.size >= MOST_LIVE) this.#live.delete(oldest);
    this.#live.set(value, live);
    const shown = bundle instanceof Promise ? { [displaySymbol]: () => bundle } : bundle;
    const options = { id: live.id, raw: !(bundle instanceof Promise) };
    if (isOld) this.#emit(cell, "update_display", live.id, shown, options);
    const handle = this.#show(shown, options);
    return hidden({ ...handle, stop: () => void this.#live.delete(value) });
  }

  /** To be called when a cell begins. */
  begin(cell: Cell): void {
    this.#pending.set(cell, []);
  }

  /** Waits for the displays of a running cell; rejects with the error of the first that fails. */
  async settled(cell: Cell): Promise<void> {
    for (const shown of this.#pending.get(cell) ?? []) await shown;
  }

  /** To be called when a cell has ended, before it says so: brings the live displays up to date. */
  async end(cell: Cell): Promise<void> {
    this.#pending.delete(cell);
    // A silent cell shows nothing: the next one makes good for it.
    if (cell.silent) return;
    for (const live of this.#live.values()) {
      try {
        const data = await mimeBundle(current(live));
        const shown = JSON.stringify(data);
        if (shown === live.shown) continue;
        cell.emit({ type: "update_display", data, metadata: {}, display_id: live.id });
        live.shown = shown;
      } catch (error) {
        this.#live.delete(live.value);
        this.#host.report(cell, error);
      }
    }
  }

  #freshId(): string {
    // Random, so that a session does not change what an earlier one showed in the same document.
    return `hmap-${Math.random().toString(36).slice(2)}-${this.#count++}`;
  }

  #show(value: unknown, options: DisplayOptions = {}): DisplayHandle {
    const cell = this.#host.cell();
    const { id = this.#freshId() } = options;
    this.#emit(cell, "display", id, value, options);
    return hidden({
      id,
      // By the cell that runs, as clients that run notebooks listen to no other.
      update: (next: unknown, nextOptions: DisplayOptions = {}) =>
        this.#emit(this.#host.cell(), "update_display", id, next, nextOptions),
      clear: () => this.#emit(this.#host.cell(), "update_display", id, { "text/plain": "" }, { raw: true }),
    });
  }

  #emit(
    cell: Cell | undefined,
    type: "display" | "update_display",
    display_id: string,
    value: unknown,
    { raw = false, metadata = {} }: DisplayOptions = {},
  ): void {
    if (cell === undefined) return;
    const emit = (data: MimeBundle) => {
      if (Object.keys(data).length > 0)
        cell.emit({ type, data, metadata: plainBundle(metadata), display_id });
    };
    const bundle = raw ? plainBundle(value) : this.#host.bundle(value);
    if (!(bundle instanceof Promise)) {
      emit(bundle);
      return;
    }
    const shownLater = bundle.then(emit);
    const pending = this.#pending.get(cell);
    // The cell waits for it and fails with it; when the cell has ended, there is only its output to tell.
    if (pending !== undefined) pending.push(shownLater);
    shownLater.catch((error: unknown) => {
      if (pending === undefined) this.#host.report(cell, error);
    });
  }
}

function current({ value }: Live): unknown {
  return typeof value === "function" && !showsItself(value) ? (value as () => unknown)() : value;
}

/** As the last value of a cell a handle is not worth showing. */
function hidden<Handle extends object>(handle: Handle): Handle {
  return Object.defineProperty(handle, displaySymbol, { value: () => ({}) });
}
