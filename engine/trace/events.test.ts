import { expect, test } from "vitest";
import { type GoMap, Runtime } from "../index.ts";
import { EVENT_KINDS, type EventKind } from "./events.ts";
import type { Recording } from "./recording.ts";

/** The sentences of a recording's steps of one kind. */
function said(recording: Recording, kind: EventKind): string[] {
  const sentences: string[] = [];
  for (let position = 1; position <= recording.length; position++) {
    recording.seek(position);
    if (recording.event?.kind === kind) sentences.push(recording.sentence);
  }
  return sentences;
}

/** Keys of an int map that begin in one bucket, in order. */
function keysOf(m: GoMap<number, number>, bucket: number, count: number): number[] {
  const keys: number[] = [];
  for (let key = 0; keys.length < count; key++) if (m.hash(key).bucket === bucket) keys.push(key);
  return keys;
}

const seen = new Set<EventKind>();

/** Records what a program does to a map, and remembers which kinds of steps occurred. */
function record(
  type: string,
  hint: number | undefined,
  program: (m: GoMap<never, never>, go: Runtime) => void,
) {
  const go = new Runtime({ seed: 1 });
  const recording = go.record(() => program(go.make(type, hint) as never, go));
  for (let operation = 0; operation < recording.operations; operation++) {
    for (const event of recording.events(operation)) seen.add(event.kind);
  }
  return recording;
}

const recordInts = (hint: number | undefined, program: (m: GoMap<number, number>, go: Runtime) => void) =>
  record("map[int]int", hint, program as never);
const recordStrings = (program: (m: GoMap<string, number>, go: Runtime) => void) =>
  record("map[string]int", undefined, program as never);

test("making a map tells of its header, its array and its seed", () => {
  const small = recordInts(undefined, () => {});
  expect(said(small, "begun")).toEqual(["m := make(map[int]int)"]);
  expect(said(small, "made")).toEqual(["a header is made, and no bucket yet: the first assign makes one"]);
  expect(said(small, "seedRenewed")).toEqual([
    expect.stringMatching(/^hash0 becomes 0x[0-9a-f]{8}, drawn at random$/),
  ]);
  const big = recordInts(20, () => {});
  expect(said(big, "begun")).toEqual(["m := make(map[int]int, 20)"]);
  expect(said(big, "made")).toEqual(["a header is made, and an array of 4 buckets (B = 2)"]);
});

test("an assign tells of the hash, the flag, the search and the cell that is taken", () => {
  const r = recordStrings((m) => m.set("fig", 3));
  r.seek(r.length);
  expect(r.events(1).map(({ kind }) => kind)).toEqual([
    "begun",
    "hashed",
    "writeBegun",
    "firstBucketMade",
    "bucketChosen",
    "tophashCompared",
    "emptyCellSeen",
    "emptyRestMet",
    "cellTaken",
    "writeEnded",
    "elemStored",
  ]);
  expect(said(r, "begun")[1]).toBe('m["fig"] = 3');
  expect(said(r, "hashed")).toEqual([
    "hash 0xdcbff8f1b83469c0: one bucket, so no bit is needed to choose it; tophash 0xdc",
  ]);
  expect(said(r, "writeBegun")).toEqual([
    "the flag hashWriting is set: whoever else comes now stops the program",
  ]);
  expect(said(r, "firstBucketMade")).toEqual(["the first bucket is made"]);
  expect(said(r, "bucketChosen")).toEqual(["the search begins in bucket 0"]);
  expect(said(r, "emptyCellSeen")).toEqual([
    "cell 0 of bucket 0 is the first empty one: remember it for the new key",
  ]);
  expect(said(r, "cellTaken")).toEqual(["cell 0 of bucket 0 takes the key, with tophash 0xdc"]);
  expect(said(r, "writeEnded")).toEqual(["the flag hashWriting is taken back: the write is done"]);
  expect(said(r, "elemStored")).toEqual([
    expect.stringMatching(
      /^the elem, 8 bytes, is stored at 0xc0[0-9a-f]{8}, the address that the assign gave$/,
    ),
  ]);
});

test("a lookup tells of each tophash and key it compares, and of where it ends", () => {
  const r = recordStrings((m) => {
    for (const key of ["a", "b", "c", "d", "e", "f", "g", "h", "i"]) m.set(key, 1);
    m.get("c");
    m.get("kiwi");
  });
  const label = 'm["c"]';
  const lookup = Array.from({ length: r.operations }, (_, i) => i).find(
    (i) => r.label(i) === label,
  ) as number;
  const events = r.events(lookup);
  expect(events.map(({ kind }) => kind)).toContain("keyFound");
  expect(said(r, "tophashCompared")).toContainEqual(
    expect.stringMatching(/^cell \d: tophash 0x[0-9a-f]{2} differs from 0x[0-9a-f]{2}: skip$/),
  );
  expect(said(r, "tophashCompared")).toContainEqual(
    expect.stringMatching(/^cell \d: tophash 0x[0-9a-f]{2} is the same: compare the keys$/),
  );
  expect(said(r, "keyCompared")).toContainEqual(
    expect.stringMatching(/^cell \d: key "c" is the one that is looked for$/),
  );
  expect(said(r, "keyFound")).toContainEqual(expect.stringMatching(/^found in cell \d of bucket [01]$/));
  expect(said(r, "keyAbsent")).toEqual(["the key is not in the map: the answer is the zero value"]);
  expect(said(r, "chainFollowed")).toContainEqual(
    expect.stringMatching(/^bucket [01] has no overflow bucket: the chain ends here$/),
  );
});

