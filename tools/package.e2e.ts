import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { kernelName } from "../kernel/implementation.ts";
import { KernelClient } from "../kernel/node/client.ts";
import { nodeOf, npmCache, testedNodes } from "./nodes.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
let folder: string;
/** An empty folder into which nothing but the package was installed. */
let app: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hmap-package-"));
  app = join(folder, "app");
  mkdirSync(app);
  writeFileSync(join(app, "package.json"), '{ "private": true }\n');
  npm(root, "pack", "--pack-destination", folder);
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  npm(app, "install", "--offline", "--cache", npmCache(), join(folder, tarball!));
});

afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
});

function npm(cwd: string, ...parameters: string[]): void {
  execFileSync("npm", [...parameters, "--no-fund", "--no-audit", "--loglevel=error"], {
    cwd,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
}

/** Runs a program in the folder, with nothing of this user's or the project's around it. */
function run(program: string, ...parameters: string[]) {
  const { status, stdout, stderr } = spawnSync(program, parameters, {
    cwd: app,
    encoding: "utf8",
    env: { PATH: "", HOME: folder, JUPYTER_PATH: join(folder, "prefix", "share", "jupyter") },
  });
  return { status, stdout, stderr };
}

const hmap = (node: string, ...parameters: string[]) =>
  run(node, join(app, "node_modules", "hmap", "kernel", "cli", "bin.mjs"), ...parameters);

test("the package holds what it needs, and neither sources nor tests nor the site", () => {
  const files = readdirSync(join(app, "node_modules", "hmap"), { recursive: true, encoding: "utf8" });
  expect(files).toEqual(
    expect.arrayContaining(["README.md", "LICENSE", "package.json", "dist/package/engine/index.d.ts"]),
  );
  expect(
    files.filter((file) => /(?<!\.d)\.ts$|\.test\.|\.e2e\.|recordings|golden|dist\/site/.test(file)),
  ).toEqual([]);
  expect(existsSync(join(app, "node_modules", ".bin", "hmap"))).toBe(true);
});

test("its types tell a program what keys and elems of a map are", () => {
  writeFileSync(
    join(app, "types.mts"),
    [
      'import { type GoMap, Runtime } from "hmap";',
      'import { mapSvg } from "hmap/diagram";',
      'import type { HmapPlayer } from "hmap/player";',
      'const m: GoMap<string, number> = new Runtime({ seed: 1 }).make("map[string]int");',
      'm.set("fig", 1);',
      "const svg: string = mapSvg(m.snapshot());",
      "// @ts-expect-error: keys are strings",
      "m.set(1, 1);",
      "export const play = (player: HmapPlayer) => { player.data = m.snapshot(); };",
      "export { svg };",
    ].join("\n"),
  );
  const flags = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2024"];
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  expect(run(process.execPath, tsc, ...flags, "types.mts")).toMatchObject({ status: 0, stdout: "" });
});

test("the oldest Node that package.json promises is among those tested", () => {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(`${engines.node}.0`).toBe(`>=${testedNodes[0]}`);
});

describe.each(testedNodes)("with Node %s", (version) => {
  test("the engine is a library", () => {
    const program = [
      'import { Runtime } from "hmap";',
      'import { mapText } from "hmap/diagram";',
      'import { TypeScriptLanguage } from "hmap/kernel";',
      'const m = new Runtime({ seed: 1 }).make("map[string]int");',
      'm.set("fig", 1);',
      "console.log(mapText(m.snapshot()) === String(m), m.len, typeof TypeScriptLanguage);",
    ].join("\n");
    const ran = run(nodeOf(version), "--input-type=module", "--eval", program);
    expect(ran).toEqual({ status: 0, stdout: "true 1 function\n", stderr: "" });
  });

  test("the command installs a kernel that the doctor finds well, twice as well as once, and takes it back", () => {
    const node = nodeOf(version);
    const prefix = join(folder, "prefix");
    for (let time = 0; time < 2; time++) {
      const installed = hmap(node, "install", "--prefix", prefix);
      expect(installed.stderr).toBe("");
      expect(installed.status).toBe(0);
    }
    const jupyter = join(prefix, "share", "jupyter");
    const spec = JSON.parse(readFileSync(join(jupyter, "kernels", "hmap", "kernel.json"), "utf8"));
    expect(spec.argv[0]).toBe(node);
    const { status, stdout, stderr } = hmap(node, "doctor");
    expect(stdout + stderr).not.toContain("FAIL");
    expect(status).toBe(0);
    expect(stdout.split("\n").filter((line) => line.startsWith("ok"))).toHaveLength(8);
    expect(hmap(node, "uninstall", "--prefix", prefix).status).toBe(0);
    expect(readdirSync(join(jupyter, "kernels"))).toEqual([]);
    expect(readdirSync(join(jupyter, "labextensions"))).toEqual([]);
  });

  test("the kernel knows the engine's types and what they are for", async () => {
    const start = join(app, "node_modules", "hmap", "dist", "package", "kernel", "node", "start.cjs");
    const kernel = await KernelClient.start({
      argv: [nodeOf(version), "--disable-warning=ExperimentalWarning", start, "{connection_file}"],
    });
    onTestFinished(() => kernel.kill());
    await kernel.execute(
      'import { Runtime } from "hmap";\nconst m = new Runtime().make("map[string]int"); 0',
    );
    // The compiler starts with the first question; until it is there, the values themselves answer.
    const ask = async () => {
      const { content } = await kernel.request("inspect_request", {
        code: "m.set",
        cursor_pos: 5,
        detail_level: 0,
      });
      expect((content.data as Record<string, string>)["text/plain"]).toMatch(
        /^\(method\) GoMap<string, number>\.set\(key: string, value: number\): void\n\n`m\[k\] = v`\./,
      );
    };
    await vi.waitFor(ask, { timeout: 30_000 });
    await kernel.shutdown();
  });

  test("the command runs a notebook whose cells import the engine", () => {
    const cell = {
      cell_type: "code",
      id: "one",
      metadata: {},
      execution_count: null,
      outputs: [],
      source:
        'import { Runtime } from "hmap";\nnew Runtime({ seed: 1 }).make("map[int]int") satisfies object',
    };
    const notebook = { nbformat: 4, nbformat_minor: 5, metadata: { kernelspec: kernelName }, cells: [cell] };
    writeFileSync(join(app, "one.ipynb"), JSON.stringify(notebook));
    const { status, stdout } = hmap(nodeOf(version), "run", "--inplace", "one.ipynb");
    expect(stdout).toMatch(/^one\.ipynb: 1 cell ran in /);
    expect(status).toBe(0);
    const { cells } = JSON.parse(readFileSync(join(app, "one.ipynb"), "utf8"));
    expect(Object.keys(cells[0].outputs[0].data).sort()).toEqual([
      "application/vnd.hmap.snapshot.v1+json",
      "image/svg+xml",
      "text/html",
      "text/plain",
    ]);
  });
});
