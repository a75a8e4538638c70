import type { ShikiTransformer } from "shiki";

type Root = Parameters<NonNullable<ShikiTransformer["root"]>>[0];
type Element = Parameters<NonNullable<ShikiTransformer["pre"]>>[0];

/**
 * Replaces the style attribute Shiki writes on every token by a class, and drops the wrapper where a token has the
 * ordinary colour. The page then needs no inline styles (a strict style-src can forbid them) and is a third smaller.
 *
 * Expects Shiki's css-variables theme, whose colours are `var(--astro-code-token-keyword)` and the like.
 */
export function tokenClasses(): ShikiTransformer {
  return {
    name: "token-classes",
    span(node) {
      const style = String(node.properties.style ?? "");
      const token = /token-([a-z-]+)\)/.exec(style)?.[1];
      delete node.properties.style;
      if (token) node.properties.class = `token-${token}`;
    },
    line(node) {
      node.children = node.children.flatMap((child) =>
        child.type === "element" && child.tagName === "span" && !child.properties.class
          ? child.children
          : [child],
      );
    },
    pre(node) {
      delete node.properties.style;
    },
  };
}

/**
 * Wraps each ```` ```typescript ```` fence in `<hmap-cell>`: plain, highlighted HTML that reads well without scripts and
 * that docs/cells/cell.ts brings to life. A fence marked `.noeval` stays a listing. `tags=["exercise"]` on the
 * fence (jupytext's notation) becomes the attribute `data-tags="exercise"`.
 */
export function cells(): ShikiTransformer {
  return {
    name: "cells",
    root(root) {
      const meta = String(this.options.meta?.__raw ?? "");
      if (this.options.lang !== "typescript" || isStatic(meta)) return;
      const tags = cellTags(meta);
      wrap(root, (pre) =>
        element(
          "hmap-cell",
          { class: "not-content", ...(tags.length ? { "data-tags": tags.join(" ") } : {}) },
          [
            element("div", { class: "cell-bar" }, [
              element("span", { class: "cell-count" }, [text("In [ ]")]),
              element("span", { class: "cell-language" }, [text("TypeScript")]),
            ]),
            element("div", { class: "cell-code" }, [pre]),
            element("div", { class: "cell-output" }, []),
          ],
        ),
      );
    },
  };
}

/** Labels every other listing with its language: a figure with a caption. Fences without a language get none. */
export function listings(): ShikiTransformer {
  return {
    name: "listings",
    root(root) {
      const { lang } = this.options;
      const meta = String(this.options.meta?.__raw ?? "");
      if (lang === "typescript" && !isStatic(meta)) return;
      const label = languageNames[lang];
      wrap(root, (pre) =>
        element("figure", { class: "listing not-content" }, [
          ...(label ? [element("figcaption", {}, [text(label)])] : []),
          pre,
        ]),
      );
    },
  };
}

/**
 * The `tags` of a fence's info string, in jupytext's notation: `tags=["exercise", "hint"]`.
 *
 * @throws Error when the list is not valid JSON, naming the info string.
 */
export function cellTags(meta: string): string[] {
  const list = /\btags=(\[[^\]]*\])/.exec(meta)?.[1];
  if (list === undefined) return [];
  try {
    return (JSON.parse(list) as unknown[]).map(String);
  } catch {
    throw new Error(`The tags of the fence "${meta}" are not a list such as tags=["exercise"].`);
  }
}

const languageNames: Record<string, string> = {
  go: "Go",
  typescript: "TypeScript",
  bash: "Terminal",
  json: "JSON",
};

const isStatic = (meta: string): boolean => /(^|\s)\.noeval\b/.test(meta);

function wrap(root: Root, make: (pre: Element) => Element): void {
  root.children = root.children.map((child) =>
    child.type === "element" && child.tagName === "pre" ? make(child) : child,
  );
}

function element(tagName: string, properties: Element["properties"], children: Element["children"]): Element {
  return { type: "element", tagName, properties, children };
}

const text = (value: string) => ({ type: "text" as const, value });
