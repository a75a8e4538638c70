/** What kernel.e2e.ts puts into a page: conversations with a kernel in a Web Worker, to be called from outside. */
import { conversations } from "../client/conformance.ts";
import { ProtocolClient } from "../client/protocolclient.ts";
import { hostWorker } from "./kernel.ts";
import type { Replay } from "./replay.ts";

/** Starts a kernel and a client of it, and ends both when `talk` has. */
async function withKernel<T>(
  talk: (client: ProtocolClient, lost: Promise<Replay>) => Promise<T>,
): Promise<T> {
  const { promise: lost, resolve: onLost } = Promise.withResolvers<Replay>();
  const client: ProtocolClient = new ProtocolClient((message) => kernel.handle(message));
  const start = hostWorker({
    onLost,
    onDied: (reason) => console.error(reason),
  });
  const kernel = await start((message) => queueMicrotask(() => client.receive(message)));
  try {
    return await talk(client, lost);
  } finally {
    kernel.dispose();
  }
}

/** What an interrupt does to a cell that has shown that it began: how the cell ends, and what is left of a variable. */
interface Interruption {
  evalue: string;
  kept: string;
  /** The cells that can be run again, and the variable after that, when the variables were lost. */
  replayed?: { cells: readonly string[]; ran: number; kept: string };
}

const page = {
  isolated: () => globalThis.crossOriginIsolated,

  converse: (name: string): Promise<string> =>
    withKernel(async (client) => {
      await conversations[name]!(client);
      return "done";
    }),

  interrupt: (code: string): Promise<Interruption> =>
    withKernel(async (client, lost) => {
      const kept = async () => {
        const { published } = await client.run("typeof kept === 'undefined' ? 'lost' : kept").done;
        const result = published.find(({ header }) => header.msg_type === "execute_result");
        return String((result?.content.data as Record<string, string> | undefined)?.["text/plain"]);
      };
      await client.run("const kept = 'kept'").done;
      await client.run("throw new Error('not to be run again')").done;
      const cell = client.run(`display("begun"); ${code}`);
      await cell.message("display_data");
      await client.ask("interrupt_request", {}, { channel: "control" });
      const { reply } = await cell.done;
      const after = { evalue: String(reply.evalue), kept: await kept() };
      if (after.kept !== "'lost'") return after;
      const replay = await lost;
      const { ran } = await replay.run();
      return { ...after, replayed: { cells: replay.cells, ran, kept: await kept() } };
    }),
};

Object.assign(globalThis, { page });

export type TestPage = typeof page;
