import { KIND_TITLES, type Kind, OPERATIONS, type Operation, type Timings } from "./workload.ts";

/** The contestant that the others are compared with. */
const OURS = "hmap";

/** Collects timings and prints tables of medians. */
export class Report {
  readonly #turns = new Map<string, Timings[]>();
  readonly #bytes = new Map<string, number>();
  /** In the order of columns, ours first. */
  readonly #contestants = new Set<string>([OURS]);

  /** Adds one turn's timings. Turns are counted: the ratio of two contestants is taken within a turn. */
  addTimings(contestant: string, kind: Kind, n: number, timings: Timings): void {
    this.#contestants.add(contestant);
    const key = `${contestant} ${kind} ${n}`;
    const turns = this.#turns.get(key) ?? [];
    turns.push(timings);
    this.#turns.set(key, turns);
  }

  addBytes(contestant: string, kind: Kind, n: number, bytes: number): void {
    this.#contestants.add(contestant);
    this.#bytes.set(`${contestant} ${kind} ${n}`, bytes);
  }

  /** Medians of nanoseconds per operation, and in brackets the median of how many times theirs ours is. */
  timings(kind: Kind, sizes: readonly number[]): string {
    const contestants = [...this.#contestants];
    const rows = sizes.flatMap((n) =>
      OPERATIONS.map((operation, i) => [
        i === 0 ? size(n) : "",
        operation,
        ...contestants.map((contestant) => this.#cell(contestant, kind, n, operation)),
      ]),
    );
    return `${KIND_TITLES[kind]}\n\n${table(["n", "ns per", ...contestants], rows)}`;
  }

  /** Bytes per entry. */
  memory(kinds: readonly Kind[], sizes: readonly number[]): string {
    const contestants = [...this.#contestants].filter((name) =>
      kinds.some((kind) => this.#bytes.has(`${name} ${kind} ${sizes[0]}`)),
    );
    const rows = kinds.flatMap((kind) =>
      sizes.map((n) => [
        size(n),
        kind === "hashed" ? "string" : kind,
        ...contestants.map((name) => this.#bytes.get(`${name} ${kind} ${n}`)?.toFixed(1) ?? ""),
      ]),
    );
    return `Bytes per entry, keys included, after inserting one by one and a collection\n\n${table(["n", "keys", ...contestants], rows)}`;
  }

  #cell(contestant: string, kind: Kind, n: number, operation: Operation): string {
    const theirs = this.#turns.get(`${contestant} ${kind} ${n}`);
    if (theirs === undefined) return "";
    const nanoseconds = median(theirs.map((turn) => turn[operation])).toFixed(1);
    if (contestant === OURS) return nanoseconds;
    const ours = this.#turns.get(`${OURS} ${kind} ${n}`) ?? [];
    const ratios = theirs.map((turn, i) => (ours[i]?.[operation] ?? Number.NaN) / turn[operation]);
    return `${nanoseconds} (${median(ratios).toFixed(2)})`;
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  return ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** 1e3 and the like. */
export function size(n: number): string {
  return n.toExponential().replace("e+", "e");
}

/** Columns under their heads: the first two to the left, numbers to the right. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i < 2 ? cell.padEnd(widths[i] as number) : cell.padStart((widths[i] as number) + 2)))
      .join("  ")
      .trimEnd();
  return [heads, ...rows].map(line).join("\n");
}
