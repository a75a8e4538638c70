// npm run build: makes of the sources what the npm package has of them, in dist/package: JavaScript (Node strips no types
// below node_modules), declarations, the JupyterLab extension and the kernel's bundle. Development needs none of it.
import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildLabExtension, buildPlayer } from "../kernel/lab/build.ts";
import { bundleKernel } from "../kernel/node/bundle.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = join(root, "dist", "package");

/** What the compiler does not write: files that run or are read as they are. */
const assets = ["engine/**/*.{schema.json,wasm}", "kernel/**/*.{cjs,svg,png}"];
const notPackaged = ["**/oracle/**", "**/golden/**", "**/bench/**"];

/**
 * Names of files in the sources, where they are not import specifiers (the compiler rewrites those): URLs beside a module,
 * `require`, and the specifiers of declarations.
 */
const fileNames: readonly [ending: string, pattern: RegExp][] = [
  [".js", /(new URL\(")(\.{1,2}\/[^"]+)\.ts(")/g],
  [".cjs", /(")(\.{1,2}\/[^"]+)\.ts(")/g],
  [".d.ts", /((?:from|import)\s*\(?\s*")(\.{1,2}\/[^"]+)\.ts(")/g],
];

rmSync(target, { recursive: true, force: true });
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
execFileSync(process.execPath, [tsc, "-p", join(root, "tools", "tsconfig.package.json")], {
  stdio: "inherit",
});
for (const file of globSync(assets, { cwd: root, exclude: notPackaged })) {
  mkdirSync(dirname(join(target, file)), { recursive: true });
  cpSync(join(root, file), join(target, file));
}
for (const [ending, pattern] of fileNames) {
  for (const file of globSync(`**/*${ending}`, { cwd: target })) {
    const path = join(target, file);
    const text = readFileSync(path, "utf8");
    const renamed = text.replace(pattern, "$1$2.js$3");
    if (renamed !== text) writeFileSync(path, renamed);
  }
}
// The extension goes with the package built, so what builds it stays here.
rmSync(join(target, "kernel", "lab"), { recursive: true, force: true });
await buildLabExtension(join(target, "kernel", "lab", "prebuilt"));
writeFileSync(join(target, "kernel", "lab", "player.js"), await buildPlayer());
const home = join(target, "kernel", "node");
await bundleKernel(join(home, "bundle"), home, ".js");
