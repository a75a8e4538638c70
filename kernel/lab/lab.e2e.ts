import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SNAPSHOT_MIME } from "../../engine/diagram/snapshotjson.ts";
import type { HmapPlayer } from "../../engine/player/player.ts";
import { RECORDING_MIME } from "../../engine/trace/recordingjson.ts";
import { launchChromium } from "../../tools/chromium.ts";
import { openLocalKernel } from "../cli/kernels.ts";
import { ensurePython, type PythonEnvironment } from "../cli/python.ts";
import { startTestLab, type TestLab } from "../cli/testlab.ts";
import { implementation, kernelName, labExtensionName } from "../implementation.ts";
import { formatNotebook, type Notebook, parseNotebook } from "../notebook/notebook.ts";
import { runNotebook } from "../notebook/run.ts";

const screenshots = fileURLToPath(new URL("../../artifacts/", import.meta.url));
let environment: PythonEnvironment;
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

/** A notebook that has run, elsewhere: JupyterLab has no reason to trust it. */
async function ran(folder: string, sources: string[]) {
  const { kernel, close } = await openLocalKernel(kernelName.name, folder);
  const { notebook: saved, failure } = await runNotebook(notebook(sources), kernel);
  await close();
  expect(failure).toBe(undefined);
  return saved;
}

/** The outputs of a notebook, by MIME type. */
function bundles({ cells }: Notebook) {
  const outputs = cells.flatMap((cell) => (cell.cell_type === "code" ? cell.outputs : []));
  return outputs.map((output) => (output as { data: Record<string, Record<string, unknown>> }).data);
}

/** Cells that show one thing of each kind that is drawn, and what it is called. */
const kinds: readonly (readonly [source: string, title: RegExp])[] = [
  ["const i = m.iterator(); i", /^map\[string\]int with 27 entries$/],
  ["m.drawBucket(1)", /^Bucket 1 of/],
  ["m.bytes(0)", /^The bytes of bucket 0/],
  ['m.drawHash("key 3")', /^The hash of "key 3"/],
  ["m.layout()", /^The bucket of a map\[string\]int$/],
  ["go.memStats()", /^Memory statistics$/],
];

/** A notebook with two recordings; whoever wrote the second has put markup wherever text may stand. */
async function recorded(folder: string) {
  const play = "go.record(() => { for (let i = 0; i < 9; i++) m.set('key ' + i, i); m.delete('key 1') })";
  const saved = await ran(folder, [begin, play, play]);
  const markup = "<img src=x onerror='window.broken = 1'>";
  const json = bundles(saved)[1]![RECORDING_MIME] as unknown as {
    operations: { label: string }[];
    error: string;
  };
  for (const operation of json.operations) operation.label = markup;
  json.error = markup;
  return saved;
}

