import { type ExecFileException, execFile, fork, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Mutation, plant } from "./mutation.ts";
import { mutations } from "./mutationlist.ts";
import type { WorkerMessage } from "./mutationworker.ts";

// The mutation check: `npm run mutations [-- WORDS]`. Plants each mistake of mutationlist.ts (or those whose file or
// description contains the words) in a copy of the engine and replays the recordings until one of them shows it.

const repository = fileURLToPath(new URL("../../", import.meta.url));
const recordings = join(repository, "engine/oracle/recordings");
/** Mutated engines at work at a time. */
const PROCESSES = 2;
/** Milliseconds that a recording may take before its replay counts as hanging, and as much for each operation. */
const PATIENCE = { start: 20_000, operation: 0.5 };

/** What became of a mutation. */
type Verdict =
  | { readonly kind: "caught"; readonly by: string }
  | { readonly kind: "survived" }
  | { readonly kind: "broken"; readonly why: string };

/** A copy of the engine to make mistakes in. */
function makeCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), "hmap-mutations-"));
  cpSync(join(repository, "engine"), join(folder, "engine"), {
    recursive: true,
    filter: (path) => path !== recordings,
  });
  writeFileSync(join(folder, "package.json"), '{ "name": "hmap", "type": "module" }\n');
  for (const name of ["tsconfig.json", "vitest.config.ts"])
    cpSync(join(repository, name), join(folder, name));
  symlinkSync(join(repository, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** Plants a mutation in a copy, and compiles WebAssembly from it where it is a mistake of the fast path. */
function plantIn(copy: string, mutation: Mutation): () => void {
  const restore = plant(mutation, join(copy, "engine"));
  if (!mutation.file.startsWith("fast/assembly/")) return restore;
  const code = join(copy, "engine/fast/code.ts");
  const right = readFileSync(code);
  const { status, stderr } = spawnSync(process.execPath, [join(copy, "engine/fast/compile.ts")], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${mutation.file}: ${mutation.mistake}: does not compile: ${stderr}`);
  return () => {
    restore();
    writeFileSync(code, right);
  };
}

/** Replays recordings with the engine of a copy until one differs. */
function replay(copy: string, files: readonly string[]): Promise<Verdict> {
  return new Promise((resolve) => {
    const child = fork(join(copy, "engine/oracle/mutationworker.ts"), files, { silent: true });
    let errors = "";
    let current: { name: string; operations: number } | undefined;
    let timer: NodeJS.Timeout | undefined;
    const end = (verdict: Verdict) => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      resolve(verdict);
    };
    const allow = (operations: number, ifLate: Verdict) => {
      clearTimeout(timer);
      timer = setTimeout(() => end(ifLate), PATIENCE.start + PATIENCE.operation * operations);
    };
    child.stderr?.on("data", (text) => {
      errors += text;
    });
    child.on("message", (message: WorkerMessage) => {
      if (message.kind === "replaying") {
        current = message;
        allow(message.operations, { kind: "caught", by: `${message.name}, which does not come to an end` });
      } else if (message.kind === "caught") {
        const { name, operations, what } = message;
        end({ kind: "caught", by: `${name} after ${operations} operations: ${what}` });
      } else if (message.kind === "survived") end({ kind: "survived" });
    });
    child.on("close", () => {
      if (current === undefined)
        end({ kind: "broken", why: `the engine does not load: ${lastLine(errors)}` });
      else end({ kind: "caught", by: `${current.name}, which ends the process: ${lastLine(errors)}` });
    });
    allow(0, { kind: "broken", why: "the engine does not load in time" });
  });
}

/** Runs a test file of a copy. Beside it the replay of another copy goes on, whose time is measured. */
async function test(copy: string, file: string): Promise<Verdict> {
  const vitest = join(repository, "node_modules/vitest/vitest.mjs");
  const args = [vitest, "run", "--root", copy, "--project", "unit*", `engine/${file}`];
  try {
    await promisify(execFile)(process.execPath, args, {
      env: { ...process.env, NO_COLOR: "1" },
      timeout: 120_000,
      killSignal: "SIGKILL",
      maxBuffer: 2 ** 26,
    });
    return { kind: "survived" };
  } catch (error) {
    const { stderr, signal } = error as ExecFileException;
    const failed = /FAIL .*? > (.*)/.exec(stderr ?? "")?.[1];
    if (failed !== undefined) return { kind: "caught", by: `${file}: "${failed}"` };
    if (signal) return { kind: "caught", by: `${file}, which does not come to an end` };
    return { kind: "broken", why: `${file} does not run: ${lastLine(stderr ?? String(error))}` };
  }
}

function lastLine(text: string): string {
  const lines = text.split("\n").filter((line) => /\S/.test(line) && !/^(Node\.js|\s+at )/.test(line));
  return lines.find((line) => /Error/.test(line)) ?? lines.at(-1) ?? "without a word";
}

/** The recordings' paths, small ones first: most mistakes show at once. */
function recordingFiles(): string[] {
  const files = readdirSync(recordings).map((name) => join(recordings, name));
  const sizes = new Map(files.map((file) => [file, statSync(file).size]));
  return files.sort((a, b) => (sizes.get(a) as number) - (sizes.get(b) as number));
}

/** What the check found out about one mutation, in a line, and whether that is as it should be. */
function report(
  mutation: Mutation,
  recorded: Verdict,
  tested: Verdict | undefined,
): [line: string, ok: boolean] {
  const { mistake, file, unseen } = mutation;
  const what = `${file}: ${mistake}`;
  if (recorded.kind === "broken") return [`BROKEN      ${what}: ${recorded.why}`, false];
  if (recorded.kind === "caught") {
    if (unseen === undefined) return [`caught      ${what}\n            by ${recorded.by}`, true];
    return [`CAUGHT      ${what}, which the list calls unseen\n            by ${recorded.by}`, false];
  }
  if (unseen === undefined) return [`SURVIVED    ${what}`, false];
  if (tested?.kind === "broken") return [`BROKEN      ${what}: ${tested.why}`, false];
  if (tested === undefined) return [`equivalent  ${what}\n            ${unseen}`, true];
  if (tested.kind === "caught")
    return [`unseen      ${what}\n            ${unseen}\n            by ${tested.by}`, true];
  return [`SURVIVED    ${what}, its test ${mutation.test} too`, false];
}

/** Checks the unchanged engine: if it does not pass, no mistake would show anything. */
async function checkUnchanged(copy: string, files: readonly string[]): Promise<void> {
  const verdict = await replay(copy, files);
  if (verdict.kind !== "survived") {
    throw new Error(
      `the engine as it is does not pass: ${verdict.kind === "caught" ? verdict.by : verdict.why}`,
    );
  }
  for (const file of new Set(
    mutations.map((mutation) => mutation.test ?? "").filter((file) => file !== ""),
  )) {
    const tested = await test(copy, file);
    if (tested.kind === "caught") throw new Error(`the engine as it is does not pass ${tested.by}`);
    if (tested.kind === "broken") throw new Error(tested.why);
  }
}

async function check(chosen: readonly Mutation[], copies: readonly string[]): Promise<boolean> {
  const started = performance.now();
  const files = recordingFiles();
  const counts = new Map<string, number>();
  let ok = true;
  const waiting = [...chosen];
  const work = async (copy: string) => {
    for (let mutation = waiting.shift(); mutation !== undefined; mutation = waiting.shift()) {
      const restore = plantIn(copy, mutation);
      const recorded = await replay(copy, files);
      const tested =
        recorded.kind === "survived" && mutation.test ? await test(copy, mutation.test) : undefined;
      restore();
      const [line, good] = report(mutation, recorded, tested);
      console.log(line);
      const word = (line.split(" ")[0] as string).toLowerCase();
      counts.set(word, (counts.get(word) ?? 0) + 1);
      ok &&= good;
    }
  };
  const [first, ...others] = copies as [string, ...string[]];
  const unchanged = checkUnchanged(first, files).then(() => {
    console.log(`passes      the engine as it is: ${files.length} recordings`);
    return work(first);
  });
  await Promise.all([unchanged, ...others.map(work)]);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const words = [...counts].map(([word, count]) => `${count} ${word}`).join(", ");
  console.log(`\n${chosen.length} mutations: ${words}; ${seconds} s`);
  return ok;
}

const words = process.argv.slice(2).join(" ");
const chosen = mutations.filter(({ file, mistake }) => `${file}: ${mistake}`.includes(words));
const copies: string[] = [];
try {
  if (chosen.length === 0) {
    throw new Error(
      `no file or description has "${words}" in it; give words that stand so in one, such as map/grow`,
    );
  }
  for (let i = 0; i < PROCESSES; i++) copies.push(makeCopy());
  // All texts are looked for first: a list that has fallen behind is said at once.
  for (const mutation of chosen) plant(mutation, join(copies[0] as string, "engine"))();
  if (!(await check(chosen, copies))) process.exitCode = 1;
} catch (error) {
  console.error(`mutations: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
}
