// npm start: builds the site and serves it until Ctrl-C. No Python, no Go, no other server: the kernel runs in the page.
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { buildSite, developSite, expectFree, type Site, serveSite } from "./siteserver.ts";

const usage = `npm start -- [--port N] [--host NAME] [--dev]

  --port N     the port to serve on (4321)
  --host NAME  the interface to listen on (this machine only); 0.0.0.0 for every one
  --dev        serve the sources and show changes as they are made`;

async function main(): Promise<void> {
  const { port, host, dev, help } = options();
  if (help) {
    console.log(usage);
    return;
  }
  await expectFree({ port, host });
  let site: Site;
  if (dev) {
    site = await developSite({ port, host });
  } else {
    const started = performance.now();
    process.stdout.write("Building the site... ");
    await buildSite();
    console.log(`${((performance.now() - started) / 1000).toFixed(1)} s`);
    site = await serveSite({ port, host });
  }
  console.log(`
  hmap is at  ${site.url}

  The same lessons in JupyterLab:  npm run lab
  Ctrl-C stops the server.
`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void site.stop().finally(() => process.exit(0)));
  }
}

function options(): { port: number; host: string | undefined; dev: boolean; help: boolean } {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "4321" },
      host: { type: "string" },
      dev: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port < 1 || port > 65535) {
    throw new Error(`--port must be a whole number from 1 to 65535, not "${values.port}".`);
  }
  return { port, host: values.host, dev: values.dev, help: values.help };
}

try {
  await main();
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
