/** hmap: Go 1.23's runtime map, in TypeScript, byte for byte. */
export { GoCompileError } from "./copies.ts";
export type { DrawingBundle, MimeBundle } from "./diagram/bundle.ts";
export type { Drawing } from "./diagram/drawing.ts";
export type { BucketChoice } from "./drawings.ts";
export type { GoMap, KeyHash, UnsafeMap } from "./gomap.ts";
export type { GoIterator } from "./iterator.ts";
export { GoFatalError, GoPanic } from "./map/errors.ts";
export type { RandomSource } from "./memory/random.ts";
export type { AssignmentOperator } from "./operators.ts";
export { type MakeOptions, type MapOf, Runtime, type RuntimeOptions, type UnsafeMemory } from "./runtime.ts";
export type {
  ArraySnapshot,
  BucketSnapshot,
  CellSnapshot,
  IteratorSnapshot,
  MapSnapshot,
  SnapshotOptions,
} from "./snapshot.ts";
export type { Complex } from "./types/basic.ts";
export type { Dynamic } from "./types/interface.ts";
export type { Pointer, Slice } from "./types/reference.ts";
