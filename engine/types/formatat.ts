import type { Machine } from "../map/machine.ts";
import type { Address } from "../memory/memory.ts";
import { int } from "./basic.ts";
import type { CompositeType } from "./composite.ts";
import type { GoType } from "./gotype.ts";
import { dataAddress, typeAt } from "./interface.ts";

/**
 * The value at an address as a Go program would write it, whatever it is: `format` needs a JavaScript value, and an
 * `int` beyond the safe integers has none.
 */
export function formatAt(go: Machine, type: GoType, a: Address): string {
  switch (type.kind) {
    case "int":
      return String(go.memory.loadInt64(a));
    case "uint":
    case "uintptr":
      return String(BigInt.asUintN(64, go.memory.loadInt64(a)));
    case "array":
    case "struct": {
      const { parts } = type as CompositeType<unknown>;
      const shown = parts.filter((part) => part.name !== "_");
      const words = shown.map((part) => formatAt(go, part.type, a + part.offset)).join(" ");
      return type.kind === "array" ? `[${words}]` : `{${words}}`;
    }
    case "interface":
      return formatDynamic(go, type, a);
    case "map":
    case "chan":
    case "func":
      // By the pointer alone: in an image of the past the object that it stood for is not there.
      return go.memory.loadPointer(a) === 0 ? "nil" : type.kind === "map" ? type.name : type.kind;
    default:
      return type.format(type.load(go, a));
  }
}

/** The value in an interface; with its type where a constant of Go would get another one. */
function formatDynamic(go: Machine, type: GoType, a: Address): string {
  const held = typeAt(go, a);
  if (held === null || held.kind === "string" || held.kind === "bool" || held.kind === "float64") {
    return type.format(type.load(go, a));
  }
  const words = formatAt(go, held, dataAddress(go, held, a));
  return (held as unknown) === int ? words : `${held.name}(${words})`;
}
