import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { kernelName } from "../implementation.ts";
import { kernelCommand } from "../node/command.ts";
import { CommandError } from "./terminal.ts";

/** A kernelspec, the content of kernel.json, as far as this program reads or writes it. */
interface KernelSpec {
  argv: string[];
  display_name: string;
  language: string;
  interrupt_mode?: "signal" | "message";
  env?: Record<string, string>;
  kernel_protocol_version?: string;
  metadata?: Record<string, unknown>;
}

/** A place that Jupyter looks for kernels in, with the name a person would give it. */
export interface KernelPlace {
  /** `.../jupyter/kernels` */
  folder: string;
  label: string;
}

/** Where to install; at most one is given, and none means `user`. */
export interface InstallTarget {
  user?: boolean;
  sysPrefix?: boolean;
  prefix?: string;
}

const logos = fileURLToPath(new URL("./logo/", import.meta.url));

/** The kernelspec of this copy of hmap, run by this Node. */
function kernelSpec(): KernelSpec {
  return {
    argv: kernelCommand(),
    display_name: kernelName.display_name,
    language: kernelName.language,
    interrupt_mode: "message",
    kernel_protocol_version: "5.5",
    metadata: { supported_encryption: ["curve"] },
  };
}

/**
 * Writes the kernelspec with its logos, replacing an earlier one in one step.
 *
 * @returns the folder it wrote
 * @throws CommandError when the place cannot be written or, with `sysPrefix`, Python cannot be asked
 */
export function installKernelSpec(target: InstallTarget): string {
  const place = targetPlace(target);
  const folder = join(place.folder, kernelName.name);
  let fresh: string | undefined;
  try {
    mkdirSync(place.folder, { recursive: true });
    fresh = mkdtempSync(join(place.folder, `.${kernelName.name}-`));
    cpSync(logos, fresh, { recursive: true });
    writeFileSync(join(fresh, "kernel.json"), `${JSON.stringify(kernelSpec(), null, 2)}\n`);
    letOthersRead(fresh);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } catch (error) {
    if (fresh !== undefined) {
      rmSync(fresh, { recursive: true, force: true });
    }
    throw unwritable(folder, error);
  }
  return folder;
}

/**
 * Removes the kernelspec.
 *
 * @returns the folder it removed, or undefined when there was none
 * @throws CommandError as {@link installKernelSpec}
 */
export function uninstallKernelSpec(target: InstallTarget): { folder: string; removed: boolean } {
  const folder = join(targetPlace(target).folder, kernelName.name);
  if (!existsSync(folder)) {
    return { folder, removed: false };
  }
  try {
    rmSync(folder, { recursive: true });
  } catch (error) {
    throw unwritable(folder, error);
  }
  return { folder, removed: true };
}

/** An installed kernelspec of ours. */
export interface InstalledSpec {
  folder: string;
  label: string;
  spec: KernelSpec;
}

/**
 * Every installed kernelspec called hmap, in the order in which Jupyter would look.
 *
 * @throws CommandError when a kernel.json cannot be read
 */
export function findKernelSpecs(places: KernelPlace[] = knownPlaces()): InstalledSpec[] {
  const found: InstalledSpec[] = [];
  const seen = new Set<string>();
  for (const { folder, label } of places) {
    const path = join(folder, kernelName.name, "kernel.json");
    if (seen.has(path) || !existsSync(path)) {
      continue;
    }
    seen.add(path);
    found.push({ folder: dirname(path), label, spec: readKernelSpec(path) });
  }
  return found;
}

function readKernelSpec(path: string): KernelSpec {
  try {
    const spec: Partial<KernelSpec> = JSON.parse(readFileSync(path, "utf8"));
    if (
      Array.isArray(spec.argv) &&
      spec.argv.length > 0 &&
      spec.argv.every((part) => typeof part === "string")
    ) {
      return spec as KernelSpec;
    }
  } catch {
    // Said below.
  }
  throw new CommandError(`${path} is damaged: run "hmap install" to write it anew.`);
}

