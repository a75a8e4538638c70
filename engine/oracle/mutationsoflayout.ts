import type { Mutation } from "./mutation.ts";

/** Mistakes in the layout of buckets and in the allocator's sizes. */
export const layoutMutations: readonly Mutation[] = [
  {
    mistake: "keys and elems of 128 bytes are kept behind a pointer",
    file: "types/maptype.ts",
    from: "const MAX_INLINE_SIZE = 128",
    to: "const MAX_INLINE_SIZE = 127",
  },
  {
    mistake: "a map with elems behind pointers may have a fast variant",
    file: "types/maptype.ts",
    from: 'if (elem.size > MAX_INLINE_SIZE) return "slow";',
    to: "",
  },
  {
    mistake: "the overflow pointer of a pointer-free bucket counts as a pointer",
    file: "types/maptype.ts",
    from: "if (offsets.length > 0) offsets.push(places.overflowOffset);",
    to: "offsets.push(places.overflowOffset);",
  },
  {
    mistake: "the collector does not look at the overflow pointer of a bucket",
    file: "types/maptype.ts",
    from: "if (offsets.length > 0) offsets.push(places.overflowOffset);",
    to: "",
    unseen: "Nothing is collected while a recording is replayed.",
    test: "unrecorded.test.ts",
  },
  {
    mistake: "large objects are not rounded up to pages",
    file: "memory/sizeclasses.ts",
    inside: "export function roundupsize",
    from: "Math.ceil(size / PAGE_SIZE) * PAGE_SIZE",
    to: "size",
  },
  {
    mistake: "a type header is put before 512 bytes already",
    file: "memory/sizeclasses.ts",
    from: "size > MIN_SIZE_FOR_HEADER && isSmall",
    to: "size >= MIN_SIZE_FOR_HEADER && isSmall",
    unseen: "No array with spares is 512 bytes long: sixteen buckets of map[struct{}]struct{} take 272.",
    test: "memory/memory.test.ts",
  },
  {
    mistake: "the type header takes no room in its size class",
    file: "memory/sizeclasses.ts",
    inside: "export function roundupsize",
    from: " - header;",
    to: ";",
    unseen: "No recorded array fills its size class so far that eight bytes decide about one bucket more.",
    test: "memory/memory.test.ts",
  },
  {
    mistake: "a size class is missing",
    file: "memory/sizeclasses.ts",
    from: " 1408, 1536,",
    to: " 1536, 1536,",
  },
];
