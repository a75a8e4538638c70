/** hmap: Go 1.23's runtime map, in TypeScript, byte for byte. */
export type { GoMap, KeyHash, MimeBundle } from "./gomap.ts";
export { GoFatalError, GoPanic } from "./map/errors.ts";
export { Runtime, type RuntimeOptions } from "./runtime.ts";
export type {
  ArraySnapshot,
  BucketSnapshot,
  CellSnapshot,
  MapSnapshot,
  SnapshotOptions,
} from "./snapshot.ts";
