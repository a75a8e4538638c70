import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DrawOptions, drawFile, type ReplayOptions, replayFiles } from "./replayfiles.ts";

const recordings = fileURLToPath(new URL("../../engine/oracle/recordings/", import.meta.url));
const small = `${recordings}u32-u32-small.json.gz`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hmap-replay-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Collects what a command says; the folders' names and the time are taken out. */
function watch(columns?: number) {
  const said = { out: "", err: "" };
  const plain = (text: string) =>
    text
      .replaceAll(`${folder}/`, "")
      .replaceAll(recordings, "")
      .replace(/[\d.]+ s$/m, "0 s");
  const terminal = {
    out: (text: string) => {
      said.out += plain(text);
    },
    err: (text: string) => {
      said.err += plain(text);
    },
    columns,
  };
  return { said, terminal };
}

async function replay(files: string[], options: ReplayOptions = {}, columns?: number) {
  const { said, terminal } = watch(columns);
  return { code: await replayFiles(files, options, terminal), ...said };
}

function draw(file: string, options: DrawOptions = {}) {
  const { said, terminal } = watch();
  return { code: drawFile(file, options, terminal), ...said };
}

/** A file with this in it. */
function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A recording of the repository after a change. */
function changed(name: string, change: (recording: Record<string, never[]>) => void): string {
  const recording = JSON.parse(gunzipSync(readFileSync(`${recordings}${name}.json.gz`)).toString());
  change(recording);
  const path = join(folder, `${name}-changed.json.gz`);
  writeFileSync(path, gzipSync(JSON.stringify(recording)));
  return path;
}

