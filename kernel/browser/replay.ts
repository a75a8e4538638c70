import { type Header, type JsonObject, type Message, protocolVersion } from "../core/message.ts";

/** What can be done when the variables of a session are gone. */
export interface Replay {
  /** The code of the cells that had succeeded, in their order. */
  readonly cells: readonly string[];
  /** Runs them again, without their output, until one fails. May be called once the kernel goes on. */
  run(): Promise<ReplayResult>;
}

interface ReplayResult {
  /** How many cells succeeded. */
  ran: number;
  /** Why the next one did not, in a sentence, when one failed. */
  fault?: string;
}

const session = "hmap-replay";

/** Remembers the cells of a session, standing between a kernel and its client. */
export class Replayer {
  readonly #handle: (message: Message) => void;
  readonly #cells: string[] = [];
  /** By message id: requests that have not been answered. */
  readonly #running = new Map<string, string>();
  readonly #waiting = new Map<string, (reply: JsonObject) => void>();

  /** @param handle the kernel's end */
  constructor(handle: (message: Message) => void) {
    this.#handle = handle;
  }

  /** A request on its way to the kernel. */
  asked({ header, content }: Message): void {
    if (header.msg_type !== "execute_request" || content.silent === true) return;
    this.#running.set(header.msg_id, String(content.code));
  }

  /** A message of the kernel. Returns whether it is for the client. */
  sent({ channel, header, parent_header, content }: Message): boolean {
    const id = parent_header.msg_id ?? "";
    const mine = parent_header.session === session;
    if (channel === "shell" && header.msg_type === "execute_reply") {
      const code = this.#running.get(id);
      this.#running.delete(id);
      if (code !== undefined && content.status === "ok") this.#cells.push(code);
      this.#waiting.get(id)?.(content);
      this.#waiting.delete(id);
    }
    return !mine;
  }

  /** What can be run again now. */
  replay(): Replay {
    const cells = [...this.#cells];
    return {
      cells,
      run: async () => {
        let ran = 0;
        for (const code of cells) {
          const { status, ename, evalue } = await this.#execute(code);
          if (status !== "ok") {
            return { ran, fault: `Cell ${ran + 1} of ${cells.length} failed: ${ename}: ${evalue}` };
          }
          ran++;
        }
        return { ran };
      },
    };
  }

  #execute(code: string): Promise<JsonObject> {
    const header: Header = {
      msg_id: crypto.randomUUID(),
      session,
      username: "",
      date: new Date().toISOString(),
      msg_type: "execute_request",
      version: protocolVersion,
    };
    const content = { code, silent: true, store_history: false, allow_stdin: false, stop_on_error: false };
    return new Promise((resolve) => {
      this.#waiting.set(header.msg_id, resolve);
      this.#handle({ channel: "shell", header, parent_header: {}, metadata: {}, content });
    });
  }
}
