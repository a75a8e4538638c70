import type { JsonObject, Message } from "../core/message.ts";
import type { Answer, ProtocolClient } from "./protocolclient.ts";

/** A conversation with a kernel that has just started; it throws an Error that says what is wrong. */
export type Conversations = Record<string, (kernel: ProtocolClient) => Promise<void>>;

/**
 * Resolves when all that was sent on the shell channel has arrived. Another channel may be read before it, or later.
 */
export async function arrival(kernel: ProtocolClient): Promise<void> {
  await kernel.ask("kernel_info_request");
}

/** In a page that is not isolated from others they do not. */
export function threadsShareMemory(): boolean {
  return typeof SharedArrayBuffer !== "undefined";
}

/** A message type, or the state of a status message. */
export function types(messages: Message[]): string[] {
  return messages.map(({ header, content }) => String(content.execution_state ?? header.msg_type));
}

/** The text of a cell's result, or undefined when it has none. */
export function resultOf({ published }: Answer): unknown {
  const result = published.find((message) => message.header.msg_type === "execute_result");
  return (result?.content.data as JsonObject | undefined)?.["text/plain"];
}

/** The inputs of a history_reply. */
export function inputs({ reply }: Answer): unknown[] {
  return (reply.history as unknown[][]).map(([, , input]) => input);
}

/** A buffer of a message as the bytes that it is of, and no more. */
export function plain(buffer: ArrayBuffer | ArrayBufferView | undefined): ArrayBuffer {
  if (buffer === undefined) return new ArrayBuffer(0);
  if (!ArrayBuffer.isView(buffer)) return buffer;
  const { buffer: whole, byteOffset, byteLength } = buffer;
  return whole.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}

/** Compares as JSON, whatever the order of an object's members: no test library, as this runs in pages too. */
export function same(actual: unknown, expected: unknown): void {
  const [one, other] = [actual, expected].map((value) => JSON.stringify(sorted(value)));
  if (one !== other) throw new Error(`expected ${other}, and got ${one}`);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}
