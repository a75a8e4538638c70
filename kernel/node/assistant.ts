import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Assistant } from "../core/assistant.ts";
import type { TypeService, TypeServiceOptions } from "../language/typescript/types/service.ts";
import { ownPackages } from "./packages.ts";

/** How long after the first cell the compiler is started, in milliseconds: what is sent then goes first. */
const settleMs = 50;

/**
 * When cells are checked, in milliseconds. The compiler and the cells share the processors, so it is when none runs and
 * none has come for a while. A cell that runs on is checked meanwhile, and one that is followed by others (a notebook
 * is run from its first cell to its last) with them.
 */
const patience = { quiet: 4, running: 20, atMost: 1000 };

export interface NodeAssistantOptions extends Pick<TypeServiceOptions, "isDefined" | "log"> {
  /** The notebook's folder, absolute. */
  folder: string;
}

/**
 * What knows types in Node: {@link TypeService} over a compiler process, loaded and started when the first cell has
 * ended or something is asked.
 *
 * Two variables of the environment (`env` of a kernelspec) turn it off: `HMAP_TYPES=off` altogether, and
 * `HMAP_TYPE_WARNINGS=off` what it shows beside cells. A single cell is left out by `// @ts-nocheck` in its first line.
 */
class NodeAssistant implements Assistant {
  readonly #options: NodeAssistantOptions;
  #service: TypeService | undefined;
  #loading: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;
  /** What the service has not been told yet. */
  #news: ((service: TypeService) => void)[] = [];
  #newsTimer: NodeJS.Timeout | undefined;
  #newsAt = 0;
  #running = 0;

  constructor(options: NodeAssistantOptions) {
    this.#options = options;
  }

  async complete(code: string, cursor: number): ReturnType<TypeService["complete"]> {
    if (this.#service === undefined) return void this.#load();
    this.#tell();
    return this.#service.complete(code, cursor);
  }

  async inspect(code: string, cursor: number, detail: 0 | 1): ReturnType<TypeService["inspect"]> {
    if (this.#service === undefined) return void this.#load();
    this.#tell();
    return this.#service.inspect(code, cursor, detail);
  }

  cellBegan(...cell: Parameters<TypeService["cellBegan"]>): void {
    this.#running++;
    this.#pass((service) => service.cellBegan(...cell));
  }

  cellEnded(id: string, status: "ok" | "error"): void {
    this.#running--;
    this.#pass((service) => service.cellEnded(id, status));
    if (this.#service === undefined) this.#timer ??= setTimeout(() => void this.#load(), settleMs);
  }

  reset(): void {
    this.#pass((service) => service.reset());
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#newsTimer);
    this.#service?.dispose();
  }

  /** Tells the service in time. */
  #pass(call: (service: TypeService) => void): void {
    const now = performance.now();
    if (this.#news.push(call) === 1) this.#newsAt = now;
    if (this.#service === undefined) return;
    clearTimeout(this.#newsTimer);
    const left = this.#newsAt + patience.atMost - now;
    const wait = this.#running > 0 ? patience.running : patience.quiet;
    this.#newsTimer = setTimeout(() => this.#tell(), Math.max(0, Math.min(wait, left)));
  }

  #tell(): void {
    clearTimeout(this.#newsTimer);
    const service = this.#service;
    if (service === undefined) return;
    for (const call of this.#news.splice(0)) call(service);
  }

  #load(): Promise<void> {
    this.#loading ??= (async () => {
      const [{ TypeService }, { CompilerProcess }] = await Promise.all([
        import("../language/typescript/types/service.ts"),
        import("./compiler.ts"),
      ]);
      if (this.#disposed) return;
      const { folder } = this.#options;
      const service = new TypeService({
        ...this.#options,
        folder: folder.replaceAll("\\", "/"),
        packages: packageFiles(),
        typeRoots: typeRoots(),
        globals: {
          display: typeIn(new URL("../language/typescript/displays.ts", import.meta.url), "Display"),
          live: typeIn(new URL("../language/typescript/displays.ts", import.meta.url), 'Displays["live"]'),
          Jupyter: typeIn(new URL("../core/serve.ts", import.meta.url), "JupyterApi"),
        },
        warnings: process.env.HMAP_TYPE_WARNINGS !== "off",
        start: (files) => new CompilerProcess(folder, files),
      });
      this.#service = service;
      this.#tell();
      service.start();
    })().catch((error: unknown) => this.#options.log?.(`completion knows no types: ${String(error)}`));
    return this.#loading;
  }
}

/** The assistant, unless the environment turns it off. */
export function nodeAssistant(options: NodeAssistantOptions): Assistant | undefined {
  return process.env.HMAP_TYPES === "off" ? undefined : new NodeAssistant(options);
}

function packageFiles(): Record<string, string> {
  const files = Object.entries(ownPackages).map(([name, { file }]) => [
    name,
    fileURLToPath(file).replaceAll("\\", "/"),
  ]);
  return Object.fromEntries(files);
}

/** Where Node's types are: beside this package, when the notebook's folder has none. */
function typeRoots(): string[] {
  try {
    const path = createRequire(import.meta.url).resolve("@types/node/package.json");
    return [dirname(dirname(path)).replaceAll("\\", "/")];
  } catch {
    return [];
  }
}

/** A type that a file of the kernel exports. */
function typeIn(file: URL, name: string): string {
  return `import(${JSON.stringify(fileURLToPath(file).replaceAll("\\", "/"))}).${name}`;
}
