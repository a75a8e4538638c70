import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { examine, type Finding } from "./doctor.ts";
import { findKernelSpecs, installKernelSpec, uninstallKernelSpec } from "./kernelspec.ts";
import { installLabExtension, uninstallLabExtension } from "./labextension.ts";

let folder: string;
let kernels: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hmap-spec-"));
  kernels = join(folder, "share", "jupyter", "kernels");
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const installed = () => findKernelSpecs([{ folder: kernels, label: "the test" }]);

async function findings(): Promise<Finding[]> {
  const all: Finding[] = [];
  for await (const finding of examine(installed())) all.push(finding);
  return all;
}

describe("installing the kernel", () => {
  test("writes a kernelspec with logos, twice as well as once, and leaves nothing else", () => {
    installKernelSpec({ prefix: folder });
    expect(installKernelSpec({ prefix: folder })).toBe(join(kernels, "hmap"));
    expect(readdirSync(kernels)).toEqual(["hmap"]);
    expect(readdirSync(join(kernels, "hmap")).sort()).toEqual([
      "kernel.json",
      "logo-32x32.png",
      "logo-64x64.png",
      "logo-svg.svg",
    ]);
    const spec = JSON.parse(readFileSync(join(kernels, "hmap", "kernel.json"), "utf8"));
    expect(spec).toMatchObject({
      display_name: "TypeScript (hmap)",
      language: "typescript",
      interrupt_mode: "message",
      kernel_protocol_version: "5.5",
      metadata: { supported_encryption: ["curve"] },
    });
    expect(spec.argv[0]).toBe(process.execPath);
    expect(spec.argv).toContain("--no-force-async-hooks-checks");
    expect(spec.argv.at(-1)).toBe("{connection_file}");
  });

  test("can be read by whoever may read the place", async () => {
    installKernelSpec({ prefix: folder });
    const place = statSync(join(folder, "share")).mode;
    for (const entry of ["", "kernel.json", "logo-svg.svg"]) {
      expect(statSync(join(kernels, "hmap", entry)).mode & 0o044).toBe(place & 0o044);
    }
    expect(statSync(await installLabExtension({ prefix: folder })).mode).toBe(place);
  });

  test("goes to the user's Jupyter folder unless told otherwise", () => {
    vi.stubEnv("JUPYTER_DATA_DIR", join(folder, "data"));
    expect(installKernelSpec({})).toBe(join(folder, "data", "kernels", "hmap"));
  });

  test("goes to the Python environment on the PATH when asked to", () => {
    const python = join(folder, "python3");
    writeFileSync(python, `#!/bin/sh\necho ${folder}/environment\n`, { mode: 0o755 });
    vi.stubEnv("PATH", folder);
    const place = join(folder, "environment", "share", "jupyter", "kernels", "hmap");
    expect(installKernelSpec({ sysPrefix: true })).toBe(place);
  });

  test("leaves other kernels and extensions as they are", async () => {
    const other = join(kernels, "other", "kernel.json");
    const extension = join(folder, "share", "jupyter", "labextensions", "other", "package.json");
    for (const file of [other, extension]) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, "{}");
    }
    installKernelSpec({ prefix: folder });
    await installLabExtension({ prefix: folder });
    uninstallKernelSpec({ prefix: folder });
    uninstallLabExtension({ prefix: folder });
    for (const file of [other, extension]) expect(readFileSync(file, "utf8")).toBe("{}");
  });

  test("can be taken back", () => {
    installKernelSpec({ prefix: folder });
    expect(uninstallKernelSpec({ prefix: folder }).removed).toBe(true);
    expect(existsSync(join(kernels, "hmap"))).toBe(false);
    expect(uninstallKernelSpec({ prefix: folder }).removed).toBe(false);
  });

  test("says in one sentence what is wrong with a place", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => installKernelSpec({ prefix: join(folder, "file") })).toThrow(
      `Cannot write ${join(folder, "file", "share", "jupyter", "kernels", "hmap")} (ENOTDIR): choose a place that is yours with --user or --prefix DIR.`,
    );
    expect(() => installKernelSpec({ prefix: folder, user: true })).toThrow(
      "Give one of --user, --sys-prefix and --prefix DIR, not several.",
    );
    vi.stubEnv("PATH", folder);
    expect(() => installKernelSpec({ sysPrefix: true })).toThrow("--sys-prefix needs a Python on the PATH");
  });
});

