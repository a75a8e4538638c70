import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openLab, wantedPort } from "./lab.ts";
import { ensurePython, findPython } from "./python.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hmap-python-"));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** A shell script in Python's place: `version` answers what version it is, `venv` and `pip` stand for the modules. */
function pretendPython(version: string, { venv = "exit 0", pip = "exit 0" } = {}): string {
  const path = join(folder, "python3");
  writeFileSync(
    path,
    `#!/bin/sh
case "$*" in
  -c*) echo ${version} ;;
  "-m venv "*) ${venv} ;;
  "-m pip "*) ${pip} ;;
esac
`,
  );
  chmodSync(path, 0o755);
  return path;
}

/** What a venv does as far as it matters here: it puts an interpreter, this same script, into the folder. */
const makesFolder = 'mkdir -p "$3/bin" && cp "$0" "$3/bin/python"';

describe("finding Python", () => {
  test("takes one that is new enough", async () => {
    const program = pretendPython("3.12.1");
    expect(await findPython({ PYTHON: program })).toEqual({ program, version: "3.12.1" });
    expect(await findPython({ PATH: `${folder}:/bin` })).toEqual({ program: "python3", version: "3.12.1" });
  });

  test("says in one sentence that there is none, that it is too old, or that PYTHON is wrong", async () => {
    const mend =
      "install Python 3.10 or newer (on Debian: apt-get install python3 python3-venv), or set PYTHON to the path of one.";
    await expect(findPython({ PATH: folder })).rejects.toThrow(
      `JupyterLab needs Python, and there is none on the PATH: ${mend}`,
    );
    pretendPython("3.9.2");
    await expect(findPython({ PATH: `${folder}:/bin` })).rejects.toThrow(
      `python3 is Python 3.9.2, and JupyterLab needs 3.10 or newer: ${mend}`,
    );
    await expect(findPython({ PYTHON: "/nowhere/python" })).rejects.toThrow(
      `PYTHON names /nowhere/python, which is not a Python that runs: ${mend}`,
    );
  });
});

describe("the private environment", () => {
  const place = () => join(folder, "environment");
  const make = (lines: string[] = [], also: string[] = []) =>
    ensurePython({ folder: place(), say: (line) => lines.push(line), also });
  const state = () => JSON.parse(readFileSync(join(place(), "hmap-environment.json"), "utf8")).state;

  test("is made in three announced steps, and the second time it is there", async () => {
    vi.stubEnv("PYTHON", pretendPython("3.12.1", { venv: makesFolder }));
    const lines: string[] = [];
    const { python } = await make(lines);
    expect(lines.map((line) => line.slice(0, 5))).toEqual(["[1/3]", "[2/3]", "[3/3]"]);
    expect(existsSync(python)).toBe(true);
    expect(existsSync(join(place(), "share/jupyter/kernels/hmap/kernel.json"))).toBe(true);
    expect(state()).toBe("ready");
    const again: string[] = [];
    await make(again);
    expect(again).toEqual([]);
  });

  test("keeps JupyterLab's own script from being taken for one of this project's modules", async () => {
    vi.stubEnv("PYTHON", pretendPython("3.12.1", { venv: makesFolder }));
    await make();
    expect(JSON.parse(readFileSync(join(place(), "package.json"), "utf8")).type).toBe("commonjs");
  });

  test("gets what is missing from it and keeps the rest", async () => {
    vi.stubEnv("PYTHON", pretendPython("3.12.1", { venv: makesFolder }));
    await make();
    writeFileSync(join(place(), "kept"), "");
    const lines: string[] = [];
    await make(lines, ["something-else>=1"]);
    expect(lines[0]).toContain("Installing something-else (");
    expect(existsSync(join(place(), "kept"))).toBe(true);
  });

  test("is made anew when an earlier attempt was cut off", async () => {
    vi.stubEnv("PYTHON", pretendPython("3.12.1", { venv: makesFolder, pip: "exit 1" }));
    await expect(make()).rejects.toThrow("pip could not install JupyterLab: see its message above");
    expect(state()).toBe("building");
    writeFileSync(join(place(), "debris"), "");
    vi.stubEnv("PYTHON", pretendPython("3.12.1", { venv: makesFolder }));
    await make();
    expect(state()).toBe("ready");
    expect(existsSync(join(place(), "debris"))).toBe(false);
  });

  test("is left as it is when there is no Python to make it with", async () => {
    vi.stubEnv("PYTHON", pretendPython("3.12.1", { venv: makesFolder }));
    await make();
    rmSync(join(place(), "bin", "python"));
    vi.stubEnv("PYTHON", "/nowhere/python");
    await expect(make()).rejects.toThrow("PYTHON names /nowhere/python");
    expect(state()).toBe("ready");
  });

  test("names the missing venv module", async () => {
    const venv = 'echo "ensurepip is not available" >&2; exit 1';
    vi.stubEnv("PYTHON", pretendPython("3.12.1", { venv }));
    await expect(make()).rejects.toThrow(
      "its venv module is missing: install it (on Debian: apt-get install python3-venv)",
    );
  });

  test("does not replace a folder that somebody else made", async () => {
    mkdirSync(place());
    await expect(make()).rejects.toThrow(`${place()} is in the way: hmap did not make it`);
  });

  test("waits for nobody: while another process builds it, it says so", async () => {
    mkdirSync(place());
    const builder = process.ppid;
    writeFileSync(
      join(place(), "hmap-environment.json"),
      JSON.stringify({ state: "building", builder, folder: place(), packages: [] }),
    );
    await expect(make()).rejects.toThrow(
      `Another hmap (process ${builder}) is making the Python environment`,
    );
  });
});

describe("hmap lab", () => {
  test("knows the port that JupyterLab's flags ask for", () => {
    expect(wantedPort(["--no-browser"])).toBeUndefined();
    expect(wantedPort(["--port", "9000"])).toBe(9000);
    expect(wantedPort(["--no-browser", "--port=9001"])).toBe(9001);
    expect(wantedPort(["--ServerApp.port=9002"])).toBe(9002);
    expect(wantedPort(["--port=any"])).toBeUndefined();
  });

  test("says in one sentence that a port is taken, or that there is no such file", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    try {
      await expect(openLab(folder, ["--port", String(port)])).rejects.toThrow(
        `Port ${port} is in use: give another with --port, or leave --port out and JupyterLab takes a free one.`,
      );
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
    await expect(openLab(join(folder, "none.ipynb"), [])).rejects.toThrow(
      `There is no ${folder}/none.ipynb:`,
    );
  });
});

describe("the hmap command", () => {
  const hmap = (...parameters: string[]) =>
    spawnSync(process.execPath, [new URL("./hmap.ts", import.meta.url).pathname, ...parameters], {
      encoding: "utf8",
    });

  test("lists its commands", () => {
    const { stdout, status } = hmap("help");
    expect(status).toBe(0);
    for (const name of ["lab", "run", "convert", "install", "uninstall", "doctor", "kernel"]) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
    }
  });

  test("ends with 1 and one line when something can be mended", () => {
    const { stderr, status } = hmap("lab", "/nowhere.ipynb");
    expect({ stderr, status }).toEqual({
      stderr:
        "hmap lab: There is no /nowhere.ipynb: give an existing notebook or folder, or nothing for this folder.\n",
      status: 1,
    });
  });

  test("runs the kernel with a connection file, and passes its exit code on", () => {
    const { stderr, status } = hmap("kernel", "/nowhere.json");
    expect(status).toBe(1);
    expect(stderr).toContain("hmap kernel: Cannot read the connection file /nowhere.json");
  });
});
