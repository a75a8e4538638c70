import { expect, test } from "vitest";
import { History, type HistoryEntry, type HistoryStore } from "./history.ts";

/** A store with entries of two earlier sessions, that remembers what it was given. */
function earlier(): HistoryStore & { appended: HistoryEntry[]; loads: number } {
  const entries = [
    { session: 1, line: 1, input: "a" },
    { session: 1, line: 2, input: "b", output: "2" },
    { session: 2, line: 1, input: "a", output: "1" },
  ];
  const store = {
    appended: [] as HistoryEntry[],
    loads: 0,
    load: async () => {
      store.loads++;
      return { session: 3, entries };
    },
    append: (entry: HistoryEntry) => void store.appended.push(entry),
  };
  return store;
}

test("history goes on from earlier sessions, and is given to the store", async () => {
  const store = earlier();
  const history = new History(store);
  history.begin(1, "now")("shown");
  expect(await history.answer({ hist_access_type: "tail", n: 2, output: true })).toEqual([
    [2, 1, ["a", "1"]],
    [3, 1, ["now", "shown"]],
  ]);
  expect(store.appended).toEqual([{ session: 3, line: 1, input: "now", output: "shown" }]);
  expect(store.loads).toBe(1);
});

test("a cell that runs is there already, without its result", async () => {
  const store = earlier();
  const history = new History(store);
  history.begin(1, "runs");
  expect((await history.answer({ hist_access_type: "tail", n: 1 }))[0]).toEqual([3, 1, "runs"]);
  expect(store.appended).toEqual([]);
});

test("a range is of this session, of one that is named, or of one counted back", async () => {
  const history = new History(earlier());
  for (const line of [1, 2, 3]) history.begin(line, `line ${line}`)();
  const range = async (session: number | undefined, start?: number | null, stop?: number | null) =>
    (await history.answer({ hist_access_type: "range", session, start, stop })).map(([s, l]) => `${s}/${l}`);
  expect(await range(undefined)).toEqual(["3/1", "3/2", "3/3"]);
  expect(await range(0, 2, 3)).toEqual(["3/2"]);
  expect(await range(-2, 1, null)).toEqual(["1/1", "1/2"]);
  expect(await range(2, null)).toEqual(["2/1"]);
  expect(await range(9)).toEqual([]);
});

test("a search gives all that match, the last n of them, or each input once", async () => {
  const history = new History(earlier());
  history.begin(1, "b")();
  const search = async (more: object) =>
    (await history.answer({ hist_access_type: "search", ...more })).map(
      ([s, l, input]) => `${s}/${l} ${input}`,
    );
  expect(await search({})).toEqual(["1/1 a", "1/2 b", "2/1 a", "3/1 b"]);
  expect(await search({ pattern: "a" })).toEqual(["1/1 a", "2/1 a"]);
  expect(await search({ pattern: "[ab]", unique: true })).toEqual(["2/1 a", "3/1 b"]);
  expect(await search({ pattern: "*", n: 1 })).toEqual(["3/1 b"]);
  expect(await search({ pattern: "c" })).toEqual([]);
});

test("without a store it is that of this session, number 1", async () => {
  const history = new History();
  history.begin(7, "x")();
  expect(await history.answer({ hist_access_type: "tail", n: 5 })).toEqual([[1, 7, "x"]]);
});

test("it is bounded: by the number of entries, and in the length of an output", async () => {
  const history = new History(undefined, { entries: 2, output: 3 });
  for (const line of [1, 2, 3]) history.begin(line, "x")("abcdef");
  expect(await history.answer({ hist_access_type: "tail", output: true })).toEqual([
    [1, 2, ["x", "abc…"]],
    [1, 3, ["x", "abc…"]],
  ]);
});

test("a request with nothing, or nonsense, in it is answered as far as it goes", async () => {
  const history = new History(earlier());
  expect(await history.answer({})).toHaveLength(3);
  expect(await history.answer({ hist_access_type: "tail", n: "two" })).toHaveLength(3);
  expect(await history.answer({ hist_access_type: "tail", n: -1 })).toEqual([]);
  expect(await history.answer({ hist_access_type: "range", session: {}, start: [], stop: "x" })).toEqual([]);
});
