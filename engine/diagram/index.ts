/** Drawings of a map's state: pure functions from a snapshot to text or SVG, the same in Node and in a page. */
export { mapSvg } from "./mapsvg.ts";
export { mapText } from "./maptext.ts";
