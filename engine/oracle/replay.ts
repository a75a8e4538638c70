import { createHash } from "node:crypto";
import { fastPath } from "../fast/fastpath.ts";
import { GoMap } from "../gomap.ts";
import { mapclear } from "../map/clear.ts";
import { mapclone } from "../map/clone.ts";
import { accessKey, assignKey, deleteKey, nextEntries } from "../map/dispatch.ts";
import { GoPanic } from "../map/errors.ts";
import { HITER, HITER_SIZE, mapiterinit } from "../map/iterate.ts";
import { Machine } from "../map/machine.ts";
import { makemap, makemapSmall } from "../map/make.ts";
import type { Address } from "../memory/memory.ts";
import type { RandomSource } from "../memory/random.ts";
import type { MapSnapshot } from "../snapshot.ts";
import type { GoType } from "../types/gotype.ts";
import type { MapType } from "../types/maptype.ts";
import { TypeTable } from "../types/parse.ts";
import type { Checkpoint, RecordedOperation, Recording } from "./recording.ts";
import { StateStream, type StateSummary } from "./statestream.ts";
import { ByteStream, ValueCodec } from "./value.ts";

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

/** A recording's random numbers: the four of its hash key, then its draws in order. */
class RecordedDraws implements RandomSource {
  low = 0;
  high = 0;
  /** Draws taken, the hash key's four not counted. */
  taken = -4;
  readonly #words: readonly string[];

  constructor(recording: Recording) {
    this.#words = [...recording.hashkey, ...recording.draws];
  }

  next(): void {
    const word = this.#words[4 + this.taken++];
    if (word === undefined) throw new Error("takes more random numbers than the recording has");
    this.high = Number.parseInt(word.slice(0, 8), 16) | 0;
    this.low = Number.parseInt(word.slice(8), 16) | 0;
  }
}

/** A replay of one recording: the same operations on our map, with the same random numbers. */
export class Replay {
  readonly #recording: Recording;
  readonly #draws: RecordedDraws;
  readonly #go: Machine;
  readonly #types = new TypeTable();
  readonly #type: MapType;
  readonly #values: ValueCodec;
  readonly #stream: StateStream;
  readonly #seen = new ByteStream();
  readonly #wanted = new ByteStream();
  readonly #iterators: Address[] = [];
  #map: Address;
  #done = 0;
  #failed: RecordedOperation | undefined;

