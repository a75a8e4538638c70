import type { Browser } from "playwright-core";
import { findGo, GoPrograms } from "../engine/bench/gobench.ts";

/** How long the lesson takes that puts a million keys into a map and deletes them again. */
export interface LessonTimes {
  /** Milliseconds from the click on Run until both cells have run and drawn, for each round. */
  readonly page: number[];
  /** The same where the kernel starts with the click. */
  readonly cold: number[];
  /** The same maps in real Go, native and in WebAssembly. */
  readonly peers: readonly LessonPeer[];
  /** Which of these there are not, and why, in a sentence each. */
  readonly missing: readonly string[];
}

/** A Go program that does what the lesson does. */
interface LessonPeer {
  readonly name: string;
  /** Milliseconds, for each round. */
  readonly times: number[];
}

const million = 1_000_000;

/** Runs the lesson and its peers `rounds` times, in turn, so that a slow spell of the machine hits all alike. */
export async function timeLesson(browser: Browser, address: string, rounds: number): Promise<LessonTimes> {
  const page: number[] = [];
  const cold: number[] = [];
  const command = findGo();
  using go = command === undefined ? undefined : new GoPrograms(command);
  const programs = go?.programs.filter(({ name }) => name !== "Go, no AES") ?? [];
  const peers = programs.map(({ name }) => ({ name, times: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(`the million-key lesson, round ${round + 1} of ${rounds}\n`);
    page.push(await lessonTime(browser, address, "runs"));
    cold.push(await lessonTime(browser, address, "starts"));
    for (const [i, program] of programs.entries()) {
      peers[i]!.times.push(await go!.timeArrays(program, million));
    }
  }
  return { page, cold, peers, missing: go?.missing ?? ["Nothing beside it: Go 1.23 is not installed."] };
}

/** Milliseconds from a click on Run until both cells have run. The kernel runs already, or starts with the click. */
async function lessonTime(browser: Browser, address: string, kernel: "runs" | "starts"): Promise<number> {
  const context = await browser.newContext({ serviceWorkers: "block" });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    await page.goto(address, { waitUntil: "networkidle" });
    // A reader reads first; meanwhile the browser does what it does after loading a page, such as starting a process for
    // the next.
    await page.waitForTimeout(1000);
    return await page.evaluate(async (isRunning) => {
      const [fill, empty, later] = document.querySelectorAll("hmap-cell");
      const run = (cell: Element | undefined) =>
        new Promise((resolve) => {
          cell!.addEventListener("cellrun", resolve, { once: true });
          cell!.querySelector<HTMLButtonElement>(".cell-run")!.click();
        });
      if (isRunning) await run(later);
      const start = performance.now();
      await run(fill);
      await run(empty);
      return performance.now() - start;
    }, kernel === "runs");
  } finally {
    await context.close();
  }
}
