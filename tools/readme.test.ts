import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { scripts: object };

test.each(["README.md", "CONTRIBUTING.md"])("files and scripts that %s names are there", (name) => {
  const text = readFileSync(root + name, "utf8");
  const links = Array.from(text.matchAll(/\]\(([^)#]+)\)/g), ([, path]) => path as string);
  const paths = Array.from(
    text.matchAll(/\b(?:engine|kernel|docs|tools)\/[\w/.-]+\.[a-z]+\b/g),
    ([path]) => path,
  );
  expect([...links, ...paths].filter((path) => !existsSync(root + path))).toEqual([]);
  const named = Array.from(text.matchAll(/npm run ([\w:]+)/g), ([, script]) => script as string);
  expect(named.filter((script) => !(script in scripts))).toEqual([]);
  expect(links.length + named.length).toBeGreaterThan(5);
});
