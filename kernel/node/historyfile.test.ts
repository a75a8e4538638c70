import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../core/message.ts";
import { KernelClient } from "./client.ts";
import { kernelCommand } from "./command.ts";
import { HistoryFile, historyPath } from "./historyfile.ts";

let folder: string;
let path: string;
let opened: HistoryFile[];

beforeEach(() => {
  opened = [];
  folder = mkdtempSync(join(tmpdir(), "hmap-history-"));
  path = join(folder, "deep", "history.jsonl");
});

afterEach(async () => {
  for (const file of opened) await file.settled();
  rmSync(folder, { recursive: true, force: true });
});

/** Fails the test when there is something to report, unless it takes that itself. */
function open(
  bounds?: { entries: number; bytes: number },
  report: (line: string) => void = (line) => {
    expect.fail(line);
  },
): HistoryFile {
  const file = new HistoryFile(path, report, bounds);
  opened.push(file);
  return file;
}

describe("a history file", () => {
  test("gives the next session what it was given, under the next number, and only its owner can read it", async () => {
    const first = open();
    expect(await first.load()).toEqual({ session: 1, entries: [] });
    first.append({ session: 1, line: 1, input: "a\nb", output: "1" });
    await first.settled();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await open().load()).toEqual({
      session: 2,
      entries: [{ session: 1, line: 1, input: "a\nb", output: "1" }],
    });
  });

  test("gives two sessions that start one after the other different numbers, also when the first ran nothing", async () => {
    const first = open();
    await first.load();
    await first.settled();
    expect((await open().load()).session).toBe(2);
  });

  test("leaves out lines that are no entries", async () => {
    const file = open();
    await file.load();
    await file.settled();
    appendFileSync(path, '{"session":1,"line":1,"inp\n[]\nnull\n{"session":"1","line":1,"input":""}\n');
    appendFileSync(path, '{"session":1,"line":2,"input":"good","more":1}\n');
    expect((await open().load()).entries).toEqual([{ session: 1, line: 2, input: "good" }]);
  });

  test("keeps the newest entries when there are too many, or too many bytes", async () => {
    for (const bounds of [
      { entries: 10, bytes: 1_000_000 },
      { entries: 1000, bytes: 1000 },
    ]) {
      rmSync(path, { force: true });
      const file = open(bounds);
      const { session } = await file.load();
      for (let line = 1; line <= 100; line++) file.append({ session, line, input: `cell ${line}` });
      await file.settled();
      const next = open(bounds);
      await next.load();
      await next.settled();
      const { entries, session: last } = await open(bounds).load();
      expect(entries.length).toBeLessThanOrEqual(bounds.entries / 2);
      expect(readFileSync(path, "utf8").length).toBeLessThan(bounds.bytes);
      expect(entries.at(-1)?.input).toBe("cell 100");
      expect(last).toBe(3);
    }
  });

  test("that cannot be written is reported once, and nothing fails", async () => {
    writeFileSync(join(folder, "deep"), "a file in the way");
    const reports: string[] = [];
    const file = open(undefined, (line) => void reports.push(line));
    expect(await file.load()).toEqual({ session: 1, entries: [] });
    file.append({ session: 1, line: 1, input: "x" });
    await file.settled();
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatch(/^history is not kept: .*; set HMAP_HISTORY to a file that can be written$/);
  });

  test("lies where the environment says, or nowhere when that is empty", () => {
    expect(historyPath({ HMAP_HISTORY: "/x/y" })).toBe("/x/y");
    expect(historyPath({ HMAP_HISTORY: "" })).toBeUndefined();
    expect(historyPath({})).toMatch(/hmap.history\.jsonl$/);
  });
});

test("a kernel that starts again knows the cells of the one before", async () => {
  const history = async (kernel: KernelClient, content: JsonObject) =>
    (await kernel.request("history_request", { output: true, ...content })).content.history;
  const start = () => KernelClient.start({ argv: kernelCommand(), env: { HMAP_HISTORY: path } });
  const first = await start();
  try {
    await first.execute("6 * 7");
    await first.execute("'not kept'", { store_history: false });
    expect(await first.shutdown()).toBe(0);
  } finally {
    await first.kill();
  }
  const second = await start();
  try {
    await second.execute("'second'");
    expect(await history(second, { hist_access_type: "tail", n: 9 })).toEqual([
      [1, 1, ["6 * 7", "42"]],
      [2, 1, ["'second'", "'second'"]],
    ]);
    expect(await history(second, { hist_access_type: "range", session: -1, start: 1 })).toEqual([
      [1, 1, ["6 * 7", "42"]],
    ]);
  } finally {
    await second.kill();
  }
});
