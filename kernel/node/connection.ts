import { getHashes, randomInt } from "node:crypto";
import { readFileSync, statSync } from "node:fs";

/** The five sockets of a kernel, by the names that Jupyter gives them. */
export type SocketName = "shell" | "control" | "stdin" | "iopub" | "hb";

/** Every socket name, in the order in which a kernel binds them. */
export const socketNames: readonly SocketName[] = ["shell", "control", "stdin", "iopub", "hb"];

/** What a connection file says: where to bind, and how messages are signed. */
export interface Connection {
  readonly transport: "tcp" | "ipc";
  /** An IP address for `tcp`; the beginning of a socket path for `ipc`. */
  readonly ip: string;
  /** Port numbers for `tcp`; suffixes of the socket path for `ipc`. Zero: the kernel picks a free one. */
  readonly ports: Readonly<Record<SocketName, number>>;
  /** To whom the kernel tells the ports that it picked. */
  readonly registration?: Registration;
  /** The keys of CurveZMQ encryption, in Z85, which all five sockets then use. */
  readonly curve?: CurveKeys;
  /** The shared secret. Empty means that messages are not signed. */
  readonly key: string;
  /** A hash that node:crypto knows, e.g. `sha256` for the scheme `hmac-sha256`. */
  readonly hash: string;
}

/** The kernel's pair of keys for CurveZMQ: 40 characters of Z85 each (https://rfc.zeromq.org/spec/32/). */
interface CurveKeys {
  readonly publicKey: string;
  readonly secretKey: string;
}

/** Where a launcher waits for the ports of a kernel (the handshake of protocol 5.6, JEP 66). */
interface Registration {
  readonly kernelId: string;
  /** ZeroMQ address of the launcher's registration socket. */
  readonly endpoint: string;
}

/** A connection file that cannot be used. Its message is one sentence that names the file and the fault. */
export class ConnectionFileError extends Error {
  override name = "ConnectionFileError";
}

/**
 * Reads a Jupyter connection file.
 *
 * @param warn takes a sentence when the file is of use and yet something is wrong with it
 * @throws ConnectionFileError when the file is missing, is not JSON, or lacks something a kernel needs.
 * @see https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files
 */
export function readConnectionFile(path: string, warn: (line: string) => void = () => {}): Connection {
  let text: string;
  let others = 0;
  try {
    text = readFileSync(path, "utf8");
    if (process.platform !== "win32") others = statSync(path).mode & 0o077;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reason = code === "ENOENT" ? "there is no such file" : (code ?? String(error));
    throw new ConnectionFileError(
      `Cannot read the connection file ${path} (${reason}): Jupyter writes this file and passes its path, so start the kernel from Jupyter or try "hmap doctor".`,
    );
  }
  const connection = parseConnection(text, path);
  if (others !== 0 && connection.key !== "") {
    warn(`other users can read the key in ${path}: make it readable for its owner only (chmod 600)`);
  }
  return connection;
}

/**
 * Checks the text of a connection file and returns what it says.
 *
 * @param text the content of the file
 * @param path how to name the file in an error
 * @throws ConnectionFileError naming the first field that is wrong
 */