test("a lookup in an empty map looks through nothing", () => {
  const r = recordInts(undefined, (m) => m.get(1));
  expect(said(r, "mapIsEmpty")).toEqual(["the map has no entries: nothing is looked through"]);
});

test("the search for a string that is alone in its bucket ends at emptyRest", () => {
  const r = recordStrings((m) => {
    m.set("fig", 1);
    m.get("kiwi");
  });
  expect(said(r, "emptyRestMet").at(-1)).toBe(
    "cell 1 says emptyRest: nothing lives behind it, so the search ends",
  );
  expect(said(r, "keyCompared")).toEqual(['cell 0: key "fig" is not the one: go on']);
});

test("an overwritten string key is written again", () => {
  const r = recordStrings((m) => {
    m.set("fig", 1);
    m.set("fig", 2);
  });
  expect(said(r, "keyUpdated")).toEqual([
    "the key in cell 0 is written again: equal keys may differ in their bits",
  ]);
});

test("a growth tells why it starts, what it moves by which bit, and when it ends", () => {
  const r = recordInts(undefined, (m) => {
    for (let i = 0; i < 9; i++) m.set(i, i);
  });
  expect(said(r, "growthStarted")).toEqual([
    "one entry more would be too many for 1 bucket: a growth to 2 starts, and nothing has moved yet",
  ]);
  expect(said(r, "evacuationStarted")).toEqual([
    "this write needs what is in old bucket 0: evacuate it first",
  ]);
  const moved = said(r, "entryMoved");
  expect(moved).toHaveLength(8);
  for (const sentence of moved) {
    expect(sentence).toMatch(
      /^bit 0 of the hash is (0: key \d moves to X, cell \d of bucket 0|1: key \d moves to Y, cell \d of bucket 1)$/,
    );
  }
  expect(said(r, "evacuationMarkMoved")).toEqual([
    "nevacuate moves to 1: all old buckets below it are done, of 1",
  ]);
  expect(said(r, "growthEnded")).toEqual([
    "the last old bucket is done: the growth ends, and the old array is let go",
  ]);
});

test("a growing map evacuates one bucket more than the write needs, and is searched in its old array", () => {
  const r = recordInts(undefined, (m) => {
    for (let i = 0; i < 27; i++) m.set(i, i);
    for (let i = 0; i < 27; i++) m.get(i);
  });
  expect(said(r, "evacuationStarted")).toContainEqual(
    expect.stringMatching(/^and evacuate one more, old bucket \d, so that the growth comes to an end$/),
  );
  expect(said(r, "bucketChosen")).toContainEqual(
    expect.stringMatching(/^the search begins in old bucket \d, which has not been evacuated yet$/),
  );
});

test("an old bucket with pointers is zeroed for the collector", () => {
  const r = recordStrings((m) => {
    for (let i = 0; i < 9; i++) m.set(`k${i}`, i);
  });
  expect(said(r, "oldBucketCleared")).toEqual([
    "keys and elems of the old bucket are zeroed, so that the collector can have what they pointed to",
  ]);
});

test("a full chain gets an allocated overflow bucket, or a spare one of a bigger array", () => {
  const allocated = recordInts(20, (m) => {
    for (const key of keysOf(m, 2, 9)) m.set(key, 0);
  });
  expect(said(allocated, "overflowLinked")).toEqual([
    "bucket 2 is full and gets an overflow bucket, allocated for it",
  ]);
  expect(said(allocated, "cellTaken").at(-1)).toMatch(/^cell 0 of overflow bucket takes the key/);
  const spare = recordInts(100, (m) => {
    for (const key of keysOf(m, 2, 9)) m.set(key, 0);
    m.get(keysOf(m, 2, 9)[8] as number);
  });
  expect(said(spare, "overflowLinked")).toEqual([
    "bucket 2 is full and gets a spare bucket as its overflow bucket",
  ]);
  expect(said(spare, "chainFollowed").at(-1)).toBe("the search goes on in the overflow bucket, spare 16");
});

