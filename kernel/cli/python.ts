import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { bundleWorkingCopy } from "../node/bundle.ts";
import { installKernelSpec, privateEnvironment } from "./kernelspec.ts";
import { installLabExtension } from "./labextension.ts";
import { CommandError } from "./terminal.ts";

/** What JupyterLab 4.6 needs. */
const oldestPython = [3, 10] as const;

/** What goes into every environment. */
const packages = ["jupyterlab>=4.4,<5", "nbclient>=0.10", "jupyter_console>=6.6.3"];

/** A Python environment with JupyterLab and this kernel in it. */
export interface PythonEnvironment {
  folder: string;
  /** Its Python interpreter. */
  python: string;
  /** The path of a program installed in it, e.g. `jupyter`. */
  program(name: string): string;
}

export interface EnsureOptions {
  /** Further packages, as pip's requirement specifiers. */
  also?: readonly string[];
  /** Where to make it; `.venv` beside package.json by default. */
  folder?: string;
  /** Told of every step as it begins; standard error by default. */
  say?: (line: string) => void;
}

/** What the environment's own record says. It is there from the first moment, so a half-made one is known for ours. */
interface Record {
  state: "building" | "ready";
  /** The process that is building it. */
  builder: number;
  /** Programs in an environment hold its absolute path: one that was moved has to be made again. */
  folder: string;
  packages: string[];
}

const run = promisify(execFile);

/**
 * The private Python environment, made on first use: JupyterLab, nbclient, jupyter console, and the kernelspec of
 * this copy of hmap. When it is there and complete this takes a few milliseconds; when an earlier run was cut off it
 * is made anew.
 *
 * @throws CommandError when there is no Python, or one that is too old; when pip fails; or when something that is not
 *   ours is in the place
 */
export async function ensurePython(options: EnsureOptions = {}): Promise<PythonEnvironment> {
  const folder = options.folder ?? privateEnvironment();
  const say = options.say ?? ((line: string) => console.error(line));
  const wanted = [...packages, ...(options.also ?? [])];
  const environment = describe(folder);
  const record = readRecord(folder);
  const usable = record?.state === "ready" && record.folder === folder && existsSync(environment.python);
  const missing = usable ? wanted.filter((name) => !record.packages.includes(name)) : wanted;

  if (missing.length > 0) {
    refuseForeign(folder, record);
    // Before anything is changed: without a Python, what is there stays as it is.
    const base = usable ? undefined : await findPython();
    const building: Record = {
      state: "building",
      builder: process.pid,
      folder,
      packages: [...new Set([...(usable ? record.packages : []), ...wanted])],
    };
    if (base !== undefined) {
      say(`[1/3] Making a Python environment in ${relative("", folder) || folder} (Python ${base.version})`);
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      writeRecord(folder, building);
      await makeEnvironment(base.program, folder);
    } else {
      writeRecord(folder, building);
    }
    say(`[2/3] Installing ${missing.map(plainName).join(", ")} (a minute or so, the first time)`);
    await pipInstall(environment.python, missing);
    say("[3/3] Installing the kernel");
    declareCommonJs(folder);
    await bundleWorkingCopy();
    installKernelSpec({ prefix: folder });
    await installLabExtension({ prefix: folder });
    writeRecord(folder, { ...building, state: "ready" });
  } else {
    // Cheap, and right even when this copy of hmap, or Node, has moved since.
    declareCommonJs(folder);
    await bundleWorkingCopy();
    installKernelSpec({ prefix: folder });
    await installLabExtension({ prefix: folder });
  }
  return environment;
}

/**
 * JupyterLab runs a CommonJS script of its own (yarn.js) with Node. Below this project's package.json, which says that
 * scripts are modules, it would fail at every start.
 */
function declareCommonJs(folder: string): void {
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "commonjs" }\n');
}

