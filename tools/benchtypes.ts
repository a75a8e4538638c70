import { readdirSync, readFileSync } from "node:fs";
import type { Message } from "../kernel/core/message.ts";
import { KernelClient } from "../kernel/node/client.ts";
import { kernelCommand } from "../kernel/node/command.ts";

/** Milliseconds, one for each round. */
export interface TypeTimes {
  /** `m.` to its typed completions, while nothing runs. */
  complete: number[];
  /** The same while a cell spins. */
  completeBusy: number[];
  /** `m.set(` to its signature and documentation. */
  inspect: number[];
  /** A cell of 20 lines to its reply. */
  cell: number[];
  /** From that reply to the type warning beside the cell; less than 0 when the warning was first. */
  warning: number[];
  /** Resident memory in MiB: of the kernel's process, and of the compiler's, when the first cell has been checked. */
  memory: { kernel: number; compiler: number };
  /** The same when a cell has imported the map, and after all questions about it. */
  used: { kernel: number; compiler: number };
}

const engine =
  'import { Runtime } from "hmap";\nconst go = new Runtime({ seed: 1 });\nconst m = go.make("map[string]int");';

/** Twenty lines whose names are other ones each time. `type`: `number`, or `string` for one type error. */
export const cellOf = (n: number, type: "number" | "string") => `
interface Fruit${n} { name: string; weight: number; tags?: string[] }
const fruits${n}: Fruit${n}[] = [
  { name: "fig", weight: 50 },
  { name: "plum", weight: 70, tags: ["blue"] },
  { name: "pear", weight: 180 },
];
class Basket${n}<T extends { weight: number }> {
  readonly items: T[] = [];
  constructor(private limit: number) {}
  add(item: T): this {
    if (this.weight + item.weight <= this.limit) this.items.push(item);
    return this;
  }
  get weight(): number {
    return this.items.reduce((sum, { weight }) => sum + weight, 0);
  }
}
const basket${n} = fruits${n}.reduce((all, fruit) => all.add(fruit), new Basket${n}<Fruit${n}>(200));
const weight${n}: ${type} = basket${n}.weight;
basket${n}.items.map(({ name }) => name).join();`;

/** Measures what the TypeScript service does beside the cells, over ZeroMQ. */
export async function measureTypes(rounds = 100): Promise<TypeTimes> {
  const kernel = await KernelClient.start({ argv: kernelCommand() });
  try {
    const times: TypeTimes = {
      complete: [],
      completeBusy: [],
      inspect: [],
      cell: [],
      warning: [],
      memory: { kernel: 0, compiler: 0 },
      used: { kernel: 0, compiler: 0 },
    };
    // The first warning shows that the compiler runs.
    const ready = nextWarning(kernel);
    await kernel.execute("const notANumber: number = 'text';");
    await ready;
    times.memory = memories(kernel);
    await kernel.execute(engine);
    const ask = async (type: string, code: string) => {
      const begun = performance.now();
      await kernel.request(type, { code, cursor_pos: code.length, detail_level: 0 });
      return performance.now() - begun;
    };
    for (let i = 0; i < rounds + 20; i++) {
      const [complete, inspect] = [
        await ask("complete_request", "m."),
        await ask("inspect_request", "m.set("),
      ];
      if (i >= 20) {
        times.complete.push(complete);
        times.inspect.push(inspect);
      }
    }
    times.used = memories(kernel);

    for (let i = 0; i < rounds + 20; i++) {
      const warning = nextWarning(kernel).then(() => performance.now());
      const begun = performance.now();
      const replied = await kernel.begin(cellOf(i, "string")).reply.then(() => performance.now());
      const warned = await warning;
      if (i >= 20) {
        times.cell.push(replied - begun);
        times.warning.push(warned - replied);
      }
    }
    const spinning = kernel.begin("display(0); while (true) {}");
    await spinning.output("display_data");
    for (let i = 0; i < rounds; i++) times.completeBusy.push(await ask("complete_request", "m."));
    await kernel.interrupt();
    await spinning.idle;
    await kernel.shutdown();
    return times;
  } finally {
    await kernel.kill();
  }
}

function nextWarning(kernel: KernelClient): Promise<Message> {
  return kernel.awaitPublished("a type warning", ({ content }) => {
    const data = content.data as Record<string, unknown> | undefined;
    return String(data?.["text/plain"]).startsWith("Type warning");
  });
}

/** Of the kernel and its compiler; between the two there is a shell. */
function memories({ process: { pid } }: KernelClient): TypeTimes["memory"] {
  return { kernel: memory(pid!), compiler: memory(childOf(childOf(pid!))) };
}

/** Resident memory of a process, in MiB (Linux). */
function memory(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

/** The one process that a process has started, from whichever of its threads. */
function childOf(pid: number): number {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").trim().split(" "),
  );
  return Number(children.find((child) => child !== ""));
}
