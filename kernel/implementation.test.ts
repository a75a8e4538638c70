import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { implementation } from "./implementation.ts";

test("the kernel reports the version of the package", () => {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  expect(implementation.version).toBe(manifest.version);
});
