import type { FastPath } from "../fast/operations.ts";
import { Heap, zeroBase } from "../memory/heap.ts";
import { type Address, type Journal, Memory } from "../memory/memory.ts";
import type { RandomSource } from "../memory/random.ts";
import { Scratch } from "../memory/scratch.ts";
import type { GoType } from "../types/gotype.ts";
import { BUCKET_CELLS } from "./bmap.ts";
import { Handles } from "./handles.ts";
import { Hasher } from "./hash.ts";
import type { Recorder } from "./recorder.ts";
import { Texts } from "./texts.ts";

/** Bytes in a piece of memory outside the heap. */
const CHUNK = 8192;

// The first pages hold what in Go is part of the program, not of the heap. Before that, at 512, the fast path writes down
// what it foresees (fast/assembly/foresee.ts).
const ZERO_VAL: Address = 1024;
/** Bytes that a lookup of an absent key points at: abi.ZeroValSize. */
const ZERO_VAL_SIZE = 1024;
const STATIC_INTEGERS: Address = ZERO_VAL + ZERO_VAL_SIZE;
/** Here is what an operation needs in passing, until {@link STACK}. */
export const SCRATCH: Address = STATIC_INTEGERS + 256 * 8;
export const STACK: Address = SCRATCH + CHUNK;
/** Here iterators note what they have read ahead, until {@link NOTES_END}: nothing that a program could see. */
export const OWN_NOTES: Address = STACK + CHUNK;
/** Bytes of a note: NOTE_SIZE in fast/assembly/iterate.ts. */
const NOTE_SIZE = 32;
const NOTES: Address = OWN_NOTES + BUCKET_CELLS * NOTE_SIZE;
/** Entries that an iterator can note ahead: what is left of the half page. */
export const MOST_NOTES = 120;
const NOTES_SIZE = MOST_NOTES * NOTE_SIZE;
export const NOTES_END: Address = NOTES + NOTES_SIZE;

/**
 * What the map's functions work on: one memory, its allocator, the random source and the hash. Go has these as
 * globals of a process; here a program can have several.
 */
export class Machine {
  readonly memory: Memory;
  readonly heap: Heap;
  readonly random: RandomSource;
  readonly hasher: Hasher;
  readonly handles: Handles;
  /** Room for the notes of an iterator, of one bucket, when nobody is going to read them. */
  readonly ownNotes: Address = OWN_NOTES;
  /** What string keys are in JavaScript. */
  readonly texts: Texts;
  /** Where every value of size zero is: the runtime's `zerobase`. */
  readonly zeroBase: Address = zeroBase;
  /** The runtime's `zeroVal`: the zero value of every elem type that is not over 1024 bytes. */
  readonly zeroVal: Address = ZERO_VAL;
  /** Where values stand that are only looked for, until the next operation. */
  readonly scratch: Scratch;
  /** Whether collections run by themselves when the heap has grown: GOGC=100, or off. */
  collecting = true;
  #insideWrite: (() => void) | null = null;
  #recorder: Recorder | null = null;
  #fastPath: FastPath | null = null;
  /** {@link fastPath}, or null while somebody watches, whom it would tell nothing. A field, since each operation asks. */
  fast: FastPath | null = null;
  /** Counts what may change a map, or who watches, or the views of memory: entries read ahead may not come next any more. */
  writes = 0;
  readonly #typeAddresses = new Map<GoType, Address>();
  readonly #typesByAddress: Map<Address, GoType>;
  readonly #roots = new Map<Address, number>();
  readonly #freeIterators: Address[] = [];
  readonly #freeNotes: Address[] = [NOTES];

  /**
   * @param past the image of a memory that another machine had: this one is then for reading only
   * @param types the types that addresses in the image stand for
   */
  constructor(random: RandomSource, past?: Memory, types: Iterable<readonly [Address, GoType]> = []) {
    this.memory = past ?? new Memory();
    this.memory.renewed = () => this.writes++;
    this.#typesByAddress = new Map(types);
    this.random = random;
    this.hasher = new Hasher(random);
    this.heap = new Heap(this.memory, NOTES_END);
    this.handles = new Handles(this.heap);
    this.scratch = new Scratch(this.heap, SCRATCH, STACK, CHUNK);
    this.texts = new Texts(this.memory, this.heap, this.scratch, MOST_NOTES);
    if (past !== undefined) return;
    for (let i = 0; i < 256; i++) this.memory.store32(STATIC_INTEGERS + 8 * i, i);
  }

