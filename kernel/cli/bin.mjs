#!/usr/bin/env node
// The command `hmap`, in plain JavaScript that an old Node understands too: a working copy's sources run as they are, and
// the npm package has them built.
import { existsSync } from "node:fs";

/** What package.json promises. */
const oldest = "22.18";

const [major, minor] = process.versions.node.split(".").map(Number);
const [oldestMajor, oldestMinor] = oldest.split(".").map(Number);
if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
  console.error(
    `hmap needs Node ${oldest} or newer, and this is ${process.versions.node}: install a newer one from nodejs.org.`,
  );
  process.exitCode = 1;
} else {
  const source = new URL("./hmap.ts", import.meta.url);
  const built = new URL("../../dist/package/kernel/cli/hmap.js", import.meta.url);
  await import(existsSync(source) ? source.href : built.href);
}
