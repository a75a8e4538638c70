import { describe, expect, test } from "vitest";
import { conversations } from "../client/conformance.ts";
import { ProtocolClient } from "../client/protocolclient.ts";
import { KernelClient } from "./client.ts";
import { kernelCommand } from "./command.ts";
import { threadKernels } from "./thread.ts";

const all = Object.entries(conversations).map(([name, talk]) => ({ name, talk }));

/** What a kernel in a thread of this process cannot do: keep its variables when a cell is interrupted. */
const onlyWithState = [
  "an interrupt ends a cell that waits for input, and a late answer does no harm",
  "an interrupt ends a cell that waits in prompt(), and keeps the variables",
  "an interrupt ends a cell that awaits, aborts those behind it and keeps the variables",
];

describe("over ZeroMQ", () => {
  test.for(all)("$name", async ({ talk }) => {
    const kernel = await KernelClient.start({ argv: kernelCommand() });
    try {
      const client = new ProtocolClient((message) => kernel.send(message));
      kernel.onMessage = (message) => client.receive(message);
      await talk(client);
    } finally {
      await kernel.kill();
    }
  });
});

describe("in a thread of this process", () => {
  test.for(all.filter(({ name }) => !onlyWithState.includes(name)))("$name", async ({ talk }) => {
    const client: ProtocolClient = new ProtocolClient((message) => kernel.handle(message));
    // Later, as over a wire: nobody is answered before they have asked.
    const kernel = await threadKernels(import.meta.dirname)((message) =>
      queueMicrotask(() => client.receive(message)),
    );
    try {
      await talk(client);
    } finally {
      kernel.dispose();
    }
  });

  test("what is left out is there", () => {
    expect(Object.keys(conversations)).toEqual(expect.arrayContaining(onlyWithState));
  });
});
