import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../../tools/chromium.ts";
import { startTestLab, type TestLab } from "../cli/testlab.ts";
import { kernelName } from "../implementation.ts";

/** Types as a person sees them in JupyterLab: completions, documentation and warnings. */
let folder: string;
let lab: TestLab;
let chromium: Browser;
let page: Page;

const cells = [
  'import { Runtime } from "hmap";\nconst go = new Runtime({ seed: 1 });\nconst m = go.make("map[string]int");',
  "const weight: string = m.len;",
  "m.",
  "m.set(",
];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "hmap-typeslab-"));
  mkdirSync(join(folder, "notebooks"));
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { ...kernelName } },
    cells: cells.map((source, index) => ({
      cell_type: "code",
      id: `cell-${index}`,
      metadata: {},
      execution_count: null,
      outputs: [],
      source,
    })),
  };
  writeFileSync(join(folder, "notebooks", "types.ipynb"), JSON.stringify(notebook));
  lab = await startTestLab(folder, join(folder, "notebooks"));
  chromium = await launchChromium();
  page = await chromium.newPage({ viewport: { width: 1200, height: 1000 } });
  await lab.open(page, "types.ipynb");
  await cell(0).locator(".cm-content").click();
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.press("Shift+Enter");
});

afterAll(async () => {
  await chromium?.close();
  await lab?.close();
  rmSync(folder, { recursive: true, force: true });
});

const cell = (index: number) => page.locator(".jp-Notebook .jp-CodeCell").nth(index);

test("a type error is shown below its cell, whose result it does not touch", async () => {
  await cell(1).locator(".jp-InputPrompt", { hasText: "[2]" }).waitFor();
  const output = cell(1).locator(".jp-OutputArea-output");
  await output.getByText("Type 'number' is not assignable to type 'string'").waitFor();
  expect(await output.textContent()).toMatch(/^Type warning at In \[2\]:1:7: /);
});

test("Tab lists the members of a map by their kinds", async () => {
  await cell(2).locator(".cm-content").click();
  await page.keyboard.press("End");
  await page.keyboard.press("Tab");
  const set = page.locator(".jp-Completer-item").filter({ has: page.getByText("set", { exact: true }) });
  await set.waitFor();
  expect(await set.textContent()).toContain("function");
  await page.keyboard.press("Escape");
});

test("Shift-Tab in a call shows its signature and what it does", async () => {
  await cell(3).locator(".cm-content").click();
  await page.keyboard.press("End");
  await page.keyboard.press("Shift+Tab");
  const tooltip = page.locator(".jp-Tooltip");
  await tooltip.getByText("m[k] = v").waitFor();
  expect(await tooltip.textContent()).toContain(
    "GoMap<string, number>.set(key: string, value: number): void",
  );
});
