import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { cell, runs, textOf, write } from "../pagecells.ts";
import { servedSite } from "../servedsite.ts";
import { programs } from "./programs.ts";

const site = servedSite();

const codeOf = async (page: Page) => (await page.locator("hmap-cell pre code").first().textContent()) ?? "";

/** Opens the form that stands for a program. */
const openForm = (page: Page) => page.getByText("Without writing code").click();

/** The drawings below the first cell, by their titles. */
const drawings = (page: Page) => cell(page, 1).diagram.locator("title").first().allTextContents();

describe("the program picker", () => {
  test("shows each program with its question, and the address is that of the program", async () => {
    await site.visit("playground/", async (page) => {
      for (const { id, title, question, code } of programs.toReversed()) {
        await page.getByLabel("Program").selectOption(title);
        await page.getByText(question).waitFor();
        expect(await codeOf(page)).toBe(code);
        expect(new URL(page.url()).hash).toBe(`#program=${id}`);
      }
      const { id, code } = programs[1]!;
      await page.goto(`${site.url}playground/#program=${id}`);
      await page.reload();
      expect(await codeOf(page)).toBe(code);
      expect(await page.getByLabel("Program").inputValue()).toBe(id);
      expect(page.workers()).toEqual([]);
    });
  });

  test("leads to the player, which keys and buttons move, and to the heap's chart", async () => {
    await site.visit("playground/#program=growing", async (page) => {
      await cell(page, 1).run.click();
      const player = page.locator("hmap-player");
      await player.waitFor();
      const sentences = [await player.locator(".sentence").textContent()];
      await player.getByRole("button", { name: "One step on" }).click();
      sentences.push(await player.locator(".sentence").textContent());
      await page.keyboard.press("Enter");
      sentences.push(await player.locator(".sentence").textContent());
      expect(new Set(sentences).size).toBe(3);

      await page.getByLabel("Program").selectOption("Delete everything, free nothing");
      await cell(page, 1).run.click();
      await runs(page, 1, /^In \[2\]$/);
      expect((await drawings(page)).join()).toMatch(/heap/i);
    });
  });
});

describe("the form", () => {
  test("writes the code it stands for: type, hint, seed and the slider's number of entries", async () => {
    await site.visit("playground/", async (page) => {
      await openForm(page);
      await page.getByLabel("Type").selectOption("map[int]int");
      await page.getByLabel("Hint").fill("20");
      await page.getByLabel("Seed").fill("7");
      await page.getByLabel("Entries").fill("30");
      await runs(page, 1);
      const code = await codeOf(page);
      expect(code).toContain("new Runtime({ seed: 7 })");
      expect(code).toContain('go.make("map[int]int", 20)');
      expect(code).toContain("i < 30");
      expect(await page.locator("hmap-playground output").first().textContent()).toBe("30");
      // The map and its heap over time.
      await cell(page, 1).output.locator(".output-figure").nth(1).waitFor();
      expect(await cell(page, 1).diagram.first().locator("title").first().textContent()).toBe(
        "map[int]int with 30 entries",
      );
      expect(await cell(page, 1).diagram.nth(1).locator("title").first().textContent()).toMatch(/heap/i);
    });
  });

  test("has a button for each operation, which runs at once", async () => {
    await site.visit("playground/", async (page) => {
      await openForm(page);
      let count = 0;
      const press = async (name: string) => {
        await page.getByRole("button", { name, exact: true }).click();
        await runs(page, 1, new RegExp(`^In \\[${++count}\\]$`));
        return cell(page, 1).diagram.first().locator("title").first().textContent();
      };
      await page.getByRole("textbox", { name: "Key" }).fill('a"b');
      expect(await press("Set")).toBe("map[string]int with 1 entry");
      expect(await codeOf(page)).toContain('m.set("a\\"b", 10)');
      await page.getByRole("textbox", { name: "Key" }).fill("plum");
      expect(await press("Set")).toBe("map[string]int with 2 entries");
      expect(await press("Delete")).toBe("map[string]int with 1 entry");
      expect(await press("Collect garbage")).toBe("map[string]int with 1 entry");
      expect(await codeOf(page)).toContain("go.gc()");
      expect(await press("Clear")).toBe("map[string]int with 0 entries");
      expect(await press("Start again")).toBe("map[string]int with 0 entries");
      expect(await codeOf(page)).not.toContain("m.set");
    });
  });
});

test("code of the reader's own is in the address, and comes back with it, for anybody", async () => {
  const code = "// über 1 & 2\n6 * 7";
  let address = "";
  await site.visit("playground/", async (page) => {
    await write(page, 1, code);
    await page.waitForURL("**/playground/#code=*");
    address = page.url().slice(site.url.length);
  });
  await site.visit(address, async (page) => {
    await page.getByText("This code came with the link").waitFor();
    expect(await codeOf(page)).toBe(code);
    await cell(page, 1).edit.click();
    expect(await textOf(cell(page, 1).editor)).toBe(code);
    await cell(page, 1).run.click();
    await cell(page, 1).output.getByText("42", { exact: true }).waitFor();
  });
});
