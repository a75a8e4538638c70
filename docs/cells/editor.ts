import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** An open editor. */
export interface CellEditor {
  /** The whole text; setting it is one step of the editor's history, so it can be undone. */
  text: string;
  focus(): void;
}

/**
 * Opens a CodeMirror editor inside `place`, in a shadow root: its style sheet then is an adopted one, which a strict
 * style-src allows. Colours and type are the page's own variables (docs/styles/code.css).
 */
export function openEditor(
  place: HTMLElement,
  text: string,
  options: { label: string; onChange(text: string): void; onLeave(): void },
): CellEditor {
  const host = document.createElement("div");
  host.className = "cell-editor";
  const root = host.attachShadow({ mode: "open" });
  place.append(host);

  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: text,
      extensions: [
        history(),
        drawSelection(),
        EditorState.allowMultipleSelections.of(true),
        indentUnit.of("  "),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        highlightSelectionMatches(),
        search({ top: true }),
        javascript({ typescript: true }),
        syntaxHighlighting(colours),
        look,
        EditorView.contentAttributes.of({ "aria-label": options.label, spellcheck: "false" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onChange(update.state.doc.toString());
        }),
        keymap.of([
          // Enter with Ctrl or Shift runs the cell: the element around the editor hears it.
          { key: "Mod-Enter", run: () => true },
          { key: "Shift-Enter", run: () => true },
          ...closeBracketsKeymap,
          ...searchKeymap,
          ...historyKeymap,
          ...defaultKeymap,
          // After the others: Escape first closes a search, then leaves. Tab always moves on, as on any page.
          {
            key: "Escape",
            run: () => {
              options.onLeave();
              return true;
            },
          },
        ]),
      ],
    }),
  });

  return {
    get text() {
      return view.state.doc.toString();
    },
    set text(value) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value } });
    },
    focus: () => view.focus(),
  };
}

/** The same distinctions as in listings: docs/markdown/code.ts. */
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier, tags.self], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.escape], color: "var(--code-constant)" },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName), tags.typeName, tags.className],
    color: "var(--code-function)",
  },
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
]);

const look = EditorView.theme({
  "&": { color: "var(--code-ink)", backgroundColor: "transparent", fontSize: "var(--code-size)" },
  "&.cm-focused": { outline: "2px solid var(--sl-color-accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--code-font)", lineHeight: "var(--code-leading)" },
  ".cm-content": { padding: "0.8rem 0", caretColor: "var(--code-ink)" },
  ".cm-line": { padding: "0 1rem" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--code-ink)", borderLeftWidth: "2px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--code-selection)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "transparent",
    outline: "1px solid var(--code-comment)",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--code-selection)" },
  ".cm-searchMatch": { backgroundColor: "var(--code-selection)", outline: "1px solid var(--code-comment)" },
  ".cm-panels": { backgroundColor: "var(--paper)", color: "var(--code-ink)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--paper-edge)" },
  ".cm-textfield, .cm-button": {
    background: "var(--sl-color-black)",
    color: "var(--code-ink)",
    border: "1px solid var(--paper-edge)",
    borderRadius: "4px",
  },
});
