import type { MdastNode, MdastPluginDefinition } from "satteri";

/** GitHub's five alerts and the Starlight aside each is drawn as. */
const kinds: Record<string, { title: string; aside: "note" | "tip" | "caution" | "danger" }> = {
  NOTE: { title: "Note", aside: "note" },
  TIP: { title: "Tip", aside: "tip" },
  IMPORTANT: { title: "Important", aside: "note" },
  WARNING: { title: "Warning", aside: "caution" },
  CAUTION: { title: "Caution", aside: "danger" },
};

/**
 * Draws GitHub's alerts (`> [!NOTE]` and the words below it) as asides. Lessons use them because GitHub
 * shows them too and jupytext leaves them alone.
 */
export function alerts(): MdastPluginDefinition {
  return {
    name: "alerts",
    blockquote(node) {
      const [first, ...rest] = node.children;
      if (first?.type !== "paragraph") return;
      const [marker, ...words] = first.children;
      if (marker?.type !== "text") return;
      const found = /^\[!([A-Z]+)\][ \t]*(?:\n|$)/.exec(marker.value);
      const kind = found?.[1] ? kinds[found[1]] : undefined;
      if (!found || !kind) return;

      const opening = marker.value.slice(found[0].length);
      const paragraph = [...(opening ? [{ ...marker, value: opening }] : []), ...words];
      return box(
        "aside",
        { class: `starlight-aside starlight-aside--${kind.aside}`, "aria-label": kind.title },
        [
          box("p", { class: "starlight-aside__title", "aria-hidden": "true" }, [
            { type: "text", value: kind.title },
          ]),
          box("div", { class: "starlight-aside__content" }, [
            ...(paragraph.length ? [{ ...first, children: paragraph }] : []),
            ...rest,
          ]),
        ],
      );
    },
  };
}

function box(tagName: string, properties: Record<string, string>, children: unknown[]): MdastNode {
  // A paragraph with an HTML name of its own is mdast's way to make an element Markdown has no notation for.
  return { type: "paragraph", data: { hName: tagName, hProperties: properties }, children } as MdastNode;
}
