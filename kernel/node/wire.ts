import { createHmac, timingSafeEqual } from "node:crypto";
import type { Channel, Message } from "../core/message.ts";

/** What separates the routing identities from the signed part of a message. */
export const delimiter = Buffer.from("<IDS|MSG>");

/** How many signatures are remembered to refuse a replay; jupyter_client keeps as many. */
const rememberedSignatures = 65_536;

/**
 * How large a header may be, in bytes; real ones have 300. It goes back with every answer, and one that is nested a few
 * thousand deep could be read and not written.
 */
const maxHeader = 4096;

/** Frames that are not a message this kernel may act on. The message says why; the frames are to be dropped. */
export class WireError extends Error {
  override name = "WireError";
}

/** The routing identities that a ROUTER socket put before a request; a reply goes back with the same. */
type Identities = readonly Uint8Array[];

/**
 * The Jupyter wire format: messages to and from ZeroMQ frames, signed and checked.
 *
 * A message is `[identity..., "<IDS|MSG>", signature, header, parent_header, metadata, content, buffer...]`. The
 * signature covers the four JSON frames only. An empty key turns signing off, in both directions.
 *
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
export class Wire {
  readonly #key: string;
  readonly #hash: string;
  /** In order of arrival, so that the oldest is the first to be forgotten. */
  readonly #seen = new Set<string>();
  readonly #remember: number;

  /**
   * @param key the secret of the connection file; empty for unsigned messages
   * @param hash a hash that node:crypto knows; `sha256` is what Jupyter uses
   * @param remember how many signatures to keep against replays; 65,536 when not given
   */
  constructor(key: string, hash = "sha256", remember = rememberedSignatures) {
    this.#key = key;
    this.#hash = hash;
    this.#remember = remember;
  }

  /**
   * Message to frames.
   *
   * @param message its `route`, when present, is the identities to send to
   * @param topic for iopub: the frame that subscribers filter by
   */
  encode(message: Message, topic?: string): Uint8Array[] {
    const signed = [message.header, message.parent_header, message.metadata, message.content].map(toJson);
    const prefix =
      topic === undefined ? ((message.route as Identities | undefined) ?? []) : [Buffer.from(topic)];
    return [
      ...prefix,
      delimiter,
      Buffer.from(this.#sign(signed)),
      ...signed,
      ...(message.buffers ?? []).map(bytes),
    ];
  }

  /**
   * Frames to message.
   *
   * @throws WireError when there is no delimiter, a frame is missing, the signature is wrong or was seen before,
   *   or a frame is not the JSON it should be. Nothing else is ever thrown, whatever the frames hold.
   */
  decode(frames: readonly Uint8Array[], channel: Channel): Message {
    const at = frames.findIndex((frame) => delimiter.equals(frame));
    if (at < 0) {
      throw new WireError("there is no <IDS|MSG> frame");
    }
    const signature = frames[at + 1];
    const signed = frames.slice(at + 2, at + 6);
    if (signature === undefined || signed.length < 4) {
      throw new WireError(`${frames.length - at - 1} frames follow <IDS|MSG>, and at least 5 are needed`);
    }
    this.#check(signature, signed);
    if (signed[0]!.length > maxHeader) {
      throw new WireError(`the header is longer than ${maxHeader} bytes`);
    }
    const [header, parent_header, metadata, content] = signed.map(fromJson) as [Json, Json, Json, Json];
    for (const field of ["msg_id", "msg_type", "session"]) {
      if (typeof header[field] !== "string") {
        throw new WireError(`the header has no ${field}`);
      }
    }
    return {
      channel,
      header: header as unknown as Message["header"],
      parent_header: parent_header as Message["parent_header"],
      metadata: metadata as Message["metadata"],
      content: content as Message["content"],
      buffers: frames.slice(at + 6).map(exactBuffer),
      route: frames.slice(0, at),
    };
  }

  /** One frame with its signature before it: what a registration consists of. */
  signFrame(frame: Uint8Array): [signature: Uint8Array, frame: Uint8Array] {
    return [Buffer.from(this.#sign([frame])), frame];
  }

  /** @throws WireError when a frame does not have this signature. */
  checkFrame(signature: Uint8Array | undefined, frame: Uint8Array | undefined): void {
    if (signature === undefined || frame === undefined) {
      throw new WireError("there is no <IDS|MSG> frame, or not enough behind it");
    }
    this.#check(signature, [frame]);
  }

  #sign(signed: readonly Uint8Array[]): string {
    if (this.#key === "") {
      return "";
    }
    const hmac = createHmac(this.#hash, this.#key);
    for (const frame of signed) {
      hmac.update(frame);
    }
    return hmac.digest("hex");
  }

  #check(signature: Uint8Array, signed: readonly Uint8Array[]): void {
    if (this.#key === "") {
      return;
    }
    const expected = Buffer.from(this.#sign(signed));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
      throw new WireError("the signature is wrong");
    }
    const text = expected.toString("latin1");
    if (this.#seen.has(text)) {
      throw new WireError("the signature was seen before: this is a replay");
    }
    this.#seen.add(text);
    if (this.#seen.size > this.#remember) {
      for (const oldest of this.#seen) {
        this.#seen.delete(oldest);
        break;
      }
    }
  }
}

type Json = Record<string, unknown>;

function toJson(value: unknown): Uint8Array {
  let text = JSON.stringify(value);
  // JSON.stringify writes half of a surrogate pair as an escape. Python reads it into a string that it then
  // cannot write as UTF-8: a notebook with it could not be saved. The first alternative steps over a backslash
  // that stands for itself.
  if (text.includes("\\ud")) {
    text = text.replace(/\\(?:\\|ud[89a-f][0-9a-f]{2})/g, (match) => (match === "\\\\" ? match : "\\ufffd"));
  }
  return Buffer.from(text);
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function fromJson(frame: Uint8Array, index: number): Json {
  const name = ["header", "parent header", "metadata", "content"][index];
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(frame));
  } catch {
    throw new WireError(`the ${name} is not JSON`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new WireError(`the ${name} is not a JSON object`);
  }
  return value as Json;
}

/** A copy that owns all of its memory: a frame from ZeroMQ may be a window on a larger block. */
function exactBuffer(frame: Uint8Array): ArrayBuffer {
  return frame.slice().buffer as ArrayBuffer;
}

function bytes(buffer: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(buffer)
    ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    : new Uint8Array(buffer);
}
