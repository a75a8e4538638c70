interface OwnPackage {
  load(): Promise<object>;
  /** The file that gives its types: TypeScript, or in the built package JavaScript with declarations beside it. */
  file: URL;
}

/**
 * The parts of this package by the names that cells import them under. Not found through package.json: its `exports` are
 * those of the built package, and a working copy runs unbuilt.
 */
export const ownPackages: Readonly<Record<string, OwnPackage>> = {
  hmap: {
    load: () => import("../../engine/index.ts"),
    file: new URL("../../engine/index.ts", import.meta.url),
  },
  "hmap/diagram": {
    load: () => import("../../engine/diagram/index.ts"),
    file: new URL("../../engine/diagram/index.ts", import.meta.url),
  },
  "hmap/kernel": {
    load: () => import("../index.ts"),
    file: new URL("../index.ts", import.meta.url),
  },
};
