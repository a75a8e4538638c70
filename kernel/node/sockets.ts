import {
  capability,
  type MessageLike,
  Reply,
  Router,
  type SocketOptions,
  type Writable,
  XPublisher,
} from "zeromq";
import { type Connection, endpoint, type SocketName } from "./connection.ts";

/** The sockets on which requests arrive. */
export type RequestSocket = "shell" | "control" | "stdin";

/** How long closing may wait for a slow peer to take what was sent, in milliseconds. */
const lingerMs = 1000;

/** Frames above this size end the connection that they come on, in bytes: nobody sends a cell or a widget this large. */
const maxMessageSize = 1024 ** 3;

/** What the kernel does with what arrives. */
export interface SocketEvents {
  /** Frames of a request, routing identities first. */
  request(socket: RequestSocket, frames: Uint8Array[]): void;
  /**
   * Somebody subscribed to iopub with this topic (usually the empty string: everything). Returns the frames of the
   * message that welcomes it; nothing else is published to it before.
   */
  subscribed(topic: string): Uint8Array[];
  /** Something failed that only a log can tell. */
  failed(fault: string): void;
}

/** An address that cannot be bound. Its message is one sentence for a person. */
class BindError extends Error {
  override name = "BindError";
}

/**
 * The five ZeroMQ sockets of a kernel: ROUTER for shell, control and stdin, XPUB for iopub, REP for the heartbeat.
 *
 * Sends are put in one queue per socket and awaited one after the other: ZeroMQ refuses a second send while one
 * is blocked, and what is refused is lost.
 */
export class KernelSockets {
  readonly #routers: Record<RequestSocket, Router>;
  readonly #iopub: ManualPublisher;
  readonly #heartbeat: Reply;
  readonly #events: SocketEvents;
  readonly #loops: Promise<void>[] = [];
  readonly #queues: Record<RequestSocket | "iopub", SendQueue>;

  #connection: Connection;

