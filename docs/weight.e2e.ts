import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { tooHeavy, weigh, weighUntouched } from "../tools/siteweight.ts";
import { servedSite } from "./servedsite.ts";

const site = servedSite();
const lessons = readdirSync(new URL("content/docs/lessons", import.meta.url))
  .filter((name) => name.endsWith(".md"))
  .map((name) => `lessons/${name.replace(/(?:^index)?\.md$/, "")}/`.replace("//", "/"));

test("a lesson page, its first Run and its first Edit stay within their weights", async () => {
  expect(tooHeavy(await weigh(site.browser, `${site.url}lessons/inside-a-bucket/`))).toEqual([]);
});

test("so does every lesson page before it is touched", async () => {
  expect(lessons.length).toBeGreaterThan(10);
  for (const lesson of lessons) {
    expect([lesson, tooHeavy(await weighUntouched(site.browser, site.url + lesson))]).toEqual([lesson, []]);
  }
});
