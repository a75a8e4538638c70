/** Drawings: pure functions from plain state to text, SVG or pixels, the same in Node and in a page. */

export { bytesDrawing } from "./bucketbytes.ts";
export type { DrawingBundle, MimeBundle } from "./bundle.ts";
export { chainDrawing } from "./chain.ts";
export { Drawing } from "./drawing.ts";
export { hashDrawing } from "./hashbits.ts";
export { MemStats } from "./heapgauge.ts";
export { heapDrawing } from "./heapseries.ts";
export { mapBundle } from "./mapbundle.ts";
export { iteratorDrawing, mapDrawing } from "./mapdrawing.ts";
export type { Focus, MapDrawOptions, Mark } from "./mapmarks.ts";
export { mapSvg } from "./mapsvg.ts";
export { mapText } from "./maptext.ts";
export { overviewDrawing } from "./overview.ts";
export { DARK, LIGHT, overviewCellAt, overviewPixels, paintOverview } from "./overviewpixels.ts";
export { readSnapshot } from "./readsnapshot.ts";
export { snapshotDrawing } from "./snapshotdrawing.ts";
export { SNAPSHOT_MIME, type SnapshotContent, type SnapshotJson } from "./snapshotjson.ts";
export { typeDrawing } from "./typelayout.ts";
