interface OwnPackage {
  load(): Promise<object>;
  /** The file that gives its types: the source, or in the built package its declarations. */
  file: URL;
}

/**
 * The parts of this package by the names that cells import them under. Not found through package.json: its `exports` are
 * those of the built package, and a working copy runs unbuilt.
 */
export const ownPackages: Readonly<Record<string, OwnPackage>> = {
  hmap: { load: () => import("../../engine/index.ts"), file: types("../../engine/index") },
  "hmap/diagram": {
    load: () => import("../../engine/diagram/index.ts"),
    file: types("../../engine/diagram/index"),
  },
  "hmap/kernel": { load: () => import("../index.ts"), file: types("../index") },
};

/** In a working copy this file, or what it was bundled from, is a source. */
function types(path: string): URL {
  const ending = import.meta.url.endsWith(".ts") ? ".ts" : ".d.ts";
  return new URL(path + ending, import.meta.url);
}
