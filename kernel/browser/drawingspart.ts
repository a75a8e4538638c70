// The drawings besides that of a whole map, for parts.ts.
import "../../engine/diagram/bucketbytes.ts";
import "../../engine/diagram/chain.ts";
import "../../engine/diagram/hashbits.ts";
import "../../engine/diagram/heapgauge.ts";
import "../../engine/diagram/overview.ts";
import "../../engine/diagram/overviewpixels.ts";
import "../../engine/diagram/typelayout.ts";
import "../../engine/heapwatch.ts";
import "../../engine/overviewsnapshot.ts";
import "../../engine/typesnapshot.ts";

export * as diagram from "../../engine/diagram/index.ts";
