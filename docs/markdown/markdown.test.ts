import { createSatteriMarkdownProcessor } from "@astrojs/markdown-satteri";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { alerts } from "./alerts.ts";
import { cells, cellTags, codeTheme, listings, tokenClasses } from "./code.ts";

/** Renders Markdown as the site does: the same processor with the same plugins. */
let render: (markdown: string) => Promise<string>;

beforeAll(async () => {
  const processor = await createSatteriMarkdownProcessor({
    mdastPlugins: [alerts()],
    syntaxHighlight: "shiki",
    shikiConfig: {
      theme: codeTheme,
      transformers: [tokenClasses(), listings(), cells()],
    },
  });
  render = async (markdown) => (await processor.render(markdown)).code;
});

const textOf = (html: string) =>
  html.replace(/<[^>]*>/g, "").replace(/&#x?[0-9a-f]+;|&[a-z]+;/gi, (entity) => {
    const named: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"' };
    const code = /^&#(x?)([0-9a-f]+);$/i.exec(entity);
    return code ? String.fromCodePoint(Number.parseInt(code[2]!, code[1] ? 16 : 10)) : named[entity]!;
  });

describe("cells", () => {
  test("a typescript fence becomes a cell that reads without scripts", async () => {
    const html = await render("```typescript\nconst a = 1 < 2;\n```\n");
    expect(html).toContain('<hmap-cell class="not-content">');
    expect(html).toContain("In [ ]");
    expect(html).toMatch(/<div class="cell-code"><pre /);
    expect(html).toContain('<div class="cell-output"></div>');
    expect(textOf(/<pre[\s\S]*<\/pre>/.exec(html)![0])).toBe("const a = 1 < 2;");
  });

  test("tokens carry classes and nothing carries a style", async () => {
    const html = await render("```typescript\nconst text = `a`; // b\n```\n");
    expect(html).toContain('<span class="token-keyword">const</span>');
    expect(html).toContain("token-comment");
    expect(html).not.toContain("style=");
  });

  test("tags in jupytext's notation are kept on the cell", async () => {
    const html = await render('```typescript tags=["exercise", "hint"]\n1\n```\n');
    expect(html).toContain('data-tags="exercise hint"');
  });

  test("a fence marked .noeval stays a listing", async () => {
    const html = await render("```typescript .noeval\n1\n```\n");
    expect(html).not.toContain("hmap-cell");
    expect(html).toContain("<figcaption>TypeScript</figcaption>");
  });

  test("a Go fence is a listing labelled Go", async () => {
    const html = await render("```go .noeval\nfunc main() {}\n```\n");
    expect(html).toContain('<figure class="listing not-content"><figcaption>Go</figcaption><pre');
  });

  test("whatever the code is, the cell's text is that code", async () => {
    // What a person could type: any characters, but no line of backticks, which would end the fence.
    const lines = fc.array(
      fc.string({ unit: "binary" }).map((line) => line.replace(/[\r\n\0`]/g, "")),
      {
        minLength: 1,
      },
    );
    await fc.assert(
      fc.asyncProperty(lines, async (code) => {
        const body = `x${code.join("\n")}x`.toWellFormed();
        const html = await render(`\`\`\`typescript\n${body}\n\`\`\`\n`);
        expect(textOf(/<pre[\s\S]*<\/pre>/.exec(html)![0])).toBe(body);
      }),
      { numRuns: 50 },
    );
  });

  test("tags that are not a list are refused with the fence's own words", () => {
    expect(cellTags('tags=["a"] name="b"')).toEqual(["a"]);
    expect(cellTags("")).toEqual([]);
    expect(() => cellTags("tags=[exercise]")).toThrow('The tags of the fence "tags=[exercise]"');
  });
});

describe("alerts", () => {
  test("GitHub's alert becomes an aside with its title", async () => {
    const html = await render("> [!NOTE]\n> Some *words*.\n>\n> More.\n");
    expect(html).toContain('<aside class="starlight-aside starlight-aside--note" aria-label="Note">');
    expect(html).toMatch(/<p class="starlight-aside__title" aria-hidden="true">Note<\/p>/);
    expect(html).toContain("<p>Some <em>words</em>.</p>");
    expect(html).toContain("<p>More.</p>");
    expect(html).not.toContain("[!NOTE]");
  });

  test("an alert may begin with something other than plain text", async () => {
    const html = await render("> [!IMPORTANT]\n> **Go 1.24** and later.\n");
    expect(html).toContain("<p><strong>Go 1.24</strong> and later.</p>");
  });

  test("an ordinary quotation and an unknown kind stay quotations", async () => {
    expect(await render("> Said.\n")).toContain("<blockquote>");
    expect(await render("> [!NONSENSE]\n> Said.\n")).toContain("<blockquote>");
    expect(await render("> [!NOTE] in a line\n")).toContain("<blockquote>");
  });
});
