import type { Browser } from "playwright-core";
import { findGo, GoPrograms } from "../engine/bench/gobench.ts";

/** How long the lesson takes that puts a million keys into a map and deletes them again. */
export interface LessonTimes {
  /** Milliseconds from the click on Run until both cells have run and drawn, for each round. */
  readonly page: number[];
  /** The same where the kernel starts with the click. */
  readonly cold: number[];
  /** The same maps in real Go, one after the other in turn with the page: empty where Go 1.23 is not installed. */
  readonly peers: readonly LessonPeer[];
}

/** A Go program that does what the lesson does. */
export interface LessonPeer {
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
    page.push(await runTime(browser, address, 2, 2));
    cold.push(await runTime(browser, address, 2));
    for (const [i, program] of programs.entries()) {
      peers[i]!.times.push(await go!.timeArrays(program, million));
    }
  }
  return { page, cold, peers };
}

/**
 * Milliseconds from a click on Run until the first `count` cells of a page have run, one after the other.
 *
 * @param startedBy the number of the cell that has been run before, to start the kernel; without it the kernel starts
 *   with the click
 */
async function runTime(
  browser: Browser,
  address: string,
  count: number,
  startedBy?: number,
): Promise<number> {
  const context = await browser.newContext({ serviceWorkers: "block" });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    await page.goto(address, { waitUntil: "networkidle" });
    // A reader reads first; meanwhile the browser does what it does after loading a page, such as starting a process for
    // the next.
    await page.waitForTimeout(1000);
    return await page.evaluate(
      async ({ count, startedBy }) => {
        const cells = [...document.querySelectorAll("hmap-cell")];
        const run = (cell: Element) =>
          new Promise((resolve) => {
            cell.addEventListener("cellrun", resolve, { once: true });
            cell.querySelector<HTMLButtonElement>(".cell-run")!.click();
          });
        if (startedBy !== undefined) await run(cells[startedBy]!);
        const start = performance.now();
        for (const cell of cells.slice(0, count)) await run(cell);
        return performance.now() - start;
      },
      { count, startedBy },
    );
  } finally {
    await context.close();
  }
}