  /**
   * @param fast whether with the fast path, where it applies, or with engine/map alone
   * @throws TypeError when the recording's map type cannot be read
   */
  constructor(recording: Recording, fast = true) {
    this.#recording = recording;
    this.#draws = new RecordedDraws(recording);
    this.#go = new Machine(this.#draws);
    if (fast) this.#go.fastPath = fastPath(this.#go);
    this.#type = this.#types.parseMap(`map[${recording.type.key}]${recording.type.elem}`);
    this.#values = new ValueCodec(this.#go, this.#types);
    this.#stream = new StateStream(this.#go, this.#type, this.#values);
    this.#map =
      recording.hint === null ? makemapSmall(this.#go) : makemap(this.#go, this.#type, recording.hint);
  }

  /** The map as it is now, as the public API has it. */
  get map(): GoMap<unknown, unknown> {
    return new GoMap(this.#go, this.#type, this.#map);
  }

  /** Operations done. */
  get done(): number {
    return this.#done;
  }

  /**
   * Does operations until `upTo` of them are done, without looking at checkpoints.
   *
   * @throws Error when an operation does not do what is recorded
   */
  run(upTo: number): void {
    for (; this.#done < Math.min(upTo, this.#recording.ops.length); this.#done++) {
      const operation = this.#recording.ops[this.#done] as RecordedOperation;
      this.#failed = operation;
      this.#do(operation);
      this.#failed = undefined;
    }
  }

  /**
   * Does all operations and compares every checkpoint.
   *
   * @param progress called now and then with the number of operations done
   */
  compare(progress: (done: number) => void = () => {}): ReplayResult {
    const typeDifference = this.#compareType();
    if (typeDifference !== null) return this.#result(0, typeDifference);
    let checkpoints = 0;
    try {
      for (const checkpoint of this.#recording.check) {
        this.run(checkpoint[0]);
        const what = this.#compareState(checkpoint);
        if (what !== null) return this.#result(checkpoints, what, checkpoint);
        checkpoints++;
        if (checkpoints % 256 === 0) progress(this.#done);
      }
      this.run(this.#recording.ops.length);
      if (this.#draws.taken !== this.#recording.draws.length) {
        return this.#result(
          checkpoints,
          `${this.#draws.taken} random numbers taken, ${this.#recording.draws.length} recorded`,
        );
      }
    } catch (error) {
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

  #compareType(): string | null {
    const { variant, bucketSize, flags, bucketHasPointers } = this.#recording.type;
    const recorded = { variant, bucketSize, flags, bucketHasPointers };
    for (const [field, value] of Object.entries(recorded)) {
      const ours = this.#type[field as keyof typeof recorded];
      if (ours !== value) return `${field} of ${this.#type.name} is ${ours}, ${value} recorded`;
    }
    return null;
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
    const ours = this.#stream.summary(this.#map);
    for (const [field, value] of Object.entries(recorded)) {
      const here = ours[field as keyof StateSummary];
      if (here !== value) return `${field} is ${here}, ${value} recorded`;
    }
    if (this.#draws.taken !== draws) return `${this.#draws.taken} random numbers taken, ${draws} recorded`;
    const hash = createHash("sha256").update(this.#stream.write(this.#map)).digest("hex").slice(0, 16);
    return hash === digest ? null : `the bytes of the buckets differ (digest ${hash}, ${digest} recorded)`;
  }

  #do(operation: RecordedOperation): void {
    const [op, first, second, third, fourth] = operation;
    const go = this.#go;
    go.scratch.reset();
    switch (op) {
      case "s": {
        const elem = assignKey(go, this.#type, this.#map, this.#key(first, go.heap));
        this.#value(this.#type.elem, elem, second);
        break;
      }
      case "d":
        deleteKey(go, this.#type, this.#map, this.#key(first, go.scratch));
        break;
      case "g": {
        const elem = accessKey(go, this.#type, this.#map, this.#key(first, go.scratch));
        if ((elem === 0) !== (second === null)) {
          throw new Error(
            `key ${JSON.stringify(first)} is ${elem === 0 ? "absent" : "there"}, recorded otherwise`,
          );
        }
        if (second !== null) this.#expect("elem", this.#type.elem, elem, second);
        break;
      }
      case "c":
        mapclear(go, this.#type, this.#map);
        break;
      case "k":
        this.#map = mapclone(go, this.#type, this.#map);
        break;
      case "i": {
        const it = go.scratch.reserveForever(HITER_SIZE);
        this.#iterators.push(it);
        mapiterinit(go, this.#type, this.#map, it);
        if (first === null) this.#expectEntry(it, null, undefined);
        else {
          const began = [go.memory.load32(it + HITER.startBucket), go.memory.load8(it + HITER.offset)];
          if (began[0] !== first || began[1] !== second) {
            throw new Error(`the iteration begins at ${began}, recorded at ${first},${second}`);
          }
          this.#expectEntry(it, third, fourth);
        }
        break;
      }
      case "n": {
        const it = this.#iterators[first as number];
        if (it === undefined) throw new Error(`iterator ${first} has not been begun`);
        nextEntries(go, this.#type, it, 0);
        this.#expectEntry(it, second, third);
        break;
      }
      case "!":
        this.#expectPanic(first as string, second as string, third as string);
        break;
      default:
        throw new Error(`operation ${JSON.stringify(op)} is not of the format bucketmap-trace/1`);
    }
  }

  /** Writes a key to scratch memory. */
  #key(value: unknown, space: Machine["heap"] | Machine["scratch"]): Address {
    const a = this.#go.scratch.allocate(this.#type.key.size);
    this.#go.memory.clear(a, this.#type.key.size);
    this.#values.write(this.#type.key, a, value, space);
    return a;
  }

  #value(type: GoType, a: Address, value: unknown): void {
    this.#go.memory.clear(a, type.size);
    this.#values.write(type, a, value, this.#go.heap);
  }

  /** Compares what an iterator stands on with a recorded key and elem; a key of null or none is the end. */
  #expectEntry(it: Address, key: unknown, elem: unknown): void {
    const { memory } = this.#go;
    const at = memory.loadPointer(it + HITER.key);
    const ended = elem === undefined;
    if ((at === 0) !== ended)
      throw new Error(`the iteration ${at === 0 ? "ends" : "goes on"} here, recorded otherwise`);
    if (ended) return;
    this.#expect("key", this.#type.key, at, key);
    this.#expect("elem", this.#type.elem, memory.loadPointer(it + HITER.elem), elem);
  }

  /** Compares a value in memory with a recorded one, bit by bit. */
  #expect(what: string, type: GoType, a: Address, value: unknown): void {
    const go = this.#go;
    const place = go.scratch.allocate(type.size);
    go.memory.clear(place, type.size);
    this.#values.write(type, place, value, go.scratch);
    this.#seen.reset();
    this.#wanted.reset();
    this.#values.read(type, a, this.#seen);
    this.#values.read(type, place, this.#wanted);
    if (Buffer.compare(this.#seen.written, this.#wanted.written) !== 0) {
      throw new Error(`${what} is ${type.format(type.load(go, a))}, recorded ${JSON.stringify(value)}`);
    }
  }

  /** Does an operation with a key that cannot be hashed, if the recording names a type that can be made here. */
  #expectPanic(kind: string, description: string, text: string): void {
    const go = this.#go;
    const type = this.#typeInText(text);
    // The recording tells the type at fault, not the key's value: a nil or empty one of that type does as well.
    if (type === null || this.#type.key.kind !== "interface") return;
    const key = go.scratch.allocate(16);
    const data = go.scratch.allocate(Math.max(type.size, 8));
    go.memory.clear(data, type.size);
    go.memory.storePointer(key, go.typeAddress(type));
    go.memory.storePointer(key + 8, data);
    try {
      if (kind === "s") assignKey(go, this.#type, this.#map, key);
      else if (kind === "g") accessKey(go, this.#type, this.#map, key);
      else deleteKey(go, this.#type, this.#map, key);
    } catch (error) {
      if (!(error instanceof GoPanic)) throw error;
      if (error.message === text) return;
      throw new Error(`panics with ${JSON.stringify(error.message)}, recorded ${JSON.stringify(text)}`);
    }
    throw new Error(`no panic with a key of type ${description}, recorded ${JSON.stringify(text)}`);
  }

  #typeInText(text: string): GoType | null {
    const name = /hash of unhashable type (.+)$/.exec(text)?.[1];
    try {
      return name === undefined ? null : this.#types.parse(name);
    } catch {
      return null; // a type that the recording program declared
    }
  }
}
