import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { implementation, labExtensionName } from "../implementation.ts";
import { type InstallTarget, letOthersRead, targetPlace, unwritable } from "./kernelspec.ts";

/** Where the package has the extension built; a working copy builds it when it is installed. */
const prebuilt = fileURLToPath(new URL("../lab/prebuilt/", import.meta.url));

/** JupyterLab's own folder of extensions beside a folder of kernels. */
const besideKernels = (kernels: string) => join(dirname(kernels), "labextensions", labExtensionName);

/**
 * Writes the JupyterLab extension beside the kernelspec, replacing an earlier one in one step.
 *
 * @returns the folder it wrote
 * @throws CommandError when the place cannot be written or, with `sysPrefix`, Python cannot be asked
 */
export async function installLabExtension(target: InstallTarget): Promise<string> {
  const folder = besideKernels(targetPlace(target).folder);
  let fresh: string | undefined;
  try {
    mkdirSync(dirname(folder), { recursive: true });
    fresh = mkdtempSync(join(dirname(folder), `.${labExtensionName}-`));
    if (existsSync(prebuilt)) cpSync(prebuilt, fresh, { recursive: true });
    else {
      const { buildLabExtension } = await import("../lab/build.ts");
      await buildLabExtension(fresh);
    }
    letOthersRead(fresh);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  } catch (error) {
    if (fresh !== undefined) rmSync(fresh, { recursive: true, force: true });
    throw unwritable(folder, error);
  }
  return folder;
}

/**
 * Removes the JupyterLab extension.
 *
 * @returns the folder it removed, and whether there was one
 * @throws CommandError as {@link installLabExtension}
 */
export function uninstallLabExtension(target: InstallTarget): { folder: string; removed: boolean } {
  const folder = besideKernels(targetPlace(target).folder);
  if (!existsSync(folder)) return { folder, removed: false };
  try {
    rmSync(folder, { recursive: true });
  } catch (error) {
    throw unwritable(folder, error);
  }
  return { folder, removed: true };
}

/**
 * What is wrong with the extension beside a kernelspec, in a few words; undefined when it is whole.
 *
 * @param kernelspec the folder of kernel.json
 */
export function labExtensionFault(kernelspec: string): string | undefined {
  const folder = besideKernels(dirname(kernelspec));
  let description: { version?: string; jupyterlab?: { _build?: { load?: string } } };
  try {
    description = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  } catch {
    return existsSync(folder) ? `${folder} is damaged` : `there is none in ${folder}`;
  }
  const load = description.jupyterlab?._build?.load;
  if (load === undefined || !existsSync(join(folder, load))) return `${folder} is damaged`;
  if (description.version !== implementation.version) {
    return `${folder} is of version ${description.version}, and this is ${implementation.version}`;
  }
  return undefined;
}
