import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { expectFree } from "./siteserver.ts";

const servers: ReturnType<typeof createServer>[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close();
    await once(server, "close");
  }
});

/** Listens on any free port and says which. */
async function occupyPort(): Promise<number> {
  const server = createServer().listen({ port: 0, host: "localhost" });
  servers.push(server);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

describe("the port to serve on", () => {
  test("a port that is taken is named, with a command that works", async () => {
    const port = await occupyPort();
    await expect(expectFree({ port })).rejects.toThrow(
      `Port ${port} is in use: choose another, for instance npm start -- --port ${port + 79}`,
    );
  });

  test("a free port is free afterwards as well", async () => {
    const port = await occupyPort();
    servers[0]!.close();
    await once(servers.shift()!, "close");
    await expectFree({ port });
    await expectFree({ port });
  });

  test("a host that is not of this machine is told apart from a port in use", async () => {
    await expect(expectFree({ port: 4321, host: "192.0.2.1" })).rejects.toThrow(
      "Cannot listen on 192.0.2.1, port 4321 (EADDRNOTAVAIL): give --host a name or address of this machine.",
    );
  });
});
