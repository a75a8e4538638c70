import { type Kernel, KernelManager, KernelSpecAPI, ServerConnection } from "@jupyterlab/services";
import { LocalServer } from "../client/connection.ts";
import { kernelName } from "../implementation.ts";
import { threadKernels } from "../node/thread.ts";
import { CommandError } from "./terminal.ts";

/** A kernel to run a notebook on; `close` ends it. */
interface OpenedKernel {
  kernel: Kernel.IKernelConnection;
  close(): Promise<void>;
}

/**
 * Starts a fresh kernel.
 *
 * @param name the kernel's name, from the notebook
 * @param folder where its cells import from
 * @throws CommandError when there is no such kernel, or no server
 */
export type OpenKernel = (name: string, folder: string) => Promise<OpenedKernel>;

/** A kernel in this process. */
export const openLocalKernel: OpenKernel = async (name, folder) => {
  if (name !== kernelName.name) {
    throw new CommandError(
      `the notebook wants the kernel "${name}", and only "${kernelName.name}" runs here: pass --server to use a Jupyter server`,
    );
  }
  const server = new LocalServer(threadKernels(folder));
  const manager = server.connect();
  const kernel = await manager.startNew({ name });
  return {
    kernel,
    close: async () => {
      await kernel.shutdown();
      kernel.dispose();
      manager.dispose();
      server.dispose();
    },
  };
};

/** A kernel on a Jupyter server. Its cells import from the folder that the server gives kernels. */
export function openServerKernel(address: string, token: string): OpenKernel {
  return async (name) => {
    const serverSettings = settingsFor(address, token);
    const specs = await KernelSpecAPI.getSpecs(serverSettings).catch((error: unknown) => {
      throw explain(error, address);
    });
    if (specs.kernelspecs[name] === undefined) {
      const names = Object.keys(specs.kernelspecs).sort().join(", ") || "none";
      const mend = name === kernelName.name ? 'run "hmap install" where the server runs' : "install it there";
      throw new CommandError(`the server at ${address} has no kernel "${name}" (it has: ${names}): ${mend}`);
    }
    const manager = new KernelManager({ serverSettings });
    const kernel = await manager.startNew({ name }).catch((error: unknown) => {
      manager.dispose();
      throw explain(error, address);
    });
    return {
      kernel,
      close: async () => {
        await kernel.shutdown();
        kernel.dispose();
        manager.dispose();
      },
    };
  };
}

function settingsFor(address: string, token: string): ServerConnection.ISettings {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw new CommandError(`"${address}" is not an address: give one like http://localhost:8888/`);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new CommandError(
      `"${address}" is not the address of a server: give one like http://localhost:8888/`,
    );
  }
  // Jupyter prints addresses with the token in them, and with the page it opens.
  const found = token || (url.searchParams.get("token") ?? "");
  const path = url.pathname.replace(/\/(?:lab|tree|notebooks)(?:\/.*)?$/, "/").replace(/\/?$/, "/");
  const baseUrl = `${url.origin}${path}`;
  return ServerConnection.makeSettings({ baseUrl, wsUrl: baseUrl.replace(/^http/, "ws"), token: found });
}

/** What went wrong with a server, in a sentence with the mend. */
function explain(error: unknown, address: string): unknown {
  if (error instanceof ServerConnection.NetworkError) {
    return new CommandError(
      `cannot reach the server at ${address}: start it ("hmap lab" does), or mend the address`,
    );
  }
  if (error instanceof ServerConnection.ResponseError) {
    const { status } = error.response;
    if (status === 401 || status === 403) {
      return new CommandError(
        `the server at ${address} does not accept the token: pass the one it printed with --token`,
      );
    }
    return new CommandError(
      `the server at ${address} answered ${status} (${error.message}): give the address of a Jupyter server`,
    );
  }
  // Also what is not JSON, or not what Jupyter's API promises.
  return new CommandError(
    `the answer of ${address} is not that of a Jupyter server (${String(error)}): mend the address`,
  );
}
