/**
 * Jupyter messages as every part of the kernel passes them on: already parsed, with the channel they travel on.
 * Names are those of the messaging specification (jupyter_client, docs/messaging.rst, protocol 5.5). The shape is a
 * subset of `KernelMessage.IMessage` of @jupyterlab/services, so its client code accepts it as it is.
 */

/** A JSON object whose members are not known here. */
export type JsonObject = Record<string, unknown>;

/** The channels of a Jupyter kernel that carry messages; the heartbeat only echoes bytes and belongs to the host. */
export type Channel = "shell" | "control" | "stdin" | "iopub";

export interface Header {
  /** Unique among all messages. */
  msg_id: string;
  /** The sender's session: one per client, and one per kernel process. */
  session: string;
  username: string;
  /** ISO 8601. */
  date: string;
  msg_type: string;
  /** Protocol version of the sender, "5.5" for ours. */
  version: string;
  /** Protocol 5.5: the subshell a request is meant for. */
  subshell_id?: string | null;
}

export interface Message {
  channel: Channel;
  header: Header;
  /** The header of the request this message answers; an empty object when it answers none. */
  parent_header: Header | Record<string, never>;
  metadata: JsonObject;
  content: JsonObject;
  buffers?: (ArrayBuffer | ArrayBufferView)[];
  /**
   * Whatever the host needs to find the way back (ZeroMQ identities). The router never looks inside: it copies the
   * route of a request to its reply and to the input requests of its cell. Messages on iopub have none.
   */
  route?: unknown;
}

/** The protocol version this kernel speaks. */
export const protocolVersion = "5.5";
