import { fastPath } from "../fast/fastpath.ts";
import { mapclear } from "../map/clear.ts";
import { mapclone } from "../map/clone.ts";
import { accessKey, assignKey, deleteKey, nextEntries } from "../map/dispatch.ts";
import { GoPanic } from "../map/errors.ts";
import { HITER, HITER_SIZE, mapiterinit } from "../map/iterate.ts";
import { Machine } from "../map/machine.ts";
import { makemap, makemapSmall } from "../map/make.ts";
import type { Address } from "../memory/memory.ts";
import type { RandomSource } from "../memory/random.ts";
import type { CompositeType } from "../types/composite.ts";
import type { GoType } from "../types/gotype.ts";
import type { MapType } from "../types/maptype.ts";
import { TypeTable } from "../types/parse.ts";
import { handleType } from "../types/reference.ts";
import type { RecordedOperation, Recording } from "./recording.ts";
import { quoted, RecordingError } from "./recordingerror.ts";
import { ByteStream, ValueCodec } from "./value.ts";

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

/** A map of ours that does what is recorded of a real one, with the same random numbers. */
export class RecordedMap {
  readonly go: Machine;
  readonly type: MapType;
  readonly values: ValueCodec;
  readonly #draws: RecordedDraws;
  readonly #types = new TypeTable();
  readonly #seen = new ByteStream();
  readonly #wanted = new ByteStream();
  readonly #iterators: Address[] = [];
  #map: Address;
  #allocated = 0;

  /**
   * @param fast whether with the fast path, where it applies, or with engine/map alone
   * @throws RecordingError when the recording's map type cannot be read, or there is no memory for its hint
   */
  constructor(recording: Recording, fast: boolean) {
    this.#draws = new RecordedDraws(recording);
    this.go = new Machine(this.#draws);
    if (fast) this.go.fastPath = fastPath(this.go);
    this.type = this.#parseType(recording.type);
    this.values = new ValueCodec(this.go, this.#types);
    this.#map = this.#counted(() => this.#make(recording.hint));
  }

  #parseType({ key, elem }: Recording["type"]): MapType {
    try {
      // Each by itself: a bracket too many in one must not be made up for in the other.
      this.#types.parse(key);
      this.#types.parse(elem);
      return this.#types.parseMap(`map[${key}]${elem}`);
    } catch (error) {
      throw new RecordingError(`its type cannot be read: ${(error as Error).message}`);
    }
  }

  #make(hint: number | null): Address {
    try {
      return hint === null ? makemapSmall(this.go) : makemap(this.go, this.type, hint);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new RecordingError(`no map can be made with the hint ${hint}: ${error.message}`);
    }
  }

  /** Where the hmap is. */
  get address(): Address {
    return this.#map;
  }

  /** Bytes that make and the operations have allocated so far: not those of keys and elems that were handed in. */
  get allocated(): number {
    return this.#allocated;
  }

  /** Random numbers taken so far. */
  get draws(): number {
    return this.#draws.taken;
  }

