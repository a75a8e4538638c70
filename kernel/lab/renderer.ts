import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import type { Widget } from "@lumino/widgets";
import { SNAPSHOT_MIME } from "../../engine/diagram/mapbundle.ts";
import { HmapPlayer } from "../../engine/player/player.ts";
import { RECORDING_MIME } from "../../engine/trace/recordingjson.ts";
import { labExtensionName } from "../implementation.ts";
import { SnapshotView } from "./snapshotview.ts";

/** An element that shows JSON of any origin. Setting `data` throws a TypeError when it cannot. */
interface View extends HTMLElement {
  data: unknown;
}

/** The elements by what they show: name, class. */
const views: Record<string, { element: string; make: CustomElementConstructor }> = {
  [SNAPSHOT_MIME]: { element: "hmap-snapshot", make: SnapshotView },
  [RECORDING_MIME]: { element: "hmap-player", make: HmapPlayer },
};

/** Our elements follow `color-scheme`; JupyterLab says in an attribute of its body whether its theme is light. */
const styles = `
.hmap-output { padding: 4px 0; color-scheme: light; }
body[data-jp-theme-light="false"] .hmap-output { color-scheme: dark; }
.hmap-output > img { max-width: 100%; }`;

/**
 * JupyterLab's renderers of the project's MIME types. They count as safe: what they show is drawn from numbers and
 * escaped text, so an untrusted notebook shows it too.
 *
 * @param WidgetClass the Widget of the JupyterLab that loads this
 * @see https://jupyterlab.readthedocs.io/en/stable/extension/extension_dev.html#mime-renderer-plugins
 */
export function mimeExtensions(WidgetClass: typeof Widget): IRenderMime.IExtension[] {
  class Output extends WidgetClass implements IRenderMime.IRenderer {
    readonly #type: string;

    constructor(type: string) {
      super();
      this.#type = type;
      this.addClass("hmap-output");
    }

    async renderModel({ data }: IRenderMime.IMimeModel): Promise<void> {
      this.node.replaceChildren(shown(this.#type, data));
    }
  }

  for (const { element, make } of Object.values(views)) {
    if (customElements.get(element) === undefined) customElements.define(element, make);
  }
  const style = document.createElement("style");
  style.textContent = styles;
  document.head.append(style);

  return [
    {
      id: `${labExtensionName}:outputs`,
      description: "Shows the states of Go's map, and plays recordings of it.",
      // Before text/html (50) and image/svg+xml (80), which stand beside it for other front ends.
      rank: 10,
      rendererFactory: {
        safe: true,
        mimeTypes: Object.keys(views),
        defaultRank: 10,
        createRenderer: ({ mimeType }) => new Output(mimeType),
      },
      dataType: "json",
    },
  ];
}

/** The view of the data; where it cannot be read (another version wrote it) the picture beside it, or the reason. */
function shown(type: string, data: IRenderMime.IMimeModel["data"]): HTMLElement {
  try {
    const view = document.createElement(views[type]!.element) as View;
    view.data = data[type];
    return view;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const svg = data["image/svg+xml"];
    if (typeof svg === "string") {
      const image = document.createElement("img");
      // As an image it is inert, whatever is in it.
      image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
      image.alt = String(data["text/plain"] ?? "a drawing of hmap");
      return image;
    }
    const text = document.createElement("pre");
    text.textContent = String(data["text/plain"] ?? error.message);
    return text;
  }
}
