import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/** What is said of a call that needs a part which has not been loaded. */
export const notLoaded =
  "The page has not loaded this part of hmap, as it loads what cells name: call the method by its name (m.bytes, not m[name]).";

const folder = fileURLToPath(new URL("../kernel/browser/", import.meta.url));
const partFile = /\/kernel\/browser\/\w+part\.ts$/;

/**
 * Takes out of the first load of the page's kernel what the files `kernel/browser/*part.ts` import. Other modules go on
 * importing it: they get functions and classes of the same names, which pass calls on once the part has been loaded, and
 * throw before that.
 *
 * Only functions and classes can be had so. The build fails where something else of a part is imported.
 */
export function partsOnDemand(): Plugin {
  /** The modules that are in a part. */
  const later = new Set<string>();
  const stand = "?stand-in";
  const standsFor = (id: string) => (id.endsWith(stand) ? id.slice(0, -stand.length) : undefined);
  return {
    name: "parts-on-demand",
    enforce: "pre",
    async buildStart() {
      const files = readdirSync(folder).map((name) => join(folder, name));
      for (const file of files.filter((name) => partFile.test(name))) {
        for (const source of importsOf(file)) {
          const found = await this.resolve(source, file, { skipSelf: true });
          if (found === null) this.error(`There is no ${source}, which ${file} imports.`);
          later.add(found.id);
        }
      }
    },
    async resolveId(source, importer, options) {
      if (standsFor(source) !== undefined) return source;
      if (importer === undefined || partFile.test(importer) || later.has(importer)) return null;
      const found = await this.resolve(source, importer, { ...options, skipSelf: true });
      return found !== null && later.has(found.id) ? found.id + stand : null;
    },
    async load(id) {
      const module = standsFor(id);
      if (module !== undefined) return standIn(module);
      if (!partFile.test(id)) return null;
      const handOver = await Promise.all(
        importsOf(id).map(async (source, i) => {
          const { id: found } = (await this.resolve(source, id, { skipSelf: true }))!;
          const [whole, handle] = [found, found + stand].map((name) => JSON.stringify(name));
          return `import * as module${i} from ${whole}; import { give as give${i} } from ${handle}; give${i}(module${i});`;
        }),
      );
      return [readFileSync(id, "utf8"), ...handOver].join("\n");
    },
  };
}

const importsOf = (file: string): string[] =>
  [...readFileSync(file, "utf8").matchAll(/^(?:import|export \* as \w+ from) "([^"]+)";$/gm)].map(
    ([, source]) => source!,
  );

// By Node itself: Vite, which runs the site's configuration, imports nothing any more when it builds.
const require = createRequire(import.meta.url);

/** The module that stands for another one until that is loaded. */
function standIn(file: string): string {
  const names = Object.entries(require(file))
    .filter(([name, value]) => typeof value === "function" && name !== "default")
    .map(([name]) => name);
  return `let whole;
export const give = (loaded) => { whole = loaded; };
const the = () => { if (whole) return whole; throw new Error(${JSON.stringify(notLoaded)}); };
${names.map((name) => `export function ${name}(...given) { return new.target ? new (the().${name})(...given) : the().${name}(...given); }`).join("\n")}`;
}
