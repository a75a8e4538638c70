import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOptions, Metafile, Plugin } from "esbuild";

/** The folder of this file, and the project's. */
const node = fileURLToPath(new URL(".", import.meta.url));
const root = resolve(node, "..", "..");

/** Where start.cjs looks for the bundle of a working copy. */
const workingCopyBundle = join(root, "dist", "kernel");

/** What tells start.cjs whether the bundle is that of the sources as they are. */
const sourcesFile = "sources.json";

/**
 * Puts the modules of the kernel's process, and of the packages they use, into a few files: one for each thread to start
 * with, and what is loaded later. Loading eighty modules one by one takes half of the time to the first answer, and a third
 * of the memory.
 *
 * In the package the map stays outside: a program that a cell imports must get the same. So does zeromq, which has native
 * code.
 *
 * @param folder where to put them; what else is there stays, as kernels that run may still load it
 * @param home the folder of start.cjs when they are run, below which the other modules are as in the sources
 * @param ending of those modules
 * @returns the sources, as absolute paths
 */
export async function bundleKernel(folder: string, home: string, ending: ".ts" | ".js"): Promise<string[]> {
  // Only those who work on hmap build; the package has the files.
  const { build } = await import("esbuild");
  /** The way from the bundle to what stays outside, as an import names it. */
  const outside = (path: string) => {
    const way = relative(folder, join(home, relative(node, path))).replaceAll(sep, "/");
    return `${way.startsWith(".") ? "" : "./"}${way.replace(/\.ts$/, ending)}`;
  };
  const apart = (withMap: boolean): Plugin => ({
    name: "apart",
    setup({ onResolve }) {
      onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir, importer }) => {
        const found = resolve(resolveDir, path);
        if (importer.endsWith("main.ts") && found === join(node, "cells.ts")) {
          return { path: "./cells.js", external: true };
        }
        const isOutside =
          (found.startsWith(join(root, "engine") + sep) && !withMap) ||
          found.startsWith(join(root, "kernel", "lab") + sep) ||
          found === join(root, "kernel", "index.ts");
        return isOutside ? { path: outside(found), external: true } : undefined;
      });
    },
  });
  const common = {
    bundle: true,
    platform: "node",
    target: "node22",
    // Of packages that have modules, those: what is not used is left out.
    mainFields: ["module", "main"],
    // Names stay as they are: they are seen in logs, and when a cell shows a function.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    charset: "utf8",
    outdir: folder,
    write: false,
    external: ["zeromq"],
    // Files are looked for from where the sources are.
    define: { "import.meta.url": "hmapHome" },
    metafile: true,
    absWorkingDir: root,
  } satisfies BuildOptions;
  const main = JSON.stringify(outside(join(node, "main.ts")));
  // What is there at the start is loaded quicker by `require`; what comes later shares parts.
  const [start, later] = await Promise.all([
    build({
      ...common,
      entryPoints: [join(node, "main.ts"), join(node, "protocol.ts")],
      format: "cjs",
      plugins: [apart(false)],
      outExtension: { ".js": ".cjs" },
      banner: {
        js: `const hmapHome=require("node:url").pathToFileURL(require("node:path").join(__dirname,${main})).href;`,
      },
    }),
    build({
      ...common,
      entryPoints: [join(node, "cells.ts")],
      format: "esm",
      plugins: [apart(ending === ".ts")],
      splitting: true,
      banner: { js: `const hmapHome=new URL(${main},import.meta.url).href;` },
    }),
  ]);
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of [...start.outputFiles, ...later.outputFiles]) replaceFile(path, contents);
  const inputs = [start, later].flatMap(({ metafile }) => inputsOf(metafile));
  const files = [...new Set(inputs)];
  writeFileSync(join(folder, "LICENSES.txt"), licences(files));
  return files;
}

/**
 * Bundles the kernel of a working copy. When sources change afterwards, start.cjs starts the sources. In an installed
 * package, which has its bundle, this does nothing.
 */
export async function bundleWorkingCopy(): Promise<void> {
  if (!import.meta.url.endsWith(".ts")) return;
  const list = join(workingCopyBundle, sourcesFile);
  // Kernels that start meanwhile start the sources.
  rmSync(list, { force: true });
  const lock = join(root, "package-lock.json");
  const packages = join(root, "node_modules") + sep;
  const files = await bundleKernel(workingCopyBundle, node, ".ts");
  const own = [lock, ...files.filter((path) => !path.startsWith(packages))];
  const stamps = own.map((path) => {
    const { mtimeMs, size } = statSync(path);
    return [relative(root, path), mtimeMs, size];
  });
  writeFileSync(list, JSON.stringify(stamps));
}

/** Puts a file where a kernel may just be loading it: that finds the old one or the new, and never a half. */
function replaceFile(path: string, contents: Uint8Array): void {
  const made = `${path}.${process.pid}`;
  writeFileSync(made, contents);
  renameSync(made, path);
}

function inputsOf({ inputs }: Metafile): string[] {
  return Object.keys(inputs).map((path) => join(root, path));
}

/** The licences of the packages that are part of the bundle. */
function licences(files: readonly string[]): string {
  const folders = new Set(
    files.flatMap((path) => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(path)?.[0] ?? []),
  );
  return [...folders]
    .sort()
    .map((folder) => {
      const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const file = ["LICENSE", "LICENSE.md", "LICENSE.txt", "license"]
        .map((one) => join(folder, one))
        .find(existsSync);
      if (file === undefined)
        throw new Error(`the package ${basename(dirname(folder))}/${name} has no licence`);
      return `${name} ${version}\n\n${readFileSync(file, "utf8").trim()}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}
