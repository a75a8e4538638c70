import type { ShikiTransformer } from "shiki";

type Root = Parameters<NonNullable<ShikiTransformer["root"]>>[0];
type Element = Parameters<NonNullable<ShikiTransformer["pre"]>>[0];

/** What is told apart in code, by the scopes of TextMate grammars. The style sheet and the editor colour the same. */
const scopes: Record<string, string[]> = {
  keyword: ["keyword", "storage", "punctuation.definition.template-expression", "variable.language.this"],
  string: ["string", "string.regexp"],
  constant: ["constant.numeric", "constant.language", "constant.character.escape"],
  function: ["entity.name.function", "support.function", "entity.name.type", "support.class", "support.type"],
  comment: ["comment", "comment punctuation"],
};

/** Stands in for a colour in the theme: {@link tokenClasses} turns it into a class. */
const mark = (i: number) => `#00000${i + 1}`;

/** A Shiki theme whose colours are only marks for {@link tokenClasses}: the colours are in docs/styles/code.css. */
export const codeTheme = {
  name: "hmap",
  type: "light" as const,
  colors: { "editor.foreground": "#000000", "editor.background": "#ffffff" },
  settings: [
    { settings: { foreground: "#000000", background: "#ffffff" } },
    ...Object.values(scopes).map((scope, i) => ({ scope, settings: { foreground: mark(i) } })),
    // Operators are quiet: they are keywords to the grammar only.
    { scope: ["keyword.operator"], settings: { foreground: "#000000" } },
    { scope: ["keyword.operator.new", "keyword.operator.expression"], settings: { foreground: mark(0) } },
  ],
};

/**
 * Replaces the style attribute Shiki writes on every token by a class, and drops the wrapper where a token has the
 * ordinary colour. The page then needs no inline styles (a strict style-src can forbid them) and is a third smaller.
 * For {@link codeTheme} only.
 */
export function tokenClasses(): ShikiTransformer {
  return {
    name: "token-classes",
    preprocess(_, options) {
      // Shiki gives up a line that takes longer than half a second; on a busy machine any line may.
      options.tokenizeTimeLimit = 0;
    },
    span(node) {
      const style = String(node.properties.style ?? "");
      const token = Object.keys(scopes).find((_, i) => style.includes(mark(i)));
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
 * fence (jupytext's notation) becomes the attribute `data-tags="exercise"`. The code of a check, and a whole
 * solution, are folded away.
 */
export function cells(): ShikiTransformer {
  return {
    name: "cells",
    root(root) {
      const meta = String(this.options.meta?.__raw ?? "");
      if (this.options.lang !== "typescript" || isStatic(meta)) return;
      const tags = cellTags(meta);
      const label = ["exercise", "check", "solution"].find((tag) => tags.includes(tag)) ?? "TypeScript";
      wrap(root, (pre) => {
        const code = element("div", { class: "cell-code" }, [pre]);
        const cell = element(
          "hmap-cell",
          { class: "not-content", ...(tags.length ? { "data-tags": tags.join(" ") } : {}) },
          [
            element("div", { class: "cell-bar" }, [
              element("span", { class: "cell-count" }, [text("In [ ]")]),
              element("span", { class: "cell-language" }, [
                text(`${label[0]!.toUpperCase()}${label.slice(1)}`),
              ]),
            ]),
            label === "check" ? fold("cell-fold", "What is checked", code) : code,
            element("div", { class: "cell-output" }, []),
          ],
        );
        return label === "solution" ? fold("solution not-content", "Solution", cell) : cell;
      });
    },
  };
}

const fold = (className: string, summary: string, inside: Element): Element =>
  element("details", { class: className }, [element("summary", {}, [text(summary)]), inside]);

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
