// What records map operations, for parts.ts.
import "../../engine/trace/record.ts";
