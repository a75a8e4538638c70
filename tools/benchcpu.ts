import type { Page } from "playwright-core";

/**
 * Milliseconds of the processor's time that the page's main thread takes while something is done: what else the
 * machine does is not in them.
 */
export async function cpuTime(page: Page, act: () => Promise<unknown>): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const taken = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0);
  };
  const before = await taken();
  await act();
  return (await taken()) - before;
}
