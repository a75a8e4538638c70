import type { Kernel } from "@jupyterlab/services";
import type { OutputArea } from "./output.ts";

/** What a reader is told of the kernel. `none`: not asked for yet. */
export type KernelState = "none" | "starting" | "idle" | "busy" | "restarting" | "dead";

/** How one run of a cell ended. `aborted`: an earlier cell failed or the kernel went away, so it never ran. */
export interface RunResult {
  readonly status: "ok" | "error" | "aborted";
  readonly count: number | null;
  /** The error's name (`ReferenceError`), when status is `error`. */
  readonly error?: string;
}

interface Loaded {
  readonly connection: Kernel.IKernelConnection;
  readonly output: typeof import("./output.ts");
}

/**
 * The one kernel behind all cells of a page. Nothing is loaded until the first run; then the Jupyter client, the
 * Web Worker and the output renderer arrive together.
 *
 * Events: `run` when a cell is about to run; `state` after every change of {@link state}; `lost` when the kernel's
 * variables are gone.
 */
export class PageKernel extends EventTarget {
  #loading: Promise<Loaded> | undefined;
  #state: KernelState = "none";
  /** The worker is gone, and was not started again yet. */
  #died = false;
  /** Why the kernel is dead, in a sentence. */
  reason = "";

  get state(): KernelState {
    return this.#state;
  }

  /** Fetches the code of the kernel without starting it: for the moment a reader points at Run. */
  prefetch(): void {
    void modules().catch(() => undefined);
  }

  /**
   * Runs code and shows what it puts out, as it comes.
   *
   * @throws Error when the kernel cannot be started; {@link state} is then `dead` and {@link reason} says why.
   */
  async run(code: string, place: HTMLElement, onStart: () => void): Promise<RunResult> {
    this.dispatchEvent(new Event("run"));
    const { connection, output } = await this.#load();
    const area: OutputArea = output.openArea(place);
    const future = connection.requestExecute({ code, allow_stdin: false, stop_on_error: true });
    future.onIOPub = (message) => {
      if (message.header.msg_type === "execute_input") onStart();
      area.handle(message);
    };
    try {
      const { content } = await future.done;
      area.finish();
      return {
        status: content.status === "ok" ? "ok" : content.status === "error" ? "error" : "aborted",
        count: content.execution_count ?? null,
        ...(content.status === "error" ? { error: content.ename } : {}),
      };
    } catch {
      // The client gives up waiting when the kernel is restarted or dies.
      area.finish();
      return { status: "aborted", count: null };
    }
  }

  /** Stops the running cell. In a page this means a fresh worker: the variables are gone. */
  async interrupt(): Promise<void> {
    const loaded = await this.#loading;
    await loaded?.connection.interrupt();
  }

  /** Starts again with no variables; also the way back from `dead`. */
  async restart(): Promise<void> {
    const loading = this.#loading;
    try {
      const loaded = await loading;
      this.#died = false;
      if (loaded) await loaded.connection.restart();
      this.dispatchEvent(new Event("lost"));
    } catch {
      this.#loading = undefined;
      await this.#load();
    }
  }

  #load(): Promise<Loaded> {
    this.#loading ??= this.#start().catch((error: unknown) => {
      this.#loading = undefined;
      this.#set(
        "dead",
        `The kernel could not be loaded (${(error as Error).message}). Check the connection.`,
      );
      throw error;
    });
    return this.#loading;
  }

  async #start(): Promise<Loaded> {
    this.#set("starting");
    const [kernel, output] = await modules();
    const connection = await kernel.startKernel({
      onLost: () => this.dispatchEvent(new Event("lost")),
      onDied: (reason) => {
        this.#died = true;
        this.#set("dead", reason);
      },
    });
    connection.statusChanged.connect((_, status) => {
      // The router outlives the worker and stays idle: to the reader the kernel is dead until it is restarted.
      if (!this.#died) this.#set(stateOf(status));
    });
    this.#set(stateOf(connection.status));
    return { connection, output };
  }

  #set(state: KernelState, reason = ""): void {
    if (state === "dead" && !reason) reason = "The kernel stopped.";
    if (state === this.#state && reason === this.reason) return;
    this.#state = state;
    this.reason = reason;
    this.dispatchEvent(new Event("state"));
  }
}

function modules() {
  return Promise.all([import("../../kernel/browser/kernel.ts"), import("./output.ts")]);
}

function stateOf(status: Kernel.Status): KernelState {
  switch (status) {
    case "idle":
    case "busy":
    case "dead":
    case "restarting":
      return status;
    case "autorestarting":
      return "restarting";
    case "terminating":
      return "dead";
    default:
      return "starting";
  }
}
