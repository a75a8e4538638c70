import type { Machine } from "../map/machine.ts";
import { noPointers } from "../memory/layout.ts";
import type { Address } from "../memory/memory.ts";
import { describe, type GoType, type Space } from "./gotype.ts";
import { decodeUtf8, encodedUtf8Length, encodeUtf8 } from "./utf8.ts";

/** Go's `string`: a pointer to its bytes, and their number. Its bytes are UTF-8 of the JavaScript string. */
export const string: GoType<string> = {
  name: "string",
  kind: "string",
  size: 16,
  align: 8,
  layout: { period: 16, offsets: [0] },
  comparable: true,
  plain: false,
  oneString: true,
  reflexive: true,
  needKeyUpdate: true,
  hashMightPanic: false,
  zero: "",
  check(value): asserts value is string {
    if (typeof value !== "string") throw new TypeError(`string wants a string, not ${describe(value)}`);
  },
  load: (go, a) => decodeUtf8(go.memory.bytes, go.memory.loadPointer(a), go.memory.load32(a + 8)),
  store(go, a, value, space) {
    const size = encodedUtf8Length(value);
    const p = storeBytes(go, value, size, space);
    go.memory.storePointer(a, p);
    go.memory.store32(a + 8, size);
    go.memory.store32(a + 12, 0);
  },
  hash: hashString,
  typehash: hashString,
  equal(go, p, q) {
    const size = go.memory.load32(p + 8);
    if (size !== go.memory.load32(q + 8)) return false;
    return go.memory.equal(go.memory.loadPointer(p), go.memory.loadPointer(q), size);
  },
  unhashable: () => null,
  format: (value) => JSON.stringify(value),
};

function hashString(go: Machine, a: Address, seedHigh: number, seedLow: number): void {
  const { memory } = go;
  go.hasher.memhash(memory, memory.loadPointer(a), memory.load32(a + 8), seedHigh, seedLow);
}

/** Puts the UTF-8 bytes of a string, `size` of them, into a space. The empty string has no bytes: nil. */
export function storeBytes(go: Machine, value: string, size: number, space: Space): Address {
  if (size === 0) return 0;
  const p = space.allocate(size, noPointers);
  go.memory.change(p, size, () => encodeUtf8(value, go.memory.bytes, p));
  return p;
}
