// What JupyterLab loads: a container of module federation, by hand, as it needs one module of JupyterLab's own (Lumino,
// for widgets) and gives one. https://webpack.js.org/concepts/module-federation/#dynamic-remote-containers
import type { Widget } from "@lumino/widgets";
import { labExtensionName } from "../implementation.ts";
import { mimeExtensions } from "./renderer.ts";

/** Modules that JupyterLab shares: name, version, and how to load it. */
type ShareScope = Record<string, Record<string, { get(): Promise<() => unknown> }>>;

interface Container {
  init(scope: ShareScope): void;
  get(module: string): Promise<() => object>;
}

let shared: ShareScope = {};

const container: Container = {
  init(scope) {
    shared = scope;
  },
  async get(module) {
    if (module !== "./mimeExtension") throw new Error(`${labExtensionName} has no module ${module}`);
    const [lumino] = Object.values(shared["@lumino/widgets"] ?? {});
    if (lumino === undefined)
      throw new Error(`${labExtensionName} needs JupyterLab 4, which shares @lumino/widgets`);
    const load = await lumino.get();
    const { Widget: WidgetClass } = load() as { Widget: typeof Widget };
    const exports = { __esModule: true, default: mimeExtensions(WidgetClass) };
    return () => exports;
  },
};

const page = window as unknown as { _JUPYTERLAB?: Record<string, Container> };
page._JUPYTERLAB ??= {};
page._JUPYTERLAB[labExtensionName] = container;
