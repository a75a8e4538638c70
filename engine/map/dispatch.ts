import { SLOW } from "../fast/operations.ts";
import type { Address } from "../memory/memory.ts";
import type { MapType } from "../types/maptype.ts";
import { mapaccess, mapaccessFast32, mapaccessFast64, mapaccessFaststr } from "./access.ts";
import { mapassign, mapassignFast32, mapassignFast64, mapassignFaststr } from "./assign.ts";
import { BUCKET_CELLS } from "./bmap.ts";
import { mapdelete, mapdeleteFast32, mapdeleteFast64, mapdeleteFaststr } from "./delete.ts";
import { mapiternext } from "./iterate.ts";
import type { Machine } from "./machine.ts";

// What the compiler does with `m[k]`, `m[k] = v` and `delete(m, k)`: it calls the function of the map type's variant.
// Here the key stands in memory; the fast variants take it from there by value. The fast path is asked first, when the
// machine has one.

/** Looks a key up; 0 when it is absent, else the address of its elem. */
export function accessKey(go: Machine, t: MapType, h: Address, key: Address): Address {
  const { memory, fast } = go;
  switch (t.variant) {
    case "fast32": {
      const word = memory.load32(key);
      const elem = fast === null ? SLOW : fast.access32(fast.typeNumber(t), h, word);
      return elem === SLOW ? mapaccessFast32(go, t, h, word) : elem;
    }
    case "fast64": {
      const high = memory.load32(key + 4);
      const low = memory.load32(key);
      const elem = fast === null ? SLOW : fast.access64(fast.typeNumber(t), h, high, low);
      return elem === SLOW ? mapaccessFast64(go, t, h, high, low) : elem;
    }
    case "faststr": {
      const p = memory.loadPointer(key);
      const size = memory.load32(key + 8);
      const elem = fast === null ? SLOW : fast.accessStr(fast.typeNumber(t), h, p, size);
      return elem === SLOW ? mapaccessFaststr(go, t, h, p, size) : elem;
    }
    case "slow":
      return mapaccess(go, t, h, key);
  }
}

/** Finds or makes the place for a key; the address of its elem. */
export function assignKey(go: Machine, t: MapType, h: Address, key: Address): Address {
  const { memory, fast } = go;
  switch (t.variant) {
    case "fast32": {
      const word = memory.load32(key);
      const elem = fast === null ? SLOW : fast.assign32(fast.typeNumber(t), h, word);
      return elem === SLOW ? mapassignFast32(go, t, h, word) : elem;
    }
    case "fast64": {
      const high = memory.load32(key + 4);
      const low = memory.load32(key);
      const elem = fast === null ? SLOW : fast.assign64(fast.typeNumber(t), h, high, low);
      return elem === SLOW ? mapassignFast64(go, t, h, high, low) : elem;
    }
    case "faststr": {
      const p = memory.loadPointer(key);
      const size = memory.load32(key + 8);
      const elem = fast === null ? SLOW : fast.assignStr(fast.typeNumber(t), h, p, size);
      return elem === SLOW ? mapassignFaststr(go, t, h, p, size) : elem;
    }
    case "slow":
      return mapassign(go, t, h, key);
  }
}

/** Deletes a key. */
export function deleteKey(go: Machine, t: MapType, h: Address, key: Address): void {
  const { memory, fast } = go;
  switch (t.variant) {
    case "fast32": {
      const word = memory.load32(key);
      if (fast !== null && fast.delete32(fast.typeNumber(t), h, word) !== SLOW) return;
      mapdeleteFast32(go, t, h, word);
      break;
    }
    case "fast64": {
      const high = memory.load32(key + 4);
      const low = memory.load32(key);
      if (fast !== null && fast.delete64(fast.typeNumber(t), h, high, low) !== SLOW) return;
      mapdeleteFast64(go, t, h, high, low);
      break;
    }
    case "faststr": {
      const p = memory.loadPointer(key);
      const size = memory.load32(key + 8);
      if (fast !== null && fast.deleteStr(fast.typeNumber(t), h, p, size) !== SLOW) return;
      mapdeleteFaststr(go, t, h, p, size);
      break;
    }
    case "slow":
      mapdelete(go, t, h, key);
  }
}

/**
 * Moves an iterator to its next entry.
 *
 * @param ahead where to note that entry and those that follow as long as nothing changes: see fast/assembly/iterate.ts
 * @param most how many notes there is room for, at least 8. With no more than that, none is taken beyond the first bucket
 *   that has an entry.
 * @returns how many entries that are; 0 at the end; -1 when there is one, and nothing has been noted
 */
export function nextEntries(
  go: Machine,
  t: MapType,
  it: Address,
  ahead = go.ownNotes,
  most = BUCKET_CELLS,
): number {
  const { fast } = go;
  if (fast !== null && t.variant !== "slow") {
    const number = fast.typeNumber(t);
    const entries =
      t.variant === "fast64"
        ? fast.next64(number, it, ahead, most)
        : t.variant === "fast32"
          ? fast.next32(number, it, ahead, most)
          : fast.nextStr(number, it, ahead, most);
    if (entries !== SLOW) return entries;
  }
  return mapiternext(go, t, it) === 0 ? 0 : -1;
}
