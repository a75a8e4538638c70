import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "../../tools/chromium.ts";
import { openLocalKernel } from "../cli/kernels.ts";
import { ensurePython, type PythonEnvironment } from "../cli/python.ts";
import { kernelName } from "../implementation.ts";
import { formatNotebook, parseNotebook } from "../notebook/notebook.ts";
import { runNotebook } from "../notebook/run.ts";

const screenshots = fileURLToPath(new URL("../../artifacts/", import.meta.url));
let environment: PythonEnvironment;
let folder: string;
let browser: Browser;

const sources = [
  'import { Runtime } from "hmap";\nconst go = new Runtime({ seed: 4 });\nconst m = go.make("map[string]int");\nfor (let i = 0; i < 27; i++) m.set("key " + i, i);\nm',
  "go.record(() => m.delete('key 3'))",
  "[{ name: 'fig', price: 3 }, { name: 'plum', price: 12 }]",
  "null.length",
  "display.player(go.record(() => m.delete('key 4')))",
];

beforeAll(async () => {
  environment = await ensurePython({ also: ["nbconvert"] });
  folder = mkdtempSync(join(tmpdir(), "hmap-frontends-"));
  const cells = sources.map((source, index) => ({
    cell_type: "code",
    id: `cell-${index}`,
    metadata: { tags: ["raises-exception"] },
    execution_count: null,
    outputs: [],
    source,
  }));
  const text = JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: kernelName },
    cells,
  });
  const { kernel, close } = await openLocalKernel(kernelName.name, folder);
  const { notebook } = await runNotebook(parseNotebook(text), kernel);
  await close();
  writeFileSync(join(folder, "saved.ipynb"), formatNotebook(notebook));
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

function nbconvert(...parameters: string[]): void {
  execFileSync(environment.program("jupyter-nbconvert"), [...parameters, join(folder, "saved.ipynb")], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, JUPYTER_CONFIG_DIR: folder, JUPYTER_DATA_DIR: folder, IPYTHONDIR: folder },
  });
}

test("display.player plays where scripts run and the extension is missing: in a page of nbconvert", async () => {
  nbconvert("--to", "html", "--output", "played");
  const page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
  await page.route(/^https?:/, (route) => route.abort());
  await page.goto(pathToFileURL(join(folder, "played.html")).href);
  const player = page.locator("hmap-player");
  await player.getByRole("button", { name: "One step on" }).click();
  await player.getByText("step 1 of").waitFor();
  await player.scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(screenshots, "nbconvert-player.png") });
  await page.close();
});

