import { Runtime } from "../runtime.ts";
import type { MapSnapshot } from "../snapshot.ts";
import { Drawing } from "./drawing.ts";
import type { MapDrawOptions } from "./mapmarks.ts";
import { mapSvg } from "./mapsvg.ts";
import { mapText } from "./maptext.ts";

/** One drawing of the gallery: of each kind, and of each state that looks different. */
export interface Sample {
  /** Name of its files. */
  readonly name: string;
  /** What to look at, for those who see it. */
  readonly caption: string;
  readonly drawing: Drawing;
}

const seeded = () => new Runtime({ seed: 1 });

function ofMap(title: string, state: MapSnapshot, options: MapDrawOptions = {}): Drawing {
  return new Drawing({
    title,
    text: () => mapText(state, options),
    svg: (width) => mapSvg(state, width === undefined ? options : { ...options, width }),
  });
}

/** Makes all drawings of the gallery. The same every time: the runtimes have seeds. */
export function gallery(): Sample[] {
  return [...maps()];
}

function maps(): Sample[] {
  const fruit = seeded().make("map[string]int");
  for (const [i, key] of ["fig", "kiwi", "plum"].entries()) fruit.set(key, i + 1);

  const growing = seeded().make("map[string]int");
  for (let i = 0; i < 27; i++) growing.set(`key${i}`, i);

  const chain = seeded().make("map[int]int", 20);
  for (let key = 0; chain.len < 20; key++) if (chain.hash(key).bucket === 1) chain.set(key, chain.len);

  // Two chains are filled one after the other: many overflow buckets, few entries.
  const packing = seeded().make("map[int]int", 20);
  const keysOf = (bucket: number, count: number) => {
    const keys: number[] = [];
    for (let key = 0; keys.length < count; key++) if (packing.hash(key).bucket === bucket) keys.push(key);
    return keys;
  };
  const [crowd, others] = [keysOf(0, 17), keysOf(1, 18)];
  for (const key of crowd) packing.set(key, key);
  for (const key of crowd.slice(1, 16)) packing.delete(key);
  for (const key of others) packing.set(key, key);

  const deleted = seeded().make("map[int]string");
  for (const [i, word] of ["zero", "one", "two", "three", "four", "five"].entries()) deleted.set(i, word);
  for (const key of [1, 2]) deleted.delete(key);

  const spares = seeded().make("map[int]int", 100);
  for (let key = 0; spares.len < 12; key++) if (spares.hash(key).bucket === 1) spares.set(key, key);

  const wide = seeded().make("map[string]string");
  for (const [key, elem] of [
    ["東京", "Tokyo"],
    ["서울", "Seoul"],
    ["🍎🍏", "apples"],
    ["שלום", "peace"],
    ["e\u0301te\u0301", "summer"],
    ["a\u202eb", "hidden"],
    ["a rather long key", "cut"],
  ] as const)
    wide.set(key, elem);

  const walked = seeded().make("map[string]int");
  for (let i = 0; i < 14; i++) walked.set(`key${i}`, i);
  const walk = walked.iterator();
  for (let i = 0; i < 5; i++) walk.next();
  const at = walk.snapshot();
  const state = walked.snapshot();
  const start = state.buckets?.chains[at.startBucket]?.[0]?.address ?? 0;

  return [
    {
      name: "nil-map",
      caption: "A nil map has no hmap at all.",
      drawing: ofMap("A nil map", seeded().nil("map[string]int").snapshot()),
    },
    {
      name: "empty-map",
      caption: "A new map is its header alone.",
      drawing: ofMap("An empty map", seeded().make("map[string]int").snapshot()),
    },
    {
      name: "one-bucket",
      caption: "Three entries in the one bucket of a small map.",
      drawing: ofMap("One bucket", fruit.snapshot()),
    },
    {
      name: "growing",
      caption:
        "A map of 27 entries in the middle of growing: the old array above, the halves X and Y of the new one below.",
      drawing: ofMap("A map that is growing from 4 to 8 buckets", growing.snapshot()),
    },
    {
      name: "packing",
      caption: "A growth to the same number of buckets, which packs what deletes have left.",
      drawing: ofMap("A growth to the same size", packing.snapshot()),
    },
    {
      name: "chain",
      caption: "Twenty keys with the same low bits of the hash: a chain of overflow buckets.",
      drawing: ofMap("A chain of overflow buckets", chain.snapshot()),
    },
    {
      name: "tombstones",
      caption: "Deleted entries leave emptyOne when something follows them.",
      drawing: ofMap("Deleted entries", deleted.snapshot()),
    },
    {
      name: "spares",
      caption: "Sixteen buckets come with spare overflow buckets, the first of which is taken.",
      drawing: ofMap("Spare overflow buckets", spares.snapshot()),
    },
    {
      name: "part-of-a-map",
      caption: "Four buckets of sixteen: the drawing says what it leaves out.",
      drawing: ofMap("Part of a map", spares.snapshot({ from: 4, limit: 4 })),
    },
    {
      name: "wide-characters",
      caption:
        "Keys of East Asian characters, emoji, right-to-left letters and invisible characters stay in line.",
      drawing: ofMap("Wide characters", wide.snapshot()),
    },
    {
      name: "iterator",
      caption: "An iterator, where it began and where it stands; the step is about one key.",
      drawing: ofMap("An iterator on its way", state, {
        marks: [
          { bucket: start, cell: at.offset, name: "iterator", kind: "start" },
          { bucket: at.bptr, cell: (at.i - 1 + at.offset) & 7, name: "iterator" },
        ],
        focus: [{ bucket: at.bptr, cell: (at.i - 1 + at.offset) & 7, part: "key" }, { field: "flags" }],
      }),
    },
  ];
}
