import { completeWith, inspectWith, within } from "./assistant.ts";
import type { Clock } from "./clock.ts";
import { noDebugger, position, RequestError, text } from "./content.ts";
import type { History } from "./history.ts";
import { type JsonObject, type Message, protocolVersion } from "./message.ts";
import type { KernelOptions } from "./options.ts";
import type { Shell } from "./shell.ts";

/** How long is_complete waits for the execution side, in milliseconds: while a cell keeps it, and while none does. */
const isCompletePatience = { busy: 250, idle: 10_000 };

/** What of the router the answers need. */
export interface RouterState {
  options: KernelOptions;
  clock: Clock;
  history: History;
  /** Open comms: id to target name. */
  comms: ReadonlyMap<string, string>;
  subshells: Map<string, Shell>;
  newShell(): Shell;
  /** Whether a cell runs. */
  isBusy(): boolean;
  /** Answers a request that will not be run. */
  abort(request: Message): void;
  /** Tells the assistant what it has not been told yet. */
  tellAssistant(): void;
  /** Takes no more requests, and drops those that wait. */
  shutDown(): void;
}

/** How to answer a request that waits for nothing; undefined for a type that is unknown, or waits. */
export function immediateAnswer(
  request: Message,
  state: RouterState,
): (() => Promise<JsonObject> | JsonObject) | undefined {
  const { options, clock, comms, subshells } = state;
  const { executor, assistant } = options;
  const { content } = request;
  const code = () => text(content, "code");
  switch (request.header.msg_type) {
    case "kernel_info_request":
      return () => kernelInfo(options);
    case "is_complete_request":
      return async () => {
        await executor.ready;
        const patience = state.isBusy() ? isCompletePatience.busy : isCompletePatience.idle;
        const answer = await within(patience, executor.isComplete(code()), clock);
        // User code keeps the thread that knows: consoles then decide by themselves.
        return { ...(answer ?? { status: "unknown" }) };
      };
    case "complete_request":
      return async () => {
        const cursor = position(content, code());
        await executor.ready;
        state.tellAssistant();
        const live = executor.complete(code(), cursor);
        const completions = await completeWith(live, assistant?.complete(code(), cursor), cursor, clock);
        return { status: "ok", ...completions };
      };
    case "inspect_request":
      return async () => {
        const cursor = position(content, code());
        await executor.ready;
        const detail = content.detail_level === 1 ? 1 : 0;
        state.tellAssistant();
        const live = executor.inspect(code(), cursor, detail);
        const typed = assistant?.inspect(code(), cursor, detail);
        return { status: "ok", ...(await inspectWith(live, typed, clock)) };
      };
    case "history_request":
      return async () => ({ status: "ok", history: await state.history.answer(content) });
    case "comm_info_request":
      return () => {
        const asked = [...comms].filter(([, target]) => (content.target_name ?? target) === target);
        return {
          status: "ok",
          comms: Object.fromEntries(asked.map(([id, target_name]) => [id, { target_name }])),
        };
      };
    case "interrupt_request":
      return async () => {
        await executor.interrupt();
        return { status: "ok" };
      };
    case "shutdown_request":
      return () => {
        state.shutDown();
        return { status: "ok", restart: content.restart === true };
      };
    case "create_subshell_request":
      return () => {
        const subshell_id = options.newId();
        subshells.set(subshell_id, state.newShell());
        return { status: "ok", subshell_id };
      };
    case "delete_subshell_request":
      return () => {
        const id = text(content, "subshell_id");
        const shell = subshells.get(id);
        if (shell === undefined) throw unknownSubshell(id);
        subshells.delete(id);
        // What runs goes on; what waits will not be run.
        for (const waiting of shell.take(() => true)) state.abort(waiting);
        return { status: "ok" };
      };
    case "list_subshell_request":
      return () => ({ status: "ok", subshell_id: [...subshells.keys()] });
    case "debug_request":
      return () => noDebugger(content);
    default: {
      const answer = options.hostAnswers?.[request.header.msg_type];
      return answer && (async () => ({ status: "ok", ...(await answer()) }));
    }
  }
}

function kernelInfo({ implementation, language }: KernelOptions): JsonObject {
  return {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: implementation.name,
    implementation_version: implementation.version,
    language_info: { ...language },
    banner: implementation.banner,
    help_links: [],
    supported_features: ["kernel subshells"],
  };
}

/** What to say of a subshell that was never created, or is deleted. */
export function unknownSubshell(id: unknown): RequestError {
  return new RequestError(`there is no subshell ${JSON.stringify(id)}`);
}
