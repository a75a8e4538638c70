import { bytesDrawing } from "./bucketbytes.ts";
import { chainDrawing } from "./chain.ts";
import type { Drawing } from "./drawing.ts";
import { hashDrawing } from "./hashbits.ts";
import { MemStats } from "./heapgauge.ts";
import { heapDrawing } from "./heapseries.ts";
import { iteratorDrawing, mapDrawing } from "./mapdrawing.ts";
import type { SnapshotContent } from "./snapshotjson.ts";
import { typeDrawing } from "./typelayout.ts";

/** The drawing that a snapshot was taken of. */
export function snapshotDrawing(content: SnapshotContent): Drawing {
  if ("iterator" in content) return iteratorDrawing(content.map, content.iterator);
  if ("map" in content) {
    const { map, marks, focus } = content;
    return mapDrawing(map, { ...(marks && { marks }), ...(focus && { focus }) });
  }
  if ("chain" in content) return chainDrawing(content.chain);
  if ("bytes" in content) {
    const { keys, elems } = content.bytes;
    return bytesDrawing({ ...content.bytes, keys: keys.map(orUndefined), elems: elems.map(orUndefined) });
  }
  if ("hash" in content) return hashDrawing({ ...content.hash, hash: BigInt(content.hash.hash) });
  if ("type" in content) return typeDrawing(content.type);
  if ("heap" in content) return heapDrawing(content.heap);
  return new MemStats(content.memStats);
}

function orUndefined<T>(value: T | null): T | undefined {
  return value ?? undefined;
}