beforeAll(async () => {
  environment = await ensurePython();
  folder = mkdtempSync(join(tmpdir(), "hmap-lab-"));
  const notebooks = join(folder, "notebooks");
  mkdirSync(notebooks);
  mkdirSync(screenshots, { recursive: true });
  const saved = await ran(notebooks, [begin, 'for (let i = 0; i < 27; i++) m.set("key " + i, i);\nm']);
  writeFileSync(join(notebooks, "saved.ipynb"), formatNotebook(saved));
  bundles(saved)[0]![SNAPSHOT_MIME]!.format = "hmap-snapshot/9";
  writeFileSync(join(notebooks, "newer.ipynb"), formatNotebook(saved));
  const fill = `${begin}\nfor (let i = 0; i < 27; i++) m.set("key " + i, i);`;
  const drawn = await ran(notebooks, [fill, ...kinds.map(([source]) => source)]);
  writeFileSync(join(notebooks, "kinds.ipynb"), formatNotebook(drawn));
  writeFileSync(
    join(notebooks, "live.ipynb"),
    formatNotebook(notebook([begin, 'm.set("fig", 1); live(m);', 'm.set("plum", 2); 0'])),
  );
  writeFileSync(join(notebooks, "recording.ipynb"), formatNotebook(await recorded(notebooks)));
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
    .locator(`hmap-player svg.hmap ${selector}`)
    .first()
    .evaluate((shape) => getComputedStyle(shape).fill);

test("JupyterLab lists the extension as enabled and in order", async () => {
  const listed = spawnSync(environment.program("jupyter-labextension"), ["list"], {
    encoding: "utf8",
    env: { ...process.env, JUPYTER_CONFIG_DIR: folder, JUPYTER_DATA_DIR: folder },
  });
  expect(stripVTControlCharacters(listed.stdout + listed.stderr)).toMatch(
    new RegExp(`hmap-lab v${implementation.version} enabled\\s+OK`),
  );
});

describe("a recording in JupyterLab", () => {
  const player = () => page.locator("hmap-player").first();
  const where = () => player().evaluate((element) => (element as HmapPlayer).recording?.position);

  test("is played from a saved notebook that nobody trusts, by its own keys", async () => {
    await open("recording.ipynb");
    const slider = player().getByRole("slider", { name: "Step" });
    await slider.waitFor();
    await player().getByRole("button", { name: "One step on" }).click();
    expect(await where()).toBe(1);
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    expect(await where()).toBe(2);
    await page.keyboard.press("Home");
    expect(await where()).toBe(0);
    await page.keyboard.press("End");
    expect(await where()).toBeGreaterThan(50);
    await page.screenshot({ path: join(screenshots, "jupyterlab-recording.png") });
    // The notebook has not taken the keys for its own: all cells are open, and the first one is the active one.
    expect(await page.locator(".jp-CodeCell").count()).toBe(3);
    expect(await page.evaluate(() => "broken" in window)).toBe(false);
  });

  test("shows markup in a recording that somebody else wrote as text", async () => {
    const second = page.locator("hmap-player").nth(1);
    await second.getByRole("button", { name: "To the end" }).click();
    await second.getByText("onerror", { exact: false }).first().waitFor();
    expect(await page.evaluate(() => "broken" in window)).toBe(false);
  });
});

describe("a map's output in JupyterLab", () => {
  test("is drawn from its snapshot in a saved notebook that nobody trusts, and selectable as text", async () => {
    await open("saved.ipynb");
    const svg = page.locator("hmap-player svg.hmap");
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
    const view = page.locator("hmap-player");
    await view.locator("svg.hmap").waitFor();
    await page.screenshot({ path: join(screenshots, "jupyterlab-snapshot-narrow.png") });
    const isWider = await view.evaluate((element) => element.scrollWidth > element.clientWidth);
    expect(isWider).toBe(false);
    await page.setViewportSize({ width: 1280, height: 1000 });
  });

  test("is drawn for an iterator, a bucket, its bytes, a hash, a type and memory statistics just so", async () => {
    await open("kinds.ipynb");
    for (const [index, [, title]] of kinds.entries()) {
      const output = page
        .locator(".jp-CodeCell")
        .nth(index + 1)
        .locator("hmap-player svg.hmap");
      await output.scrollIntoViewIfNeeded();
      expect(await output.locator("title").first().textContent()).toMatch(title);
    }
    await page.screenshot({ path: join(screenshots, "jupyterlab-kinds.png") });
  });

  test("is the picture beside it where the snapshot is of a version that is not known", async () => {
    await open("newer.ipynb");
    const image = page.locator('.hmap-output img[src^="data:image/svg+xml"]');
    await image.waitFor();
    expect(
      await image.evaluate((element: HTMLImageElement) => element.decode().then(() => element.width)),
    ).toBeGreaterThan(100);
    expect(await page.locator("hmap-player").count()).toBe(0);
  });

  test("shown by live(m) follows what later cells do", async () => {
    await lab.open(page, "live.ipynb");
    await page.locator(".jp-CodeCell .cm-content").first().click();
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.press("Shift+Enter");
    const title = page.locator("hmap-player svg.hmap > title");
    await title.getByText("map[string]int with 1 entry", { exact: true }).waitFor({ state: "attached" });
    await page.keyboard.press("Shift+Enter");
    await title.getByText("map[string]int with 2 entries", { exact: true }).waitFor({ state: "attached" });
    expect(await page.locator("hmap-player").count()).toBe(1);
    await page.screenshot({ path: join(screenshots, "jupyterlab-live.png") });
  });
});

test("without the extension, a notebook that nobody trusts shows the pictures of its HTML", async () => {
  const config = join(folder, "config", "labconfig");
  mkdirSync(config, { recursive: true });
  writeFileSync(
    join(config, "page_config.json"),
    JSON.stringify({ disabledExtensions: { [labExtensionName]: true } }),
  );
  await open("kinds.ipynb");
  const pictures = page.locator('.jp-RenderedHTML img[src^="data:image/svg+xml"]');
  await pictures.nth(kinds.length - 1).waitFor({ state: "attached" });
  expect(await page.locator("hmap-player").count()).toBe(0);
  for (const picture of await pictures.all()) {
    const width = await picture.evaluate((image: HTMLImageElement) =>
      image.decode().then(() => image.naturalWidth),
    );
    expect(width).toBeGreaterThan(100);
  }
  await page.screenshot({ path: join(screenshots, "jupyterlab-without-extension.png") });
});
