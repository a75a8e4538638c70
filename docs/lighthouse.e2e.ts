import { expect, test } from "vitest";
import { lighthouse } from "../tools/lighthouse.ts";
import { servedSite } from "./servedsite.ts";

const site = servedSite();

// What does not depend on how fast this machine is. Performance is measured by npm run bench:site -- --lighthouse.
test("Lighthouse gives a lesson page 100 of 100 for accessibility, best practices and search engines", async () => {
  const { scores, shortcomings } = await lighthouse(`${site.url}lessons/inside-a-bucket/`, [
    "accessibility",
    "best-practices",
    "seo",
  ]);
  expect(shortcomings).toEqual([]);
  expect(scores).toEqual({ accessibility: 100, "best-practices": 100, seo: 100 });
});
