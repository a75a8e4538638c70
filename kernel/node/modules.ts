import { join } from "node:path";
import vm from "node:vm";
import type { Uninterrupted } from "../language/typescript/parser.ts";
import { ownPackages } from "./packages.ts";

/**
 * Loads what a cell imports; resolves to the module's namespace object. `attributes`: those of `with { type: "json" }`,
 * which may be left out for a file that ends in `.json`.
 */
export type ImportModule = (specifier: string, attributes?: Record<string, string>) => Promise<unknown>;

/**
 * How cells import in Node. `hmap` and `hmap/...` are this package, wherever the notebook lies; everything else
 * resolves as it would for a module in `folder`: its node_modules, files relative to it, and Node's own modules.
 *
 * The returned function rejects with Node's error, or, for what cannot be found, with one sentence that names it.
 *
 * @param folder the notebook's folder, absolute
 * @param uninterrupted how to load what is this package's own: see `TypeScriptOptions`
 */
export function importFrom(folder: string, uninterrupted: Uninterrupted = (work) => work()): ImportModule {
  // import() resolves relative to the file it stands in, and Node has no stable function for "as if from there":
  // so a script is given that place. The file itself need not exist.
  const script = new vm.Script("(specifier, attributes) => import(specifier, { with: attributes })", {
    filename: join(folder, "notebook.ts"),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const fromFolder = script.runInThisContext() as ImportModule;
  return async (specifier, given = {}) => {
    const attributes = specifier.endsWith(".json") ? { type: "json", ...given } : given;
    try {
      return await (isOwn(specifier)
        ? uninterrupted(() => own(specifier))
        : fromFolder(specifier, attributes));
    } catch (error) {
      throw explain(specifier, folder, error);
    }
  };
}

function isOwn(specifier: string): boolean {
  return specifier === "hmap" || specifier.startsWith("hmap/");
}

async function own(specifier: string): Promise<object> {
  const found = Object.hasOwn(ownPackages, specifier) ? ownPackages[specifier] : undefined;
  if (found === undefined) throw new Error(`hmap has no part called "${specifier}".`);
  return found.load();
}

/** Node names the importing file in these errors, which here is one that nobody has seen. */
function explain(specifier: string, folder: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  const sentence = (() => {
    switch (code) {
      case "ERR_MODULE_NOT_FOUND":
        // The same code comes from inside a module that was found and lacks something itself.
        if (/^(\.{0,2}\/|file:)/.test(specifier)) {
          return String(error).includes("notebook.ts")
            ? `Cannot find the module "${specifier}" from ${folder}: give the path relative to the notebook, with its ending.`
            : undefined;
        }
        return String(error).includes("notebook.ts")
          ? `Cannot find the package "${specifier}": run "npm install ${specifier}" in ${folder}.`
          : undefined;
      case "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX":
        return `Cannot load "${specifier}": Node only removes types from files, and this needs more (${(error as Error).message}): move that part into a cell.`;
      case "ERR_UNKNOWN_BUILTIN_MODULE":
        return `Node has no module called "${specifier}".`;
      default:
        return undefined;
    }
  })();
  return sentence === undefined ? error : new Error(sentence, { cause: error });
}
