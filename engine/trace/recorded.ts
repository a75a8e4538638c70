import type { OperationCode } from "../map/recorder.ts";
import type { Address } from "../memory/memory.ts";
import type { MapType } from "../types/maptype.ts";

/** A map that a recording has seen. */
export interface RecordedMap {
  /** Where its hmap is. */
  readonly address: Address;
  readonly type: MapType;
  /** Number of the operation that made it; 0 for one that was there before. */
  readonly from: number;
}

/** What a program did, as far as the machine is told of it. */
export interface OperationWords {
  readonly code: OperationCode;
  /** Number of the map, or -1 when there is none. */
  readonly map: number;
  /** The JavaScript key and value, and the operator, where the operation has them. */
  readonly key: unknown;
  readonly value: unknown;
  readonly operator: string;
}
