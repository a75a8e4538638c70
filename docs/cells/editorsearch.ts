import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { type EditorView, keymap } from "@codemirror/view";
import { type Word, word } from "./words.ts";

/** CodeMirror's words of its search, as it looks them up. */
const phrases = [
  "Find",
  "Replace",
  "next",
  "previous",
  "all",
  "match case",
  "regexp",
  "by word",
  "replace",
  "replace all",
  "close",
] as const satisfies Word[];

/** Search and replace in an editor: loaded with the first Ctrl-F. */
export const searching = [
  search({ top: true }),
  highlightSelectionMatches(),
  keymap.of(searchKeymap),
  EditorState.phrases.of(Object.fromEntries(phrases.map((phrase) => [phrase, word(phrase)]))),
];

/** Opens the search panel of an editor that has {@link searching}. */
export function openSearch(view: EditorView): void {
  openSearchPanel(view);
}
