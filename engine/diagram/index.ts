/** Drawings: pure functions from plain state to text, SVG or pixels, the same in Node and in a page. */

export { bytesDrawing } from "./bucketbytes.ts";
export { Drawing } from "./drawing.ts";
export { hashDrawing } from "./hashbits.ts";
export { heapDrawing } from "./heapseries.ts";
export { type MapBundle, mapBundle, SNAPSHOT_MIME, type SnapshotJson } from "./mapbundle.ts";
export type { Focus, MapDrawOptions, Mark } from "./mapmarks.ts";
export { mapSvg } from "./mapsvg.ts";
export { mapText } from "./maptext.ts";
export { overviewDrawing } from "./overview.ts";
export { DARK, LIGHT, overviewCellAt, overviewPixels, paintOverview } from "./overviewpixels.ts";
export { readSnapshot } from "./snapshotjson.ts";
export { typeDrawing } from "./typelayout.ts";
