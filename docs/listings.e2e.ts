import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findGo, goEnvironment } from "../tools/go.ts";

const content = fileURLToPath(new URL("content/docs/", import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hmap-listings-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Listing {
  page: string;
  number: number;
  code: string;
  /** Marked `.error`: it is meant not to compile, or to fail. */
  fails: boolean;
  /** The text fence right behind it, if there is one. */
  output: string | undefined;
}

/** Every Go listing of the site, with the page it is on. */
const listings = readdirSync(content, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.mdx?$/.test(name))
  .flatMap((page): Listing[] => {
    const text = readFileSync(join(content, page), "utf8");
    const fences = text.matchAll(/^```go([^\n]*)\n([\s\S]*?)^```$(?:\n+```text[^\n]*\n([\s\S]*?)^```$)?/gm);
    return Array.from(fences, ([, info = "", code = "", output], i) => {
      return { page, number: i + 1, code, fails: info.includes(".error"), output };
    });
  });

const printing = listings.filter(({ fails }) => !fails);
const failing = listings.filter(({ fails }) => fails);

function go(...parameters: string[]) {
  const options = { encoding: "utf8", env: { ...goEnvironment, GOCACHE: join(folder, "cache") } } as const;
  return spawnSync(findGo(), parameters, options);
}

function write(code: string): string {
  const file = join(folder, "main.go");
  writeFileSync(file, code);
  return file;
}

test("there are listings of both kinds", () => {
  expect(printing.length).toBeGreaterThan(0);
  expect(failing.length).toBeGreaterThan(0);
});

describe("a Go listing", () => {
  test.each(printing)("passes go vet with Go 1.23: $number of $page", ({ code }) => {
    const { stderr, status } = go("vet", write(code));
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });

  test.each(listings)("is written as gofmt writes: $number of $page", ({ code }) => {
    // It names the files that it had to change.
    expect(go("fmt", write(code)).stdout).toBe("");
  });

  test.each(printing)("prints what the page says: $number of $page", ({ code, output }) => {
    const { stdout, stderr, status } = go("run", write(code));
    expect(stderr).toBe("");
    expect(status).toBe(0);
    // A listing that prints nothing shows nothing; without an output on the page there is nothing to hold it to.
    if (output === undefined) expect(stdout).not.toBe("");
    else expect(stdout).toBe(output);
  });

  test.each(failing)("fails in the words of the page: $number of $page", ({ code, output }) => {
    const { stderr, status } = go("run", write(code));
    expect(status).not.toBe(0);
    expect(output, "a listing that fails has its message on the page").toBeDefined();
    for (const line of output!.trimEnd().split("\n")) expect(stderr).toContain(line);
  });
});
