import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Duplex, Readable, Writable } from "node:stream";
import type { Compiler, VirtualFiles } from "../language/typescript/types/compiler.ts";
import { encodeTuple, type Tuple, TupleReader, tupleKinds } from "./tuples.ts";

/** The compiler cannot be started, or has ended. The text is a sentence for the log. */
export class CompilerError extends Error {
  override readonly name = "CompilerError";
}

interface Request {
  method: string;
  params: unknown;
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * The requests that the compiler answers without asking for a file: others may be sent behind them before their answer has
 * come. What comes while it waits for a file it would take for that.
 */
const asksForNothing = new Set([
  "getDocumentationComment",
  "getJsDocTags",
  "getTypeAtPosition",
  "getTypesOfSymbols",
  "release",
  "typeToString",
]);

/**
 * Starts a program and ends it when file descriptor 3 is closed, which the end of this process does, however it comes.
 * A compiler that waits for an answer about a file does not see that its input has ended. The shell keeps neither end
 * of the program's input and output, so that both end with it. Where processors are short, the program gives way to the
 * cells.
 */
const endWithUs =
  'exec 4<&0 5>&1; nice -n 5 "$0" "$@" <&4 >&5 3<&- 4<&- 5>&- & exec 0<&- 1>&- 4<&- 5>&-; read -r _ <&3; kill -9 $!';

/**
 * The TypeScript 7 compiler as a process of its own, spoken to through its API (`tsc --api`: messages
 * over standard input and output, see {@link Tuple}, one answer after the other). It therefore answers whatever the threads
 * of this process do, and its memory is not in their heap.
 *
 * The package `typescript` has a client for this API, which is not used because it takes 16 MiB and 50 ms of the thread
 * that answers Jupyter, mostly for syntax trees that are not needed here. The packages that hold the executable are
 * pinned to one version, as the API is not yet declared stable.
 *
 * Ends with this process, also when that is killed: on Windows because children do, elsewhere by a shell that watches.
 */
export class CompilerProcess implements Compiler {
  readonly #child: ChildProcess;
  readonly #input: Writable;
  /** As long as this is open the compiler runs. */
  readonly #life: Duplex;
  readonly #files: VirtualFiles;
  readonly #reader = new TupleReader();
  readonly #waiting: Request[] = [];
  /** In the order in which they were sent, which is that of their answers. */
  readonly #sent: Request[] = [];
  #unwritten: Buffer[] = [];
  #ended: CompilerError | undefined;

  /**
   * Starts the compiler.
   *
   * @param folder where relative paths start: the notebook's folder, absolute
   * @throws CompilerError when there is no compiler for this platform.
   */
  constructor(folder: string, files: VirtualFiles) {
    this.#files = files;
    const parameters = ["--api", "--cwd", folder, "--callbacks=readFile,fileExists"];
    const command =
      process.platform === "win32"
        ? [compilerPath(), ...parameters]
        : ["/bin/sh", "-c", endWithUs, compilerPath(), ...parameters];
    this.#child = spawn(command[0]!, command.slice(1), {
      stdio: ["pipe", "pipe", "ignore", "pipe"],
      // Less memory for a little more time in Go's collector.
      env: { ...process.env, GOGC: "30" },
      windowsHide: true,
    });
    const [input, output, , life] = this.#child.stdio as unknown as [Writable, Readable, null, Duplex];
    this.#input = input;
    this.#life = life;
    output.on("data", (chunk: Buffer) => this.#receive(chunk));
    output.on("end", () => this.#end("the TypeScript compiler ended"));
    for (const stream of [input, output, life]) stream.on("error", () => {});
    this.#child.once("error", (error) =>
      this.#end(`the TypeScript compiler did not start: ${error.message}`),
    );
    // It must not keep a process alive that has nothing else to do.
    this.#child.unref();
    for (const stream of [input, output, life]) (stream as unknown as { unref?(): void }).unref?.();
  }

  request(method: string, params: unknown): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ method, params, resolve, reject });
      this.#sendWaiting();
    });
  }

  dispose(): void {
    this.#end("the TypeScript compiler was shut down");
  }

  #sendWaiting(): void {
    while (this.#sent.every(({ method }) => asksForNothing.has(method))) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#sent.push(next);
      this.#write({ kind: tupleKinds.request, name: next.method, text: JSON.stringify(next.params) });
    }
  }

  /** What is written in one turn goes out in one piece: each costs both processes a wake-up. */
  #write(tuple: Tuple): void {
    if (this.#unwritten.length === 0) {
      queueMicrotask(() => this.#input.write(Buffer.concat(this.#unwritten.splice(0))));
    }
    this.#unwritten.push(encodeTuple(tuple));
  }

  #receive(piece: Buffer): void {
    try {
      for (const tuple of this.#reader.read(piece)) this.#take(tuple);
    } catch (error) {
      this.#end(`the TypeScript compiler was shut down (${String(error)})`);
    }
  }

  #take({ kind, name, text }: Tuple): void {
    if (kind === tupleKinds.call) {
      this.#write({ kind: tupleKinds.callResponse, name, text: this.#answer(name, JSON.parse(text)) });
      return;
    }
    const request = this.#sent.shift();
    if (kind === tupleKinds.error) request?.reject(new CompilerError(text));
    else request?.resolve(text === "" ? null : JSON.parse(text));
    this.#sendWaiting();
  }

  /** What the compiler asks about a file, as JSON; nothing leaves the answer to the real file system. */
  #answer(method: string, path: unknown): string {
    const content = this.#files.read(String(path));
    if (content === undefined) return "";
    return JSON.stringify(method === "readFile" ? { content } : true);
  }

  #end(reason: string): void {
    this.#ended ??= new CompilerError(reason);
    for (const request of [...this.#sent.splice(0), ...this.#waiting.splice(0)]) request.reject(this.#ended);
    this.#life.destroy();
    if (process.platform === "win32") this.#child.kill();
  }
}

/** @throws CompilerError when the package for this platform is not installed. */
function compilerPath(): string {
  const name = `@typescript/typescript-${process.platform}-${process.arch}`;
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
    const path = join(folder, "lib", process.platform === "win32" ? "tsc.exe" : "tsc");
    if (existsSync(path)) return path;
  } catch {
    // Not installed: said below.
  }
  throw new CompilerError(
    `there is no TypeScript compiler here, so completion knows no types: the package ${name} is not installed`,
  );
}
