import type { IteratorSnapshot, MapSnapshot } from "../snapshot.ts";
import type { BytesSnapshot, TypeSnapshot } from "../typesnapshot.ts";
import type { Focus, Mark } from "./mapmarks.ts";
import type { HashSnapshot, HeapSeriesSnapshot, MemStatsSnapshot } from "./states.ts";

/** The MIME type of {@link SnapshotJson}. */
export const SNAPSHOT_MIME = "application/vnd.hmap.snapshot.v1+json";

/** The hash of a key, with its 64 bits in hexadecimal: JSON has no bigint. */
export type HashJson = Omit<HashSnapshot, "hash"> & { readonly hash: string };

/** The bytes of a bucket; keys and elems are null where nothing lives. */
export type BytesJson = Omit<BytesSnapshot, "keys" | "elems"> & {
  readonly keys: readonly (string | null)[];
  readonly elems: readonly (string | null)[];
};

/** What a drawing shows, as plain JSON: one kind of state, under the name of the kind. */
export type SnapshotContent =
  | { readonly map: MapSnapshot; readonly marks?: readonly Mark[]; readonly focus?: readonly Focus[] }
  | { readonly iterator: IteratorSnapshot; readonly map: MapSnapshot }
  | { readonly chain: MapSnapshot }
  | { readonly bytes: BytesJson }
  | { readonly hash: HashJson }
  | { readonly type: TypeSnapshot }
  | { readonly heap: HeapSeriesSnapshot }
  | { readonly memStats: MemStatsSnapshot };

/** A state, or a part of it, as JSON that says what it is. See snapshot.schema.json. */
export type SnapshotJson = { readonly format: "hmap-snapshot/1" } & SnapshotContent;
