import type { MimeBundle, Output } from "../language/language.ts";
import type { CommMessage } from "./execution.ts";
import type { JsonObject, Message } from "./message.ts";

/** A request that cannot be answered because it is malformed; the text is the reply's `evalue`. */
export class RequestError extends Error {
  override readonly name = "RequestError";
}

/** Message type and content of what a cell shows. */
export function publication(output: Output, execution_count: number): [type: string, content: JsonObject] {
  switch (output.type) {
    case "stream":
      return ["stream", { name: output.name, text: output.text }];
    case "display":
    case "update_display": {
      const { data, metadata, display_id } = output;
      // nbclient looks into `transient` without asking whether it is there.
      const transient = display_id === undefined ? {} : { display_id };
      return [
        output.type === "display" ? "display_data" : "update_display_data",
        { data, metadata, transient },
      ];
    }
    case "result":
      return ["execute_result", { execution_count, data: output.data, metadata: output.metadata }];
    case "error":
      return ["error", { ename: output.ename, evalue: output.evalue, traceback: output.traceback }];
    case "clear_output":
      return ["clear_output", { wait: output.wait }];
  }
}

/** Content of the reply to a request that failed. */
export function errorReply(error: unknown): JsonObject {
  const ename = error instanceof Error ? error.name : "Error";
  const evalue = error instanceof Error ? error.message : String(error);
  return { status: "error", ename, evalue, traceback: [`${ename}: ${evalue}`] };
}

/**
 * A member of a request that must be a string.
 * @throws RequestError when it is not
 */
export function text(content: JsonObject, name: string): string {
  const value = content[name];
  if (typeof value !== "string") throw new RequestError(`the request needs \`${name}\`, a string`);
  return value;
}

/** `cursor_pos` in Unicode code points, within the code; its end by default. */
export function position(content: JsonObject, code: string): number {
  const length = [...code].length;
  const cursor = content.cursor_pos;
  return typeof cursor === "number" ? Math.max(0, Math.min(Math.trunc(cursor), length)) : length;
}

/** `user_expressions`: those that are strings. */
export function expressions(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter((entry) => typeof entry[1] === "string"));
}

/**
 * A comm_open, comm_msg or comm_close as it came.
 * @throws RequestError when it names no comm
 */
export function commMessage(request: Message): CommMessage {
  const { content, metadata, buffers = [] } = request;
  const comm: CommMessage = {
    type: request.header.msg_type as CommMessage["type"],
    comm_id: text(content, "comm_id"),
    data: content.data ?? {},
    metadata: metadata as MimeBundle,
    buffers,
  };
  if (comm.type === "comm_open") comm.target_name = text(content, "target_name");
  return comm;
}

/**
 * The answer to a debug_request: a failing response of the Debug Adapter Protocol, as there is no debugger.
 * @see https://microsoft.github.io/debug-adapter-protocol/specification#Base_Protocol_Response
 */
export function noDebugger(request: JsonObject): JsonObject {
  return {
    type: "response",
    seq: 1,
    request_seq: typeof request.seq === "number" ? request.seq : 0,
    success: false,
    command: String(request.command ?? ""),
    message: "this kernel has no debugger",
  };
}
