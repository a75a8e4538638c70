import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";

const script = fileURLToPath(new URL("record.sh", import.meta.url));
const recordings = fileURLToPath(new URL("recordings", import.meta.url));

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hmap-oracle-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Recording {
  go: string;
  name: string;
  draws: string[];
  ops: unknown[][];
  check: unknown[][];
}

test("recording again gives the committed recordings, byte for byte", () => {
  const fresh = join(folder, "fresh");
  const { status, stderr } = oracle(fresh);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const names = readdirSync(recordings).sort();
  expect(names.length).toBeGreaterThan(500);
  expect(readdirSync(fresh).sort()).toEqual(names);
  const different = names.filter((name) => !same(join(recordings, name), join(fresh, name)));
  expect(different).toEqual([]);
});

test("a recording made elsewhere, with draws of its own, is performed again with the same results", () => {
  for (const name of ["i64-i64-fuzz", "str-str-clear", "any-any-small", "clone-b129-i64", "panic-any-i64"]) {
    const { status, stdout } = replay(name, (recording) => {
      recording.name = "elsewhere"; // the oracle makes its own draws from the name
    });
    expect(stdout).toContain(`${recording(name).ops.length} operations`);
    expect(stdout).toContain("agree");
    expect(status).toBe(0);
  }
});

test("a recording that says one thing wrong is found out, and the place is named", () => {
  const wrongDigest = replay("u32-u32-small", (recording) => {
    recording.check[30]![11] = "0123456789abcdef";
  });
  expect(wrongDigest.status).toBe(1);
  expect(wrongDigest.stdout).toContain("checkpoint after op 30");

  const wrongValue = replay("u32-u32-small", (recording) => {
    const get = recording.ops.findIndex(([op, , value]) => op === "g" && typeof value === "number");
    recording.ops[get]![2] = Number(recording.ops[get]![2]) + 1;
  });
  expect(wrongValue.status).toBe(1);
  expect(wrongValue.stdout).toMatch(/op \d+: the recording has/);

  const wrongDraw = replay("u32-u32-small", (recording) => {
    recording.draws[0] = "0000000000000001";
  });
  expect(wrongDraw.status).toBe(1);
  expect(wrongDraw.stdout).toContain("hash0");
});

function oracle(...args: string[]) {
  const { status, stdout, stderr } = spawnSync("bash", [script, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

/** Replays a committed recording on a real map after a change to it. */
function replay(name: string, change: (recording: Recording) => void) {
  const changed = recording(name);
  change(changed);
  const path = join(folder, `${name}-changed.json.gz`);
  writeFileSync(path, gzipSync(JSON.stringify(changed)));
  return oracle("--replay", path);
}

function recording(name: string): Recording {
  return JSON.parse(text(join(recordings, `${name}.json.gz`)));
}

function text(path: string): string {
  return gunzipSync(readFileSync(path)).toString();
}

/**
 * Whether two recordings are the same file. A patch release of Go 1.23 names itself in the recording and may compress
 * otherwise: then everything else has to be the same.
 */
function same(a: string, b: string): boolean {
  if (readFileSync(a).equals(readFileSync(b))) {
    return true;
  }
  const release = /"go":"(go1\.23(?:\.\d+)?)"/;
  const [first, second] = [text(a), text(b)];
  return (
    first.match(release)?.[1] !== second.match(release)?.[1] &&
    first.replace(release, "") === second.replace(release, "")
  );
}
