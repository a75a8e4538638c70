import type { Mutation } from "./mutation.ts";

/** Mistakes in the fast path: one in each of its files, which shows that recordings go through it. */
export const fastMutations: readonly Mutation[] = [
  {
    mistake: "the product loses the carry into its third word",
    file: "fast/assembly/hash.ts",
    from: " + (cross >> 32)",
    to: "",
  },
  {
    mistake: "of 5 to 7 bytes only the first four are compared",
    file: "fast/assembly/bytes.ts",
    from: "load<u32>(p) == load<u32>(q) && load<u32>(p + size - 4) == load<u32>(q + size - 4)",
    to: "load<u32>(p) == load<u32>(q)",
  },
  {
    mistake: "lookups in a growing map go to the new array only",
    file: "fast/assembly/access.ts",
    from: "if (!evacuated(old)) return old;",
    to: "",
  },
  {
    mistake: "the last empty cell is taken instead of the first",
    file: "fast/assembly/search.ts",
    from: "return cells == 0 ? 0 : b + ctz(cells);",
    to: "return cells == 0 ? 0 : b + 31 - clz(cells);",
  },
  {
    mistake: "an integer is taken for another one that has its tophash",
    file: "fast/assembly/search.ts",
    from: ": load<K>(slot) == key",
    to: ": true",
  },
  {
    mistake: "a map grows one entry late",
    file: "fast/assembly/assign.ts",
    from: "count > 13 * ((u32(1) << B) >> 1)",
    to: "count > 13 * ((u32(1) << B) >> 1) + 1",
  },
  {
    mistake: "a delete leaves the elem where it is",
    file: "fast/assembly/delete.ts",
    from: "clearBytes(elem, elemSlot(t));",
    to: "",
  },
  {
    mistake: "a delete does no growth work",
    file: "fast/assembly/delete.ts",
    from: "if (load<u32>(h, OLDBUCKETS) != 0) growWork<K>(t, h, bucket);",
    to: "",
  },
  {
    mistake: "packing sends entries to Y",
    file: "fast/assembly/grow.ts",
    from: "if (bigger && (",
    to: "if ((",
  },
  {
    mistake: "an old bucket with pointers is not cleared",
    file: "fast/assembly/grow.ts",
    from: "memory.fill(start + DATA_OFFSET, 0, size - DATA_OFFSET);",
    to: "",
  },
  {
    mistake: "an iterator gives the old elem of an entry that has moved",
    file: "fast/assembly/iterate.ts",
    from: "if (top < minTopHash) {",
    to: "if (top < emptyOne) {",
  },
  {
    mistake: "an iteration begun in a growth takes all of an old chain",
    file: "fast/assembly/iterate.ts",
    from: "if (goesTo != u32(checkBucket)) continue;",
    to: "",
  },
  {
    mistake: "a bucket is gone through from its first slot",
    file: "fast/assembly/iterate.ts",
    from: "const left = rotr<u64>(full, offset * 8) & rest;",
    to: "const left = full & rest;",
  },
  {
    mistake: "an iterator begins again with the bucket it stands in",
    file: "fast/assembly/iterate.ts",
    from: "(ALL << half) << half",
    to: "ALL",
  },
  {
    mistake: "an iterator does not notice that the map has grown",
    file: "fast/assembly/iterate.ts",
    from: "|| load<u32>(h, BUCKETS) != load<u32>(it, IT_BUCKETS)",
    to: "",
  },
  {
    mistake: "an iterator takes an old bucket for one of the new array once the growth is over",
    file: "fast/assembly/iterate.ts",
    from: "return load<u32>(it, IT_BPTR) == 0 || load<u64>(it, IT_CHECKBUCKET) == NO_CHECK;",
    to: "return true;",
  },
  {
    mistake: "an iterator forgets that it takes only half of an old chain",
    file: "fast/assembly/iterate.ts",
    from: "(place & 1) != 0 ? u64((bucket - 1) & mask) : NO_CHECK",
    to: "NO_CHECK",
  },
];
