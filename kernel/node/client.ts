import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { curveKeyPair, Dealer, Request, Router, Subscriber } from "zeromq";
import { type Channel, type JsonObject, type Message, protocolVersion } from "../core/message.ts";
import { type Connection, connectionText, endpoint, type SocketName, socketNames } from "./connection.ts";
import { delimiter, Wire } from "./wire.ts";

/** How long to wait for an answer before saying that there is none, in milliseconds: on a busy machine, too. */
const defaultPatienceMs = 100_000;

/** How a kernel is to be started. */
export interface StartOptions {
  /** The program and its arguments; `{connection_file}` stands for the path of the connection file. */
  argv: readonly string[];
  /** Added to this process's environment. */
  env?: Readonly<Record<string, string>>;
  /** Where cells run; this process's working directory by default. */
  cwd?: string;
  /** `tcp` on free ports of 127.0.0.1 by default; `ipc` for sockets in a temporary folder. */
  transport?: "tcp" | "ipc";
  /** True: the kernel picks its ports and tells them (the handshake of protocol 5.6). */
  handshake?: boolean;
  /** False for a kernel that does not welcome those who listen, as most do not. */
  welcomes?: boolean;
  /** True: the sockets are encrypted with CurveZMQ. */
  encrypt?: boolean;
  /** How long to wait for any one answer before saying that there is none, in milliseconds; 100 seconds by default. */
  patienceMs?: number;
  /** False: do not listen to iopub, and do not wait for the kernel, until `listen()` is called. */
  listen?: boolean;
}

/** What a cell did. */
export interface Execution {
  /** Content of the execute_reply. */
  reply: JsonObject;
  /** Everything published between busy and idle, those two and execute_input left out. */
  outputs: Message[];
}

/**
 * A kernel process and a client connected to it over ZeroMQ: what jupyter_client does for Jupyter, as far as the
 * `hmap doctor` command and the tests need it.
 */
