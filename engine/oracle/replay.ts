import { createHash } from "node:crypto";
import type { GoMap } from "../gomap.ts";
import { newMap } from "../intelems.ts";
import type { MapSnapshot } from "../snapshot.ts";
import type { Dump } from "./dump.ts";
import { dumpDifference } from "./dumpdifference.ts";
import { RecordedMap } from "./recordedmap.ts";
import type { Checkpoint, RecordedOperation, Recording, TypeFacts } from "./recording.ts";
import { quoted, RecordingError } from "./recordingerror.ts";
import { StateStream, type StateSummary } from "./statestream.ts";

/** Where a replay and its recording part. */
export interface Difference {
  /** Number of operations done before: those that did what is recorded. */
  readonly op: number;
  /** The next operation, when it is the one that did something else; absent when the state before it differs. */
  readonly operation?: RecordedOperation;
  /** What differs, in one sentence. */
  readonly what: string;
  /** The map as it is here. */
  readonly state: MapSnapshot;
  /** The recorded checkpoint, when it was one that differed. */
  readonly expected?: Checkpoint;
}

/** What a replay did. */
export interface ReplayResult {
  readonly operations: number;
  readonly checkpoints: number;
  /** null when everything agreed. */
  readonly difference: Difference | null;
}

/**
 * Replays a recording with engine/map alone, and then once more with the fast path if its map type has one. Both must
 * agree with it; what is given is the first result with a difference, else the last one.
 *
 * @param progress called now and then with the number of operations done
 */
export function replayBothWays(recording: Recording, progress?: (done: number) => void): ReplayResult {
  const result = new Replay(recording, false).compare(progress);
  if (result.difference !== null || recording.type.variant === "slow") return result;
  const again = new Replay(recording, true).compare(progress);
  const { difference } = again;
  return difference === null
    ? again
    : { ...again, difference: { ...difference, what: `${difference.what} (with the fast path only)` } };
}

/** A replay of one recording: the same operations on our map, with the same random numbers. */
export class Replay {
  readonly #recording: Recording;
  readonly #map: RecordedMap;
  readonly #stream: StateStream;
  #done = 0;
  #failed: RecordedOperation | undefined;

  /**
   * @param fast whether with the fast path, where it applies, or with engine/map alone
   * @throws RecordingError when the recording's map type cannot be read, or there is no memory for its hint
   */
  constructor(recording: Recording, fast = true) {
    this.#recording = recording;
    this.#map = new RecordedMap(recording, fast);
    this.#stream = new StateStream(this.#map.go, this.#map.type, this.#map.values);
  }

  /** The map as it is now, as the public API has it. */
  get map(): GoMap<unknown, unknown> {
    const { go, type, address } = this.#map;
    return newMap(go, type, address);
  }

  /** Operations done. */
  get done(): number {
    return this.#done;
  }

  /**
   * Does operations until `upTo` of them are done, without looking at checkpoints.
   *
   * @throws Error when an operation does not do what is recorded
   * @throws RecordingError when one cannot be done
   */
  run(upTo: number): void {
    for (; this.#done < Math.min(upTo, this.#recording.ops.length); this.#done++) {
      const operation = this.#recording.ops[this.#done] as RecordedOperation;
      this.#failed = operation;
      try {
        this.#map.perform(operation);
        this.#compareAllocated(this.#done + 1);
      } catch (error) {
        if (!(error instanceof RecordingError)) throw error;
        throw new RecordingError(`operation ${this.#done + 1}, ${quoted(operation)}: ${error.message}`);
      }
      this.#failed = undefined;
    }
  }

