/**
 * The protocol thread: sockets and router. It answers kernel_info, control requests and the heartbeat while user
 * code keeps the main thread busy, and stops that code on an interrupt.
 */
import { randomUUID } from "node:crypto";
import { writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import type { Port } from "../core/execution.ts";
import { RemoteExecutor } from "../core/executor.ts";
import { Kernel } from "../core/kernel.ts";
import { type Message, protocolVersion } from "../core/message.ts";
import { implementation } from "../implementation.ts";
import { typescriptInfo } from "../language/typescript/info.ts";
import type { ProtocolData, ToMain, ToProtocolThread } from "./host.ts";
import { HeldPort, stopMainThread } from "./interrupts.ts";
import { watchParent } from "./parent.ts";
import { BindError, KernelSockets } from "./sockets.ts";
import { Wire, WireError } from "./wire.ts";

/** How long the main thread may take to answer a ping before it counts as kept by user code, in milliseconds. */
const pingPatienceMs = 50;

/** How long the main thread may take to end the process before this thread does it, in milliseconds. */
const exitPatienceMs = 2000;

/**
 * How long the first requests wait for somebody to listen to iopub, in milliseconds. ZeroMQ connects a client's
 * sockets one by one, and its next attempt may be 100 to 200 ms later: its shell may be there well before its iopub,
 * and it would wait for ever for the output, and the idle, of a cell that ran in between.
 */
const listenerPatienceMs = 1000;

const { connection, port: rawPort, parent, closed } = workerData as ProtocolData;
const main = parentPort!;
const port = new HeldPort(rawPort as unknown as Port);
const wire = new Wire(connection.key, connection.hash);
const session = randomUUID();

/** The console of this thread would go through the main thread, which may be spinning. */
function log(line: string): void {
  writeSync(2, `hmap kernel: ${line}\n`);
}

/** Stops user code wherever it is: in a cell, or in a timer that a finished cell left behind. */
class InterruptingExecutor extends RemoteExecutor {
  #running = 0;

  override async execute(
    ...call: Parameters<RemoteExecutor["execute"]>
  ): ReturnType<RemoteExecutor["execute"]> {
    this.#running++;
    try {
      return await super.execute(...call);
    } finally {
      this.#running--;
    }
  }

  override async interrupt(): Promise<void> {
    if (this.#running > 0 || !(await mainThreadAnswers())) {
      await port.during(stopMainThread);
    }
    await super.interrupt();
  }
}

let sockets: KernelSockets | undefined;
let pong: (() => void) | undefined;

/** Whether the main thread comes to its messages, or user code keeps it from them. */
function mainThreadAnswers(): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), pingPatienceMs);
    pong = () => {
      clearTimeout(timer);
      resolve(true);
    };
    main.postMessage({ type: "ping" } satisfies ToMain);
  });
}

main.on("message", (message: ToProtocolThread) => {
  if (message.type === "pong") {
    pong?.();
  } else {
    void close();
  }
});

/** Sends what is queued and closes the sockets. A process that exits with open ones aborts. */
async function close(): Promise<void> {
  await sockets?.flush();
  await sockets?.close();
  Atomics.store(closed, 0, 1);
  Atomics.notify(closed, 0);
}

function send(message: Message): void {
  if (message.channel === "iopub") {
    sockets?.send("iopub", wire.encode(message, message.header.msg_type));
  } else {
    sockets?.send(message.channel, wire.encode(message));
  }
}

/** Shell requests that came before the first subscriber; undefined when nobody waits any more. */
let early: Message[] | undefined = [];
let earlyTimer: NodeJS.Timeout | undefined;

function handle(message: Message): void {
  if (
    early === undefined ||
    message.channel !== "shell" ||
    message.header.msg_type === "kernel_info_request"
  ) {
    kernel.handle(message);
    return;
  }
  early.push(message);
  earlyTimer ??= setTimeout(handleEarly, listenerPatienceMs);
}

function handleEarly(): void {
  const messages = early ?? [];
  early = undefined;
  clearTimeout(earlyTimer);
  for (const message of messages) {
    kernel.handle(message);
  }
}

/** Tells a new subscriber that it is subscribed; the topic of the message is the subscription. */
function welcome(subscription: string): Uint8Array[] {
  const header = {
    msg_id: randomUUID(),
    session,
    username: "kernel",
    date: new Date().toISOString(),
    msg_type: "iopub_welcome",
    version: protocolVersion,
  };
  const content = { subscription };
  const message: Message = { channel: "iopub", header, parent_header: {}, metadata: {}, content };
  return wire.encode(message, subscription);
}

/** Ends the process, whatever the main thread is doing. */
async function exit(code: number): Promise<void> {
  setTimeout(() => process.kill(process.pid, "SIGKILL"), exitPatienceMs);
  if (!(await mainThreadAnswers())) {
    await stopMainThread();
  }
  main.postMessage({ type: "exit", code } satisfies ToMain);
}

const kernel = new Kernel({
  executor: new InterruptingExecutor(port),
  language: typescriptInfo,
  implementation,
  session,
  newId: randomUUID,
  send,
  log,
  shutdown: () => void exit(0),
});

try {
  sockets = await KernelSockets.bind(connection, {
    request: (channel, frames) => {
      try {
        handle(wire.decode(frames, channel));
      } catch (error) {
        if (!(error instanceof WireError)) {
          throw error;
        }
        log(`dropped a message on ${channel}: ${error.message}`);
      }
    },
    subscribed: (topic) => {
      // What they lead to is queued, so it goes out behind the welcome.
      handleEarly();
      return welcome(topic);
    },
    failed: log,
  });
  kernel.start();
  if (parent !== undefined) {
    watchParent(parent, () => {
      log("the process that started this kernel has ended, so the kernel ends too");
      void exit(0);
    });
  }
} catch (error) {
  if (!(error instanceof BindError)) {
    throw error;
  }
  log(error.message);
  await exit(1);
}