function describe(folder: string): PythonEnvironment {
  const windows = process.platform === "win32";
  const program = (name: string) =>
    windows ? join(folder, "Scripts", `${name}.exe`) : join(folder, "bin", name);
  return { folder, python: program("python"), program };
}

const recordPath = (folder: string) => join(folder, "hmap-environment.json");

function readRecord(folder: string): Record | undefined {
  try {
    return JSON.parse(readFileSync(recordPath(folder), "utf8"));
  } catch {
    return undefined;
  }
}

function writeRecord(folder: string, record: Record): void {
  writeFileSync(recordPath(folder), `${JSON.stringify(record, null, 2)}\n`);
}

/** Nothing of somebody else's is deleted, and no two processes build at once. */
function refuseForeign(folder: string, record: Record | undefined): void {
  if (record === undefined && existsSync(folder)) {
    throw new CommandError(
      `${folder} is in the way: hmap did not make it, so it will not replace it; move it elsewhere and run the command again.`,
    );
  }
  if (record?.state === "building" && record.builder !== process.pid && isAlive(record.builder)) {
    throw new CommandError(
      `Another hmap (process ${record.builder}) is making the Python environment: wait until it has finished and run the command again.`,
    );
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * A Python that is new enough: the one that the environment variable PYTHON names, or the first on the PATH.
 *
 * @throws CommandError when there is none, with the mend
 */
export async function findPython(
  environment: NodeJS.ProcessEnv = process.env,
): Promise<{ program: string; version: string }> {
  const needed = oldestPython.join(".");
  const mend = `install Python ${needed} or newer (on Debian: apt-get install python3 python3-venv), or set PYTHON to the path of one`;
  const candidates = environment.PYTHON ? [environment.PYTHON] : ["python3", "python"];
  let tooOld: string | undefined;
  for (const program of candidates) {
    const version = await pythonVersion(program, environment);
    if (version === undefined) {
      continue;
    }
    const [major = 0, minor = 0] = version.split(".").map(Number);
    if (major > oldestPython[0] || (major === oldestPython[0] && minor >= oldestPython[1])) {
      return { program, version };
    }
    tooOld ??= `${program} is Python ${version}, and JupyterLab needs ${needed} or newer`;
  }
  if (tooOld !== undefined) {
    throw new CommandError(`${tooOld}: ${mend}.`);
  }
  throw new CommandError(
    environment.PYTHON
      ? `PYTHON names ${environment.PYTHON}, which is not a Python that runs: ${mend}.`
      : `JupyterLab needs Python, and there is none on the PATH: ${mend}.`,
  );
}

async function pythonVersion(program: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const code = "import platform; print(platform.python_version())";
    const { stdout } = await run(program, ["-c", code], { env });
    return stdout.trim();
  } catch {
    return undefined;
  }
}

async function makeEnvironment(python: string, folder: string): Promise<void> {
  try {
    await run(python, ["-m", "venv", folder]);
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    if (/ensurepip|No module named venv/.test(stdout + stderr)) {
      throw new CommandError(
        `${python} cannot make environments because its venv module is missing: install it (on Debian: apt-get install python3-venv) and run the command again.`,
      );
    }
    throw new CommandError(`"${python} -m venv" failed: ${lastLine(stderr || stdout)}`);
  }
}

/** pip's own messages go to standard error, as they come. */
function pipInstall(python: string, names: readonly string[]): Promise<void> {
  const parameters = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--no-input",
    ...names,
  ];
  const pip = spawn(python, parameters, { stdio: ["ignore", process.stderr, process.stderr] });
  return new Promise((resolve, reject) => {
    pip.once("error", reject);
    pip.once("close", (code) => {
      if (code === 0) {
        resolve();
      } else {
        reject(
          new CommandError(
            "pip could not install JupyterLab: see its message above, check the network, and run the command again.",
          ),
        );
      }
    });
  });
}

/** `jupyterlab` of `jupyterlab>=4.4,<5`. */
function plainName(requirement: string): string {
  return requirement.replace(/[^\w.-].*$/, "");
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
