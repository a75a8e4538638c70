/**
 * The protocol thread: sockets and router. It answers kernel_info, control requests and the heartbeat while user
 * code keeps the main thread busy, and stops that code on an interrupt.
 */
import { randomUUID } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../core/clock.ts";
import { RemoteExecutor } from "../core/executor.ts";
import { Kernel } from "../core/kernel.ts";
import { type Message, protocolVersion } from "../core/message.ts";
import { implementation } from "../implementation.ts";
import type { CellError } from "../language/language.ts";
import { typescriptInfo } from "../language/typescript/info.ts";
import { nodeAssistant } from "./assistant.ts";
import { type Connection, readConnectionFile } from "./connection.ts";
import { FirstRequests } from "./firstrequests.ts";
import { HistoryFile, historyPath } from "./historyfile.ts";
import type { ProtocolData, ToMain, ToProtocolThread } from "./host.ts";
import { HeldPort, stopMainThread, whileStoppable } from "./interrupts.ts";
import { Log } from "./log.ts";
import { MemoryWatch } from "./memory.ts";
import { NodePort } from "./nodeport.ts";
import { Outbox } from "./outbox.ts";
import { watchParent } from "./parent.ts";
import { KernelSockets } from "./sockets.ts";
import { Usage } from "./usage.ts";
import { Wire, WireError } from "./wire.ts";

/** How long the main thread may take to answer a ping before it counts as kept by user code, in milliseconds. */
const pingPatienceMs = 50;

/**
 * How long the main thread may take to end the process before this thread does it, in milliseconds: less than Jupyter,
 * which waits five seconds.
 */
const exitPatienceMs = 4000;

const { file, port: rawPort, parent, closed, works, heapLimit } = workerData as ProtocolData;
const main = parentPort!;
const port = new HeldPort(new NodePort(rawPort));
const session = randomUUID();
const logger = new Log();
const log = (line: string) => logger.line(line);

/** Stops user code wherever it is: in a cell, or in a timer that a finished cell left behind. */
class InterruptingExecutor extends RemoteExecutor {
  #running = 0;
  readonly #memory = new MemoryWatch(heapLimit, (reason) => this.interrupt(reason));

  override execute(...call: Parameters<RemoteExecutor["execute"]>): ReturnType<RemoteExecutor["execute"]> {
    return this.#watch(super.execute(...call));
  }

  override comm(...call: Parameters<RemoteExecutor["comm"]>): ReturnType<RemoteExecutor["comm"]> {
    return this.#watch(super.comm(...call));
  }

  override async interrupt(reason?: CellError): Promise<void> {
    // The loading of the language must come to its end, and below that of parts of it.
    await this.ready;
    if (this.#running > 0 || !(await mainThreadAnswers())) {
      // What was stopped may have left a microtask behind that loops in its turn: V8 runs it as soon as it has stopped.
      // The message before it may come first, and be answered; the one after the answer does not.
      do await whileStoppable(works, () => port.during(stopMainThread));
      while (!((await mainThreadAnswers()) && (await mainThreadAnswers())));
    }
    await super.interrupt(reason);
  }

  async #watch<T>(outcome: Promise<T>): Promise<T> {
    this.#running++;
    this.#memory.start();
    try {
      return await outcome;
    } finally {
      if (--this.#running === 0) this.#memory.end();
    }
  }
}

let sockets: KernelSockets | undefined;
/** Set before the sockets are bound, so before the first message. */
let wire: Wire;
let removeConnectionFile = () => {};
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
  removeConnectionFile();
  assistant?.dispose?.();
  await history?.settled();
  outbox.flush();
  await sockets?.flush();
  await sockets?.close();
  Atomics.store(closed, 0, 1);
  Atomics.notify(closed, 0);
}

const outbox = new Outbox((message) => {
  const { channel, header } = message;
  try {
    if (channel === "iopub") sockets?.send(channel, wire.encode(message, header.msg_type));
    else sockets?.send(channel, wire.encode(message));
  } catch (error) {
    log(`a ${header.msg_type} could not be written: ${String(error)}`);
  }
});

const requests = new FirstRequests((message) => kernel.handle(message), systemClock);

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
  if (serving && !(await mainThreadAnswers())) {
    await stopMainThread();
  }
  main.postMessage({ type: "exit", code } satisfies ToMain);
}

const historyFile = historyPath();
const history = historyFile === undefined ? undefined : new HistoryFile(historyFile, log);
const usage = new Usage();
const executor = new InterruptingExecutor(port);
/** Whether the main thread may be stopped: not while it loads the language. */
let serving = false;
void executor.ready.then(() => {
  serving = true;
});
const assistant = nodeAssistant({
  folder: process.cwd(),
  isDefined: async (name) => (await executor.inspect(name, name.length, 0)).found,
  log,
});
const kernel = new Kernel({
  executor,
  language: typescriptInfo,
  implementation,
  session,
  newId: randomUUID,
  send: (message) => outbox.add(message),
  log,
  shutdown: () => void exit(0),
  hostAnswers: {
    usage_request: () => usage.answer(),
    connect_request: () => portsOf(sockets!.connection),
  },
  ...(history && { history }),
  ...(assistant && { assistant }),
});

/** Content of a connect_reply. */
function portsOf({ ports }: Connection): Record<string, number> {
  return Object.fromEntries(Object.entries(ports).map(([name, number]) => [`${name}_port`, number]));
}

// A fault of the kernel itself, or of a library in this thread, costs one answer, and not the session.
process.on("uncaughtException", (error) => log(`a fault in the kernel: ${error.stack ?? error}`));

void start();

async function start(): Promise<void> {
  try {
    const connection = readConnectionFile(file, log);
    wire = new Wire(connection.key, connection.hash);
    sockets = await KernelSockets.bind(connection, {
      request: (channel, frames) => {
        try {
          requests.take(wire.decode(frames, channel));
        } catch (error) {
          const reason = error instanceof WireError ? error.message : String(error);
          log(`dropped a message on ${channel}: ${reason}`);
        }
      },
      subscribed: (topic) => {
        // What they lead to is queued, so it goes out behind the welcome.
        requests.release();
        return welcome(topic);
      },
      failed: log,
    });
    if (connection.registration !== undefined) {
      const { register, writeConnectionFile } = await import("./registration.ts");
      await register(sockets.connection, wire);
      removeConnectionFile = writeConnectionFile(sockets.connection, file);
    }
  } catch (error) {
    log(error instanceof Error ? error.message : String(error));
    await exit(1);
    return;
  }
  main.postMessage({ type: "bound" } satisfies ToMain);
  kernel.start();
  if (parent !== undefined) {
    watchParent(parent, () => {
      log("the process that started this kernel has ended, so the kernel ends too");
      void exit(0);
    });
  }
}
