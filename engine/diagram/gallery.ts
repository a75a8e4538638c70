import { Runtime } from "../runtime.ts";
import type { MapSnapshot } from "../snapshot.ts";
import { Drawing } from "./drawing.ts";
import { hashDrawing } from "./hashbits.ts";
import { mapDrawing } from "./mapdrawing.ts";
import type { MapDrawOptions } from "./mapmarks.ts";

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
  const drawing = mapDrawing(state, options);
  return new Drawing({
    title,
    text: () => drawing.text,
    svg: (width) => (width === undefined ? drawing.svg : drawing.svgIn(width)),
  });
}

/** Makes all drawings of the gallery. The same every time: the runtimes have seeds. */
export function gallery(): Sample[] {
  return [...maps(), ...buckets(), ...hashes(), ...types(), ...overviews(), ...heaps()];
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

function hashes(): Sample[] {
  const m = seeded().make("map[string]int");
  for (let i = 0; i < 14; i++) m.set(`key${i}`, i);
  const growing = seeded().make("map[string]int");
  for (let i = 0; i < 27; i++) growing.set(`key${i}`, i);
  let small = 0;
  while (Number(growing.hash(`key${small}`).hash >> 56n) >= 5) small++;
  return [
    {
      name: "hash",
      caption:
        "Of the 64 bits of a hash the low two choose one of four buckets, and the high eight are the tophash.",
      drawing: m.drawHash("key7"),
    },
    {
      name: "hash-while-growing",
      caption:
        "While the map grows, one bit decides between X and Y. A high byte below 5 would be a mark, so 5 is added.",
      drawing: growing.drawHash(`key${small}`),
    },
    {
      name: "hash-of-one-bucket",
      caption: "With one bucket there is nothing to choose.",
      drawing: hashDrawing(
        {
          type: "map[string]int",
          key: '"fig"',
          hash0: 0x2a39073f,
          hash: 0xdc30_6e5d_1eaa_c169n,
          tophash: 0xdc,
          bucket: 0,
          B: 0,
          doubling: false,
        },
        { focus: "tophash" },
      ),
    },
  ];
}

function buckets(): Sample[] {
  const chain = seeded().make("map[int]int", 20);
  for (let key = 0; chain.len < 20; key++) if (chain.hash(key).bucket === 1) chain.set(key, chain.len);
  const m = seeded().make("map[int64]int8");
  for (const [key, elem] of [
    [1n, 1],
    [-1n, -1],
    [1000n, 100],
  ] as const)
    m.set(key, elem);
  const fruit = seeded().make("map[string]int");
  for (const [i, key] of ["fig", "kiwi", "plum"].entries()) fruit.set(key, i + 1);
  return [
    {
      name: "bucket",
      caption: "One bucket with its overflow buckets, in the order in which a lookup goes through them.",
      drawing: chain.drawBucket(1),
    },
    {
      name: "bytes-of-integers",
      caption:
        "The 88 bytes of a bucket of a map[int64]int8: with keys and elems in pairs it would take 144.",
      drawing: m.bytes(0),
    },
    {
      name: "bytes-of-strings",
      caption: "The bytes of a bucket of strings: each key is a pointer and a length.",
      drawing: fruit.bytes(0),
    },
  ];
}

function types(): Sample[] {
  const go = seeded();
  const captions = {
    "map[int64]int8": "Keys and elems apart: the padding that pairs would need is saved.",
    "map[string]int": "A string is two words, a pointer and a length.",
    "map[string]struct{}": "A set: elems take no room at all.",
    "map[[200]byte]*int": "Keys over 128 bytes are kept behind a pointer.",
    "map[complex128][128]byte": "The longest elems that are kept in the bucket.",
  };
  return Object.entries(captions).map(([type, caption], i) => ({
    name: `type-${["padding", "string", "set", "indirect", "long"][i]}`,
    caption,
    drawing: go.layout(type),
  }));
}

function overviews(): Sample[] {
  const small = seeded().make("map[int]int");
  for (let i = 0; i < 400; i++) small.set(i, i);
  const growing = seeded().make("map[int]int");
  for (let i = 0; growing.snapshot({ limit: 0 }).nevacuate < 300; i++) growing.set(i, i);
  const big = seeded().make("map[int]int", 100_000);
  for (let i = 0; i < 100_000; i++) big.set(i, i);
  return [
    {
      name: "overview",
      caption: "All 64 buckets of a map of 400 entries, and how many chains have how many of them.",
      drawing: small.overview(),
    },
    {
      name: "overview-while-growing",
      caption: "A growth from 512 buckets: what has been evacuated above has come to X and Y below.",
      drawing: growing.overview(),
    },
    {
      name: "overview-of-many",
      caption: "A map of 100,000 entries: each tile stands for four buckets.",
      drawing: big.overview(),
    },
  ];
}

function heaps(): Sample[] {
  const go = seeded();
  const m = go.make("map[int]int");
  const growth = m.watchHeap("set");
  for (let i = 0; i < 2000; i++) {
    m.set(i, i);
    growth.sample();
  }
  const emptied = seeded();
  const leaky = emptied.make("map[int][128]byte");
  const leak = leaky.watchHeap();
  const zero = new Uint8Array(128);
  for (let i = 0; i < 20_000; i++) {
    leaky.set(i, zero as never);
    leak.sample();
  }
  for (let i = 0; i < 20_000; i++) {
    leaky.delete(i);
    leak.sample();
  }
  emptied.gc();
  for (let i = 0; i < 2000; i++) leak.sample();
  return [
    {
      name: "heap",
      caption:
        "HeapAlloc while 2,000 keys are set: at each growth the new array stands beside the old one until that is empty.",
      drawing: growth.draw(),
    },
    {
      name: "heap-that-stays",
      caption:
        "20,000 entries are set and deleted again, and the collector runs: the array of buckets stays.",
      drawing: leak.draw(),
    },
    {
      name: "heap-of-nothing",
      caption: "No sample has been taken yet.",
      drawing: seeded().make("map[int]int").watchHeap().draw(),
    },
    {
      name: "memory-statistics",
      caption: "How far the heap is from its next collection.",
      drawing: emptied.memStats(),
    },
  ];
}
