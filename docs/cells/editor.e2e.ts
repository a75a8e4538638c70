import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { cell, runs, textOf, write } from "../pagecells.ts";
import { servedSite } from "../servedsite.ts";

const site = servedSite();
const lesson = "lessons/inside-a-bucket/";

/** Opens the lesson with its first cell run, and an empty editor in the second. */
async function inEditor(use: (page: Page) => Promise<void>): Promise<void> {
  await site.visit(lesson, async (page) => {
    await cell(page, 1).run.click();
    await runs(page, 1);
    await write(page, 2, " ");
    await use(page);
  });
}

describe("the editor", () => {
  test("completes what the kernel knows, variables of other cells included", async () => {
    await inEditor(async (page) => {
      await page.keyboard.type("go.ma");
      const list = cell(page, 2).root.locator(".cm-tooltip-autocomplete");
      await list.getByRole("option", { name: "make" }).first().click();
      expect(await textOf(cell(page, 2).editor)).toBe(" go.make");
      await page.keyboard.type("(");
      expect(await textOf(cell(page, 2).editor)).toBe(" go.make()");
    });
  });

  test("can be asked for completions by keyboard, and Escape closes the list before it leaves", async () => {
    await inEditor(async (page) => {
      await page.keyboard.type("m.");
      const list = cell(page, 2).root.locator(".cm-tooltip-autocomplete");
      await list.getByRole("option", { name: "lookup" }).waitFor();
      await page.keyboard.press("Escape");
      await list.waitFor({ state: "detached" });
      await page.keyboard.press("Control+Space");
      await list.getByRole("option", { name: "lookup" }).waitFor();
    });
  });

  test("does not keep the keyboard: Tab and Shift-Tab lead out of it", async () => {
    await inEditor(async (page) => {
      const { root } = cell(page, 2);
      const inside = () =>
        root.locator(".cell-editor").evaluate((editor) => editor === document.activeElement);
      for (const key of ["Tab", "Shift+Tab"]) {
        await cell(page, 2).editor.click();
        expect(await inside()).toBe(true);
        await page.keyboard.press(key);
        expect(await inside()).toBe(false);
      }
    });
  });

  test("says what the kernel knows of the name under the pointer", async () => {
    await inEditor(async (page) => {
      await write(page, 2, "m.lookup");
      const { x, y } = await cell(page, 2)
        .editor.locator(".cm-line")
        .evaluate((line) => {
          const range = document.createRange();
          const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) range.selectNodeContents(walker.currentNode);
          const { right, top, height } = range.getBoundingClientRect();
          return { x: right - 4, y: top + height / 2 };
        });
      await page.mouse.move(x, y);
      const about = cell(page, 2).root.locator(".cm-about");
      await about.waitFor();
      expect(await about.textContent()).toMatch(/lookup/);
    });
  });

  test("marks an error at its place, until the text changes", async () => {
    await inEditor(async (page) => {
      await write(page, 2, "const one = 1;\nfunction fail() {\n  missing();\n}\nfail();");
      await page.keyboard.press("Control+Enter");
      const { root, error } = cell(page, 2);
      await error.waitFor();
      await root.locator(".cm-fault", { hasText: /^missing$/ }).waitFor();
      expect(await root.locator(".cm-fault-line").allTextContents()).toEqual(["  missing();"]);
      await page.keyboard.press("End");
      await page.keyboard.type("1");
      await root.locator(".cm-fault-line").waitFor({ state: "detached" });

      await write(page, 2, "const a = 1;\nconst b = (2;\n");
      await page.keyboard.press("Control+Enter");
      await root.locator(".cm-fault-line", { hasText: "const b = (2;" }).waitFor();
    });
  });

  test("marks an error in the listing, too, when it is not open", async () => {
    await site.visit(lesson, async (page) => {
      await cell(page, 2).run.click();
      await cell(page, 2).error.waitFor();
      expect(await cell(page, 2).root.locator(".line-fault").count()).toBe(1);
    });
  });

  test("takes back a reset, and all before it, by undo", async () => {
    await site.visit(lesson, async (page) => {
      const { editor, edit, reset } = cell(page, 1);
      await edit.click();
      await editor.waitFor();
      const original = await textOf(editor);
      await editor.click();
      await page.keyboard.press("ControlOrMeta+Home");
      await page.keyboard.insertText("// mine\n");
      const mine = await textOf(editor);
      expect(mine).toBe(`// mine\n${original}`);
      await reset.click();
      expect(await textOf(editor)).toBe(original);
      await editor.click();
      await page.keyboard.press("ControlOrMeta+z");
      expect(await textOf(editor)).toBe(mine);
      for (let n = 0; n < 20; n++) await page.keyboard.press("ControlOrMeta+z");
      expect(await textOf(editor)).toBe(original);
    });
  });

  test("finds and replaces", async () => {
    await inEditor(async (page) => {
      await write(page, 2, "let plum = 1;\nplum + plum");
      await page.keyboard.press("ControlOrMeta+f");
      const { root } = cell(page, 2);
      await root.getByRole("textbox", { name: "Find" }).fill("plum");
      await root.getByRole("textbox", { name: "Replace" }).fill("fig");
      await root.getByRole("button", { name: "replace all" }).click();
      expect(await textOf(root.locator(".cm-content"))).toBe("let fig = 1;\nfig + fig");
    });
  });

  test("keeps its text on a reload, that of each cell", async () => {
    await site.visit(lesson, async (page) => {
      await write(page, 1, "1 // first");
      await write(page, 3, "3 // third");
      await page.reload();
      expect(await cell(page, 1).root.locator("pre code").first().textContent()).toBe("1 // first");
      expect(await cell(page, 3).root.locator("pre code").first().textContent()).toBe("3 // third");
      await page.goto(`${site.url}lessons/growing/`);
      expect(await cell(page, 1).root.locator("pre code").first().textContent()).not.toContain("first");
    });
  });

  // How long typing takes is measured by npm run bench:site; what a key press may cost is counted here.
  test("asks the kernel at most once for each key, and keeps the text once", async () => {
    await site.visit(lesson, async (page) => {
      await cell(page, 1).run.click();
      await runs(page, 1);
      await write(page, 2, "let count = 0;\n".repeat(400));
      await page.evaluate(() => {
        const counts = { asked: 0, kept: 0 };
        Object.assign(window, { counts });
        const { postMessage } = MessagePort.prototype;
        MessagePort.prototype.postMessage = function (this: MessagePort, ...message: [unknown]) {
          if (JSON.stringify(message[0])?.includes("complete")) counts.asked++;
          return postMessage.apply(this, message);
        } as typeof postMessage;
        const { setItem } = Storage.prototype;
        Storage.prototype.setItem = function (key, value) {
          if (key.startsWith("hmap:draft")) counts.kept++;
          setItem.call(this, key, value);
        };
      });
      const keys = `${"count total number ".repeat(10)}Runtime`;
      await page.keyboard.type(keys);
      const { root } = cell(page, 2);
      await root.getByRole("option", { name: "Runtime" }).first().waitFor();
      const { asked, kept } = (await page.evaluate("counts")) as { asked: number; kept: number };
      expect(kept).toBe(keys.length);
      expect(asked).toBeGreaterThan(0);
      expect(asked).toBeLessThanOrEqual(keys.length);
    });
  });
});
