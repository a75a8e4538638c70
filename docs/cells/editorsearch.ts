import { highlightSelectionMatches, openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { type EditorView, keymap } from "@codemirror/view";

/** Search and replace in an editor: loaded with the first Ctrl-F. */
export const searching = [search({ top: true }), highlightSelectionMatches(), keymap.of(searchKeymap)];

/** Opens the search panel of an editor that has {@link searching}. */
export function openSearch(view: EditorView): void {
  openSearchPanel(view);
}