describe("nbconvert, which does not know the project's MIME types", () => {
  test("puts the drawings, the table and the coloured error into its HTML, and a browser prints them", async () => {
    nbconvert("--to", "html");
    const context = await browser.newContext({
      javaScriptEnabled: false,
      viewport: { width: 1000, height: 1400 },
    });
    const page = await context.newPage();
    // Pages of nbconvert name scripts of other hosts, which nothing here needs.
    await page.route(/^https?:/, (route) => route.abort());
    await page.goto(pathToFileURL(join(folder, "saved.html")).href);
    const drawings = page.locator(".jp-OutputArea-output img[src^='data:image/svg+xml']");
    expect(await drawings.count()).toBe(3);
    for (const drawing of await drawings.all()) {
      const width = await drawing.evaluate(async (image: HTMLImageElement) => {
        await image.decode();
        return image.naturalWidth;
      });
      expect(width).toBeGreaterThan(300);
    }
    const table = page.locator(".jp-OutputArea-output table");
    expect(await table.locator("td").allTextContents()).toEqual(["fig", "3", "plum", "12"]);
    expect(await page.locator(".ansi-red-fg").first().textContent()).toBe("TypeError");
    await page.screenshot({ path: join(screenshots, "nbconvert.png"), fullPage: true });
    const pdf = await page.pdf();
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    await context.close();
  });

  test("its sanitised HTML keeps the table", async () => {
    nbconvert("--to", "html", "--HTMLExporter.sanitize_html=True", "--output", "sanitised");
    const page = await browser.newPage();
    await page.route(/^https?:/, (route) => route.abort());
    await page.goto(pathToFileURL(join(folder, "sanitised.html")).href);
    expect(await page.locator(".jp-OutputArea-output table td").count()).toBe(4);
    await page.close();
  });

  test("its Markdown keeps each drawing as a picture in the text", async () => {
    nbconvert("--to", "markdown");
    const markdown = readFileSync(join(folder, "saved.md"), "utf8");
    const [, base64] =
      /<img alt="A map\[string\]int[^"]*" src="data:image\/svg\+xml;base64,([^"]+)"/.exec(markdown) ?? [];
    const page = await browser.newPage();
    await page.goto(`data:image/svg+xml;base64,${base64}`);
    expect(await page.evaluate(() => document.documentElement.localName)).toBe("svg");
    expect(await page.locator("text", { hasText: '"key 26"' }).count()).toBe(1);
    await page.close();
  });
});

test("jupyter console shows maps and tables as text, and errors in colour", () => {
  const flags = ["--simple-prompt", "--kernel", kernelName.name];
  const { stdout, stderr } = spawnSync(environment.program("jupyter-console"), flags, {
    cwd: folder,
    encoding: "utf8",
    // A line for each cell, as somebody types them.
    input: `${sources.map((source) => source.replaceAll("\n", "; ")).join("\n")}\n`,
    env: { ...process.env, PYTHONUNBUFFERED: "1", JUPYTER_CONFIG_DIR: folder, IPYTHONDIR: folder },
  });
  expect(stdout).toMatch(/Out\[1\]: ?\s*map\[string\]int {2}hmap at 0xc0/);
  expect(stdout).toContain("oldbuckets");
  expect(stdout).toContain("│ (index) │ name   │ price │");
  expect(stderr).toContain("\u001b[31mTypeError\u001b[39m: Cannot read properties of null");
});

test("a picture in a saved notebook keeps what it shows where SVG from strangers is cleaned", async () => {
  const { cells } = parseNotebook(readFileSync(join(folder, "saved.ipynb"), "utf8"));
  const bundles = cells.flatMap((cell) => (cell.cell_type === "code" ? cell.outputs : [])).slice(0, 2) as {
    data: Record<string, string>;
  }[];
  const page = await browser.newPage();
  await page.addScriptTag({ path: fileURLToPath(import.meta.resolve("dompurify/dist/purify.min.js")) });
  for (const { data } of bundles) {
    expect(data["text/plain"]).toContain("┌");
    const [before, after] = await page.evaluate((svg) => {
      const { DOMPurify } = window as unknown as {
        DOMPurify: { sanitize(svg: string, profile: object): string };
      };
      // Every element with its attributes in order of their names.
      const parts = (markup: string) =>
        Array.from(
          new DOMParser().parseFromString(markup, "text/html").querySelectorAll("svg, svg *"),
          (element) =>
            [
              element.localName,
              ...Array.from(element.attributes, ({ name, value }) => `${name}=${value}`).sort(),
            ].join(" "),
        );
      const profile = { USE_PROFILES: { svg: true }, FORBID_TAGS: ["style"], FORBID_ATTR: ["style"] };
      return [parts(svg), parts(DOMPurify.sanitize(svg, profile))];
    }, data["image/svg+xml"]!);
    expect(before!.length).toBeGreaterThan(100);
    // The cleaner's list of SVG attributes has no role; the picture's title and description say what it is.
    expect(before![0]).toContain(" role=img");
    before![0] = before![0]!.replace(" role=img", "");
    expect(after!.filter((part, i) => part !== before![i])).toEqual([]);
    expect(after).toHaveLength(before!.length);
  }
  await page.close();
});
