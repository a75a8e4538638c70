import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Message } from "../core/message.ts";
import { Wire, WireError } from "./wire.ts";

const key = "a secret";
const json = fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false }) as fc.Arbitrary<unknown>);
const header = fc.record({
  msg_id: fc.uuid(),
  session: fc.uuid(),
  username: fc.string(),
  date: fc.constant("2024-01-01T00:00:00.000Z"),
  msg_type: fc.constantFrom("execute_request", "kernel_info_request", "comm_msg"),
  version: fc.constant("5.5"),
});
const bytes = fc.uint8Array({ maxLength: 40 });
const messages: fc.Arbitrary<Message> = fc.record({
  channel: fc.constant("shell" as const),
  header,
  parent_header: fc.oneof(header, fc.constant({})),
  metadata: json,
  content: json,
  buffers: fc.array(bytes.map((view) => view.slice().buffer as ArrayBuffer)),
  route: fc.array(fc.uint8Array({ minLength: 1, maxLength: 5 })),
});

function request(content: Record<string, unknown> = {}): Message {
  return {
    channel: "shell",
    header: {
      msg_id: "1",
      session: "s",
      username: "u",
      date: "",
      msg_type: "execute_request",
      version: "5.5",
    },
    parent_header: {},
    metadata: {},
    content,
    buffers: [],
    route: [],
  };
}

/** As it is after JSON, where -0 is 0 and a key called __proto__ is a key. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("a message on the wire", () => {
  test("comes back as it was sent, signed or not", () => {
    fc.assert(
      fc.property(messages, fc.constantFrom("", key), (message, secret) => {
        const frames = new Wire(secret).encode(message);
        const back = new Wire(secret).decode(frames, "shell");
        for (const part of ["header", "parent_header", "metadata", "content"] as const) {
          expect(plain(back[part])).toEqual(plain(message[part]));
        }
        expect(back.channel).toBe("shell");
        const numbers = (parts: unknown) =>
          (parts as (Uint8Array | ArrayBuffer)[]).map((part) => [...new Uint8Array(part)]);
        expect(numbers(back.buffers)).toEqual(numbers(message.buffers));
        expect(numbers(back.route)).toEqual(numbers(message.route));
      }),
    );
  });

  test("has a signature that covers the four JSON frames and not the buffers", () => {
    const message = { ...request(), buffers: [new Uint8Array([1, 2, 3])] };
    const frames = new Wire(key).encode(message);
    frames[frames.length - 1] = new Uint8Array([9]);
    expect(new Wire(key).decode(frames, "shell").buffers).toEqual([new Uint8Array([9]).buffer]);
  });

  test("has the signature that the specification's algorithm gives", () => {
    const frames = new Wire("key").encode({
      ...request(),
      header: {} as Message["header"],
    });
    // python3: hmac.new(b"key", b"{}" * 4, "sha256").hexdigest()
    expect(Buffer.from(frames[1]!).toString()).toBe(
      "ca767b02c5bc061ed184a9a029e7f93a7f2f7ed4e8fe74120fc1212f0b008fa3",
    );
  });

  test("carries half a surrogate pair as a replacement character, and a written-out escape unchanged", () => {
    const [, , , , , content] = new Wire("").encode(
      request({ half: "a\ud83d b", whole: "😀", text: "\\ud83d" }),
    );
    const parsed = JSON.parse(Buffer.from(content!).toString());
    expect(parsed).toEqual({ half: "a\ufffd b", whole: "😀", text: "\\ud83d" });
  });

  test("carries only the part of memory that a view shows", () => {
    const memory = new Uint8Array([0, 1, 2, 3, 4]);
    const frames = new Wire("").encode({ ...request(), buffers: [memory.subarray(1, 3)] });
    expect([...frames.at(-1)!]).toEqual([1, 2]);
  });

  test("goes out on iopub with its topic and no identities", () => {
    const frames = new Wire("").encode({ ...request(), channel: "iopub", route: [] }, "status");
    expect(Buffer.from(frames[0]!).toString()).toBe("status");
    expect(Buffer.from(frames[1]!).toString()).toBe("<IDS|MSG>");
  });
});

describe("refused frames", () => {
  const fault = (wire: Wire, frames: Uint8Array[]): string => {
    try {
      wire.decode(frames, "shell");
    } catch (error) {
      expect(error).toBeInstanceOf(WireError);
      return (error as Error).message;
    }
    return "";
  };

  test("a wrong key, a changed frame and a missing signature", () => {
    const wire = new Wire(key);
    expect(fault(wire, new Wire("another").encode(request()))).toBe("the signature is wrong");
    expect(fault(wire, new Wire("").encode(request()))).toBe("the signature is wrong");
    const frames = new Wire(key).encode(request({ code: "1" }));
    frames[5] = Buffer.from('{"code":"2"}');
    expect(fault(wire, frames)).toBe("the signature is wrong");
  });

  test("a replay, for as long as its signature is remembered", () => {
    const wire = new Wire(key, "sha256", 2);
    const [first, second, third] = ["1", "2", "3"].map((code) => new Wire(key).encode(request({ code })));
    for (const frames of [first!, second!]) {
      wire.decode(frames, "shell");
    }
    expect(fault(wire, first!)).toBe("the signature was seen before: this is a replay");
    wire.decode(third!, "shell");
    expect(fault(wire, second!)).toBe("the signature was seen before: this is a replay");
    expect(fault(wire, first!)).toBe("");
  });

  test("frames that are not a message, each with its reason", () => {
    const wire = new Wire("");
    const text = (...parts: string[]) => parts.map((part) => Buffer.from(part));
    expect(fault(wire, [])).toBe("there is no <IDS|MSG> frame");
    expect(fault(wire, text("<IDS|MSG>", "", "{}", "{}"))).toBe(
      "3 frames follow <IDS|MSG>, and at least 5 are needed",
    );
    expect(fault(wire, text("<IDS|MSG>", "", "{}", "{}", "{}", "nonsense"))).toBe("the content is not JSON");
    expect(fault(wire, text("<IDS|MSG>", "", "[]", "{}", "{}", "{}"))).toBe(
      "the header is not a JSON object",
    );
    expect(fault(wire, text("<IDS|MSG>", "", "{}", "{}", "{}", "{}"))).toBe("the header has no msg_id");
  });

  test("no frames whatever make it throw anything else", () => {
    const nearly = fc
      .constantFrom("<IDS|MSG>", "", "{}", '{"msg_id":1}', "null", "[")
      .map((s) => Buffer.from(s));
    const frames = fc.array(fc.oneof(bytes, nearly), { maxLength: 9 });
    fc.assert(
      fc.property(frames, fc.constantFrom("", key), (parts, secret) => {
        try {
          new Wire(secret).decode(parts, "control");
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
