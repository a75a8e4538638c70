/** A program of the playground. */
export interface Program {
  id: string;
  title: string;
  /** The question it answers, for those who have not read the lessons. */
  question: string;
  code: string;
}

/** The classic puzzles about Go's map, each small enough to be changed at once. The first is what the page opens with. */
export const programs: readonly Program[] = [
  {
    id: "growing",
    title: "Watch a map grow",
    question: "What happens, step by step, when the ninth key comes?",
    code: `import { Runtime } from "hmap";

const go = new Runtime({ seed: 1 });
const m = go.make("map[string]int");
for (const letter of "abcdefgh") m.set(letter, 1);

// Eight keys fill the one bucket. Step through the ninth.
go.record(() => {
  m.set("i", 9);
  m.set("j", 10);
})`,
  },
  {
    id: "memory",
    title: "Delete everything, free nothing",
    question: "I deleted all keys. Why is the memory still held?",
    code: `import { Runtime } from "hmap";

const go = new Runtime({ seed: 2 });
const m = go.make("map[int][128]byte");
const zeros = new Array(128).fill(0);
const heap = m.watchHeap("write");

for (let key = 0; key < 2000; key++) {
  m.set(key, zeros);
  heap.sample();
}
for (let key = 0; key < 2000; key++) {
  m.delete(key);
  heap.sample();
}
go.gc();
heap.sample();
heap`,
  },
  {
    id: "same-size",
    title: "Growing to the same size",
    question: "The count stays the same. Why does the map grow?",
    code: `import { Runtime } from "hmap";

const go = new Runtime({ seed: 3 });
const m = go.make("map[int]int", 50);

// One comes, one goes: never more than 40 entries, but chains get longer and emptier.
let turn = 0;
while (m.snapshot({ limit: 0 }).noverflow < 8 && turn < 100_000) {
  m.set(turn, turn);
  if (turn >= 40) m.delete(turn - 40);
  turn++;
}
console.log(\`after \${turn} turns: \${m.len} entries, \${m.snapshot({ limit: 0 }).noverflow} overflow buckets\`);
m`,
  },
  {
    id: "order",
    title: "The order of range",
    question: "Is the order random? Is it fair?",
    code: `import { Runtime } from "hmap";

const go = new Runtime({ seed: 4 });
const m = go.make("map[string]bool");
for (const fruit of ["fig", "plum", "pear"]) m.set(fruit, true);

// Which key comes first, in 8000 loops? One eighth of the starts is for each slot, and five slots are empty.
const first: Record<string, number> = {};
for (let loop = 0; loop < 8000; loop++) {
  for (const [fruit] of m) {
    first[fruit] = (first[fruit] ?? 0) + 1;
    break;
  }
}
console.log(first);
m`,
  },
  {
    id: "nan",
    title: "NaN, the key that is lost",
    question: "Why does len grow when I set the same key?",
    code: `import { Runtime } from "hmap";

const go = new Runtime({ seed: 5 });
const m = go.make("map[float64]string");
for (const word of ["one", "two", "three"]) m.set(NaN, word);

console.log("len", m.len, "lookup", m.lookup(NaN));
m.delete(NaN);
console.log("after delete: len", m.len);
m.clear();
console.log("after clear: len", m.len);`,
  },
  {
    id: "collisions",
    title: "Keys that collide",
    question: "What if many keys want the same bucket?",
    code: `import { Runtime } from "hmap";

const go = new Runtime({ seed: 6 });
const m = go.make("map[int]int", 20);

// Only keys of which it is known that they belong in bucket 0.
for (let key = 0; m.len < 20; key++) {
  if (m.hash(key).bucket === 0) m.set(key, m.len);
}
m`,
  },
  {
    id: "struct",
    title: "Why m[k].f = v does not compile",
    question: "Why has an element no address?",
    code: `import { Runtime } from "hmap";

const go = new Runtime({ seed: 7 });
const m = go.make("map[string]int");
for (const letter of "abcdefgh") m.set(letter, 1);

const stale = m.unsafe.mapassign("a"); // where a's elem is: Go never tells you
m.set("i", 9);                         // the map grows
m.set("j", 10);                        // and moves a's bucket
go.unsafe.store("int", stale, 42);     // m["a"] = 42, at the old address
console.log("m[a] is", m.get("a"));
m`,
  },
];
