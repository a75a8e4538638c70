import { describe, expect, test } from "vitest";
import { ConnectionFileError, endpoint, parseConnection, readConnectionFile } from "./connection.ts";

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
      "The connection file c.json asks for CurveZMQ encryption, which this kernel does not have yet.",
    );
  });

  test("that is missing says who writes it", () => {
    expect(() => readConnectionFile("/nowhere/kernel-1.json")).toThrow(
      'Cannot read the connection file /nowhere/kernel-1.json (there is no such file): Jupyter writes this file and passes its path, so start the kernel from Jupyter or try "hmap doctor".',
    );
  });
});
