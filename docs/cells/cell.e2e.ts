import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { ensurePython } from "../../kernel/cli/python.ts";
import { cell, runs, write } from "../pagecells.ts";
import { servedSite } from "../servedsite.ts";

const site = servedSite();
const lesson = "lessons/inside-a-bucket/";

/** Replaces a cell's code and runs it. */
async function runCode(page: Page, n: number, code: string): Promise<void> {
  await write(page, n, code);
  await page.keyboard.press("Control+Enter");
}

/** Does something that saves a notebook, has Jupyter's own library read it, and gives what is in the file. */
async function savedNotebook(page: Page, save: () => Promise<void>) {
  const { python } = await ensurePython();
  const download = page.waitForEvent("download");
  await save();
  const file = await download;
  const path = await file.path();
  const check =
    "import nbformat, sys; nbformat.validate(nbformat.read(sys.argv[1], as_version=nbformat.NO_CONVERT))";
  // Warnings are of ids that are missing and the like: a notebook of ours has none.
  await promisify(execFile)(python, ["-W", "error", "-c", check, path]);
  const { cells } = JSON.parse(await readFile(path, "utf8")) as {
    cells: { cell_type: string; source: string | string[]; outputs?: unknown[] }[];
  };
  const sources = cells
    .filter(({ cell_type }) => cell_type === "code")
    .map(({ source }) => [source].flat().join(""));
  return { name: file.suggestedFilename(), cells, sources };
}

describe("a cell", () => {
  test("asks for a line, has the keyboard put into it, and goes on with what was typed", async () => {
    await site.visit(lesson, async (page) => {
      await runCode(page, 1, 'const name = await input("Your name? ");\nconsole.log("hello", name);');
      const field = cell(page, 1).output.getByRole("textbox", { name: "Your name?" });
      await field.waitFor();
      expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
      await page.keyboard.type("Ada <b>L</b>");
      await page.keyboard.press("Enter");
      await runs(page, 1);
      expect(await cell(page, 1).output.textContent()).toBe("Your name? Ada <b>L</b>hello Ada <b>L</b>\n");
    });
  });

  test("has Run all wait for it, and go on with the cells after it", async () => {
    await site.visit(lesson, async (page) => {
      await runCode(page, 1, 'await input("Now? ");');
      await cell(page, 1).output.getByRole("textbox", { name: "Now?" }).waitFor();
      await page.getByRole("button", { name: "Run all" }).click();
      const field = cell(page, 1).output.getByRole("textbox", { name: "Now?" });
      await field.fill("yes");
      await field.press("Enter");
      await cell(page, 2).output.getByText("ReferenceError").waitFor();
    });
  });

  test("does not show a password, and takes its question away when it is stopped", async () => {
    await site.visit(lesson, async (page) => {
      const code = 'const word = await input("Password: ", { password: true });\nword.length';
      await runCode(page, 1, code);
      const field = cell(page, 1).output.getByLabel("Password:");
      expect(await field.getAttribute("type")).toBe("password");
      await field.fill("secret");
      await page.keyboard.press("Enter");
      await runs(page, 1);
      expect(await cell(page, 1).output.textContent()).toBe("Password: ••••••6");

      await cell(page, 1).run.click();
      await field.waitFor();
      await cell(page, 1).stop.click();
      await field.waitFor({ state: "detached" });
      await page.getByText("Kernel ready").waitFor();
    });
  });

  test("that waits is stopped by Interrupt, and the variables are still there", async () => {
    await site.visit(lesson, async (page) => {
      await cell(page, 1).run.click();
      await runs(page, 1);
      await runCode(page, 2, "var kept = 41;\nawait new Promise(() => {});");
      await page.getByText("Kernel busy").waitFor();
      await page.getByRole("button", { name: "Interrupt" }).click();
      await cell(page, 2).error.waitFor();
      await page.getByText("Kernel ready").waitFor();
      await runCode(page, 2, "kept + m.len");
      await cell(page, 2).output.getByText("44", { exact: true }).waitFor();
    });
  });

  test("shows what is printed as it comes, and what is cleared goes", async () => {
    await site.visit(lesson, async (page) => {
      await runCode(
        page,
        1,
        'console.log("one");\nconst line = await input("more? ");\nconsole.error(line);',
      );
      await cell(page, 1).output.getByText("one").waitFor();
      await page.keyboard.type("two");
      await page.keyboard.press("Enter");
      await runs(page, 1);
      expect(await cell(page, 1).output.locator(".output-stderr").textContent()).toBe("two\n");
      await runCode(page, 1, "undefined");
      await runs(page, 1, /^In \[2\]$/);
      expect(await cell(page, 1).output.textContent()).toBe("");
    });
  });

  test("opens in the playground with the cells above it, and nothing runs there", async () => {
    await site.visit(lesson, async (page) => {
      await write(page, 1, "const mine = 1;");
      await cell(page, 2).root.locator(".cell-menu summary").click();
      await page.getByRole("button", { name: "Open in the playground" }).click();
      await page.waitForURL("**/playground/#code=*");
      await page.getByText("This code came with the link").last().waitFor();
      expect(await page.locator("hmap-cell pre code").allTextContents()).toEqual([
        "const mine = 1;",
        "m.bytes(0)",
      ]);
      expect(page.workers()).toEqual([]);
    });
  });
});

describe("a notebook", () => {
  test("of a lesson is the lesson with the reader's code, and Jupyter reads it", async () => {
    await site.visit(lesson, async (page) => {
      await write(page, 2, "m.bytes(0) // mine");
      const { name, sources, cells } = await savedNotebook(page, async () => {
        await cell(page, 1).root.locator(".cell-menu summary").click();
        await page.getByRole("button", { name: "Download as notebook" }).click();
      });
      expect(name).toMatch(/^\d\d-inside-a-bucket\.ipynb$/);
      expect(sources).toContain("m.bytes(0) // mine");
      expect(cells.find(({ source }) => [source].flat().join("") === "m.bytes(0) // mine")?.outputs).toEqual(
        [],
      );
      expect(sources.length).toBe(await page.locator("hmap-cell").count());
      expect(cells.some(({ cell_type }) => cell_type === "markdown")).toBe(true);
    });
  });

  test("of the playground is its cells, and Jupyter reads it", async () => {
    await site.visit("playground/", async (page) => {
      await write(page, 1, "6 * 7");
      await page.keyboard.press("Control+Enter");
      await runs(page, 1);
      const { name, sources } = await savedNotebook(page, () =>
        page.getByRole("button", { name: "Notebook", exact: true }).click(),
      );
      expect(name).toBe("playground.ipynb");
      expect(sources).toEqual(["6 * 7"]);
    });
  });
});
