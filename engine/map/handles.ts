import type { Heap } from "../memory/heap.ts";
import { noPointers } from "../memory/layout.ts";
import type { Address } from "../memory/memory.ts";

/** What {@link Handles} calls of an object when the collector has freed what it stands for. */
export const FREED = Symbol("freed");

/** The JavaScript objects that stand for things in a machine's memory: maps, channels, functions. */
export class Handles {
  readonly #heap: Heap;
  readonly #objects = new Map<Address, object>();
  readonly #addresses = new WeakMap<object, Address>();

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /** Lets an object stand for what is at an address. */
  set(address: Address, object: object): void {
    this.#objects.set(address, object);
    this.#addresses.set(object, address);
  }

  /** The object for an address; null for nil. */
  at(address: Address): object | null {
    return this.#objects.get(address) ?? null;
  }

  /** Whether an object stands for something in this memory. */
  has(object: object): boolean {
    return this.#addresses.has(object);
  }

  /**
   * The address of an object.
   *
   * @param create whether to make a Go value (a function's code pointer) for an object that has none
   * @throws TypeError when the object belongs to another Runtime
   */
  addressOf(object: object, create: boolean): Address {
    const known = this.#addresses.get(object);
    if (known !== undefined) return known;
    if (!create) throw new TypeError("this was made by another Runtime; make it with this one");
    const address = this.#heap.allocate(8, noPointers);
    this.set(address, object);
    return address;
  }

  /** Forgets the objects whose memory the collector has freed, and tells them. */
  retain(isLive: (address: Address) => boolean): void {
    for (const [address, object] of this.#objects) {
      if (isLive(address)) continue;
      this.#objects.delete(address);
      (object as { [FREED]?(): void })[FREED]?.();
    }
  }
}
