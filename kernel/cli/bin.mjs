#!/usr/bin/env node
// The command `hmap`, in plain JavaScript: a working copy's sources run as they are, and the npm package has them built.
import { existsSync } from "node:fs";

const source = new URL("./hmap.ts", import.meta.url);
const built = new URL("../../dist/package/kernel/cli/hmap.js", import.meta.url);
await import(existsSync(source) ? source.href : built.href);