describe("installing the extension of JupyterLab", () => {
  test("writes what JupyterLab loads beside the kernelspec, twice as well as once, and leaves nothing else", async () => {
    await installLabExtension({ prefix: folder });
    const extension = await installLabExtension({ prefix: folder });
    const extensions = join(folder, "share", "jupyter", "labextensions");
    expect(extension).toBe(join(extensions, "hmap-lab"));
    expect(readdirSync(extensions)).toEqual(["hmap-lab"]);
    const { name, jupyterlab } = JSON.parse(readFileSync(join(extension, "package.json"), "utf8"));
    expect(name).toBe("hmap-lab");
    expect(jupyterlab._build).toEqual({
      load: expect.stringMatching(/^static\/remoteEntry\.[0-9a-f]{20}\.js$/),
      mimeExtension: "./mimeExtension",
    });
    expect(readFileSync(join(extension, jupyterlab._build.load), "utf8")).toContain(
      "vnd.hmap.snapshot.v1+json",
    );
    expect(uninstallLabExtension({ prefix: folder })).toEqual({ folder: extension, removed: true });
    expect(readdirSync(extensions)).toEqual([]);
    expect(uninstallLabExtension({ prefix: folder }).removed).toBe(false);
  });

  test("says in one sentence that a place cannot be written", async () => {
    writeFileSync(join(folder, "file"), "");
    const extension = join(folder, "file", "share", "jupyter", "labextensions", "hmap-lab");
    await expect(installLabExtension({ prefix: join(folder, "file") })).rejects.toThrow(
      `Cannot write ${extension} (ENOTDIR): choose a place that is yours with --user or --prefix DIR.`,
    );
  });
});

describe("the doctor", () => {
  test("starts the installed kernel and finds it well", async () => {
    installKernelSpec({ prefix: folder });
    await installLabExtension({ prefix: folder });
    const found = await findings();
    expect(found.filter((finding) => !finding.ok)).toEqual([]);
    expect(found.map((finding) => finding.subject)).toEqual([
      "kernelspec",
      "program",
      "starts",
      "answers",
      "runs cells",
      "interrupts",
      "shuts down",
      "JupyterLab",
    ]);
  });

  test("finds it well in a place whose name has spaces, quotes and letters of other scripts", async () => {
    kernels = join(folder, "mein Ordner", 'it\'s "Ä" 图', "share", "jupyter", "kernels");
    vi.stubEnv("TMPDIR", join(folder, "mein Ordner"));
    const prefix = join(kernels, "..", "..", "..");
    installKernelSpec({ prefix });
    await installLabExtension({ prefix });
    expect((await findings()).filter((finding) => !finding.ok)).toEqual([]);
  });

  test("says what is wrong with the extension of JupyterLab", async () => {
    const last = async () => {
      const { ok, text } = (await findings()).at(-1)!;
      expect(ok).toBe(false);
      return text;
    };
    const kernelspec = installKernelSpec({ prefix: folder });
    const extension = join(folder, "share", "jupyter", "labextensions", "hmap-lab");
    const mend = `install the kernel again with "hmap install" (the kernelspec is ${kernelspec}).`;
    const text = "has not the extension that shows maps:";
    expect(await last()).toBe(`${text} there is none in ${extension}; ${mend}`);
    expect(await installLabExtension({ prefix: folder })).toBe(extension);
    rmSync(join(extension, "static"), { recursive: true });
    expect(await last()).toBe(`${text} ${extension} is damaged; ${mend}`);
    await installLabExtension({ prefix: folder });
    const description = join(extension, "package.json");
    writeFileSync(description, readFileSync(description, "utf8").replace('"0.1.0"', '"0.0.1"'));
    expect(await last()).toBe(`${text} ${extension} is of version 0.0.1, and this is 0.1.0; ${mend}`);
  });

  test("says what to do when there is no kernel, its program is gone, it does not start, or its file is damaged", async () => {
    const last = async () => (await findings()).at(-1)!;
    expect(await last()).toMatchObject({ ok: false, text: expect.stringContaining('run "hmap install"') });

    const file = join(installKernelSpec({ prefix: folder }), "kernel.json");
    writeFileSync(file, JSON.stringify({ argv: ["/nowhere/node", "{connection_file}"] }));
    expect(await last()).toMatchObject({
      ok: false,
      subject: "program",
      text: expect.stringContaining("/nowhere/node is gone: install the kernel again"),
    });

    const complaint = 'console.error("out of order"); process.exit(4)';
    writeFileSync(file, JSON.stringify({ argv: [process.execPath, "-e", complaint, "{connection_file}"] }));
    expect(await last()).toMatchObject({
      ok: false,
      subject: "kernel",
      text: expect.stringMatching(/The kernel ended \(exit code 4\) before .* It said: out of order/),
    });

    writeFileSync(file, "{");
    expect(() => installed()).toThrow(`${file} is damaged: run "hmap install" to write it anew.`);
  });
});
