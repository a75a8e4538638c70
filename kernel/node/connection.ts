import { getHashes } from "node:crypto";
import { readFileSync } from "node:fs";

/** The five sockets of a kernel, by the names that Jupyter gives them. */
export type SocketName = "shell" | "control" | "stdin" | "iopub" | "hb";

/** Every socket name, in the order in which a kernel binds them. */
export const socketNames: readonly SocketName[] = ["shell", "control", "stdin", "iopub", "hb"];

/** What a connection file says: where to bind, and how messages are signed. */
export interface Connection {
  readonly transport: "tcp" | "ipc";
  /** An IP address for `tcp`; the beginning of a socket path for `ipc`. */
  readonly ip: string;
  /** Port numbers for `tcp`; suffixes of the socket path for `ipc`. */
  readonly ports: Readonly<Record<SocketName, number>>;
  /** The shared secret. Empty means that messages are not signed. */
  readonly key: string;
  /** A hash that node:crypto knows, e.g. `sha256` for the scheme `hmac-sha256`. */
  readonly hash: string;
}

/** A connection file that cannot be used. Its message is one sentence that names the file and the fault. */
export class ConnectionFileError extends Error {
  override name = "ConnectionFileError";
}

/**
 * Reads a Jupyter connection file.
 *
 * @throws ConnectionFileError when the file is missing, is not JSON, or lacks something a kernel needs.
 * @see https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files
 */
export function readConnectionFile(path: string): Connection {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reason = code === "ENOENT" ? "there is no such file" : (code ?? String(error));
    throw new ConnectionFileError(
      `Cannot read the connection file ${path} (${reason}): Jupyter writes this file and passes its path, so start the kernel from Jupyter or try "hmap doctor".`,
    );
  }
  return parseConnection(text, path);
}

/**
 * Checks the text of a connection file and returns what it says.
 *
 * @param text the content of the file
 * @param path how to name the file in an error
 * @throws ConnectionFileError naming the first field that is wrong
 */
export function parseConnection(text: string, path: string): Connection {
  const fail = (fault: string): never => {
    throw new ConnectionFileError(`The connection file ${path} ${fault}.`);
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    fail(`is not JSON: ${(error as Error).message}`);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    fail("must hold one JSON object");
  }
  const fields = parsed as Record<string, unknown>;

  const transport = fields.transport ?? "tcp";
  if (transport !== "tcp" && transport !== "ipc") {
    return fail(`names the transport ${JSON.stringify(transport)}; this kernel speaks "tcp" and "ipc"`);
  }
  const ip = fields.ip ?? (transport === "tcp" ? "127.0.0.1" : undefined);
  if (typeof ip !== "string" || ip === "") {
    return fail(`must name an ip (a string), not ${JSON.stringify(fields.ip)}`);
  }

  const ports: Partial<Record<SocketName, number>> = {};
  const owners = new Map<number, SocketName>();
  for (const name of socketNames) {
    const port = fields[`${name}_port`];
    if (typeof port !== "number" || !Number.isInteger(port) || port < 1 || port > 65535) {
      return fail(`must give ${name}_port as a number from 1 to 65535, not ${JSON.stringify(port)}`);
    }
    const owner = owners.get(port);
    if (owner !== undefined) {
      return fail(`gives port ${port} to both ${owner} and ${name}`);
    }
    owners.set(port, name);
    ports[name] = port;
  }

  const key = fields.key ?? "";
  if (typeof key !== "string") {
    return fail("must give the key as a string");
  }
  const scheme = fields.signature_scheme ?? "hmac-sha256";
  const hash = typeof scheme === "string" && scheme.startsWith("hmac-") ? scheme.slice("hmac-".length) : "";
  if (hash === "" || !getHashes().includes(hash)) {
    return fail(
      `names the signature scheme ${JSON.stringify(scheme)}; use "hmac-sha256" or another hash that OpenSSL has`,
    );
  }
  if (fields.curve_publickey != null || fields.curve_secretkey != null) {
    return fail("asks for CurveZMQ encryption, which this kernel does not have yet");
  }
  return { transport, ip, ports: ports as Record<SocketName, number>, key, hash };
}

/** The ZeroMQ address of one socket, e.g. `tcp://127.0.0.1:5555` or `ipc:///tmp/kernel-1`. */
export function endpoint(connection: Connection, name: SocketName): string {
  const port = connection.ports[name];
  if (connection.transport === "ipc") {
    return `ipc://${connection.ip}-${port}`;
  }
  const host = connection.ip.includes(":") ? `[${connection.ip}]` : connection.ip;
  return `tcp://${host}:${port}`;
}