  #counted<T>(operation: () => T): T {
    const { heap } = this.go;
    const before = heap.heapAlloc;
    const result = operation();
    this.#allocated += heap.heapAlloc - before; // nothing is collected here
    return result;
  }

  /**
   * Does an operation.
   *
   * @throws Error when it does not do what is recorded
   * @throws RecordingError when it cannot be done
   */
  perform(operation: RecordedOperation): void {
    const [op, first, second, third, fourth] = operation;
    const { go } = this;
    go.scratch.reset();
    switch (op) {
      case "s": {
        const key = this.#key(first, go.heap);
        const elem = this.#counted(() => assignKey(go, this.type, this.#map, key));
        this.#value(this.type.elem, elem, second);
        break;
      }
      case "d":
        this.#counted(() => deleteKey(go, this.type, this.#map, this.#key(first, go.scratch)));
        break;
      case "g": {
        const elem = accessKey(go, this.type, this.#map, this.#key(first, go.scratch));
        if ((elem === 0) !== (second === null)) {
          throw new Error(`key ${quoted(first)} is ${elem === 0 ? "absent" : "there"}, recorded otherwise`);
        }
        if (second !== null) this.#expect("elem", this.type.elem, elem, second);
        break;
      }
      case "c":
        this.#counted(() => mapclear(go, this.type, this.#map));
        break;
      case "k":
        this.#map = this.#counted(() => mapclone(go, this.type, this.#map));
        break;
      case "i": {
        const it = go.scratch.reserveForever(HITER_SIZE);
        this.#iterators.push(it);
        this.#counted(() => mapiterinit(go, this.type, this.#map, it));
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
        if (it === undefined) throw new RecordingError(`iterator ${first} has not been begun`);
        if (go.memory.loadPointer(it + HITER.key) === 0)
          throw new RecordingError(`iterator ${first} is over already`);
        nextEntries(go, this.type, it);
        this.#expectEntry(it, second, third);
        break;
      }
      case "!":
        this.#expectPanic(first as string, second as string, third as string);
        break;
      default:
        throw new RecordingError("is not of the format bucketmap-trace/1");
    }
  }

  /** Writes a key to scratch memory. */
  #key(value: unknown, space: Machine["heap"] | Machine["scratch"]): Address {
    const a = this.go.scratch.allocate(this.type.key.size);
    this.go.memory.clear(a, this.type.key.size);
    this.values.write(this.type.key, a, value, space);
    return a;
  }

  #value(type: GoType, a: Address, value: unknown): void {
    this.go.memory.clear(a, type.size);
    this.values.write(type, a, value, this.go.heap);
  }

  /** Compares what an iterator stands on with a recorded key and elem; a key of null or none is the end. */
  #expectEntry(it: Address, key: unknown, elem: unknown): void {
    const { memory } = this.go;
    const at = memory.loadPointer(it + HITER.key);
    const ended = elem === undefined;
    if ((at === 0) !== ended)
      throw new Error(`the iteration ${at === 0 ? "ends" : "goes on"} here, recorded otherwise`);
    if (ended) return;
    this.#expect("key", this.type.key, at, key);
    this.#expect("elem", this.type.elem, memory.loadPointer(it + HITER.elem), elem);
  }

  /** Compares a value in memory with a recorded one, bit by bit. */
  #expect(what: string, type: GoType, a: Address, value: unknown): void {
    const go = this.go;
    const place = go.scratch.allocate(type.size);
    go.memory.clear(place, type.size);
    this.values.write(type, place, value, go.scratch);
    this.#seen.reset();
    this.#wanted.reset();
    this.values.read(type, a, this.#seen);
    this.values.read(type, place, this.#wanted);
    if (Buffer.compare(this.#seen.written, this.#wanted.written) !== 0) {
      throw new Error(`${what} is ${type.format(type.load(go, a))}, recorded ${quoted(value)}`);
    }
  }

  /** Does an operation with a key that cannot be hashed. */
  #expectPanic(kind: string, description: string, text: string): void {
    const { go } = this;
    const key = this.#unhashableKey(text);
    if (key === null) throw new RecordingError(`a key of type ${this.type.key.name} can always be hashed`);
    try {
      if (kind === "s") assignKey(go, this.type, this.#map, key);
      else if (kind === "g") accessKey(go, this.type, this.#map, key);
      else deleteKey(go, this.type, this.#map, key);
    } catch (error) {
      if (!(error instanceof GoPanic)) throw error;
      if (error.message === text) return;
      throw new Error(`panics with ${quoted(error.message)}, recorded ${quoted(text)}`);
    }
    throw new Error(`no panic with a key of type ${description}, recorded ${quoted(text)}`);
  }

  /**
   * A key that holds a value of the type at fault, in the first interface that it has. The recording tells that type,
   * not the value: a nil or empty one does as well.
   */
  #unhashableKey(text: string): Address | null {
    const { go } = this;
    const { size } = this.type.key;
    const key = go.scratch.allocate(size);
    go.memory.clear(key, size);
    const at = interfaceOffset(this.type.key);
    if (at === null) return null;
    const type = this.#typeInText(text);
    const data = go.scratch.allocate(Math.max(type.size, 8));
    go.memory.clear(data, type.size);
    go.memory.storePointer(key + at, go.typeAddress(type));
    go.memory.storePointer(key + at + 8, data);
    return key;
  }

  /** The type that a panic names; for one that the recording program declared another one of that name. */
  #typeInText(text: string): GoType {
    const name = /hash of unhashable type (.+)$/.exec(text)?.[1];
    if (name === undefined)
      throw new RecordingError(`${quoted(text)} is not the panic of a key without hash`);
    try {
      const type = this.#types.parse(name);
      if (!type.comparable) return type;
    } catch {
      return handleType(name, "func") as GoType;
    }
    throw new RecordingError(`${name} can be hashed, and the text says otherwise`);
  }
}

/** Where in a value of the type the first interface is that a program can set; null when there is none. */
function interfaceOffset(type: GoType): number | null {
  if (type.kind === "interface") return 0;
  if (type.kind !== "array" && type.kind !== "struct") return null;
  for (const part of (type as CompositeType<unknown>).parts) {
    const inside = part.name === "_" ? null : interfaceOffset(part.type);
    if (inside !== null) return part.offset + inside;
  }
  return null;
}