  /**
   * Does all operations and compares every checkpoint and every dump.
   *
   * @param progress called now and then with the number of operations done
   * @throws RecordingError when an operation cannot be done
   */
  compare(progress: (done: number) => void = () => {}): ReplayResult {
    const { check, full, ops, draws } = this.#recording;
    const atStart = this.#compareStart();
    if (atStart !== null) return this.#result(0, atStart);
    const dumps = full.toSorted((a, b) => a.op - b.op);
    let checkpoints = 0;
    try {
      for (const checkpoint of check) {
        const [n] = checkpoint;
        while ((dumps[0]?.op ?? Number.POSITIVE_INFINITY) <= n) {
          const difference = this.#compareDump(dumps.shift() as Dump);
          if (difference !== null) return this.#result(checkpoints, difference);
        }
        this.run(n);
        const what = this.#compareState(checkpoint);
        if (what !== null) return this.#result(checkpoints, what, checkpoint);
        checkpoints++;
        if (checkpoints % 256 === 0) progress(this.#done);
      }
      for (const dump of dumps) {
        const difference = this.#compareDump(dump);
        if (difference !== null) return this.#result(checkpoints, difference);
      }
      this.run(ops.length);
      if (this.#map.draws !== draws.length) {
        return this.#result(checkpoints, `${this.#map.draws} random numbers taken, ${draws.length} recorded`);
      }
    } catch (error) {
      if (error instanceof RecordingError) throw error;
      return this.#result(checkpoints, error instanceof Error ? error.message : String(error));
    }
    return this.#result(checkpoints, null);
  }

  #result(checkpoints: number, what: string | null, expected?: Checkpoint): ReplayResult {
    const operations = this.#done;
    if (what === null) return { operations, checkpoints, difference: null };
    const difference: Difference = {
      op: operations,
      what,
      state: this.map.snapshot({ limit: 16 }),
      ...(this.#failed && { operation: this.#failed }),
      ...(expected && { expected }),
    };
    return { operations, checkpoints, difference };
  }

  /** What the recording says of the type and of the new map, as far as it says it. */
  #compareStart(): string | null {
    const { key, elem, keySlot, elemSlot, variant, bucketSize, flags, bucketHasPointers, name } =
      this.#map.type;
    const facts: Required<TypeFacts> = {
      variant,
      bucketSize,
      flags,
      bucketHasPointers,
      keySize: key.size,
      elemSize: elem.size,
      keySlot,
      elemSlot,
    };
    for (const [fact, ours] of Object.entries(facts)) {
      const recorded = this.#recording.type[fact as keyof TypeFacts];
      if (recorded !== undefined && ours !== recorded)
        return `${fact} of ${name} is ${ours}, ${recorded} recorded`;
    }
    const { hash0 } = this.#stream.summary(this.#map.address);
    const recorded = this.#recording.hash0 ?? hash0;
    if (hash0 !== recorded) return `hash0 is ${hash0}, ${recorded} recorded`;
    try {
      this.#compareAllocated(0);
    } catch (error) {
      return (error as Error).message;
    }
    return null;
  }

  /** Compares what the first n operations have allocated, where that is recorded. */
  #compareAllocated(n: number): void {
    const { allocated } = this.#map;
    const recorded = this.#recording.heap?.[n] ?? allocated;
    if (allocated !== recorded) throw new Error(`${allocated} bytes allocated so far, ${recorded} recorded`);
  }

  #compareDump(dump: Dump): string | null {
    this.run(dump.op);
    return dumpDifference(this.#map, this.#stream.summary(this.#map.address), dump);
  }

  #compareState(checkpoint: Checkpoint): string | null {
    const [
      ,
      count,
      flags,
      B,
      noverflow,
      hash0,
      nevacuate,
      growing,
      nextOverflow,
      freeOverflow,
      draws,
      digest,
    ] = checkpoint;
    const recorded: StateSummary = {
      count,
      flags,
      B,
      noverflow,
      hash0,
      nevacuate,
      growing,
      nextOverflow,
      freeOverflow,
    };
    const ours = this.#stream.summary(this.#map.address);
    for (const [field, value] of Object.entries(recorded)) {
      const here = ours[field as keyof StateSummary];
      if (here !== value) return `${field} is ${here}, ${value} recorded`;
    }
    if (this.#map.draws !== draws) return `${this.#map.draws} random numbers taken, ${draws} recorded`;
    const hash = createHash("sha256")
      .update(this.#stream.write(this.#map.address))
      .digest("hex")
      .slice(0, 16);
    return hash === digest.toLowerCase()
      ? null
      : `the bytes of the buckets differ (digest ${hash}, ${digest} recorded)`;
  }
}