describe("hmap replay", () => {
  test("says of each recording that it agrees, and exits with 0", async () => {
    const { code, out, err } = await replay([small, `${recordings}panic-any-i64.json.gz`]);
    expect(out).toBe(
      "ok    u32-u32-small.json.gz: 216 operations, 217 checkpoints\n" +
        "ok    panic-any-i64.json.gz: 122 operations, 123 checkpoints\n" +
        "2 of 2 recordings agree: 338 operations, 340 checkpoints, 0 s\n",
    );
    expect({ code, err }).toEqual({ code: 0, err: "" });
  });

  test("shows its progress when a person watches, and takes the line away", async () => {
    const { err } = await replay([`${recordings}grow-drain-s1-i8.json.gz`], {}, 100);
    expect(err).toMatch(/operation \d+ of \d+, grow-drain-s1-i8\.json\.gz/);
    expect(err.endsWith("\r\u001b[2K")).toBe(true);
  });

  test("reads a recording that is not compressed", async () => {
    const path = file("plain.json", gunzipSync(readFileSync(small)).toString());
    expect((await replay([path])).code).toBe(0);
  });

  test("reads a recording without dumps", async () => {
    const path = changed("u32-u32-small", (recording) => {
      delete recording.full;
    });
    expect((await replay([path])).code).toBe(0);
  });

  test("draws both states where a checkpoint differs and the recording has a dump", async () => {
    const path = changed("u32-u32-small", (recording) => {
      recording.check![20]![11] = "0123456789abcdef" as never;
    });
    const { code, out } = await replay([small, path]);
    expect(code).toBe(1);
    const [verdict, , here, ...rest] = out.split("\n").slice(1);
    expect(verdict).toMatch(
      /^DIFF {2}u32-u32-small-changed\.json\.gz: after operation 20, \["[sgd]",.*\]: the bytes of the buckets differ/,
    );
    expect(here).toBe("here:");
    const [ours, recorded] = rest.join("\n").split("\n\nrecorded:\n");
    expect(ours).toMatch(/^map\[uint32\]uint32/);
    // The bytes are the same; only the addresses, which a recording does not have, tell the drawings apart.
    const cells = (text: string) => text.match(/^│.*/gm);
    expect(cells(ours as string)?.length).toBeGreaterThan(2);
    expect(cells(recorded as string)).toEqual(cells(ours as string));
    expect(out).toMatch(/\n1 of 2 recordings agree: /);
  });

  test("gives the recorded header where the recording has no dump", async () => {
    const path = changed("u32-u32-small", (recording) => {
      recording.check![21]![1] = 99 as never;
    });
    const { code, out } = await replay([path]);
    expect(code).toBe(1);
    expect(out).toMatch(/: after operation 21, .*: count is \d+, 99 recorded\n\nhere:\nmap\[uint32\]uint32/);
    expect(out).toMatch(
      /\n\nrecorded:\ncount 99 {2}B \d {2}hash0 0x[0-9a-f]{8} .*\n\(the checkpoint after operation 21;/,
    );
  });

  test("names the operation that gives something else", async () => {
    const path = changed("u32-u32-small", (recording) => {
      recording.ops![0] = ["g", 2654435761, 5] as never;
    });
    const { code, out } = await replay([path]);
    expect(code).toBe(1);
    expect(out).toContain(
      'DIFF  u32-u32-small-changed.json.gz: operation 1, ["g",2654435761,5]: key 2654435761 is absent, recorded otherwise\n\nhere:\n',
    );
    expect(out).toContain("\n\nrecorded, before the operation:\ncount 0 ");
  });

  test("names a wrong fact of the type as a difference after make", async () => {
    const path = changed("u32-u32-small", (recording) => {
      (recording.type as unknown as { flags: number }).flags = 12;
    });
    expect((await replay([path])).out).toContain(
      "changed.json.gz: after make: flags of map[uint32]uint32 is 4, 12 recorded\n",
    );
  });

  test("goes on after a file that cannot be read", async () => {
    const { code, out, err } = await replay([join(folder, "missing.json.gz"), small]);
    expect(code).toBe(1);
    expect(err).toBe(
      "hmap replay: missing.json.gz cannot be read: give the path of a recording, as in engine/oracle/recordings\n",
    );
    expect(out).toContain("ok    u32-u32-small.json.gz");
    expect(out).toContain("1 of 2 recordings agree");
  });

  const number = "0".repeat(16);
  const whole = {
    format: "bucketmap-trace/1",
    hashkey: [number, number, number, number],
    draws: [],
    ops: [],
    check: [],
  };
  const type = { key: "int", elem: "int" };
  test.each([
    [
      "notes.md",
      "# Notes",
      "is not JSON, nor gzipped JSON, in line 1: give a recording in the format bucketmap-trace/1",
    ],
    [
      "comma.json",
      '{"format": "bucketmap-trace/1",\n"ops": [,\n]}',
      "is not JSON, nor gzipped JSON, in line 2: give a recording in the format bucketmap-trace/1",
    ],
    [
      "half.json",
      '{"format": "bucketmap-trace/1",\n"ops": [\n',
      "is not JSON, nor gzipped JSON, in line 2: give a recording in the format bucketmap-trace/1",
    ],
    [
      "cut.json.gz",
      gzipSync(JSON.stringify(whole)).subarray(0, 40),
      "is damaged or cut off: its gzip data cannot be unpacked; fetch it again",
    ],
    ["null.json", "null", 'has no "format": this reads bucketmap-trace/1'],
    [
      "other.json",
      '{"format": "bucketmap-trace/2"}',
      'has the format "bucketmap-trace/2": this reads bucketmap-trace/1',
    ],
    ["bare.json", '{"format": "bucketmap-trace/1"}', 'has no list "hashkey": it is not a whole recording'],
    ["keys.json", { ...whole, hashkey: [] }, 'has no four numbers in "hashkey": it is not a whole recording'],
    [
      "short.json",
      { ...whole, hashkey: [number, number, "12", number] },
      'has "12" as number 3 of "hashkey": it must be a string of 16 hex digits',
    ],
    ["untyped.json", whole, 'has no "type" with a key and an elem: it is not a whole recording'],
    [
      "unhinted.json",
      { ...whole, type },
      'has no "hint", a whole number or null: it is not a whole recording',
    ],
    [
      "operation.json",
      { ...whole, type, hint: null, ops: [["c"], ["g", 1]] },
      ': operation 2, ["g",1], wants 3 parts',
    ],
    ["undrawn.json", { ...whole, type, hint: null }, ": takes more random numbers than the recording has"],
    [
      "huge.json",
      { ...whole, type, hint: 1e9, draws: [number] },
      expect.stringMatching(
        /^huge\.json: no map can be made with the hint 1000000000: out of memory: \d+ bytes/,
      ),
    ],
    [
      "foreign.json",
      { ...whole, type: { key: "Color", elem: "int" }, hint: null },
      ': its type cannot be read: unknown type Color (in "Color", at character 1)',
    ],
  ])("says in a sentence what is wrong with %s", async (name, content, sentence) => {
    const isText = typeof content === "string" || Buffer.isBuffer(content);
    const path = file(name, isText ? content : JSON.stringify(content));
    for (const { code, err } of [await replay([path]), draw(path)]) {
      expect(code).toBe(1);
      const said = err.replace(/^hmap (replay|draw): /, "").replace(/\n$/, "");
      if (typeof sentence !== "string") expect(said).toEqual(sentence);
      else expect(said).toBe(sentence.startsWith(":") ? name + sentence : `${name} ${sentence}`);
    }
  });

  test("--at draws the map after that many operations instead of comparing", async () => {
    const { code, out } = await replay([small], { at: "4" });
    expect(code).toBe(0);
    expect(out).toMatch(/^map\[uint32\]uint32/);
    expect(out).toContain("2654435761");
    expect(out).not.toContain("recordings agree");
  });

  test.each(["217", "-1", "1.5", "last"])("refuses --at %s", async (at) => {
    const sentence = `u32-u32-small.json.gz: --at ${at}: give a number of operations, 0 to 216\n`;
    expect(await replay([small], { at })).toEqual({ code: 1, out: "", err: `hmap replay: ${sentence}` });
    expect(draw(small, { at })).toEqual({ code: 1, out: "", err: `hmap draw: ${sentence}` });
  });
});

describe("hmap draw", () => {
  test("draws the map after all operations, or after as many as --at says", () => {
    expect(draw(small, { at: "216" })).toEqual(draw(small));
    const empty = draw(small, { at: "0" });
    expect(empty.code).toBe(0);
    expect(empty.out).toMatch(/^map\[uint32\]uint32/);
    expect(empty.out).not.toContain("1457683801");
    expect(draw(small, { at: "5" }).out).toContain("1457683801");
  });

  test("draws integers that JavaScript does not hold", () => {
    const { code, out } = draw(`${recordings}a5u16-int-fuzz.json.gz`);
    expect(code).toBe(0);
    expect(out).toMatch(/│ elem .*\d{10}…/);
  });

  test("--svg draws it as SVG", () => {
    expect(draw(small, { at: "5", svg: true }).out).toMatch(/^<svg [\s\S]*1457683801[\s\S]*<\/svg>\n$/);
  });
});
