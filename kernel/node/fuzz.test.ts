import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Message } from "../core/message.ts";
import { KernelClient } from "./client.ts";
import { kernelCommand } from "./command.ts";
import { socketNames } from "./connection.ts";
import { delimiter, Wire, WireError } from "./wire.ts";

/** Whole numbers below a bound, the same for the same seed (mulberry32). */
function randomSource(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

type Random = (below: number) => number;
type Frames = Uint8Array[];

const garbage = [
  "",
  "null",
  "[]",
  "{",
  '{"msg_id":1}',
  '{"msg_id":"m","session":"s","msg_type":"shutdown_request"}',
  "[".repeat(4000),
  `{"a":${"[".repeat(4000)}${"]".repeat(4000)}}`,
  '"\\ud800"',
  "<IDS|MSG>",
  "\u0000",
].map((text) => Buffer.from(text));

/** Ways in which frames go wrong. Each leaves a message that is not, or no longer, signed with the key. */
const spoilers: ((frames: Frames, random: Random) => Frames)[] = [
  // Bits flip in what is signed, or in the signature.
  (frames, random) => {
    const at = frames.length - 5 + random(5);
    const frame = Buffer.from(frames[at]!);
    if (frame.length === 0) return [];
    frame[random(frame.length)]! ^= 1 << random(8);
    return frames.with(at, frame);
  },
  // Frames end early.
  (frames, random) => {
    const at = frames.length - 5 + random(5);
    const frame = frames[at]!;
    return frames.with(at, frame.subarray(0, random(Math.max(1, frame.length))));
  },
  // Frames are missing, doubled or in another order.
  (frames, random) => frames.toSpliced(frames.length - 5 + random(5), 1),
  (frames, random) => frames.slice(0, random(frames.length)),
  (frames, random) => {
    const at = frames.length - 5 + random(4);
    return [...frames.slice(0, at), frames[at]!, ...frames.slice(at)];
  },
  (frames) => [...frames.slice(0, -4), ...frames.slice(-4).reverse()],
  // Frames are replaced by something else, or all are.
  (frames, random) => frames.with(frames.length - 5 + random(5), garbage[random(garbage.length)]!),
  (_, random) => Array.from({ length: random(12) }, () => garbage[random(garbage.length)]!),
  (_, random) =>
    Array.from({ length: random(9) }, () =>
      Buffer.from(Array.from({ length: random(60) }, () => random(256))),
    ),
  // The key is another, or none.
  (frames) => frames.with(-5, Buffer.from("")),
  (frames) => frames.with(-5, Buffer.from("0".repeat(64))),
  // Large and many.
  (frames, random) => frames.with(-1, Buffer.alloc(random(100_000), "{")),
  (frames, random) => [...frames.slice(0, 1), ...Array.from({ length: random(2000) }, () => garbage[1]!)],
];

function message(random: Random, id: number): Message {
  const types = [
    "execute_request",
    "kernel_info_request",
    "shutdown_request",
    "interrupt_request",
    "comm_open",
  ];
  const header = {
    msg_id: `fuzz-${id}`,
    session: "s",
    username: "u",
    date: "",
    msg_type: types[random(types.length)]!,
    version: "5.5",
  };
  const content = { code: "globalThis.intruder = true", restart: false, comm_id: "c", target_name: "t" };
  return { channel: "shell", header, parent_header: {}, metadata: {}, content };
}

const plural = 100_000;

test(`of ${plural} malformed, unsigned, truncated, huge and shuffled messages none is accepted`, () => {
  const random = randomSource(1);
  const key = "the key of the kernel";
  const sender = new Wire(key);
  const kernel = new Wire(key);
  const reasons = new Map<string, number>();
  for (let id = 0; id < plural; id++) {
    const spoil = spoilers[id % spoilers.length]!;
    const frames = spoil(sender.encode(message(random, id)), random);
    try {
      kernel.decode(frames, "shell");
      expect.fail(`accepted number ${id}: ${frames.map((frame) => Buffer.from(frame).toString())}`);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      const reason = error.message.replace(/\d+/g, "n");
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
  }
  // Each kind of fault has been met, often.
  for (const count of reasons.values()) expect(count).toBeGreaterThan(1000);
  expect([...reasons.keys()].sort()).toEqual([
    "n frames follow <IDS|MSG>, and at least n are needed",
    "the signature is wrong",
    "there is no <IDS|MSG> frame",
  ]);
});

test("of 20,000 messages that are signed and yet no messages none is accepted, and none is a surprise", () => {
  const random = randomSource(2);
  const wire = new Wire("");
  let accepted = 0;
  for (let id = 0; id < 20_000; id++) {
    const frames = wire.encode(message(random, id));
    for (let times = random(3); times >= 0; times--) frames[2 + random(4)] = garbage[random(garbage.length)]!;
    try {
      const { header, content } = wire.decode(frames, "shell");
      accepted++;
      expect(typeof header.msg_type).toBe("string");
      expect(typeof content).toBe("object");
    } catch (error) {
      expect(error).toBeInstanceOf(WireError);
    }
  }
  // What replaces a frame may be JSON of the right kind.
  expect(accepted).toBeGreaterThan(0);
});

describe("a kernel", () => {
  let kernel: KernelClient;

  beforeAll(async () => {
    kernel = await KernelClient.start({ argv: kernelCommand() });
  });

  afterAll(() => kernel.kill());

  /** Everything published since has a parent that is one of the client's own requests. */
  const stranger = () =>
    kernel.published.find(({ parent_header }) => parent_header.msg_id?.startsWith("fuzz"));

  test("drops 3,000 of them on each of its sockets without an answer, logs them, and goes on", async () => {
    const random = randomSource(3);
    const sender = new Wire(kernel.connection.key);
    // Before the flood, of which only a part is logged.
    await kernel.sendFrames("shell", new Wire("another key").encode(message(random, -1)));
    await kernel.logged(/dropped a message on shell: the signature is wrong/);
    await kernel.sendFrames("control", [delimiter, Buffer.from("one")]);
    await kernel.logged(/dropped a message on control: 1 frames follow <IDS\|MSG>/);
    for (let id = 0; id < 9000; id++) {
      const spoil = spoilers[random(spoilers.length)]!;
      const frames = spoil(sender.encode(message(random, id)), random);
      // ZeroMQ itself sends nothing for no frames.
      if (frames.length > 0)
        await kernel.sendFrames((["shell", "control", "stdin"] as const)[id % 3]!, frames);
    }
    for (const channel of ["shell", "control"] as const) {
      expect((await kernel.request("kernel_info_request", {}, channel)).content.status).toBe("ok");
    }
    const { outputs } = await kernel.execute("typeof globalThis.intruder");
    expect(outputs[0]?.content.data).toEqual({ "text/plain": "'undefined'" });
    expect(stranger()).toBeUndefined();
    // A flood must not fill the disk: log.test.ts has how much of it is left out.
    expect(kernel.log.split("\n").length).toBeLessThan(4500);
  });

  test("survives bytes that are not even ZeroMQ, and peers that hang up in the middle", async () => {
    const random = randomSource(4);
    for (let round = 0; round < 100; round++) {
      const socket = connect(kernel.connection.ports[socketNames[round % 5]!], "127.0.0.1");
      const closed = new Promise((resolve) => socket.once("close", resolve));
      socket.on("error", () => {});
      const greeting = round % 2 === 0 ? [0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0] : [];
      socket.end(Buffer.from([...greeting, ...Array.from({ length: random(300) }, () => random(256))]));
      socket.resume();
      if (round % 3 === 0) socket.destroy();
      await closed;
    }
    expect((await kernel.execute("1 + 1")).outputs[0]?.content.data).toEqual({ "text/plain": "2" });
    expect(await kernel.heartbeat()).toBeGreaterThan(0);
  });

  test("takes a huge message and a long cell, and drops a header that is too long", async () => {
    const comm = kernel.message("comm_msg", { comm_id: "none", data: {} }, "shell");
    const idle = kernel.awaitPublished(
      "idle of a comm_msg",
      ({ content, parent_header }) =>
        content.execution_state === "idle" && parent_header.msg_id === comm.header.msg_id,
    );
    kernel.send({
      ...comm,
      metadata: { text: "x".repeat(20_000_000) },
      buffers: [new ArrayBuffer(50_000_000)],
    });
    await idle;
    const { reply } = await kernel.execute(`// ${"x".repeat(500_000)}\n1`);
    expect(reply.status).toBe("ok");
    const one = kernel.message("kernel_info_request", {}, "shell");
    const header = { ...one.header, msg_id: "fuzz-long", more: "x".repeat(5000) };
    await kernel.sendFrames("shell", new Wire(kernel.connection.key).encode({ ...one, header }));
    expect((await kernel.request("kernel_info_request")).content.status).toBe("ok");
    expect(stranger()).toBeUndefined();
  });
});