export function parseConnection(text: string, path: string): Connection {
  const fail: Fail = (fault) => {
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
  // A launcher that waits for a registration and names no address expects the kernel beside itself.
  const ip = fields.ip ?? fields.registration_ip ?? (transport === "tcp" ? "127.0.0.1" : undefined);
  if (typeof ip !== "string" || ip === "") {
    return fail(`must name an ip (a string), not ${JSON.stringify(fields.ip)}`);
  }

  const registration = parseRegistration(fields, transport, fail);
  const ports = registration === undefined ? parsePorts(fields, fail) : pickPorts(transport);

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
  const curve = parseCurve(fields, fail);
  return { transport, ip, ports, key, hash, ...(registration && { registration }), ...(curve && { curve }) };
}

type Fail = (fault: string) => never;

function parsePorts(fields: Record<string, unknown>, fail: Fail): Record<SocketName, number> {
  const ports: Partial<Record<SocketName, number>> = {};
  const owners = new Map<number, SocketName>();
  for (const name of socketNames) {
    const port = fields[`${name}_port`];
    if (!isPort(port)) {
      return fail(`must give ${name}_port as a number from 1 to 65535, not ${JSON.stringify(port)}`);
    }
    const owner = owners.get(port);
    if (owner !== undefined) {
      return fail(`gives port ${port} to both ${owner} and ${name}`);
    }
    owners.set(port, name);
    ports[name] = port;
  }
  return ports as Record<SocketName, number>;
}

function isPort(port: unknown): port is number {
  return typeof port === "number" && Number.isInteger(port) && port >= 1 && port <= 65535;
}

/** The file of a launcher that lets the kernel pick its ports has a registration_port, and no other. */
function parseRegistration(
  fields: Record<string, unknown>,
  transport: Connection["transport"],
  fail: Fail,
): Registration | undefined {
  const { registration_port: port, kernel_id: kernelId } = fields;
  if (port === undefined) return undefined;
  if (!isPort(port)) {
    return fail(`must give registration_port as a number from 1 to 65535, not ${JSON.stringify(port)}`);
  }
  const ip = fields.registration_ip;
  if (typeof ip !== "string" || ip === "") {
    return fail(`must name a registration_ip (a string), not ${JSON.stringify(ip)}`);
  }
  if (typeof kernelId !== "string" || !/^[\w.-]{1,200}$/.test(kernelId)) {
    return fail(
      `must name a kernel_id of letters, digits, "-", "_" and ".", not ${JSON.stringify(kernelId)}`,
    );
  }
  return { kernelId, endpoint: address(transport, ip, port) };
}

/**
 * Zero leaves the choice to the system. For sockets in the file system there is no such choice, so it is made here; the
 * first numbers are left to launchers.
 */
function pickPorts(transport: Connection["transport"]): Record<SocketName, number> {
  const picked = new Set<number>();
  while (picked.size < socketNames.length) picked.add(randomInt(100, 65536));
  const free = [...picked];
  return Object.fromEntries(
    socketNames.map((name, index) => [name, transport === "tcp" ? 0 : free[index]!]),
  ) as Record<SocketName, number>;
}

function parseCurve(fields: Record<string, unknown>, fail: Fail): CurveKeys | undefined {
  const { curve_publickey: publicKey, curve_secretkey: secretKey } = fields;
  if (publicKey == null && secretKey == null) return undefined;
  const isKey = (value: unknown): value is string =>
    typeof value === "string" && /^[0-9A-Za-z.:+=^!/*?&<>()[\]{}@%$#-]{40}$/.test(value);
  if (!isKey(publicKey) || !isKey(secretKey)) {
    return fail("must give both curve_publickey and curve_secretkey, as 40 characters of Z85");
  }
  return { publicKey, secretKey };
}

/** The ZeroMQ address of one socket, e.g. `tcp://127.0.0.1:5555` or `ipc:///tmp/kernel-1`. */
export function endpoint(connection: Connection, name: SocketName): string {
  return address(connection.transport, connection.ip, connection.ports[name]);
}

function address(transport: Connection["transport"], ip: string, port: number): string {
  if (transport === "ipc") {
    return `ipc://${ip}-${port}`;
  }
  const host = ip.includes(":") ? `[${ip}]` : ip;
  return `tcp://${host}:${port === 0 ? "*" : port}`;
}

/** The text of a connection file. */
export function connectionText(connection: Connection): string {
  const ports = Object.entries(connection.ports).map(([name, port]) => [`${name}_port`, port]);
  return JSON.stringify({
    transport: connection.transport,
    ip: connection.ip,
    ...Object.fromEntries(ports),
    key: connection.key,
    signature_scheme: `hmac-${connection.hash}`,
    ...(connection.curve && {
      curve_publickey: connection.curve.publicKey,
      curve_secretkey: connection.curve.secretKey,
    }),
  });
}
