import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import type { Widget } from "@lumino/widgets";
import { definePlayer, HmapPlayer } from "../../engine/player/player.ts";
import { labExtensionName } from "../implementation.ts";
import { outputs } from "./outputs.ts";

/** The player follows `color-scheme`; JupyterLab says in an attribute of its body whether its theme is light. */
const styles = `
.hmap-output { padding: 4px 0; color-scheme: light; }
body[data-jp-theme-light="false"] .hmap-output { color-scheme: dark; }
.hmap-output > img { max-width: 100%; }`;

/**
 * JupyterLab's renderers of the project's MIME types. They count as safe: what they show is drawn from checked numbers
 * and escaped text, so a notebook that nobody trusts shows it too.
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
      const { firstElementChild: old } = this.node;
      const fresh = shown(this.#type, data, old instanceof HmapPlayer ? old : undefined);
      if (fresh !== old) this.node.replaceChildren(fresh);
    }
  }

  definePlayer();
  const style = document.createElement("style");
  style.textContent = styles;
  document.head.append(style);

  return [
    {
      id: `${labExtensionName}:outputs`,
      description: "Shows the states of Go's map, and plays recordings of it.",
      rendererFactory: {
        safe: true,
        mimeTypes: Object.keys(outputs),
        // Before text/html (50) and image/svg+xml (80), which stand beside it for other front ends.
        defaultRank: 10,
        createRenderer: ({ mimeType }) => new Output(mimeType),
      },
      rank: 10,
      dataType: "json",
    },
  ];
}

/** The player, an old one if there is one, with the data; where it cannot be read (another version wrote it) the picture beside it, or the text. */
function shown(type: string, data: IRenderMime.IMimeModel["data"], old?: HmapPlayer): HTMLElement {
  try {
    const player = old ?? (document.createElement("hmap-player") as HmapPlayer);
    player.data = outputs[type]!(data[type]);
    // The keys of the player are its own: without this, arrow keys in it would go through the notebook's cells.
    player.dataset.lmSuppressShortcuts = "true";
    return player;
  } catch (error) {
    const words = String(data["text/plain"] ?? (error as Error).message);
    const svg = data["image/svg+xml"];
    if (typeof svg === "string") {
      const image = document.createElement("img");
      // As an image it is inert, whatever is in it.
      image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
      image.alt = words;
      return image;
    }
    const text = document.createElement("pre");
    text.textContent = words;
    return text;
  }
}
