import type { Kernel, KernelMessage } from "@jupyterlab/services";
import type { Replay } from "../../kernel/browser/replay.ts";
import type { OutputArea } from "./output.ts";

/** What a reader is told of the kernel. `none`: not asked for yet. */
export type KernelState = "none" | "starting" | "idle" | "busy" | "restarting" | "dead";

/** How one run of a cell ended. `aborted`: an earlier cell failed or the kernel went away, so it never ran. */
export interface RunResult {
  readonly status: "ok" | "error" | "aborted";
  readonly count: number | null;
  /** When status is `error`. */
  readonly error?: CellFailure;
}

/** What a cell failed with. */
interface CellFailure {
  /** `ReferenceError` */
  readonly name: string;
  readonly message: string;
  /** Where in the cell, both from 1. */
  readonly place?: { readonly line: number; readonly column: number };
}

/** What the kernel offers at a place in the code. */
export interface KernelCompletions {
  readonly matches: { readonly text: string; readonly type?: string }[];
  /** The part of the code that a match takes the place of, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
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
 * variables are gone, and `found` when {@link bringBack} has brought them back.
 */
export class PageKernel extends EventTarget {
  #loading: Promise<Loaded> | undefined;
  #state: KernelState = "none";
  /** The worker is gone, and was not started again yet. */
  #died = false;
  #replay: Replay | undefined;
  #bringingBack: Promise<unknown> = Promise.resolve();
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
    await this.#bringingBack;
    const area: OutputArea = output.openArea(place);
    const future = connection.requestExecute({ code, allow_stdin: true, stop_on_error: true });
    future.onStdin = (message) => {
      if (message.header.msg_type !== "input_request") return;
      const { prompt, password } = message.content as { prompt: string; password: boolean };
      area.ask(prompt, password, (value) =>
        future.sendInputReply({ status: "ok", value }, message.header as never),
      );
    };
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
        ...(content.status === "error" ? { error: failureOf(content) } : {}),
      };
    } catch {
      // The client gives up waiting when the kernel is restarted or dies.
      area.finish();
      return { status: "aborted", count: null };
    }
  }

  /** Completions at a place in the code (UTF-16 units); undefined while a cell keeps the kernel busy. */
  async complete(code: string, cursor: number): Promise<KernelCompletions | undefined> {
    const connection = await this.#free();
    const reply = await connection?.requestComplete({ code, cursor_pos: codePoints(code, cursor) });
    if (reply?.content.status !== "ok") return undefined;
    const { matches, cursor_start, cursor_end, metadata } = reply.content;
    const typed = metadata._jupyter_types_experimental as unknown as
      | { text: string; type?: string }[]
      | undefined;
    return {
      matches: typed ?? matches.map((text) => ({ text })),
      from: units(code, cursor_start),
      to: units(code, cursor_end),
    };
  }

  /** What the kernel knows of the name at a place in the code, as plain text. */
  async inspect(code: string, cursor: number): Promise<string | undefined> {
    const connection = await this.#free();
    const request = { code, cursor_pos: codePoints(code, cursor), detail_level: 0 as const };
    const reply = await connection?.requestInspect(request);
    if (reply?.content.status !== "ok" || !reply.content.found) return undefined;
    const text = reply.content.data["text/plain"];
    return text === undefined ? undefined : String(text);
  }

  /** The connection, when the kernel can answer at once. */
  async #free(): Promise<Kernel.IKernelConnection | undefined> {
    if (this.#died || this.#state === "busy") return undefined;
    try {
      return (await this.#load()).connection;
    } catch {
      return undefined;
    }
  }

  /**
   * Stops the running cell. One that waits is stopped as it is, and so is one that computes, where the host's headers
   * isolate the page; elsewhere that takes a fresh worker, and the variables are gone (`lost`).
   */
  async interrupt(): Promise<void> {
    const loaded = await this.#loading;
    await loaded?.connection.interrupt();
  }

  /** How many cells {@link bringBack} would run. */
  get cellsToBringBack(): number {
    return this.#replay?.cells.length ?? 0;
  }

  /**
   * Runs the cells that had succeeded before the variables were lost again, without their output. What is run meanwhile
   * waits.
   *
   * @returns why not all of them succeeded, in a sentence, if so
   */
  async bringBack(): Promise<string | undefined> {
    const replay = this.#replay;
    if (replay === undefined) return undefined;
    this.#replay = undefined;
    this.#set("busy");
    const ran = replay.run();
    this.#bringingBack = ran;
    const { fault } = await ran;
    if (!this.#died) this.#set("idle");
    if (fault === undefined) this.dispatchEvent(new Event("found"));
    return fault;
  }

  /** Starts again with no variables; also the way back from `dead`. */
  async restart(): Promise<void> {
    const loading = this.#loading;
    try {
      const loaded = await loading;
      this.#died = false;
      if (loaded) await loaded.connection.restart();
      this.#lose();
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
      onLost: (replay) => this.#lose(replay),
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

  #lose(replay?: Replay): void {
    this.#replay = replay;
    this.dispatchEvent(new Event("lost"));
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

function failureOf(content: KernelMessage.IReplyErrorContent): CellFailure {
  const { ename: name, evalue: message, traceback } = content;
  const found = /In \[\d+\]:(\d+):(\d+)/.exec([message, ...(traceback ?? [])].join("\n"));
  return { name, message, ...(found && { place: { line: Number(found[1]), column: Number(found[2]) } }) };
}

/** The protocol counts code points. */
const codePoints = (text: string, index: number): number => [...text.slice(0, index)].length;
const units = (text: string, points: number): number => [...text].slice(0, points).join("").length;

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
