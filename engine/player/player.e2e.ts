import axe, { type AxeResults } from "axe-core";
import { build } from "esbuild";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium } from "../../tools/chromium.ts";
import { Runtime } from "../index.ts";
import { toJson } from "../trace/recordingjson.ts";
import type { HmapPlayer } from "./player.ts";

let browser: Browser;
let script: string;

beforeAll(async () => {
  const bundle = await build({
    entryPoints: [new URL("index.ts", import.meta.url).pathname],
    bundle: true,
    minify: true,
    format: "iife",
    write: false,
  });
  script = bundle.outputFiles[0]?.text ?? "";
  browser = await launchChromium();
});

afterAll(() => browser?.close());

/** A page with a recording of ten assigns, the ninth of which makes the map grow, and a range loop. */
function recordingPage(): string {
  const go = new Runtime({ seed: 4 });
  const recording = go.record(() => {
    const m = go.make("map[string]int");
    for (let i = 0; i < 10; i++) m.set(`k${i}`, i);
    for (const [key] of m) m.get(key);
  });
  const json = JSON.stringify(toJson(recording)).replaceAll("<", "\\u003c");
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A recording</title>
    <style>:root { color-scheme: light dark } body { background: Canvas; margin: 8px }</style></head>
    <body><main><h1>A recording</h1><hmap-player><script type="application/json">${json}</script><p>no scripts</p>
    </hmap-player></main><script>${script}</script></body></html>`;
}

/** Opens the page, and fails when an error came up in it. */
async function play(use: (page: Page) => Promise<void>, options: BrowserContextOptions = {}): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1000, height: 900 }, ...options });
  const errors: string[] = [];
  try {
    const page = await context.newPage();
    page.on("pageerror", (error) => errors.push(error.message));
    await page.setContent(recordingPage());
    await use(page);
  } finally {
    await context.close();
  }
  expect(errors).toEqual([]);
}

const position = (page: Page) =>
  page.locator("hmap-player").evaluate((player) => (player as HmapPlayer).recording?.position);
const seek = (page: Page, to: number) =>
  page.locator("hmap-player").evaluate((player, to) => (player as HmapPlayer).seek(to), to);
const sentence = (page: Page) => page.locator("hmap-player .sentence").textContent();

test("the buttons go to the ends and step by step, and are off where there is nowhere to go", () =>
  play(async (page) => {
    const back = page.getByRole("button", { name: "One step back" });
    expect(await back.isDisabled()).toBe(true);
    await page.getByRole("button", { name: "One step on" }).click();
    expect([await position(page), await sentence(page)]).toEqual([1, "M := make(map[string]int)."]);
    await page.getByRole("button", { name: "To the end" }).click();
    expect(await page.getByRole("button", { name: "One step on" }).isDisabled()).toBe(true);
    await back.click();
    await page.getByRole("button", { name: "To the beginning" }).click();
    expect(await position(page)).toBe(0);
  }));

test("the slider is moved by its own keys and says each step in a sentence", () =>
  play(async (page) => {
    const slider = page.getByRole("slider", { name: "Step" });
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    expect(await slider.getAttribute("aria-valuetext")).toMatch(
      /^step 2 of \d+: a header is made, and no bucket yet/,
    );
    await page.keyboard.press("End");
    expect(await slider.getAttribute("aria-valuetext")).toMatch(/the iteration is over$/);
    await page.keyboard.press("Home");
    expect(await position(page)).toBe(0);
  }));

test("on the drawing, arrow keys step, with Shift by operations", () =>
  play(async (page) => {
    await page.locator("hmap-player .stage").focus();
    await page.keyboard.press("ArrowRight");
    expect(await position(page)).toBe(1);
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("Shift+ArrowRight");
    expect(await page.locator("hmap-player code").textContent()).toBe('m["k0"] = 0');
    await page.keyboard.press("Shift+ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("End");
    await page.keyboard.press("Home");
    expect(await position(page)).toBe(0);
  }));

test("the next growth is jumped to, and where there is none that is said", () =>
  play(async (page) => {
    await page.getByRole("button", { name: "Next", exact: true }).click();
    expect(await sentence(page)).toMatch(
      /^One entry more would be too many for 1 bucket: a growth to 2 starts/,
    );
    await page.getByRole("button", { name: "Next", exact: true }).click();
    expect(await sentence(page)).toBe("There is no growth after this step.");
    await page.getByRole("combobox", { name: "What to jump to" }).selectOption("iteration");
    await page.getByRole("button", { name: "Next", exact: true }).click();
    expect(await sentence(page)).toMatch(/^The iteration begins at bucket/);
  }));

test("jumps are not offered where there is nothing to jump to", () =>
  play(async (page) => {
    const next = page.getByRole("button", { name: "Next", exact: true });
    expect(await next.isVisible()).toBe(true);
    const go = new Runtime({ seed: 4 });
    const m = go.literal("map[string]int", [["k", 1]]);
    const look = toJson(go.record(() => m.get("k")));
    await page.locator("hmap-player").evaluate((player, json) => {
      (player as HmapPlayer).data = json;
    }, look);
    expect(await next.isVisible()).toBe(false);
  }));

test("an entry travels from its old bucket to the new one, unless the reader wants no motion", async () => {
  const animations = async (page: Page) => {
    await page.getByRole("button", { name: "Next", exact: true }).click();
    await page.getByRole("button", { name: "One step on" }).click(); // the evacuation starts
    await page.getByRole("button", { name: "One step on" }).click(); // the first entry moves
    expect(await sentence(page)).toMatch(/^Bit 0 of the hash is [01]: key "k0" moves to [XY]/);
    return page
      .locator("hmap-player")
      .evaluate((player) => player.shadowRoot?.getAnimations().map((animation) => animation.playState));
  };
  await play(async (page) => expect(await animations(page)).toEqual(["running"]));
  await play(async (page) => expect(await animations(page)).toEqual([]), { reducedMotion: "reduce" });
});

test("playing comes to the end by itself", () =>
  play(async (page) => {
    await page.getByRole("combobox", { name: "Speed" }).selectOption("60");
    const length = await page
      .locator("hmap-player")
      .evaluate((player) => (player as HmapPlayer).recording?.length ?? 0);
    await seek(page, length - 5);
    await page.getByRole("button", { name: "Play" }).click();
    await page.waitForFunction(
      (length) =>
        (document.querySelector("hmap-player") as HmapPlayer | null)?.recording?.position === length,
      length,
    );
    await page.getByRole("button", { name: "Play" }).waitFor();
  }));

test("the bits of the hash that a step goes by are pointed out, and other views follow the steps too", () =>
  play(async (page) => {
    for (const view of [
      "The key's hash",
      "The bucket's bytes",
      "The type's layout",
      "The heap over all operations",
    ])
      await page.getByText(view).click();
    const drawing = (name: string) => page.getByRole("group", { name });
    await drawing("The key's hash").getByText("This operation has computed no hash so far.").waitFor();
    for (let step = 0; step < 7; step++) await page.getByRole("button", { name: "One step on" }).click();
    expect(await sentence(page)).toBe("The first bucket is made.");
    expect(await drawing("The key's hash").locator(".hmap-focus").count()).toBe(0);
    await page.getByRole("button", { name: "One step on" }).click();
    expect(await sentence(page)).toBe("The search begins in bucket 0.");
    await page.getByRole("button", { name: "One step on" }).click();
    expect(await drawing("The key's hash").locator(".hmap-focus").count()).toBeGreaterThan(0);
    await drawing("The bucket's bytes").locator("text", { hasText: "0xc0" }).first().waitFor();
    await drawing("The type's layout").locator("text", { hasText: "a bucket: 208 bytes" }).waitFor();
    await drawing("The heap over all operations").locator("text", { hasText: "HeapAlloc" }).first().waitFor();
  }));

test("the steps of an operation can be listed and gone to", () =>
  play(async (page) => {
    await seek(page, 20);
    await page.getByText("Steps of this operation").click();
    const items = page.locator("hmap-player ol li");
    const words = await items.nth(1).textContent();
    await items.nth(1).getByRole("button").click();
    expect(words?.toLowerCase()).toContain((await sentence(page))?.slice(0, -1).toLowerCase());
    expect(await page.locator('hmap-player li[aria-current="step"]').count()).toBe(1);
    await page.getByText("The map as text").click();
    await page.locator("hmap-player pre", { hasText: "map[string]int  hmap at 0xc0" }).waitFor();
  }));

test.each([
  ["light", 1000],
  ["dark", 1000],
  ["light", 360],
] as const)("nothing bars anybody from it: %s, %i px wide", (colorScheme, width) =>
  play(
    async (page) => {
      await seek(page, 150);
      await page.getByText("Steps of this operation").click();
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<AxeResults>("axe.run()");
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    },
    { colorScheme, viewport: { width, height: 800 } },
  ),
);

test("without scripts, what is inside the element is shown", () =>
  play(
    async (page) => {
      expect(await page.getByText("no scripts").isVisible()).toBe(true);
    },
    { javaScriptEnabled: false },
  ));
