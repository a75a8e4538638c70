/** Drawings of a map's state: pure functions from a snapshot to text or SVG, the same in Node and in a page. */

export { type MapBundle, mapBundle, SNAPSHOT_MIME, type SnapshotJson } from "./mapbundle.ts";
export { mapSvg } from "./mapsvg.ts";
export { mapText } from "./maptext.ts";
export { readSnapshot } from "./snapshotjson.ts";
