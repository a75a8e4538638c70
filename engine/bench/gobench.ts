import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Kind, Timings } from "./workload.ts";

const source = fileURLToPath(new URL(".", import.meta.url));
// Go's own switching between releases would hide which one is at work.
const settings = { GOTOOLCHAIN: "local", GOFLAGS: "", GOWORK: "off", CGO_ENABLED: "0" };

/** Entries and maps of the first, unused timing in each process. */
const WARM_UP = "1000:100";

/** What main.go prints for one kind and size. */
interface GoResult {
  readonly kind: Kind | "arrays";
  readonly n: number;
  readonly timings?: Timings;
  readonly bytes?: number;
}

/** A built Go program that runs in a process of its own. */
export interface GoProgram {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Where Go 1.23 is: $GO1_23, else the places where it is usually installed. Undefined when it is nowhere. */
export function findGo(): string | undefined {
  return [process.env.GO1_23 ?? "", "go1.23", "/usr/lib/go-1.23/bin/go", "go"].find(
    (go) => go !== "" && run(go, ["version"])?.startsWith("go version go1.23"),
  );
}

function run(command: string, args: readonly string[], environment = {}): string | undefined {
  const env = { ...process.env, ...settings, ...environment };
  const { status, stdout } = spawnSync(command, args, { cwd: source, encoding: "utf8", env });
  return status === 0 ? stdout.trim() : undefined;
}

/** The Go programs of the benchmark, built into a folder of their own. */
export class GoPrograms {
  readonly programs: readonly GoProgram[];
  /** What could not be built, in a sentence each. */
  readonly missing: readonly string[];
  readonly version: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "hmap-bench-"));

  /** @param go the command of Go 1.23 */
  constructor(go: string) {
    this.version = run(go, ["version"])?.split(" ")[2] ?? "";
    const programs: GoProgram[] = [];
    const missing: string[] = [];
    const native = join(this.#folder, "bench");
    if (run(go, ["build", "-o", native, "."]) !== undefined) {
      programs.push(
        { name: "Go, no AES", command: [native], environment: { GODEBUG: "cpu.aes=off" } },
        { name: "Go", command: [native], environment: {} },
      );
    } else missing.push("No native Go: its benchmark program did not build.");
    const wasm = join(this.#folder, "bench.wasm");
    const root = run(go, ["env", "GOROOT"]) ?? "";
    // Moved from misc to lib in Go 1.24; some distributions moved it earlier.
    const start = ["misc", "lib"]
      .map((place) => join(root, place, "wasm/wasm_exec_node.js"))
      .find(existsSync);
    if (start === undefined) {
      missing.push(
        `No Go on WebAssembly: ${root} has no misc/wasm/wasm_exec_node.js (Debian: golang-1.23-src).`,
      );
    } else if (run(go, ["build", "-o", wasm, "."], { GOOS: "js", GOARCH: "wasm" }) === undefined) {
      missing.push("No Go on WebAssembly: the benchmark program did not build for GOOS=js GOARCH=wasm.");
    } else {
      // The command line and environment share 12 KiB in wasm_exec.js: it gets a small environment.
      programs.push({ name: "Go wasm", command: [process.execPath, start, wasm], environment: {} });
    }
    this.programs = programs;
    this.missing = missing;
  }

  /** Times `passes` maps of `n` entries, of each kind. */
  async time(
    program: GoProgram,
    kinds: readonly Kind[],
    n: number,
    passes: number,
  ): Promise<Map<Kind, Timings>> {
    // Without the first one, Go on WebAssembly would be timed before V8 has compiled it to its best.
    const results = await spawned(program, [kinds.join(","), WARM_UP, `${n}:${passes}`]);
    return new Map(results.map(({ kind, timings }) => [kind as Kind, timings as Timings])); // of each kind the last
  }

  /**
   * Milliseconds to put `n` arrays of 128 bytes into a map in the order of their keys, to delete them, and to collect: what
   * the lesson on memory leaks does, in a process of its own as the lesson has a worker of its own.
   */
  async timeArrays(program: GoProgram, n: number): Promise<number> {
    const [result] = (await spawned(program, ["arrays", String(n)])) as [GoResult];
    const { insert, delete: deleted } = result.timings as Timings;
    return ((insert + deleted) * n) / 1e6;
  }

  /** Bytes per entry for each kind and number of entries. */
  async memory(
    program: GoProgram,
    kinds: readonly Kind[],
    sizes: readonly number[],
  ): Promise<Map<string, number>> {
    // One process for each: what an earlier map left in the allocator would count.
    const results: [string, number][] = [];
    for (const kind of kinds) {
      for (const n of sizes) {
        const [result] = await spawned(program, ["memory", kind, String(n)]);
        results.push([`${kind} ${n}`, result?.bytes ?? Number.NaN]);
      }
    }
    return new Map(results);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Runs a program to its end and reads what it prints. */
function spawned(program: GoProgram, args: readonly string[]): Promise<GoResult[]> {
  const [command, ...first] = program.command as [string, ...string[]];
  const env = { PATH: process.env.PATH, ...program.environment };
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    child.stdout.on("data", (text) => {
      output += text;
    });
    child.stderr.on("data", (text) => {
      errors += text;
    });
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve(JSON.parse(output));
      else reject(new Error(`${program.name} ended with ${status}: ${errors.trim().split("\n")[0]}`));
    });
  });
}