  /** Called inside each write, when the map is marked as being written; see `Runtime.during`. */
  get insideWrite(): (() => void) | null {
    return this.#insideWrite;
  }

  set insideWrite(insideWrite: (() => void) | null) {
    this.#insideWrite = insideWrite;
    this.#chooseFast();
  }

  /** Who listens to every step; null, as a rule. */
  get recorder(): Recorder | null {
    return this.#recorder;
  }

  set recorder(recorder: Recorder | null) {
    this.#recorder = recorder;
    this.#chooseFast();
  }

  /** The commonest operations in WebAssembly; null when engine/map does them all. Used by way of {@link fast}. */
  get fastPath(): FastPath | null {
    return this.#fastPath;
  }

  set fastPath(fastPath: FastPath | null) {
    this.#fastPath = fastPath;
    this.#chooseFast();
  }

  /** Who is told of every word of {@link memory} that changes. To be set here, and not there. */
  get journal(): Journal | null {
    return this.memory.journal;
  }

  set journal(journal: Journal | null) {
    this.memory.journal = journal;
    this.#chooseFast();
  }

  #chooseFast(): void {
    const isWatched = this.#recorder !== null || this.#insideWrite !== null || this.memory.journal !== null;
    this.fast = isWatched ? null : this.#fastPath;
  }

  /** Where the integer 0 to 255 stands, for interfaces: the runtime's `staticuint64s`. */
  smallInteger(value: number): Address {
    return STATIC_INTEGERS + 8 * value;
  }

  /** The address that stands for a type in the type word of an interface. */
  typeAddress(type: GoType): Address {
    const known = this.#typeAddresses.get(type);
    if (known !== undefined) return known;
    const address = this.scratch.reserveForever(64);
    this.#typeAddresses.set(type, address);
    this.#typesByAddress.set(address, type);
    return address;
  }

  /** The types that have an address. */
  get types(): readonly (readonly [Address, GoType])[] {
    return [...this.#typesByAddress];
  }

  /** The type that an address stands for. */
  typeOf(address: Address): GoType {
    const type = this.#typesByAddress.get(address);
    if (type === undefined)
      throw new Error(`no type at ${address}: the memory of an interface was overwritten`);
    return type;
  }

  /**
   * Keeps what an address points to from the collector, until {@link release}d.
   *
   * @param size bytes at the address that may hold pointers, when it is not in the heap
   */
  hold(address: Address, size = 0): void {
    this.#roots.set(address, size);
  }

  /** Takes {@link hold} back. */
  release(address: Address): void {
    this.#roots.delete(address);
  }

  /** Zeroed memory on the stack for an iterator. */
  takeIterator(size: number): Address {
    const address = this.#freeIterators.pop() ?? this.scratch.reserveForever(size);
    this.memory.clear(address, size);
    return address;
  }

  /** Takes an iterator's memory back. */
  giveBackIterator(address: Address): void {
    this.#freeIterators.push(address);
  }

  /** Where an iterator can note {@link MOST_NOTES} entries. */
  takeNotes(): Address {
    return this.#freeNotes.pop() ?? this.scratch.reserveForever(NOTES_SIZE);
  }

  /** Takes an iterator's notes back. */
  giveBackNotes(address: Address): void {
    this.#freeNotes.push(address);
  }

  /** Frees what nothing reaches. */
  collect(): void {
    const before = this.heap.heapAlloc;
    this.heap.collect(this.#roots);
    this.recorder?.collected(before, this.heap.heapAlloc);
    this.texts.forgetFreed();
    this.handles.retain((address) => this.#roots.has(address) || this.heap.isAllocated(address));
  }

  /** Collects if the heap has grown enough. Only between operations: inside one, new objects hang on nothing yet. */
  collectIfDue(): void {
    if (this.collecting && this.heap.isDue) this.collect();
  }
}