test("too many overflow buckets start a growth to the same size, which keeps every entry's number", () => {
  const r = recordInts(20, (m) => {
    for (let bucket = 0; bucket < 4; bucket++) {
      const keys = keysOf(m, bucket, 9);
      for (const key of keys) m.set(key, 0);
      for (const key of keys.slice(1)) m.delete(key);
    }
    m.set(keysOf(m, 0, 10)[9] as number, 0);
  });
  expect(said(r, "growthStarted")).toContainEqual(
    "there are as many overflow buckets as main ones: a growth to the same size starts, which will pack the entries",
  );
  expect(said(r, "entryMoved")).toContainEqual(
    expect.stringMatching(/^key \d+ moves to cell \d of bucket 0: the number of its bucket stays$/),
  );
});

test("a delete tells of the marks it leaves, and of the new seed when nothing is left", () => {
  const r = recordInts(undefined, (m) => {
    for (let i = 0; i < 3; i++) m.set(i, i);
    m.delete(1);
    m.delete(2);
    m.delete(0);
  });
  expect(said(r, "cellEmptied")).toEqual([
    "cell 1 of bucket 0 is emptied: its mark is emptyOne",
    "cell 2 of bucket 0 is emptied: its mark is emptyOne",
    "cell 0 of bucket 0 is emptied: its mark is emptyOne",
  ]);
  expect(said(r, "emptyRestSet").slice(0, 2)).toEqual([
    "nothing lives behind cell 2 of bucket 0: its mark becomes emptyRest",
    "nothing lives behind cell 1 of bucket 0: its mark becomes emptyRest",
  ]);
  expect(said(r, "seedRenewed")).toHaveLength(2); // made, and empty again
});

test("clear empties all cells and keeps the array", () => {
  const r = recordInts(20, (m) => {
    m.set(1, 1);
    m.clear();
  });
  expect(said(r, "cleared")).toEqual(["all cells of 4 buckets are emptied, and the array stays"]);
});

test("an iteration tells of its random beginning, its way and its end", () => {
  const r = recordInts(20, (m) => {
    for (let i = 0; i < 20; i++) m.set(i, i);
    for (const [key] of m) m.get(key);
  });
  expect(said(r, "iteratorBegun")).toEqual([
    expect.stringMatching(
      /^the iteration begins at bucket \d, and in every bucket at cell \d: both drawn at random$/,
    ),
  ]);
  expect(said(r, "iteratorMoved")).toHaveLength(4);
  expect(said(r, "iteratorWrapped")).toEqual(["that was the last bucket of the array: next is bucket 0"]);
  expect(said(r, "entryProduced")).toHaveLength(20);
  expect(said(r, "entryProduced")[0]).toMatch(/^the iterator stands on key \d+, in cell \d of bucket \d$/);
  expect(said(r, "iteratorEnded")).toEqual(["the iterator is back where it began: the iteration is over"]);
});

test("an iterator asks the map about entries that have moved, and skips those that are gone", () => {
  const r = recordInts(undefined, (m) => {
    for (let i = 0; i < 8; i++) m.set(i, i);
    let begun = false;
    for (const [key] of m) {
      if (begun) continue;
      begun = true;
      for (let i = 8; i < 12; i++) m.set(i, i); // the map grows under the iterator
      m.delete((key + 1) % 8);
    }
  });
  expect(said(r, "entryLookedUp")[0]).toMatch(
    /^cell \d: this entry has moved since the iteration began: ask the map where it is now$/,
  );
  expect(said(r, "entrySkipped")).toEqual([
    expect.stringMatching(/^cell \d: the key is no longer in the map: skip it$/),
  ]);
});

test("an iterator of a growing map leaves out what will go to the other half", () => {
  const r = recordInts(undefined, (m) => {
    for (let i = 0; i < 53; i++) m.set(i, i);
    for (const [key] of m) m.has(key);
  });
  expect(said(r, "iteratorMoved")).toContainEqual(
    expect.stringMatching(
      /^the iterator comes to bucket \d+, and reads the old bucket that it will be filled from$/,
    ),
  );
  expect(said(r, "entrySkipped")).toContainEqual(
    expect.stringMatching(/^cell \d: key \d+ will go to the other half, and is produced there$/),
  );
});

test("a clone is told entry by entry", () => {
  const r = recordInts(undefined, (m) => {
    m.set(7, 1);
    m.clone();
  });
  expect(r.label(r.operations - 1)).toBe("maps.Clone(m)");
  expect(said(r, "entryCopied")).toHaveLength(1);
});

test("a collection tells what it frees", () => {
  const r = recordInts(100, (m, go) => {
    m.release();
    go.gc();
  });
  expect(said(r, "collected")).toEqual([expect.stringMatching(/^a collection frees \d.* of \d.*$/)]);
});

test("an operation that another one interrupts goes on after it", () => {
  const r = recordInts(undefined, (m, go) => {
    m.set(1, 1);
    const other = go.make("map[int]int");
    go.during(
      () => m.set(2, 2),
      () => other.set(3, 3),
    );
  });
  expect(said(r, "resumed")).toEqual(["m[2] = 2 goes on where it was interrupted"]);
});

test("every kind of step has occurred above", () => {
  expect(EVENT_KINDS.filter((kind) => !seen.has(kind))).toEqual([]);
});
