import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

/**
 * Leaves out of the page's kernel the parts of sucrase that only other languages than the cells' need (JSX, Flow,
 * CommonJS, React, Jest) and the check of its options. Its modules import them all and use them by option, so a bundler
 * cannot know. The kernel is about 20 KB lighter for it.
 *
 * What is left out keeps its names, each a function or class that does nothing: the parser asks for them only in
 * branches of those languages.
 */
export function cellLanguageOnly(): Plugin {
  const unused =
    /\/sucrase\/dist\/esm\/(?:transformers\/(?:CJSImport|Flow|JestHoist|JSX|NumericSeparator|OptionalCatchBinding|OptionalChainingNullish|ReactDisplayName|ReactHotLoader)Transformer|CJSImportProcessor|identifyShadowedGlobals|Options|parser\/plugins\/flow|parser\/plugins\/jsx\/(?:index|xhtml))\.js$/;
  // Source maps of cells name no files to resolve.
  const addresses = /\/@jridgewell\/resolve-uri\//;
  const helpers = /\/sucrase\/dist\/esm\/HelperManager\.js$/;
  return {
    name: "cell-language-only",
    enforce: "pre",
    load: (id) => {
      // Functions that a transformation to an older JavaScript would add to the code; there is none.
      if (helpers.test(id)) return 'export class HelperManager { emitHelpers() { return "" } }';
      if (addresses.test(id)) return "export default (address) => address;";
      return unused.test(id) ? emptied(readFileSync(id, "utf8")) : null;
    },
  };
}

/** A module with the exports of `source` and nothing in them. */
function emptied(source: string): string {
  const names = [...source.matchAll(/^export (?:async )?(?:function|class|const|let|var) (\w+)/gm)].map(
    ([, name]) => `export function ${name}() {}`,
  );
  if (/^export default/m.test(source)) names.push("export default class {}");
  return names.join("\n");
}
