import type { MimeBundle } from "./diagram/bundle.ts";
import type { Drawing } from "./diagram/drawing.ts";
import { heapDrawing } from "./diagram/heapseries.ts";
import type { HeapEvent, HeapSample, HeapSeriesSnapshot } from "./diagram/states.ts";
import { growing, HMAP, oldBucketCount } from "./map/hmap.ts";
import type { Machine } from "./map/machine.ts";
import { arrayBuckets } from "./map/make.ts";
import type { Address } from "./memory/memory.ts";
import type { MapType } from "./types/maptype.ts";

/**
 * The heap over time, while a map is at work: made by `m.watchHeap()`. It has a sample for each call of {@link sample},
 * and notes where a growth of the map began and where the collector ran.
 */
export class HeapWatch {
  readonly #go: Machine;
  readonly #type: MapType;
  readonly #map: Address;
  readonly #unit: string;
  readonly #samples: HeapSample[] = [];
  readonly #events: HeapEvent[] = [];
  #collections: number;
  #buckets: Address;

  /** Use `GoMap.watchHeap`. */
  constructor(go: Machine, type: MapType, map: Address, unit: string) {
    this.#go = go;
    this.#type = type;
    this.#map = map;
    this.#unit = unit;
    this.#collections = go.heap.collections;
    this.#buckets = this.#array();
  }

  /** Takes a sample of the heap. */
  sample(): void {
    const { memory, heap } = this.#go;
    const at = this.#samples.length;
    const buckets = this.#array();
    if (heap.collections !== this.#collections) this.#events.push({ at, kind: "collection" });
    if (buckets !== this.#buckets && this.#buckets !== 0) this.#events.push({ at, kind: "growth" });
    this.#collections = heap.collections;
    this.#buckets = buckets;
    const B = memory.load8(this.#map + HMAP.B);
    this.#samples.push({
      heapAlloc: heap.heapAlloc,
      buckets: buckets === 0 ? 0 : this.#bytes(B),
      oldbuckets: growing(memory, this.#map) ? this.#bytes(Math.log2(oldBucketCount(memory, this.#map))) : 0,
    });
  }

  /** Number of samples. */
  get length(): number {
    return this.#samples.length;
  }

  /** What has been seen, as a plain object. */
  snapshot(): HeapSeriesSnapshot {
    return { unit: this.#unit, samples: [...this.#samples], events: [...this.#events] };
  }

  /** The samples taken so far, drawn. */
  draw(): Drawing {
    return heapDrawing(this.snapshot());
  }

  /** The curve in text. */
  toString(): string {
    return this.draw().text;
  }

  /** What `console.log` prints in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** What a notebook shows. */
  [Symbol.for("Jupyter.display")](): MimeBundle {
    return { ...this.draw().bundle };
  }

  #array(): Address {
    return this.#go.memory.loadPointer(this.#map + HMAP.buckets);
  }

  #bytes(B: number): number {
    return arrayBuckets(this.#type, B) * this.#type.bucketSize;
  }
}
