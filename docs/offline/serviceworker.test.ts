import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";

const source = readFileSync(new URL("serviceworker.js", import.meta.url), "utf8");
const origin = "https://hmap.test";

/** The worker in a browser of which there is just what its copy needs: a cache, a network and a clock. */
class Browser {
  readonly kept = new Set<string>();
  readonly fetched: string[] = [];
  readonly #listeners = new Map<string, (event: unknown) => void>();
  readonly #answers: (() => void)[] = [];
  #now = 0;
  #timers: { at: number; act: () => void }[] = [];
  installed = false;

  constructor(paths: readonly string[]) {
    const cache = {
      keys: async () => [...this.kept].map((path) => ({ url: origin + path })),
      put: async (path: string) => void this.kept.add(path),
    };
    const script = source.replace('["PATHS"]', JSON.stringify(paths));
    runInNewContext(script, {
      URL,
      self: {
        addEventListener: (type: string, act: (event: unknown) => void) => this.#listeners.set(type, act),
        skipWaiting: async () => {},
      },
      performance: { now: () => this.#now },
      setTimeout: (act: () => void, ms: number) => this.#timers.push({ at: this.#now + ms, act }),
      caches: { open: async () => cache },
      fetch: (path: string) => {
        this.fetched.push(path);
        return new Promise((resolve) => this.#answers.push(() => resolve({ ok: true })));
      },
    });
  }

  async install(): Promise<void> {
    const waitUntil = (work: Promise<void>) =>
      work.then(() => {
        this.installed = true;
      });
    this.#listeners.get("install")!({ waitUntil });
    await this.settle();
  }

  /** The network answers everything that has been asked for. */
  async answer(): Promise<void> {
    for (const answer of this.#answers.splice(0)) answer();
    await this.settle();
  }

  /** The reader does something. */
  act(): void {
    this.#listeners.get("message")!({ data: "click" });
  }

  async pass(ms: number): Promise<void> {
    this.#now += ms;
    const due = this.#timers.filter(({ at }) => at <= this.#now);
    this.#timers = this.#timers.filter(({ at }) => at > this.#now);
    for (const { act } of due) act();
    await this.settle();
  }

  /** Until all that can go on without the network and the clock has. */
  settle(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }
}

const paths = ["/", "/a/", "/b/", "/c/", "/d/"];

test("the site is copied a few files at a time, and then the worker is installed", async () => {
  const browser = new Browser(paths);
  await browser.install();
  expect(browser.fetched).toEqual(["/", "/a/", "/b/"]);
  await browser.answer();
  expect(browser.fetched).toEqual(paths);
  expect(browser.installed).toBe(false);
  await browser.answer();
  expect([...browser.kept]).toEqual(paths);
  expect(browser.installed).toBe(true);
});

test("the copy rests until the reader has done nothing for two seconds", async () => {
  const browser = new Browser(paths);
  await browser.install();
  browser.act();
  await browser.answer();
  await browser.pass(1500);
  browser.act();
  await browser.pass(1500);
  expect(browser.fetched).toEqual(["/", "/a/", "/b/"]);
  await browser.pass(500);
  expect(browser.fetched).toEqual(paths);
});

test("a copy that the browser ended is gone on with, not begun anew", async () => {
  const browser = new Browser(paths);
  for (const path of ["/", "/b/"]) browser.kept.add(path);
  await browser.install();
  expect(browser.fetched).toEqual(["/a/", "/c/", "/d/"]);
  await browser.answer();
  expect(browser.installed).toBe(true);
});
