import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { implementation, labExtensionName } from "../implementation.ts";

/**
 * Builds the JupyterLab extension: a folder as JupyterLab 4 wants it below `labextensions`, of one script that holds
 * all. The same sources give the same files.
 *
 * @param folder is emptied first
 * @see https://jupyterlab.readthedocs.io/en/stable/extension/extension_dev.html#distributing-a-prebuilt-extension
 */
export async function buildLabExtension(folder: string): Promise<void> {
  const script = await bundle("./remote.ts");
  // The address changes with the content, so that no browser keeps an old one.
  const load = `static/remoteEntry.${createHash("sha256").update(script).digest("hex").slice(0, 20)}.js`;
  const description = {
    name: labExtensionName,
    version: implementation.version,
    description: "Shows the states of Go's map in notebooks, and plays recordings of it.",
    license: "MIT",
    jupyterlab: { mimeExtension: true, _build: { load, mimeExtension: "./mimeExtension" } },
  };
  const install = {
    packageManager: "npm",
    packageName: "hmap",
    uninstallInstructions: 'Run "hmap uninstall" with the options of "hmap install"',
  };
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "static"), { recursive: true });
  await Promise.all([
    writeFile(join(folder, load), script),
    writeFile(join(folder, "package.json"), `${JSON.stringify(description, null, 2)}\n`),
    writeFile(join(folder, "install.json"), `${JSON.stringify(install, null, 2)}\n`),
  ]);
}

/** Builds the script that defines the element `<hmap-player>`, to stand in a page by itself. */
export async function buildPlayer(): Promise<string> {
  return new TextDecoder().decode(await bundle("../../engine/player/index.ts"));
}

async function bundle(entry: string): Promise<Uint8Array> {
  // Only those who work on hmap build; the package has the files.
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    write: false,
  });
  return outputFiles[0]!.contents;
}
