// npm run bench:site: how heavy a lesson page is, how long a reader waits for a diagram after pressing Run, and whether
// typing and the player keep up with the reader. Ends with 1 when anything misses its bar. With --lighthouse, Lighthouse judges
// the page, too, as on a phone and on a desktop. For figures worth having the machine must have nothing else to do.
import { parseArgs } from "node:util";
import type { Page } from "playwright-core";
import { type LessonTimes, timeLesson } from "./benchlesson.ts";
import { scrub } from "./benchplayer.ts";
import { typing } from "./benchtyping.ts";
import { launchChromium } from "./chromium.ts";
import { lighthouse } from "./lighthouse.ts";
import { buildSite, serveSite } from "./siteserver.ts";
import { kilobytes as kb, tooHeavy, weigh } from "./siteweight.ts";

const lesson = "lessons/inside-a-bucket/";
const millionKeys = "lessons/memory-leaks/";
const rounds = 15;
const { values: asked } = parseArgs({ options: { lighthouse: { type: "boolean", default: false } } });

await buildSite();
const site = await serveSite({ port: 0 });
const browser = await launchChromium();
try {
  const weights = await weigh(browser, site.url + lesson);
  const cold: number[] = [];
  const warm: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(site.url + lesson, { waitUntil: "networkidle" });
    cold.push(await clickToDiagram(page));
    warm.push(await clickToDiagram(page));
    await context.close();
  }
  console.log(`
Lesson page, gzipped (level 9), in KB of 1,000 bytes
  before interaction      ${kb(weights.page)}   HTML ${kb(weights.html)}, CSS ${kb(weights.css)}, JavaScript ${kb(weights.js)}
  the first Run adds      ${kb(weights.run)}
  the first Edit adds     ${kb(weights.edit)}

Click on Run to diagram drawn, ms, ${rounds} rounds on this machine
  cold (nothing loaded)   ${spread(cold)}
  warm (second click)     ${spread(warm)}`);
  const { long, cpu: keyCpu } = await typing(browser, site.url + lesson);
  const lessonTimes = await timeLesson(browser, site.url + millionKeys, 11);
  const { work, rate, cpu: frameCpu } = await scrub(browser);
  console.log(`
The reader's hands, this machine
  200 keys in a long cell ${long.length} tasks over 50 ms${long.length > 0 ? ` (longest ${Math.max(...long).toFixed(0)})` : ""}; processor's time for a key: ${keyCpu.toFixed(1)} ms
  a million keys          to put in and delete, ms: ${spread(lessonTimes.page)}
                          with the start of the kernel: ${spread(lessonTimes.cold)}
${besideGo(lessonTimes).join("\n")}
  the player's slider     ${rate.toFixed(1)} frames a second on a map of a million keys; processor's time for a frame: ${frameCpu.toFixed(1)} ms
                          work for a frame, ms: ${spread(work, 1)}`);
  const misses = [
    ...tooHeavy(weights),
    ...over("Run to diagram, cold, ms", median(cold), 300),
    ...over("Run to diagram, warm, ms", median(warm), 50),
    ...over("tasks over 50 ms while typing", long.length, 0),
    ...over("a million keys, ms", median(lessonTimes.page), 1000),
    // Of 60 frames a second a browser may show one later.
    ...(rate < 59 ? [`the player's slider: ${rate.toFixed(1)} frames a second are less than 60`] : []),
    ...(asked.lighthouse ? await judge() : []),
  ];
  for (const miss of misses) {
    console.error(miss);
    process.exitCode = 1;
  }
} finally {
  await browser.close();
  await site.stop();
}

/** Milliseconds from a click on the first cell's Run until its diagram has been painted; measured inside the page. */
function clickToDiagram(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const cell = document.querySelector("hmap-cell")!;
        const output = cell.querySelector(".cell-output")!;
        const start = performance.now();
        // The page brings the diagram of its build; the run puts another in its place.
        const built = output.querySelector(".output-figure");
        new MutationObserver((_, observer) => {
          const figure = output.querySelector(".output-figure");
          if (!figure || figure === built) return;
          observer.disconnect();
          // The second frame begins when the first, which holds the diagram, has been painted.
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start)));
        }).observe(output, { childList: true, subtree: true });
        cell.querySelector<HTMLButtonElement>(".cell-run")!.click();
      }),
  );
}

/** Prints what Lighthouse gives the lesson, and returns what is less than 100 and why. */
async function judge(): Promise<string[]> {
  const misses: string[] = [];
  for (const device of ["phone", "desktop"] as const) {
    const categories = ["performance", "accessibility", "best-practices", "seo"] as const;
    const { scores, shortcomings } = await lighthouse(site.url + lesson, categories, device);
    const words = categories.map((name) => `${name} ${scores[name]}`).join(", ");
    console.log(`  Lighthouse, ${device.padEnd(11)} ${words}`);
    if (categories.some((name) => scores[name] !== 100))
      misses.push(`Lighthouse, ${device}: ${words}`, ...shortcomings);
  }
  return misses;
}

/** What Go takes for the lesson's maps, and the page's share of it: lines to stand under the page's own. */
function besideGo({ page, peers, missing }: LessonTimes): string[] {
  const beside = peers.map(({ name, times }) => {
    const share = median(page.map((ms, round) => ms / times[round]!));
    return `${name} takes for the same: ${spread(times)}; the page ${share.toFixed(2)} of it`;
  });
  return [...beside, ...missing].map((line) => " ".repeat(26) + line);
}

function over(what: string, value: number, bar: number): string[] {
  return value > bar ? [`${what}: ${value.toFixed(0)} is more than ${bar}`] : [];
}

function at(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(share * (times.length - 1))]!;
}

function median(times: readonly number[]): number {
  return at(times, 0.5);
}

function spread(times: readonly number[], digits = 0): string {
  const [middle, fastest, slowest] = [0.5, 0, 1].map((share) => at(times, share).toFixed(digits));
  return `median ${middle}, fastest ${fastest}, slowest ${slowest}`;
}
