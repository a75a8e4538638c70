import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  ConnectionFileError,
  connectionText,
  endpoint,
  parseConnection,
  readConnectionFile,
  socketNames,
} from "./connection.ts";

const good = {
  transport: "tcp",
  ip: "127.0.0.1",
  shell_port: 5001,
  control_port: 5002,
  stdin_port: 5003,
  iopub_port: 5004,
  hb_port: 5005,
  key: "k",
  signature_scheme: "hmac-sha256",
  kernel_name: "hmap",
};

const fault = (fields: unknown): string => {
  try {
    parseConnection(typeof fields === "string" ? fields : JSON.stringify(fields), "c.json");
  } catch (error) {
    expect(error).toBeInstanceOf(ConnectionFileError);
    return (error as Error).message;
  }
  return "";
};

describe("a connection file", () => {
  test("says where to bind and how to sign", () => {
    expect(parseConnection(JSON.stringify(good), "c.json")).toEqual({
      transport: "tcp",
      ip: "127.0.0.1",
      ports: { shell: 5001, control: 5002, stdin: 5003, iopub: 5004, hb: 5005 },
      key: "k",
      hash: "sha256",
    });
  });

  test("gives ZeroMQ addresses for IPv4, IPv6 and sockets in the file system", () => {
    const address = (fields: object) =>
      endpoint(parseConnection(JSON.stringify({ ...good, ...fields }), "c.json"), "iopub");
    expect(address({})).toBe("tcp://127.0.0.1:5004");
    expect(address({ ip: "::1" })).toBe("tcp://[::1]:5004");
    expect(address({ transport: "ipc", ip: "/tmp/kernel", iopub_port: 4 })).toBe("ipc:///tmp/kernel-4");
  });

  test("that is wrong gets one sentence with the file and the field", () => {
    expect(fault("{")).toMatch(/^The connection file c\.json is not JSON: .*\.$/);
    expect(fault([])).toBe("The connection file c.json must hold one JSON object.");
    expect(fault({ ...good, transport: "inproc" })).toBe(
      'The connection file c.json names the transport "inproc"; this kernel speaks "tcp" and "ipc".',
    );
    expect(fault({ ...good, shell_port: "5001" })).toBe(
      'The connection file c.json must give shell_port as a number from 1 to 65535, not "5001".',
    );
    expect(fault({ ...good, hb_port: 5001 })).toBe(
      "The connection file c.json gives port 5001 to both shell and hb.",
    );
    expect(fault({ ...good, ip: 5 })).toBe("The connection file c.json must name an ip (a string), not 5.");
    expect(fault({ ...good, key: 5 })).toBe("The connection file c.json must give the key as a string.");
    expect(fault({ ...good, signature_scheme: "hmac-rot13" })).toBe(
      'The connection file c.json names the signature scheme "hmac-rot13"; use "hmac-sha256" or another hash that OpenSSL has.',
    );
    expect(fault({ ...good, curve_publickey: "x" })).toBe(
      "The connection file c.json must give both curve_publickey and curve_secretkey, as 40 characters of Z85.",
    );
    expect(fault({ registration_port: 0 })).toBe(
      "The connection file c.json must give registration_port as a number from 1 to 65535, not 0.",
    );
    expect(fault({ registration_port: 5000 })).toBe(
      "The connection file c.json must name a registration_ip (a string), not undefined.",
    );
    expect(fault({ registration_port: 5000, registration_ip: "127.0.0.1", kernel_id: "../up" })).toBe(
      'The connection file c.json must name a kernel_id of letters, digits, "-", "_" and ".", not "../up".',
    );
  });

  test("of a launcher that waits for a registration leaves the ports to the kernel", () => {
    const file = {
      kernel_id: "one",
      transport: "tcp",
      registration_ip: "::1",
      registration_port: 5000,
      signature_scheme: "hmac-sha256",
      key: "k",
    };
    const tcp = parseConnection(JSON.stringify(file), "c.json");
    expect(tcp.registration).toEqual({ kernelId: "one", endpoint: "tcp://[::1]:5000" });
    expect(endpoint(tcp, "shell")).toBe("tcp://[::1]:*");
    const other = parseConnection(JSON.stringify({ ...file, ip: "127.0.0.1" }), "c.json");
    expect(endpoint(other, "shell")).toBe("tcp://127.0.0.1:*");

    const ipc = parseConnection(JSON.stringify({ ...file, transport: "ipc", ip: "/tmp/k" }), "c.json");
    expect(ipc.registration?.endpoint).toBe("ipc://::1-5000");
    expect(new Set(socketNames.map((name) => endpoint(ipc, name))).size).toBe(5);
  });

  test("keeps its keys for encryption when it is written again", () => {
    const curve = { publicKey: "a".repeat(40), secretKey: "#".repeat(40) };
    const connection = { ...parseConnection(JSON.stringify(good), "c.json"), curve };
    expect(parseConnection(connectionText(connection), "c.json")).toEqual(connection);
  });

  test("that others can read is used with a warning, and one for its owner only without", () => {
    const folder = mkdtempSync(join(tmpdir(), "hmap-connection-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "c.json");
    const warnings: string[] = [];
    writeFileSync(file, JSON.stringify(good));
    for (const mode of [0o600, 0o640]) {
      chmodSync(file, mode);
      readConnectionFile(file, (line) => warnings.push(line));
    }
    expect(warnings).toEqual([
      `other users can read the key in ${file}: make it readable for its owner only (chmod 600)`,
    ]);
  });

  test("that is missing says who writes it", () => {
    expect(() => readConnectionFile("/nowhere/kernel-1.json")).toThrow(
      'Cannot read the connection file /nowhere/kernel-1.json (there is no such file): Jupyter writes this file and passes its path, so start the kernel from Jupyter or try "hmap doctor".',
    );
  });
});
