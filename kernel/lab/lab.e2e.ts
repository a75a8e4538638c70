import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SNAPSHOT_MIME } from "../../engine/diagram/mapbundle.ts";
import { launchChromium } from "../../tools/chromium.ts";
import { openLocalKernel } from "../cli/kernels.ts";
import { ensurePython } from "../cli/python.ts";
import { startTestLab, type TestLab } from "../cli/testlab.ts";
import { kernelName } from "../implementation.ts";
import { formatNotebook, parseNotebook } from "../notebook/notebook.ts";
import { runNotebook } from "../notebook/run.ts";

const screenshots = fileURLToPath(new URL("../../artifacts/", import.meta.url));
let folder: string;
let lab: TestLab;
let browser: Browser;
let page: Page;

/** A notebook of code cells. */
function notebook(sources: string[]) {
  const cells = sources.map((source, index) => ({
    cell_type: "code",
    id: `cell-${index}`,
    metadata: {},
    execution_count: null,
    outputs: [],
    source,
  }));
  return parseNotebook(
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec: kernelName }, cells }),
  );
}

const begin =
  'import { Runtime } from "hmap";\nconst go = new Runtime({ seed: 4 });\nconst m = go.make("map[string]int");';

beforeAll(async () => {
  await ensurePython();
  folder = mkdtempSync(join(tmpdir(), "hmap-lab-"));
  const notebooks = join(folder, "notebooks");
  mkdirSync(notebooks);
  mkdirSync(screenshots, { recursive: true });
  // Run elsewhere, so that this JupyterLab has no reason to trust it.
  const fresh = notebook([begin, 'for (let i = 0; i < 27; i++) m.set("key " + i, i);\nm']);
  const { kernel, close } = await openLocalKernel(kernelName.name, notebooks);
  const { notebook: saved, failure } = await runNotebook(fresh, kernel);
  await close();
  expect(failure).toBe(undefined);
  writeFileSync(join(notebooks, "saved.ipynb"), formatNotebook(saved));
  const output = saved.cells.flatMap((cell) => (cell.cell_type === "code" ? cell.outputs : []))[0] as {
    data: Record<string, { format: string }>;
  };
  output.data[SNAPSHOT_MIME]!.format = "hmap-snapshot/9";
  writeFileSync(join(notebooks, "newer.ipynb"), formatNotebook(saved));
  writeFileSync(
    join(notebooks, "live.ipynb"),
    formatNotebook(notebook([begin, 'm.set("fig", 1); live(m);', 'm.set("plum", 2); 0'])),
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

async function open(name: string): Promise<void> {
  await page.goto(lab.page(name));
  await page.locator(".jp-Notebook .jp-CodeCell").first().waitFor();
}

/** The colour of a shape as it is painted. */
const fillOf = (selector: string) =>
  page
    .locator(`hmap-snapshot ${selector}`)
    .first()
    .evaluate((shape) => getComputedStyle(shape).fill);

describe("a map's output in JupyterLab", () => {
  test("is drawn from its snapshot in a saved notebook that nobody trusts, and selectable as text", async () => {
    await open("saved.ipynb");
    const svg = page.locator("hmap-snapshot svg");
    await svg.waitFor();
    expect(await page.locator(".jp-OutputArea-output img").count()).toBe(0);
    expect(await svg.locator("title").first().textContent()).toBe("map[string]int with 27 entries");
    expect(await svg.locator("text", { hasText: '"key 26"' }).count()).toBe(1);
    await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor();
    expect(await page.evaluate(() => document.body.dataset.jpThemeLight)).toBe("true");
    expect(await fillOf(".hmap-live")).toBe("rgb(207, 232, 247)");
    await page.screenshot({ path: join(screenshots, "jupyterlab-snapshot-light.png") });
  });

  test("follows the theme", async () => {
    lab.setting("@jupyterlab/apputils-extension:themes", { theme: "JupyterLab Dark" });
    await open("saved.ipynb");
    await page.locator('body[data-jp-theme-light="false"]').waitFor({ state: "attached" });
    expect(await fillOf(".hmap-live")).toBe("rgb(20, 74, 102)");
    expect(await fillOf("text")).toBe("rgb(238, 242, 245)");
    await page.screenshot({ path: join(screenshots, "jupyterlab-snapshot-dark.png") });
    lab.setting("@jupyterlab/apputils-extension:themes", {});
  });

  test("fits a narrow window", async () => {
    await page.setViewportSize({ width: 700, height: 1000 });
    await open("saved.ipynb");
    const view = page.locator("hmap-snapshot");
    await view.locator("svg").waitFor();
    await page.screenshot({ path: join(screenshots, "jupyterlab-snapshot-narrow.png") });
    const isWider = await view.evaluate((element) => element.scrollWidth > element.clientWidth);
    expect(isWider).toBe(false);
    await page.setViewportSize({ width: 1280, height: 1000 });
  });

  test("is the picture beside it where the snapshot is of a version that is not known", async () => {
    await open("newer.ipynb");
    const image = page.locator('.hmap-output img[src^="data:image/svg+xml"]');
    await image.waitFor();
    expect(
      await image.evaluate((element: HTMLImageElement) => element.decode().then(() => element.width)),
    ).toBeGreaterThan(100);
    expect(await page.locator("hmap-snapshot").count()).toBe(0);
  });

  test("shown by live(m) follows what later cells do", async () => {
    await open("live.ipynb");
    await page.locator(".jp-KernelName", { hasText: kernelName.display_name }).waitFor();
    await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor();
    await page.locator(".jp-CodeCell .cm-content").first().click();
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.press("Shift+Enter");
    const title = page.locator("hmap-snapshot svg > title");
    await title.getByText("map[string]int with 1 entry", { exact: true }).waitFor({ state: "attached" });
    await page.keyboard.press("Shift+Enter");
    await title.getByText("map[string]int with 2 entries", { exact: true }).waitFor({ state: "attached" });
    expect(await page.locator("hmap-snapshot").count()).toBe(1);
    await page.screenshot({ path: join(screenshots, "jupyterlab-live.png") });
  });
});
