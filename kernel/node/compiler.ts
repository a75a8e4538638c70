import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Duplex, Readable, Writable } from "node:stream";
import type { Compiler, VirtualFiles } from "../language/typescript/types/compiler.ts";

/** The compiler cannot be started, or has ended. The text is a sentence for the log. */
export class CompilerError extends Error {
  override readonly name = "CompilerError";
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/**
 * Starts a program and ends it when file descriptor 3 is closed, which the end of this process does, however it comes.
 * A compiler that waits for an answer about a file does not see that its input has ended. The shell keeps neither end
 * of the program's input and output, so that both end with it.
 */
const endWithUs =
  'exec 4<&0 5>&1; "$0" "$@" <&4 >&5 3<&- 4<&- 5>&- & exec 0<&- 1>&- 4<&- 5>&-; read -r _ <&3; kill -9 $!';

/** One JSON-RPC 2.0 message in either direction. */
interface RpcMessage {
  id?: number | string;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string };
}

/**
 * The TypeScript 7 compiler as a process of its own, spoken to through its API (`tsc --api --async`: JSON-RPC over
 * standard input and output, framed as in the language server protocol). It therefore answers whatever the threads of
 * this process do, and its memory is not in their heap.
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
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;
  #received: Buffer = Buffer.alloc(0);
  #unsent = "";
  #ended: CompilerError | undefined;

  /**
   * Starts the compiler.
   *
   * @param folder where relative paths start: the notebook's folder, absolute
   * @throws CompilerError when there is no compiler for this platform.
   */
  constructor(folder: string, files: VirtualFiles) {
    this.#files = files;
    const parameters = ["--api", "--async", "--cwd", folder, "--callbacks=readFile,fileExists"];
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
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ id, method, params });
    });
  }

  dispose(): void {
    this.#end("the TypeScript compiler was shut down");
  }

  /** What is sent in one turn goes out in one piece: each costs both processes a wake-up. */
  #send(message: RpcMessage): void {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    if (this.#unsent === "") queueMicrotask(() => this.#write());
    this.#unsent += `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  }

  #write(): void {
    this.#input.write(this.#unsent);
    this.#unsent = "";
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    for (;;) {
      const head = this.#received.indexOf("\r\n\r\n");
      if (head < 0) return;
      const length = Number(/content-length: *(\d+)/i.exec(this.#received.toString("latin1", 0, head))?.[1]);
      const end = head + 4 + length;
      if (this.#received.length < end) return;
      const body = this.#received.toString("utf8", head + 4, end);
      this.#received = this.#received.subarray(end);
      this.#take(JSON.parse(body) as RpcMessage);
    }
  }

  #take({ id, method, params, result, error }: RpcMessage): void {
    if (method !== undefined) {
      if (id !== undefined) this.#send({ id: id as number, result: this.#answer(method, params) });
      return;
    }
    const waiting = this.#waiting.get(Number(id));
    if (waiting === undefined) return;
    this.#waiting.delete(Number(id));
    if (error !== undefined) waiting.reject(new CompilerError(error.message));
    else waiting.resolve(result);
  }

  /** What the compiler asks about files; null leaves the answer to the real file system. */
  #answer(method: string, params: unknown): unknown {
    const name = String(Array.isArray(params) ? params[0] : params);
    const content = this.#files.read(name);
    if (content === undefined) return null;
    return method === "readFile" ? { content } : true;
  }

  #end(reason: string): void {
    this.#ended ??= new CompilerError(reason);
    for (const waiting of this.#waiting.values()) waiting.reject(this.#ended);
    this.#waiting.clear();
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
