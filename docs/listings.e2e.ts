import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findGo, goEnvironment } from "../tools/go.ts";

const content = fileURLToPath(new URL("content/docs/", import.meta.url));
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hmap-listings-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Every Go listing of the site, with the page it is on. */
const listings = readdirSync(content, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.mdx?$/.test(name))
  .flatMap((page) => {
    const text = readFileSync(join(content, page), "utf8");
    const fences = text.matchAll(/^```go[^\n]*\n(.*?)^```$/gms);
    return Array.from(fences, ([, code], i) => ({ page, number: i + 1, code: code as string }));
  });

function run(code: string): string {
  const file = join(folder, "main.go");
  writeFileSync(file, code);
  const options = { encoding: "utf8", env: { ...goEnvironment, GOCACHE: join(folder, "cache") } } as const;
  const go = findGo();
  execFileSync(go, ["vet", file], options);
  return execFileSync(go, ["run", file], options);
}

test.each(listings)("listing $number of $page compiles with Go 1.23 and runs", ({ code }) => {
  expect(run(code)).not.toBe("");
});

test("the bucket of the first lesson lies in memory as the lesson says", () => {
  const listing = listings.find(({ page }) => page.endsWith("inside-a-bucket.md"));
  const offsets = Array.from(run(listing?.code ?? "").matchAll(/\d+$/gm), ([number]) => Number(number));
  expect(offsets).toEqual([0, 8, 136, 200, 208]);
});
