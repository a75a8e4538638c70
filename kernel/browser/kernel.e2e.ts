import { createServer, type Server } from "node:http";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { build, type Rollup } from "vite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium } from "../../tools/chromium.ts";
import { cellLanguageOnly } from "../../tools/sitelanguage.ts";
import { partsOnDemand } from "../../tools/siteparts.ts";
import { conversations } from "../client/conformance.ts";
import type { TestPage } from "./testpage.ts";

declare const page: TestPage;

let server: Server;
let browser: Browser;
let origin: string;

beforeAll(async () => {
  // As the site has it: conversations load the worker's parts as they need them.
  const { output } = (await build({
    root: fileURLToPath(new URL("../..", import.meta.url)),
    configFile: false,
    logLevel: "error",
    base: "./",
    worker: { format: "es", plugins: () => [partsOnDemand(), cellLanguageOnly()] },
    build: {
      write: false,
      rollupOptions: {
        input: fileURLToPath(new URL("testpage.ts", import.meta.url)),
        output: { entryFileNames: "testpage.js" },
      },
    },
  })) as Rollup.RollupOutput;
  const scripts = new Map(
    output.map((file) => [file.fileName, file.type === "chunk" ? file.code : file.source]),
  );
  server = createServer(({ url = "/" }, response) => {
    const [, isolation, ...name] = url.split("/");
    if (isolation === "isolated") {
      response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
      response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    }
    const script = scripts.get(name.join("/"));
    response.setHeader("Content-Type", script === undefined ? "text/html" : "text/javascript");
    response.end(script ?? '<!doctype html><script type="module" src="testpage.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await new Promise((resolve) => server?.close(resolve));
});

async function open(isolation: "isolated" | "plain"): Promise<Page> {
  const opened = await browser.newPage();
  await opened.goto(`${origin}/${isolation}/`);
  await opened.waitForFunction("globalThis.page !== undefined");
  expect(await opened.evaluate(() => page.isolated())).toBe(isolation === "isolated");
  return opened;
}

const loops = {
  "a loop": "while (true) {}",
  "a loop in try, catch and finally": "try { while (true) {} } catch {} finally { while (true) {} }",
  "a loop after an await": "await 0; while (true) {}",
  "a loop of microtasks": "while (true) await 0",
  recursion: "const f = (n: number): number => n < 2 ? n : f(n - 1) + f(n - 2); f(99)",
  "a loop in a timer": "setTimeout(() => { while (true) {} }, 0); await new Promise(() => {})",
};

describe.for(["isolated", "plain"] as const)("in a page that is %s", (isolation) => {
  test("every conversation goes as it should", async () => {
    const opened = await open(isolation);
    const faults: string[] = [];
    for (const name of Object.keys(conversations)) {
      await opened
        .evaluate((one) => page.converse(one), name)
        .catch((error: Error) => {
          faults.push(`${name}: ${error.message}`);
        });
    }
    expect(faults).toEqual([]);
    await opened.close();
  });

  test("a cell that waits is interrupted and keeps its variables", async () => {
    const opened = await open(isolation);
    const { evalue, kept } = await opened.evaluate(() => page.interrupt("await new Promise(() => {})"));
    expect([evalue, kept]).toEqual([
      "the cell was interrupted; variables keep the values they had",
      "'kept'",
    ]);
    await opened.close();
  });
});

describe("in a page that is isolated", () => {
  test("everything that loops is stopped and keeps its variables", async () => {
    const opened = await open("isolated");
    for (const [name, code] of Object.entries(loops)) {
      const { evalue, kept } = await opened.evaluate((one) => page.interrupt(one), code);
      expect([name, evalue, kept]).toEqual([
        name,
        "the cell was interrupted; variables keep the values they had",
        "'kept'",
      ]);
    }
    await opened.close();
  });
});

describe("what cannot be stopped", () => {
  test.for([
    ["isolated", '/^(a+)+$/.test("a".repeat(50) + "b")'],
    ["plain", "while (true) {}"],
  ] as const)(
    "ends the session of a page that is %s, says so, and can be made good",
    async ([isolation, code]) => {
      const opened = await open(isolation);
      const { evalue, kept, replayed } = await opened.evaluate((one) => page.interrupt(one), code);
      expect(evalue).toBe("the cell was stopped and the session started anew: run the earlier cells again");
      expect(kept).toBe("'lost'");
      // The first cell, and the one that looked what was left.
      expect(replayed?.cells[0]).toBe("const kept = 'kept'");
      expect(replayed?.ran).toBe(replayed?.cells.length);
      expect(replayed?.kept).toBe("'kept'");
      await opened.close();
    },
  );
});
