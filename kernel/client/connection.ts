import { type Kernel, KernelManager, type KernelSpec, ServerConnection } from "@jupyterlab/services";
import { type Header, type Message, protocolVersion } from "../core/message.ts";
import { kernelName } from "../implementation.ts";
import type { HostedKernel } from "./host.ts";
import { LoopbackSocket, passMessages } from "./loopback.ts";

/**
 * Starts one kernel, whose messages go to `send`. Called for every start and restart; see {@link hostKernel} for the
 * usual way to make one.
 */
export type StartKernel = (send: (message: Message) => void) => HostedKernel | Promise<HostedKernel>;

/** A kernel's place in the server: it stays through restarts, with the sockets of its clients. */
interface Slot {
  id: string;
  kernel: HostedKernel;
  sockets: Set<LoopbackSocket>;
  /** Replies to requests the server itself made, by message id. */
  waiting: Map<string, () => void>;
}

/**
 * A Jupyter server without a network: the REST API for kernels and their WebSockets as objects in this process, for the
 * client code of @jupyterlab/services. The page, `hmap run` and the tests drive a kernel through it exactly as they
 * would drive one on a real server.
 */
export class LocalServer {
  readonly #start: StartKernel;
  readonly #slots = new Map<string, Slot>();

  constructor(start: StartKernel) {
    this.#start = start;
  }

  /**
   * A manager connected to this server: `await manager.startNew({ name: "hmap" })` gives a kernel connection.
   * Dispose of it when done.
   */
  connect(): KernelManager {
    const slots = this.#slots;
    class Socket extends LoopbackSocket {
      constructor(url: string | URL) {
        const id = decodeURIComponent(/\/api\/kernels\/([^/?]+)\/channels/.exec(String(url))?.[1] ?? "");
        const slot = slots.get(id);
        super(String(url), (message) => slot?.kernel.handle(message));
        slot?.sockets.add(this);
        this.addEventListener("close", () => slot?.sockets.delete(this));
        this.accept(slot !== undefined);
      }
    }
    const serverSettings = ServerConnection.makeSettings({
      // A name that is nowhere (RFC 2606): whatever asks for more than kernels fails at once.
      baseUrl: "http://hmap.invalid/",
      wsUrl: "ws://hmap.invalid/",
      token: "",
      WebSocket: Socket as unknown as typeof WebSocket,
      fetch: () => Promise.reject(new TypeError("the kernel in this process has no server to ask")),
      serializer: passMessages,
    });
    return new KernelManager({
      serverSettings,
      kernelAPIClient: this.#kernels(serverSettings),
      kernelSpecAPIClient: { serverSettings, get: async () => kernelSpecs },
    });
  }

  /** Ends all kernels. */
  dispose(): void {
    for (const id of [...this.#slots.keys()]) this.#end(id);
  }

  #kernels(serverSettings: ServerConnection.ISettings): Kernel.IKernelAPIClient {
    const model = (slot: Slot): Kernel.IModel => ({
      id: slot.id,
      name: kernelName.name,
      connections: slot.sockets.size,
    });
    return {
      serverSettings,
      listRunning: async () => [...this.#slots.values()].map(model),
      getModel: async (id) => {
        const slot = this.#slots.get(id);
        return slot && model(slot);
      },
      startNew: async (options) => {
        const name = options?.name ?? kernelName.name;
        if (name !== kernelName.name)
          throw new Error(`There is no kernel "${name}" here: ask for "${kernelName.name}".`);
        const slot: Slot = {
          id: crypto.randomUUID(),
          kernel: absent,
          sockets: new Set(),
          waiting: new Map(),
        };
        slot.kernel = await this.#start((message) => deliver(slot, message));
        this.#slots.set(slot.id, slot);
        return model(slot);
      },
      restart: async (id) => {
        const slot = this.#slot(id);
        slot.kernel.dispose();
        slot.kernel = absent;
        slot.kernel = await this.#start((message) => deliver(slot, message));
      },
      interrupt: async (id) => {
        const slot = this.#slot(id);
        await new Promise<void>((resolve) => {
          const request = interruptRequest();
          slot.waiting.set(request.header.msg_id, resolve);
          slot.kernel.handle(request);
        });
      },
      shutdown: async (id) => this.#end(id),
    };
  }

  #slot(id: string): Slot {
    const slot = this.#slots.get(id);
    if (slot === undefined) throw new Error("This kernel was shut down: start another.");
    return slot;
  }

  #end(id: string): void {
    const slot = this.#slots.get(id);
    if (slot === undefined) return;
    this.#slots.delete(id);
    slot.kernel.dispose();
    // Its sockets stay open, as closing them would make their clients reconnect; nothing answers on them any more.
    slot.kernel = absent;
    for (const resolve of slot.waiting.values()) resolve();
  }
}

/** In the place of a kernel that is gone, or while another is being started. */
const absent: HostedKernel = { handle: () => {}, dispose: () => {} };

const kernelSpecs: KernelSpec.ISpecModels = {
  default: kernelName.name,
  kernelspecs: { [kernelName.name]: { ...kernelName, argv: [], env: {}, metadata: {}, resources: {} } },
};

/** What goes to all goes to all; a reply goes to the socket that asked, which is its route. */
function deliver(slot: Slot, message: Message): void {
  if (message.channel === "iopub") {
    for (const socket of slot.sockets) socket.deliver(message);
    return;
  }
  if (message.route instanceof LoopbackSocket) {
    message.route.deliver(message);
    return;
  }
  const { msg_id } = message.parent_header;
  if (msg_id === undefined) return;
  slot.waiting.get(msg_id)?.();
  slot.waiting.delete(msg_id);
}

function interruptRequest(): Message {
  const header: Header = {
    msg_id: crypto.randomUUID(),
    session: "server",
    username: "server",
    date: new Date().toISOString(),
    msg_type: "interrupt_request",
    version: protocolVersion,
  };
  return { channel: "control", header, parent_header: {}, metadata: {}, content: {} };
}
