// Plain states that are drawn and belong to no map alone; a map's own are in engine/snapshot.ts and engine/typesnapshot.ts.

/** A key's hash in a map, and what the map makes of it, as a plain object. */
export interface HashSnapshot {
  /** The map's type as Go writes it. */
  readonly type: string;
  /** The key as Go writes it. */
  readonly key: string;
  /** The map's seed. */
  readonly hash0: number;
  /** All 64 bits. */
  readonly hash: bigint;
  /** The high byte, moved up by 5 when it is below 5. */
  readonly tophash: number;
  /** The low B bits. */
  readonly bucket: number;
  readonly B: number;
  /** Whether the map is growing to twice its buckets, from 2^(B-1) of them. */
  readonly doubling: boolean;
}

/** Memory statistics, as a plain object: three of the fields of Go's `runtime.MemStats`. */
export interface MemStatsSnapshot {
  /** Bytes of all objects in the heap. */
  readonly heapAlloc: number;
  /** At how many bytes the next collection is due. */
  readonly nextGC: number;
  /** Collections so far. */
  readonly numGC: number;
}

/** The heap at one moment. Sizes are bytes. */
export interface HeapSample {
  readonly heapAlloc: number;
  /** Of the map's array of buckets, spares included. */
  readonly buckets: number;
  /** Of its old array, while it grows. */
  readonly oldbuckets: number;
}

/** Something that happened between two samples. */
export interface HeapEvent {
  /** Index of the sample after it. */
  readonly at: number;
  readonly kind: "growth" | "collection";
}

/** The heap over time, as a plain object. */
export interface HeapSeriesSnapshot {
  /** What the samples are taken after: `set`, `operation`. */
  readonly unit: string;
  readonly samples: readonly HeapSample[];
  readonly events: readonly HeapEvent[];
}
