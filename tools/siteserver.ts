import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PreviewServer } from "astro";

/** Where to serve the site. */
export interface Address {
  /** 0 takes any free port. */
  port: number;
  /** Name or number of the interface to listen on; undefined for this machine only. */
  host?: string | undefined;
}

/** A served site. */
export interface Site {
  /** With the base path and a slash at the end. */
  readonly url: string;
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL("..", import.meta.url));

/** What a build may do otherwise than astro.config.mjs says. */
export interface Build {
  /** The folder of the host that the site lies in: "/hmap". */
  base?: string;
  /** Where the built files go, relative to the project. */
  outDir?: string;
}

/** The file in which a build for tests says what it was made of (tools/sitefreshness.ts). */
export const stampOf = ({ outDir = "dist/site" }: Build): string => join(root, `${outDir}.sources`);

/** Builds the site, into dist/site by default. */
export async function buildSite(options: Build = {}): Promise<void> {
  await rm(stampOf(options), { force: true });
  const { build } = await astro();
  // Vitest says "test", by which Vite would make a site for development.
  process.env.NODE_ENV = "production";
  await build({ root, logLevel: "error", ...options });
}

/**
 * Serves the built site as it is: a static server, as any web host would be.
 *
 * @throws PortInUse when something listens there already
 */
export async function serveSite({ port, host }: Address, build: Build = {}): Promise<Site> {
  await expectFree({ port, host });
  const { preview } = await astro();
  const server: PreviewServer = await preview({
    root,
    logLevel: "error",
    server: { port, host: host ?? false },
    vite: { preview: { strictPort: true } },
    ...build,
  });
  return { url: siteUrl(server.port, host, build.base), stop: () => server.stop() };
}

/**
 * Serves the sources themselves and shows each change at once, for those who write the site.
 *
 * @throws PortInUse when something listens there already
 */
export async function developSite({ port, host }: Address): Promise<Site> {
  await expectFree({ port, host });
  const { dev } = await astro();
  const server = await dev({
    root,
    server: { port, host: host ?? false },
    vite: { server: { strictPort: true } },
  });
  return { url: siteUrl(server.address.port, host), stop: () => server.stop() };
}

/** The port asked for is taken; the message says what to do. */
class PortInUse extends Error {
  constructor(port: number) {
    super(
      `Port ${port} is in use: choose another, for instance npm start -- --port ${port < 65000 ? port + 79 : port - 79}`,
    );
    this.name = "PortInUse";
  }
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const mend =
    error.code === "EACCES"
      ? "ports below 1024 need special rights, so choose a higher one"
      : "give --host a name or address of this machine";
  return new Error(`Cannot listen on ${host}, port ${port} (${error.code}): ${mend}.`);
}

function astro() {
  // Astro asks the environment, when it is loaded, whether it may report usage. It may not.
  process.env.ASTRO_TELEMETRY_DISABLED = "1";
  return import("astro");
}

function siteUrl(port: number, host: string | undefined, base = process.env.SITE_BASE ?? "/"): string {
  const name = host === undefined || host === "0.0.0.0" || host === "::" ? "localhost" : host;
  const folder = base.replace(/^\/*|\/*$/g, "");
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}/${folder ? `${folder}/` : ""}`;
}

/**
 * Makes sure that a port can be had, before anything slow is done. Vite would take the next one without a word.
 *
 * @throws PortInUse when something listens there already
 * @throws Error when the address cannot be listened on at all
 */
export async function expectFree({ port, host }: Address): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE" ? new PortInUse(port) : cannotListen(error, host ?? "localhost", port),
      );
    });
    probe.listen({ port, host: host ?? "localhost" }, () => probe.close(() => resolve()));
  });
}