export class KernelClient {
  readonly process: ChildProcess;
  connection: Connection;
  /** The file that the kernel was started with. */
  get file(): string {
    return join(this.#folder, "connection.json");
  }

  /** Every message seen on iopub, in order. */
  readonly published: Message[] = [];
  /** What the process itself wrote to standard error. */
  log = "";
  /** Answers input requests; without it a cell that asks waits. */
  onInput: ((prompt: string) => string | Promise<string>) | undefined;
  /** Called with every message of the kernel, before anything else is done with it. */
  onMessage: ((message: Message) => void) | undefined;

  #welcomes = true;
  #patienceMs = defaultPatienceMs;
  readonly #logWatchers = new Set<() => void>();
  readonly #session = randomUUID();
  readonly #wire: Wire;
  readonly #folder: string;
  readonly #shell: Dealer;
  readonly #control: Dealer;
  readonly #stdin: Dealer;
  readonly #iopub: Subscriber;
  readonly #replies = new Map<string, (message: Message) => void>();
  readonly #sent = { shell: Promise.resolve(), control: Promise.resolve(), stdin: Promise.resolve() };
  readonly #watchers = new Set<(message: Message) => void>();
  readonly #exited: Promise<number | null>;

  private constructor(process: ChildProcess, connection: Connection, folder: string) {
    this.process = process;
    this.connection = connection;
    this.#folder = folder;
    this.#wire = new Wire(connection.key, connection.hash);
    // The kernel finds the way for an input_request by the identity of the shell request.
    const curve = clientCurve(connection);
    // No high-water mark: a send that waits at it may wait for ever. After every so many sends the binding looks whether
    // there is something to read, and with that look takes the news that there is room again from the send that waits.
    const options = {
      linger: 0,
      reconnectInterval: 2,
      routingId: this.#session,
      sendHighWaterMark: 0,
      ...curve,
    };
    this.#iopub = new Subscriber({ linger: 0, reconnectInterval: 2, receiveHighWaterMark: 0, ...curve });
    this.#shell = new Dealer(options);
    this.#control = new Dealer(options);
    this.#stdin = new Dealer(options);
    process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.log += text;
      for (const look of [...this.#logWatchers]) look();
    });
    this.#exited = new Promise((resolve) => process.once("close", (code) => resolve(code)));
  }

  /**
   * Starts a kernel and waits until it publishes to this client.
   *
   * @throws Error when the process cannot be started, ends, or does not answer in time.
   */
  static async start(options: StartOptions): Promise<KernelClient> {
    const folder = mkdtempSync(join(tmpdir(), "hmap-client-"));
    const transport = options.transport ?? "tcp";
    const ports = transport === "tcp" ? await freePorts() : [1, 2, 3, 4, 5];
    const connection: Connection = {
      transport,
      ip: transport === "tcp" ? "127.0.0.1" : join(folder, "k"),
      ports: Object.fromEntries(socketNames.map((name, i) => [name, ports[i]])) as Record<SocketName, number>,
      key: randomBytes(16).toString("hex"),
      hash: "sha256",
      ...(options.encrypt && { curve: curveKeyPair() }),
    };
    const file = join(folder, "connection.json");
    const launcher = options.handshake ? await Launcher.open(connection) : undefined;
    writeFileSync(file, launcher?.fileText() ?? connectionText(connection), { mode: 0o600 });
    const [program, ...parameters] = options.argv.map((part) => part.replace("{connection_file}", file));
    const child = spawn(program!, parameters, {
      cwd: options.cwd,
      env: {
        ...process.env,
        JPY_PARENT_PID: String(process.pid),
        // What is tried here is not what the person typed.
        HMAP_HISTORY: "",
        ...options.env,
      },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const client = new KernelClient(child, connection, folder);
    client.#welcomes = options.welcomes !== false;
    client.#patienceMs = options.patienceMs ?? defaultPatienceMs;
    try {
      await new Promise<void>((resolve, reject) => child.once("spawn", resolve).once("error", reject));
      if (launcher !== undefined) {
        client.connection = await client.#patiently(launcher.registered(), "its registration");
      }
      client.#connect();
      if (options.listen !== false) {
        await client.listen();
      }
    } catch (error) {
      await client.kill();
      throw error;
    }
    return client;
  }

  /**
   * Sends a request and resolves to its reply.
   *
   * @throws Error when no reply comes in time or the process ends first.
   */
  async request(
    type: string,
    content: JsonObject = {},
    channel: "shell" | "control" = "shell",
  ): Promise<Message> {
    const message = this.message(type, content, channel);
    const reply = new Promise<Message>((resolve) => this.#replies.set(message.header.msg_id, resolve));
    await this.sendFrames(channel, this.#wire.encode(message));
    return this.#patiently(reply, `a reply to ${type}`);
  }

  /** Runs a cell and resolves when its reply and its idle have come. */
  async execute(code: string, options: JsonObject = {}): Promise<Execution> {
    const { idle, reply } = this.begin(code, options);
    const [message, outputs] = await Promise.all([reply, idle]);
    return { reply: message.content, outputs };
  }

  /** Begins to run a cell: promises of its reply, of its idle (with its outputs), and of any one output. */
  begin(code: string, options: JsonObject = {}) {
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: this.onInput !== undefined,
      stop_on_error: true,
      ...options,
    };
    const message = this.message("execute_request", content, "shell");
    const id = message.header.msg_id;
    const outputs: Message[] = [];
    const mine = (published: Message) => published.parent_header.msg_id === id;
    const idle = this.awaitPublished(`idle of a cell`, (published) => {
      if (!mine(published)) {
        return false;
      }
      const { msg_type } = published.header;
      if (msg_type !== "status" && msg_type !== "execute_input") {
        outputs.push(published);
      }
      return published.content.execution_state === "idle";
    }).then(() => outputs);
    idle.catch(() => {});
    const output = (type: string) =>
      this.awaitPublished(
        `${type} of a cell`,
        (published) => mine(published) && published.header.msg_type === type,
      );
    const reply = this.#patiently(
      new Promise<Message>((resolve) => this.#replies.set(id, resolve)),
      "an execute_reply",
    );
    void this.sendFrames("shell", this.#wire.encode(message));
    return { reply, idle, output };
  }

  /** Resolves to the first message on iopub, from now on, for which `accept` is true. */
  awaitPublished(what: string, accept: (message: Message) => boolean): Promise<Message> {
    const seen = new Promise<Message>((resolve) => {
      const watcher = (message: Message) => {
        if (accept(message)) {
          this.#watchers.delete(watcher);
          resolve(message);
        }
      };
      this.#watchers.add(watcher);
    });
    return this.#patiently(seen, what);
  }

  /** Resolves when what the process wrote to standard error has this in it: that comes on a way of its own. */
  logged(pattern: RegExp): Promise<void> {
    const seen = new Promise<void>((resolve) => {
      const look = () => {
        if (!pattern.test(this.log)) return;
        this.#logWatchers.delete(look);
        resolve();
      };
      this.#logWatchers.add(look);
      look();
    });
    return this.#patiently(seen, `${pattern} in its log`);
  }

  /** Listens to iopub; resolves when the kernel has said that it knows. */
  async listen(): Promise<void> {
    this.#iopub.connect(endpoint(this.connection, "iopub"));
    void this.#read(this.#iopub, "iopub", (message) => {
      this.published.push(message);
      for (const watcher of [...this.#watchers]) {
        watcher(message);
      }
    });
    const first = this.awaitPublished("a message to those who listen", () => true);
    this.#iopub.subscribe();
    let listening = false;
    // Its failure is this method's, below; or that of a request, when the kernel ends.
    first.then(
      () => {
        listening = true;
      },
      () => {},
    );
    // Without a welcome, requests have to be made until one is heard of.
    while (!this.#welcomes && !listening) await this.request("kernel_info_request");
    await first;
  }

  /** Asks the kernel to stop the running cell; resolves when it says that it has. */
  async interrupt(): Promise<void> {
    await this.request("interrupt_request", {}, "control");
  }

  /** Sends bytes to the heartbeat socket; resolves to the time until they came back, in milliseconds. */
  async heartbeat(): Promise<number> {
    const socket = new Request({ linger: 0, ...clientCurve(this.connection) });
    try {
      socket.connect(endpoint(this.connection, "hb"));
      const start = performance.now();
      await socket.send("ping");
      await this.#patiently(socket.receive(), "the heartbeat");
      return performance.now() - start;
    } finally {
      socket.close();
    }
  }

  /** Asks the kernel to end; resolves to its exit code when the process is gone. */
  async shutdown(): Promise<number | null> {
    await this.request("shutdown_request", { restart: false }, "control");
    const code = await this.exited();
    this.#close();
    return code;
  }

  /** Resolves to the exit code (null after a signal) when the process is gone. */
  exited(): Promise<number | null> {
    return within(this.#exited, this.#patienceMs, () => new Error("The kernel's process did not end."));
  }

  /** Ends the process at once, if it still runs, and cleans up. Always call this at the end. */
  async kill(): Promise<void> {
    if (this.process.pid !== undefined) {
      this.process.kill("SIGKILL");
      await this.#exited;
    }
    this.#close();
  }

  /** A message of this client's session. */
  message(msg_type: string, content: JsonObject, channel: Channel): Message {
    const header = {
      msg_id: randomUUID(),
      session: this.#session,
      username: "hmap",
      date: new Date().toISOString(),
      msg_type,
      version: protocolVersion,
    };
    return { channel, header, parent_header: {}, metadata: {}, content, buffers: [] };
  }

  /** Signs and sends a message. */
  send(message: Message): void {
    this.sendFrames(message.channel as "shell", this.#wire.encode(message)).catch(() => {});
  }

  /** Sends frames as they are. */
  async sendFrames(channel: "shell" | "control" | "stdin", frames: Uint8Array[]): Promise<void> {
    const socket = { shell: this.#shell, control: this.#control, stdin: this.#stdin }[channel];
    // A socket refuses a send while another is under way.
    this.#sent[channel] = this.#sent[channel].then(() => socket.send(frames));
    await this.#sent[channel];
  }

  #connect(): void {
    this.#shell.connect(endpoint(this.connection, "shell"));
    this.#control.connect(endpoint(this.connection, "control"));
    this.#stdin.connect(endpoint(this.connection, "stdin"));
    for (const [name, socket] of Object.entries({ shell: this.#shell, control: this.#control })) {
      void this.#read(socket, name as Channel, (message) => {
        const id = message.parent_header.msg_id ?? "";
        this.#replies.get(id)?.(message);
        this.#replies.delete(id);
      });
    }
    void this.#read(this.#stdin, "stdin", (message) => {
      if (this.onInput !== undefined) {
        void Promise.resolve(this.onInput(String(message.content.prompt))).then((value) =>
          this.sendFrames("stdin", this.#wire.encode(this.message("input_reply", { value }, "stdin"))),
        );
      }
    });
  }

  async #read(
    socket: Dealer | Subscriber,
    channel: Channel,
    take: (message: Message) => void,
  ): Promise<void> {
    for await (const frames of socket) {
      const message = this.#wire.decode(frames, channel);
      this.onMessage?.(message);
      take(message);
    }
  }

  /** Fails when `promise` takes too long or the process ends, with what the process said of it. */
  #patiently<T>(promise: Promise<T>, what: string): Promise<T> {
    const said = () => (this.log === "" ? "" : ` It said: ${this.log.trim()}`);
    const ended = this.#exited.then((code): never => {
      throw new Error(`The kernel ended (exit code ${code}) before ${what} came.${said()}`);
    });
    const answer = within(
      Promise.race([promise, ended]),
      this.#patienceMs,
      () => new Error(`The kernel did not send ${what} within ${this.#patienceMs / 1000} seconds.${said()}`),
    );
    // Whoever asked may have lost interest; that the kernel ended is then no news.
    answer.catch(() => {});
    return answer;
  }

  #close(): void {
    for (const socket of [this.#shell, this.#control, this.#stdin, this.#iopub]) {
      socket.close();
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Waits for the ports of a kernel that picks them itself. */
class Launcher {
  readonly #socket = new Router({ linger: 0 });
  readonly #connection: Connection;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  static async open(connection: Connection): Promise<Launcher> {
    const launcher = new Launcher(connection);
    const { transport, ip } = connection;
    await launcher.#socket.bind(transport === "tcp" ? `tcp://${ip}:*` : `ipc://${ip}-1`);
    return launcher;
  }

  /** The file that the kernel is started with. */
  fileText(): string {
    const { transport, ip, key, hash } = this.#connection;
    return JSON.stringify({
      kernel_id: "one",
      transport,
      ip,
      registration_ip: ip,
      registration_port: Number(/\d+$/.exec(this.#socket.lastEndpoint ?? "")?.[0]),
      key,
      signature_scheme: `hmac-${hash}`,
    });
  }

  /** The connection with the ports that the kernel names, once that has been acknowledged. */
  async registered(): Promise<Connection> {
    const wire = new Wire(this.#connection.key, this.#connection.hash);
    const [identity, , signature, content] = await this.#socket.receive();
    wire.checkFrame(signature, content);
    const fields = JSON.parse(content!.toString()) as Record<string, number>;
    const ports = Object.fromEntries(socketNames.map((name) => [name, fields[`${name}_port`]]));
    await this.#socket.send([identity!, delimiter, ...wire.signFrame(Buffer.from('"ACK"'))]);
    this.#socket.close();
    return { ...this.#connection, ports: ports as Connection["ports"] };
  }
}

/** A pair of keys of its own for each socket, and the kernel's public one. */
function clientCurve({ curve }: Connection) {
  if (curve === undefined) return {};
  const { publicKey, secretKey } = curveKeyPair();
  return { curvePublicKey: publicKey, curveSecretKey: secretKey, curveServerKey: curve.publicKey };
}

/** Ports to try: systems give others to those who do not mind which, and so before a kernel has bound them. */
const lowestPort = 10_000;
const highestPort = 32_000;

/** One free TCP port for each socket. They are all taken before the first is given back, so they differ. */
async function freePorts(): Promise<number[]> {
  const servers = await Promise.all(socketNames.map(listenSomewhere));
  return Promise.all(
    servers.map(async (server) => {
      const { port } = server.address() as { port: number };
      await new Promise((resolve) => server.close(resolve));
      return port;
    }),
  );
}

async function listenSomewhere(): Promise<Server> {
  for (;;) {
    const server = createServer();
    const listens = await new Promise<boolean>((resolve, reject) => {
      server.once("listening", () => resolve(true));
      server.once("error", (error: NodeJS.ErrnoException) => {
        if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(false);
        else reject(error);
      });
      server.listen(randomInt(lowestPort, highestPort), "127.0.0.1");
    });
    if (listens) return server;
  }
}

async function within<T>(promise: Promise<T>, ms: number, fault: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(fault()), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
