import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser } from "playwright-core";
import { cpuTime } from "./benchcpu.ts";

/** How the player keeps up with a reader who drags its slider. */
export interface Scrubbing {
  /** Milliseconds of work for each frame: to go to the position, draw it and lay it out. */
  work: number[];
  /** Frames that were shown in a second. */
  rate: number;
  /** Milliseconds of the processor's time for each frame. */
  cpu: number;
}

/** A recording of 200 assigns to a map of a million keys, and the slider dragged from its beginning to its end. */
export async function scrub(browser: Browser, frames = 240): Promise<Scrubbing> {
  const bundle = await build({
    stdin: {
      contents: `export { Runtime } from "./engine/index.ts"; export { HmapPlayer } from "./engine/player/index.ts";`,
      resolveDir: fileURLToPath(new URL("..", import.meta.url)),
      loader: "ts",
    },
    bundle: true,
    minify: true,
    format: "iife",
    globalName: "hmap",
    write: false,
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(120_000);
  try {
    await page.setContent("<!doctype html><title>Scrubbing</title>");
    await page.addScriptTag({ content: bundle.outputFiles[0]!.text });
    await page.evaluate(`
      const go = new hmap.Runtime({ seed: 8 });
      const m = go.make("map[int]int");
      for (let key = 0; key < 1_000_000; key++) m.set(key, key);
      const player = new hmap.HmapPlayer();
      player.data = go.record(() => { for (let key = 0; key < 200; key++) m.set(1_000_000 + key, key); });
      document.body.append(player);
      window.player = player;
    `);
    let dragged: Omit<Scrubbing, "cpu"> | undefined;
    const cpu = await cpuTime(page, async () => {
      dragged = (await page.evaluate(`new Promise((resolve) => {
      const slider = player.shadowRoot.querySelector("input[type=range]");
      const work = [];
      let first = 0;
      const frame = (now) => {
        if (work.length === 0) first = now;
        if (work.length === ${frames}) {
          resolve({ work, rate: (1000 * work.length) / (now - first) });
          return;
        }
        const start = performance.now();
        slider.value = String(Math.round((slider.max * work.length) / ${frames - 1}));
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        player.getBoundingClientRect();
        work.push(performance.now() - start);
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    })`)) as Omit<Scrubbing, "cpu">;
    });
    return { ...dragged!, cpu: cpu / frames };
  } finally {
    await page.close();
  }
}
