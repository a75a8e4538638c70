import { defineConfig } from "vitest/config";

// `npm test` runs everything that needs nothing but Node. Files named *.e2e.ts need a browser, JupyterLab or Go
// and run with `npm run test:e2e`, one file at a time: they share ports, a Python environment and two cores.

// A limit is there to end what hangs; no test is about how fast anything is, on however busy a machine.
const patience = { testTimeout: 120_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["{engine,kernel,docs,tools}/**/*.test.ts"],
          environment: "node",
          ...patience,
        },
      },
      {
        test: {
          name: "unit, without WebAssembly",
          include: ["engine/{gomap,iterator,operations,unrecorded}.test.ts"],
          environment: "node",
          setupFiles: ["engine/fast/refused.ts"],
          ...patience,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["{engine,kernel,docs,tools}/**/*.e2e.ts"],
          environment: "node",
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
