import type { ArraySnapshot, BucketSnapshot, CellSnapshot, MapSnapshot } from "../snapshot.ts";
import type { SnapshotJson } from "./mapbundle.ts";

/**
 * Takes JSON of unknown origin (a notebook's output, which anybody may have written) for a snapshot, as
 * snapshot.schema.json describes it. What comes out can be drawn.
 *
 * @throws TypeError when it is none, or of another version; the message says where
 */
export function readSnapshot(json: unknown): MapSnapshot {
  const { format, map } = object(json, "the snapshot") as Partial<SnapshotJson>;
  if (format !== "hmap-snapshot/1") {
    throw new TypeError(
      `this is not an hmap snapshot that can be read here: its format is ${String(format)}`,
    );
  }
  const state = object(map, "map");
  return {
    type: text(state.type, "map.type"),
    sameSizeGrow: state.sameSizeGrow === true,
    ...(naturals(state, "map", [
      ...(["bucketSize", "address", "count", "flags", "B", "noverflow", "hash0"] as const),
      ...(["nevacuate", "extra", "spares"] as const),
    ]) as Numbers),
    buckets: array(state.buckets, "map.buckets"),
    oldbuckets: array(state.oldbuckets, "map.oldbuckets"),
  };
}

type Numbers = Omit<MapSnapshot, "type" | "sameSizeGrow" | "buckets" | "oldbuckets">;
type Json = Record<string, unknown>;

function array(json: unknown, where: string): ArraySnapshot | null {
  if (json === null) return null;
  const found = object(json, where);
  const leftOut = natural(found.overflowLeftOut ?? 0, `${where}.overflowLeftOut`);
  return {
    ...(naturals(found, where, ["address", "length", "places", "from"]) as Omit<ArraySnapshot, "chains">),
    chains: list(found.chains, `${where}.chains`).map((chain, i) =>
      list(chain, `${where}.chains[${i}]`).map((one, link) => bucket(one, `${where}.chains[${i}][${link}]`)),
    ),
    ...(leftOut === 0 ? {} : { overflowLeftOut: leftOut }),
  };
}

function bucket(json: unknown, where: string): BucketSnapshot {
  const found = object(json, where);
  const cells = list(found.cells, `${where}.cells`);
  if (cells.length !== 8) throw wrong(`${where}.cells`, "eight cells");
  return {
    address: natural(found.address, `${where}.address`),
    place: found.place === -1 ? -1 : natural(found.place, `${where}.place`),
    cells: cells.map((one, i) => cell(one, `${where}.cells[${i}]`)),
  };
}

function cell(json: unknown, where: string): CellSnapshot {
  const found = object(json, where);
  const tophash = natural(found.tophash, `${where}.tophash`);
  if (tophash > 255) throw wrong(`${where}.tophash`, "a byte");
  if (found.key === undefined && found.elem === undefined) return { tophash };
  return { tophash, key: text(found.key, `${where}.key`), elem: text(found.elem, `${where}.elem`) };
}

function naturals(json: Json, where: string, names: readonly string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, natural(json[name], `${where}.${name}`)]));
}

function object(json: unknown, where: string): Json {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw wrong(where, "an object");
  return json as Json;
}

function list(json: unknown, where: string): unknown[] {
  if (!Array.isArray(json)) throw wrong(where, "an array");
  return json;
}

function natural(json: unknown, where: string): number {
  if (!Number.isSafeInteger(json) || (json as number) < 0) throw wrong(where, "a whole number, 0 or more");
  return json as number;
}

function text(json: unknown, where: string): string {
  if (typeof json !== "string") throw wrong(where, "a string");
  return json;
}

function wrong(where: string, what: string): TypeError {
  return new TypeError(`this is not an hmap snapshot: ${where} must be ${what}`);
}
