import type { Address } from "../memory/memory.ts";
import type { MapType } from "../types/maptype.ts";
import { mapaccess, mapaccessFast32, mapaccessFast64, mapaccessFaststr } from "./access.ts";
import { mapassign, mapassignFast32, mapassignFast64, mapassignFaststr } from "./assign.ts";
import { mapdelete, mapdeleteFast32, mapdeleteFast64, mapdeleteFaststr } from "./delete.ts";
import type { Machine } from "./machine.ts";

// What the compiler does with `m[k]`, `m[k] = v` and `delete(m, k)`: it calls the function of the map type's variant.
// Here the key stands in memory; the fast variants take it from there by value.

/** Looks a key up; 0 when it is absent, else the address of its elem. */
export function accessKey(go: Machine, t: MapType, h: Address, key: Address): Address {
  const { memory } = go;
  switch (t.variant) {
    case "fast32":
      return mapaccessFast32(go, t, h, memory.load32(key));
    case "fast64":
      return mapaccessFast64(go, t, h, memory.load32(key + 4), memory.load32(key));
    case "faststr":
      return mapaccessFaststr(go, t, h, memory.loadPointer(key), memory.load32(key + 8));
    case "slow":
      return mapaccess(go, t, h, key);
  }
}

/** Finds or makes the place for a key; the address of its elem. */
export function assignKey(go: Machine, t: MapType, h: Address, key: Address): Address {
  const { memory } = go;
  switch (t.variant) {
    case "fast32":
      return mapassignFast32(go, t, h, memory.load32(key));
    case "fast64":
      return mapassignFast64(go, t, h, memory.load32(key + 4), memory.load32(key));
    case "faststr":
      return mapassignFaststr(go, t, h, memory.loadPointer(key), memory.load32(key + 8));
    case "slow":
      return mapassign(go, t, h, key);
  }
}

/** Deletes a key. */
export function deleteKey(go: Machine, t: MapType, h: Address, key: Address): void {
  const { memory } = go;
  switch (t.variant) {
    case "fast32":
      mapdeleteFast32(go, t, h, memory.load32(key));
      break;
    case "fast64":
      mapdeleteFast64(go, t, h, memory.load32(key + 4), memory.load32(key));
      break;
    case "faststr":
      mapdeleteFaststr(go, t, h, memory.loadPointer(key), memory.load32(key + 8));
      break;
    case "slow":
      mapdelete(go, t, h, key);
  }
}
