import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { launchChromium } from "../../tools/chromium.ts";
import { kernelName } from "../implementation.ts";
import { notYet, tagsOf } from "../notebook/exercises.ts";
import { type Notebook, parseNotebook } from "../notebook/notebook.ts";
import { compareOutputs } from "../notebook/run.ts";
import { ensurePython } from "./python.ts";
import { startTestLab, type TestLab } from "./testlab.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const lesson = "03-inside-a-bucket.ipynb";
const committed = parseNotebook(readFileSync(join(root, "notebooks", lesson), "utf8"));
const screenshots = join(root, "artifacts");

let folder: string;
let lab: TestLab;
let browser: Browser;
let page: Page;

/** A notebook of code cells that have not run. */
function fresh(sources: string[]): string {
  const cells = sources.map((source, index) => ({
    cell_type: "code",
    id: `cell-${index}`,
    metadata: {},
    execution_count: null,
    outputs: [],
    source,
  }));
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec: kernelName }, cells });
}

beforeAll(async () => {
  await ensurePython();
  folder = mkdtempSync(join(tmpdir(), "hmap-lab-"));
  mkdirSync(screenshots, { recursive: true });
  const notebooks = join(folder, "notebooks");
  mkdirSync(notebooks);
  const cleared: Notebook = structuredClone(committed);
  for (const cell of cleared.cells) {
    if (cell.cell_type === "code") Object.assign(cell, { outputs: [], execution_count: null });
  }
  writeFileSync(join(notebooks, lesson), JSON.stringify(cleared));
  writeFileSync(
    join(notebooks, "interrupt.ipynb"),
    fresh(["let kept = 41;", 'display("spinning"); while (true) {}', "kept + 1"]),
  );
  writeFileSync(
    join(notebooks, "prompt.ipynb"),
    fresh(["const who = prompt('Your name? '); who + '!'", "prompt('Never answered? ')", "who"]),
  );

  lab = await startTestLab(folder, notebooks);
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
});

afterAll(async () => {
  await browser?.close();
  await lab?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a notebook and waits until its kernel is there and idle. */
const open = (name: string) => lab.open(page, name);

async function chooseFromMenu(menu: string, item: string): Promise<void> {
  await page.getByRole("menuitem", { name: menu, exact: true }).click();
  await page.getByRole("menuitem", { name: item, exact: true }).click();
}

/** The code cells. Each has the prompt `[1]:` or so when it has run. */
const cells = () => page.locator(".jp-CodeCell");
const cell = (index: number) => cells().nth(index);

async function run(cell: Locator): Promise<void> {
  await cell.locator(".cm-content").click();
  await page.keyboard.press("Shift+Enter");
}

/** Stops a cell with the stop button. */
async function stop(cell: Locator): Promise<void> {
  await page
    .locator('[data-command="notebook:interrupt-kernel"], [data-jp-item-name="interrupt"] button')
    .first()
    .click();
  await cell.getByText("Interrupted: the cell was interrupted").waitFor();
}

describe("JupyterLab in Chromium", () => {
  test("runs all cells of the lesson and shows the diagrams that are committed with it", async () => {
    await open(lesson);
    await chooseFromMenu("Run", "Run All Cells");
    const codeCells = committed.cells.filter((cell) => cell.cell_type === "code");
    for (const [index] of codeCells.entries()) {
      // Beside the input, or beside the output where the input is folded, as that of a solution is.
      await cells()
        .nth(index)
        .getByText(`[${index + 1}]:`)
        .filter({ visible: true })
        .first()
        .waitFor();
    }
    const diagram = page.locator(".jp-OutputArea-output hmap-player svg.hmap").first();
    await diagram.scrollIntoViewIfNeeded();
    const width = await diagram.evaluate((svg) => svg.getBoundingClientRect().width);
    expect(width).toBeGreaterThan(100);
    // Only the checks of the exercises complain: nobody has done them.
    const complaints = page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']");
    const checks = codeCells.filter((cell) => tagsOf(cell).includes("check"));
    expect(await complaints.allTextContents()).toEqual(checks.map(() => expect.stringContaining(notYet)));
    await page.screenshot({ path: join(screenshots, "jupyterlab-lesson.png") });

    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+s");
    const saved = () => parseNotebook(readFileSync(join(folder, "notebooks", lesson), "utf8"));
    await vi.waitFor(() => expect(compareOutputs(committed, saved())).toBeUndefined(), { timeout: 20_000 });
  });

  test("stops an endless loop with its stop button, and the next cell finds the variables", async () => {
    await open("interrupt.ipynb");
    await run(cell(0));
    await page.keyboard.press("Shift+Enter");
    await cell(1).getByText("spinning").last().waitFor();
    await stop(cell(1));
    await run(cell(2));
    await cell(2).locator(".jp-OutputArea-output", { hasText: "42" }).waitFor();
    await page.screenshot({ path: join(screenshots, "jupyterlab-interrupt.png") });
  });

  test("asks below the cell for the line that prompt() waits for, and its stop button ends the wait", async () => {
    await open("prompt.ipynb");
    const field = (index: number) => cell(index).locator("input.jp-Stdin-input");
    await run(cell(0));
    await cell(0).locator(".jp-Stdin-prompt", { hasText: "Your name?" }).waitFor();
    await field(0).fill("Ada");
    await field(0).press("Enter");
    await cell(0).locator(".jp-OutputArea-output", { hasText: "'Ada!'" }).waitFor();
    await run(cell(1));
    await field(1).waitFor();
    await stop(cell(1));
    await run(cell(2));
    await cell(2).locator(".jp-OutputArea-output", { hasText: "'Ada'" }).waitFor();
  });
});
