import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { themeCss } from "./theme.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const drawn = globSync("engine/diagram/golden/*.svg", { cwd: root }).flatMap((file) =>
  [...readFileSync(root + file, "utf8").matchAll(/class="(hmap-\w+)"/g)].map(([, name]) => name as string),
);

test.each([
  ["the player's", themeCss],
  ["the site's", readFileSync(`${root}docs/styles/diagram.css`, "utf8")],
])("every look that a drawing has is in %s style sheet", (_, sheet) => {
  const missing = [...new Set(drawn)].filter((name) => !new RegExp(`\\.${name}\\b`).test(sheet));
  expect(drawn.length).toBeGreaterThan(1000);
  expect(missing).toEqual([]);
});
