import { expect, test } from "vitest";
import { cell, runs, write } from "../pagecells.ts";
import { servedSite } from "../servedsite.ts";

const site = servedSite();

const lesson = "lessons/inside-a-bucket/";

test("when a loop costs the variables, one press runs the cells again that had run, and the lesson goes on", async () => {
  await site.visit(lesson, async (page) => {
    await cell(page, 1).run.click();
    await runs(page, 1);
    const drawn = await cell(page, 1).diagram.innerHTML();
    await write(page, 2, "while (true) {}");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Kernel busy").waitFor();
    await cell(page, 2).stop.click();

    await page.getByRole("button", { name: "Bring them back" }).click();
    await page.getByText("The variables are back.").waitFor();
    await page.getByText("Kernel ready").waitFor();
    // The cells run again show nothing anew.
    expect(await cell(page, 1).diagram.innerHTML()).toBe(drawn);
    await write(page, 2, "m.len");
    await page.keyboard.press("Control+Enter");
    await cell(page, 2).output.getByText("3", { exact: true }).waitFor();
    expect(await page.getByRole("button", { name: "Bring them back" }).count()).toBe(0);
  });
});

test("when nothing had run, there is nothing to bring back", async () => {
  await site.visit(lesson, async (page) => {
    await write(page, 1, "while (true) {}");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Kernel busy").waitFor();
    await cell(page, 1).stop.click();
    await page.getByText("All variables are gone").waitFor();
    expect(await page.getByRole("button", { name: "Bring them back" }).count()).toBe(0);
  });
});
