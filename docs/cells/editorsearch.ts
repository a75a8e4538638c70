import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { type EditorView, keymap } from "@codemirror/view";
import { searchWords, word } from "./words.ts";

/** Search and replace in an editor: loaded with the first Ctrl-F. */
export const searching = [
  search({ top: true }),
  highlightSelectionMatches(),
  keymap.of(searchKeymap),
  EditorState.phrases.of(Object.fromEntries(searchWords.map((phrase) => [phrase, word(phrase)]))),
];

/** Opens the search panel of an editor that has {@link searching}. */
export function openSearch(view: EditorView): void {
  openSearchPanel(view);
}
