import type { Focus } from "../diagram/mapmarks.ts";
import type { TraceEvent } from "./events.ts";

/** What a drawing should point out at a step: the memory that the step reads or writes. */
export function focusOf(event: TraceEvent): Focus[] {
  switch (event.kind) {
    case "writeBegun":
    case "writeEnded":
      return [{ field: "flags" }];
    case "firstBucketMade":
    case "bucketChosen":
    case "evacuationStarted":
    case "oldBucketCleared":
    case "iteratorMoved":
      return [{ bucket: event.b }];
    case "tophashCompared":
    case "emptyCellSeen":
    case "emptyRestMet":
    case "cellEmptied":
    case "emptyRestSet":
      return [{ bucket: event.b, cell: event.cell, part: "tophash" }];
    case "keyCompared":
    case "keyUpdated":
      return [{ bucket: event.b, cell: event.cell, part: "key" }];
    case "keyFound":
    case "cellTaken":
    case "entrySkipped":
    case "entryLookedUp":
    case "entryProduced":
      return [{ bucket: event.b, cell: event.cell }];
    case "chainFollowed":
      return [{ bucket: event.b, part: "overflow" }];
    case "overflowLinked":
      return [{ bucket: event.b, part: "overflow" }, { bucket: event.added }];
    case "entryMoved":
    case "entryCopied":
      return [
        { bucket: event.b, cell: event.cell },
        { bucket: event.to, cell: event.toCell },
      ];
    case "growthStarted":
      return [{ field: "buckets" }, { field: "oldbuckets" }, { field: "B" }];
    case "growthEnded":
      return [{ field: "oldbuckets" }];
    case "evacuationMarkMoved":
      return [{ field: "nevacuate" }];
    case "seedRenewed":
      return [{ field: "hash0" }];
    case "made":
    case "cleared":
      return [{ field: "buckets" }];
    default:
      return [];
  }
}
