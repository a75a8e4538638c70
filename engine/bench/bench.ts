import { cpus, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { matchesOf } from "./contestants.ts";
import { findGo, GoPrograms } from "./gobench.ts";
import { recordingReport } from "./recording.ts";
import { Report, size } from "./report.ts";
import { Keys, KINDS, type Kind, Workload } from "./workload.ts";

// `npm run bench`: hmap beside V8's Map and, where Go 1.23 is installed, beside Go's own map, native and compiled to
// WebAssembly. For one number of entries everybody is timed, one after another, so that a slow spell of the machine hits
// all alike; what is printed are medians over all such turns.

const USAGE = `usage: npm run bench -- [--quick] [--no-go] [--only int53|small|string]
  --quick   1e3 and 1e5 entries only, and fewer times
  --no-go   without Go
  --only    one type of keys`;

/** A number of entries: how many maps make a measurable time, and how often a round times them. */
interface Size {
  readonly n: number;
  readonly passes: number;
  readonly times: number;
}
/** What is quickly timed is timed often: a machine with neighbours has slow seconds. */
const SIZES: readonly Size[] = [
  { n: 1e3, passes: 100, times: 3 },
  { n: 1e5, passes: 2, times: 3 },
  { n: 1e6, passes: 1, times: 1 },
];
const ROUNDS = { full: 5, quick: 1 };
/** Maps of 1e3 entries before the first round, so that V8 has compiled everything. */
const WARM_UP = 2000;

interface Options {
  readonly quick: boolean;
  readonly withGo: boolean;
  readonly kinds: readonly Kind[];
}

/** @throws Error with the usage when an option is wrong */
function readOptions(): Options {
  let values: { quick?: boolean; "no-go"?: boolean; only?: string };
  try {
    values = parseArgs({
      options: { quick: { type: "boolean" }, "no-go": { type: "boolean" }, only: { type: "string" } },
    }).values;
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${USAGE}`);
  }
  const { only } = values;
  const kinds = KINDS.filter((kind) => {
    const isString = kind === "hashed" || kind === "fresh";
    return only === undefined || only === kind || (only === "string" && isString);
  });
  if (kinds.length === 0) throw new Error(`--only ${only}: give int53, small or string\n${USAGE}`);
  return { quick: values.quick ?? false, withGo: !values["no-go"], kinds };
}

const started = performance.now();

/** Says on stderr what is being done; a line that is written over when a person watches. */
function progress(what: string): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(0).padStart(4);
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[2K${seconds} s  ${what}` : `${seconds} s  ${what}\n`);
}

function buildGo(): GoPrograms | undefined {
  const command = findGo();
  if (command === undefined) {
    console.log("Without Go: Go 1.23 was not found; set GO1_23 to its go command.\n");
    return undefined;
  }
  progress("building the Go programs");
  const go = new GoPrograms(command);
  for (const sentence of go.missing) console.log(`${sentence}\n`);
  return go;
}

function machine(go: GoPrograms | undefined): string {
  const versions = [`Node ${process.versions.node}`, `V8 ${process.versions.v8}`, go?.version].filter(
    Boolean,
  );
  const load = loadavg()[0]?.toFixed(1);
  return `${cpus().length} cores of ${cpus()[0]?.model}; ${versions.join(", ")}; load ${load}`;
}

/** The sizes in the order in which they are timed: the big ones once a round, the small ones in between. */
function turnsOf(sizes: readonly Size[], rounds: number): Size[] {
  const most = Math.max(...sizes.map(({ times }) => times));
  const round = Array.from({ length: most }, (_, i) => sizes.filter(({ times }) => i < times)).flat();
  return Array.from({ length: rounds }, () => round).flat();
}

async function bench({ quick, withGo, kinds }: Options): Promise<void> {
  using go = withGo ? buildGo() : undefined;
  const sizes = SIZES.filter(({ n }) => !quick || n < 1e6);
  const numbers = sizes.map(({ n }) => n);
  const rounds = quick ? ROUNDS.quick : ROUNDS.full;
  const turns = turnsOf(sizes, rounds);
  const report = new Report();
  const before = machine(go);

  const workloads = new Map(
    numbers.flatMap((n) => kinds.map((kind) => [`${kind} ${n}`, new Workload(kind, n)])),
  );
  const matches = kinds.map(matchesOf);
  for (const [i, kind] of kinds.entries()) {
    for (const match of matches[i] ?? []) {
      progress(`warming up: ${kind}, ${match.contestant.name}`);
      match.time(workloads.get(`${kind} 1000`) as Workload, WARM_UP);
    }
  }
  for (const [turn, { n, passes }] of turns.entries()) {
    const earlier = turns.slice(0, turn).filter((other) => other.n === n).length;
    const at = `${turn + 1} of ${turns.length}: ${size(n)} entries`;
    for (const [i, kind] of kinds.entries()) {
      // Who goes first alternates.
      const order = earlier % 2 === 0 ? matches[i] : matches[i]?.toReversed();
      for (const match of order ?? []) {
        progress(`${at}, ${kind}, ${match.contestant.name}`);
        const workload = workloads.get(`${kind} ${n}`) as Workload;
        report.addTimings(match.contestant.name, kind, n, match.time(workload, passes));
      }
    }
    for (const program of go?.programs ?? []) {
      progress(`${at}, ${program.name}`);
      const timings = await go?.time(program, kinds, n, passes);
      for (const kind of kinds) {
        const found = timings?.get(kind);
        if (found !== undefined) report.addTimings(program.name, kind, n, found);
      }
    }
  }

  const stored = kinds.filter((kind) => kind !== "fresh"); // in memory, a string is a string
  for (const kind of stored) {
    progress(`memory: ${kind}`);
    for (const match of matchesOf(kind)) {
      for (const n of numbers) {
        report.addBytes(match.contestant.name, kind, n, match.bytesPerEntry(new Keys(kind, n)));
      }
    }
  }
  for (const program of go?.programs.slice(0, 1) ?? []) {
    progress(`memory: ${program.name}`);
    for (const [key, bytes] of (await go?.memory(program, stored, numbers)) ?? []) {
      const [kind, n] = key.split(" ") as [Kind, string];
      report.addBytes(program.name, kind, Number(n), bytes);
    }
  }
  progress("recording");
  const recording = recordingReport(quick ? 1e5 : 1e6);
  progress("done\n");

  console.log(`${before}, ${loadavg()[0]?.toFixed(1)} at the end`);
  const times = sizes.map(({ n, times }) => `${size(n)}: ${times * rounds}`).join(", ");
  console.log(
    `Nanoseconds per operation; in brackets, how many times as long hmap takes. Medians; times measured: ${times}.\n`,
  );
  for (const kind of kinds) console.log(`${report.timings(kind, numbers)}\n`);
  console.log(report.memory(stored, numbers));
  console.log(
    "\nInserts include the collections that they cause. Go's collector runs beside the program where there is a free core.",
  );
  console.log(`\n${recording}`);
}

try {
  await bench(readOptions());
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
