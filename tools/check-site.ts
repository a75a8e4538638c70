// Part of npm run check: the types of the site's pages, components and content, by Astro's own checker (TypeScript 6).
import { fileURLToPath } from "node:url";
import { check } from "@astrojs/check";

process.env.ASTRO_TELEMETRY_DISABLED = "1";
const root = fileURLToPath(new URL("..", import.meta.url));

// The checker reads the types of the content collections, which a fresh clone has not got yet.
const { sync } = await import("astro");
await sync({ root, logLevel: "error" });
const faults = await check({
  root,
  tsconfig: "docs/tsconfig.json",
  watch: false,
  minimumFailingSeverity: "warning",
  minimumSeverity: "warning",
});
process.exit(faults ? 1 : 0);