  private constructor(connection: Connection, events: SocketEvents) {
    this.#connection = connection;
    // No high-water mark: a ROUTER or XPUB at its mark drops messages without a word, and here a dropped
    // message is a cell that never ends. The router holds output together in few, large messages.
    const options = {
      linger: lingerMs,
      sendHighWaterMark: 0,
      receiveHighWaterMark: 0,
      maxMessageSize,
      ipv6: connection.ip.includes(":"),
      // Whoever knows the public key may speak; what it may do, the signature decides.
      ...(connection.curve && { curveServer: true, curveSecretKey: connection.curve.secretKey }),
    };
    const router = () => new Router({ ...options, handover: true });
    this.#events = events;
    this.#routers = { shell: router(), control: router(), stdin: router() };
    this.#iopub = new ManualPublisher(options);
    this.#heartbeat = new Reply({ ...options, linger: 0 });
    const queue = (socket: Writable<MessageLike[]>) => new SendQueue(socket, (fault) => events.failed(fault));
    this.#queues = {
      shell: queue(this.#routers.shell),
      control: queue(this.#routers.control),
      stdin: queue(this.#routers.stdin),
      iopub: queue(this.#iopub),
    };
  }

  /** The connection with the ports that were bound. */
  get connection(): Connection {
    return this.#connection;
  }

  /**
   * Binds all five sockets, to the address that the connection names and no other, and begins to read.
   *
   * @throws BindError when an address is taken or is not this machine's, and when encryption is asked for that this
   *   build of ZeroMQ does not have.
   */
  static async bind(connection: Connection, events: SocketEvents): Promise<KernelSockets> {
    if (connection.curve !== undefined && !capability.curve) {
      throw new BindError(
        "Cannot encrypt (this build of ZeroMQ has no CurveZMQ): start the kernel without transport encryption.",
      );
    }
    const sockets = new KernelSockets(connection, events);
    const all: Record<SocketName, Router | XPublisher | Reply> = {
      ...sockets.#routers,
      iopub: sockets.#iopub,
      hb: sockets.#heartbeat,
    };
    const names = Object.keys(all) as SocketName[];
    const bound = await Promise.allSettled(
      names.map(async (name) => {
        await all[name].bind(endpoint(connection, name));
      }),
    );
    for (const [index, result] of bound.entries()) {
      if (result.status === "rejected") {
        await sockets.close();
        const name = names[index]!;
        const reason = (result.reason as Error).message;
        throw new BindError(
          `Cannot bind the ${name} socket to ${endpoint(connection, name)} (${reason}): start the kernel again, so that Jupyter picks free ports.`,
        );
      }
    }
    if (connection.transport === "tcp") {
      const port = (name: SocketName) => Number(/\d+$/.exec(all[name].lastEndpoint ?? "")?.[0]);
      const ports = Object.fromEntries(names.map((name) => [name, port(name)])) as Record<SocketName, number>;
      sockets.#connection = { ...connection, ports };
    }
    sockets.#read();
    return sockets;
  }

  /** Queues frames to send. They leave in the order of the calls. */
  send(socket: RequestSocket | "iopub", frames: Uint8Array[]): void {
    this.#queues[socket].add(frames);
  }

  /** Resolves when everything queued so far was handed to ZeroMQ. */
  async flush(): Promise<void> {
    await Promise.all(Object.values(this.#queues).map((queue) => queue.drained()));
  }

  /**
   * Closes every socket; resolves when their reading has ended. ZeroMQ still delivers what it was handed, for at
   * most a second. A thread that ends while a read is pending takes the process with it: the binding's last
   * callback then finds no JavaScript to run and aborts.
   */
  async close(): Promise<void> {
    for (const queue of Object.values(this.#queues)) {
      queue.end();
    }
    for (const socket of [...Object.values(this.#routers), this.#iopub, this.#heartbeat]) {
      socket.close();
    }
    await Promise.all(this.#loops);
    // The handles that the binding polled with are closed in a phase of the event loop after this one.
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }

  #read(): void {
    for (const name of Object.keys(this.#routers) as RequestSocket[]) {
      const socket = this.#routers[name];
      this.#loop(name, async () => {
        for await (const frames of socket) {
          this.#events.request(name, frames);
        }
      });
    }
    this.#loop("iopub", async () => {
      for await (const [frame] of this.#iopub) {
        const topic = frame!.toString("utf8", 1);
        if (frame![0] !== 1) {
          this.#iopub.drop(topic);
          continue;
        }
        // One step in the queue of sends, so that nothing comes between; and finished before the next request is
        // read, because admit() means the one read last.
        await this.#queues.iopub.run(async () => {
          this.#iopub.admit(topic);
          await this.#iopub.send(this.#events.subscribed(topic));
        });
      }
    });
    this.#loop("hb", async () => {
      for await (const frames of this.#heartbeat) {
        await this.#heartbeat.send(frames);
      }
    });
  }

  #loop(name: SocketName, read: () => Promise<void>): void {
    this.#loops.push(
      read().catch((error: unknown) => this.#events.failed(`reading ${name} ended: ${String(error)}`)),
    );
  }
}

/**
 * An XPUB socket that takes a subscription only when told. Left to itself, libzmq subscribes a peer the moment the
 * request arrives, and whatever is published before this thread has read the request would precede the welcome.
 *
 * @see zmq_setsockopt(3), ZMQ_XPUB_MANUAL
 */
class ManualPublisher extends XPublisher {
  constructor(options: SocketOptions<XPublisher>) {
    super({ ...options, manual: true, verbosity: "allSubs" });
  }

  /** Subscribes the peer whose request was read last. */
  admit(topic: string): void {
    this.setStringOption(6 /* ZMQ_SUBSCRIBE */, topic);
  }

  /** Ends the subscription of the peer whose request was read last. */
  drop(topic: string): void {
    this.setStringOption(7 /* ZMQ_UNSUBSCRIBE */, topic);
  }
}

/** Sends one message at a time on one socket, in order. */
class SendQueue {
  readonly #socket: Writable<MessageLike[]>;
  readonly #failed: (fault: string) => void;
  #tail: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(socket: Writable<MessageLike[]>, failed: (fault: string) => void) {
    this.#socket = socket;
    this.#failed = failed;
  }

  /** Sends frames after everything that was queued before. */
  add(frames: Uint8Array[]): void {
    void this.run(() => this.#socket.send(frames));
  }

  /** Runs a step of work after everything that was queued before; what is queued later waits for it. */
  run(work: () => Promise<void>): Promise<void> {
    if (this.#ended) {
      return this.#tail;
    }
    this.#tail = this.#tail.then(work).catch((error: unknown) => {
      this.#failed(`a message could not be sent: ${String(error)}`);
    });
    return this.#tail;
  }

  /** What comes from now on is dropped: the socket is about to close. */
  end(): void {
    this.#ended = true;
  }

  drained(): Promise<void> {
    return this.#tail;
  }
}