/** @see https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs */
function knownPlaces(): KernelPlace[] {
  const places: KernelPlace[] = (process.env.JUPYTER_PATH ?? "")
    .split(delimiter)
    .filter(Boolean)
    .map((path) => ({ folder: join(path, "kernels"), label: "JUPYTER_PATH" }));
  const own = privateEnvironment();
  places.push({ folder: join(own, "share", "jupyter", "kernels"), label: "the environment of hmap lab" });
  const prefix = process.env.VIRTUAL_ENV || process.env.CONDA_PREFIX;
  if (prefix) {
    places.push({ folder: join(prefix, "share", "jupyter", "kernels"), label: "the active environment" });
  }
  places.push({ folder: join(userDataFolder(), "kernels"), label: "this user" });
  const system =
    process.platform === "win32"
      ? [join(process.env.PROGRAMDATA ?? "C:\\ProgramData", "jupyter")]
      : ["/usr/local/share/jupyter", "/usr/share/jupyter"];
  places.push(...system.map((path) => ({ folder: join(path, "kernels"), label: "the whole machine" })));
  return places;
}

/**
 * The folder of the Python environment that `hmap lab` makes: `.venv` beside package.json in a working copy; for the
 * installed package, which npm replaces as a whole, `hmap/environment` where this user's programs keep their data.
 */
export function privateEnvironment(): string {
  const isWorkingCopy = import.meta.url.endsWith(".ts");
  if (isWorkingCopy) return fileURLToPath(new URL("../../.venv", import.meta.url));
  return join(userPlaces().data, "hmap", "environment");
}

/**
 * The place that a target stands for.
 *
 * @throws CommandError for several targets at once and, with `sysPrefix`, when Python cannot be asked
 */
export function targetPlace({ user, sysPrefix, prefix }: InstallTarget): KernelPlace {
  if ([user, sysPrefix, prefix !== undefined].filter(Boolean).length > 1) {
    throw new CommandError("Give one of --user, --sys-prefix and --prefix DIR, not several.");
  }
  if (prefix !== undefined) {
    return { folder: join(resolve(prefix), "share", "jupyter", "kernels"), label: "the prefix" };
  }
  if (sysPrefix) {
    return { folder: join(pythonPrefix(), "share", "jupyter", "kernels"), label: "Python's prefix" };
  }
  return { folder: join(userDataFolder(), "kernels"), label: "this user" };
}

/** Jupyter's data folder of this user. @see jupyter_core, paths.py, jupyter_data_dir */
function userDataFolder(): string {
  return process.env.JUPYTER_DATA_DIR || userPlaces().jupyter;
}

/** Where this user's programs keep their data, and Jupyter its own, on this system. */
function userPlaces(): { data: string; jupyter: string } {
  switch (process.platform) {
    case "darwin": {
      const library = join(homedir(), "Library");
      return { data: join(library, "Application Support"), jupyter: join(library, "Jupyter") };
    }
    case "win32": {
      const data = process.env.APPDATA ?? join(homedir(), "AppData", "Roaming");
      return { data, jupyter: join(data, "jupyter") };
    }
    default: {
      const data = process.env.XDG_DATA_HOME || join(homedir(), ".local", "share");
      return { data, jupyter: join(data, "jupyter") };
    }
  }
}

/** `sys.prefix` of the Python that a shell here would run. */
function pythonPrefix(): string {
  for (const program of ["python3", "python"]) {
    try {
      const output = execFileSync(program, ["-c", "import sys; print(sys.prefix)"], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      return output.trim();
    } catch {
      // Not there, or a stub that only offers to install it: try the next name.
    }
  }
  throw new CommandError(
    "--sys-prefix needs a Python on the PATH, and there is none: activate its environment first, or name its folder with --prefix DIR.",
  );
}

/** A temporary folder is its owner's alone; what is installed for all users of a machine has to be read by them. */
export function letOthersRead(folder: string): void {
  chmodSync(folder, 0o777 & ~process.umask());
}

/** A sentence on a folder that cannot be written, of the error that says so. */
export function unwritable(folder: string, error: unknown): CommandError {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return new CommandError(
    `Cannot write ${folder} (${code}): choose a place that is yours with --user or --prefix DIR.`,
  );
}
