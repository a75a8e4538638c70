import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, isolateHistory } from "@codemirror/commands";
import { typescriptLanguage } from "@codemirror/lang-javascript";
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { Compartment, EditorState, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  hoverTooltip,
  keymap,
  tooltips,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { PageKernel } from "./kernel.ts";

/** An open editor. */
export interface CellEditor {
  /** The whole text; setting it is one step of the editor's history, so it can be undone. */
  text: string;
  focus(): void;
  /** Marks the place of an error (line and column from 1), or takes the mark away. */
  markFault(place: { line: number; column: number } | undefined): void;
}

/** What the editor asks of the kernel. */
type Adviser = Pick<PageKernel, "complete" | "inspect">;

/**
 * Opens a CodeMirror editor inside `place`, in a shadow root: its style sheet then is an adopted one, which a strict
 * style-src allows. Colours and type are the page's own variables (docs/styles/code.css).
 */
export function openEditor(
  place: HTMLElement,
  text: string,
  options: { label: string; kernel: Adviser; onChange(text: string): void; onLeave(): void },
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
        searchSlot.of([]),
        typescriptLanguage,
        typescriptLanguage.data.of({ closeBrackets: { brackets: ["(", "[", "{", "'", '"', "`"] } }),
        autocompletion({ override: [(context) => complete(context, options.kernel)], icons: false }),
        hoverTooltip((editor, position) => describe(editor, position, options.kernel)),
        tooltips({ parent: root as unknown as HTMLElement }),
        fault,
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
          ...completionKeymap,
          ...closeBracketsKeymap,
          { key: "Mod-f", run: startSearch },
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
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: value },
        // Or it would be one step with what was typed just before.
        annotations: isolateHistory.of("full"),
      });
    },
    focus: () => view.focus(),
    markFault: (place) => view.dispatch({ effects: setFault.of(place) }),
  };
}

/** Where search and replace goes when it has been loaded. */
const searchSlot = new Compartment();

function startSearch(view: EditorView): boolean {
  void import("./editorsearch.ts").then(({ searching, openSearch }) => {
    view.dispatch({ effects: searchSlot.reconfigure(searching) });
    openSearch(view);
  });
  return true;
}

/** Types of the kernel's completions that CodeMirror has a word for. */
const shownTypes = new Set([
  "class",
  "constant",
  "function",
  "keyword",
  "method",
  "namespace",
  "property",
  "variable",
]);

/** Asks while a name is being typed, after a dot, and on Ctrl-Space. */
async function complete(context: CompletionContext, kernel: Adviser): Promise<CompletionResult | null> {
  if (!context.explicit && !context.matchBefore(/[\w$]+|\.|(?:^|[\s([{,:=])["'][^"'\s)]*/)) return null;
  const found = await kernel.complete(context.state.doc.toString(), context.pos);
  if (!found || found.matches.length === 0 || context.aborted) return null;
  return {
    from: found.from,
    to: found.to,
    validFor: /^[\w$]*$/,
    options: found.matches.map(({ text, type }) => ({
      label: text,
      ...(type !== undefined && shownTypes.has(type) && { type, detail: type }),
    })),
  };
}

/** What the kernel knows of the name under the pointer. */
async function describe(view: EditorView, position: number, kernel: Adviser) {
  const line = view.state.doc.lineAt(position);
  const name = [...line.text.matchAll(/[\w$]+/g)].find(
    ({ index, 0: word }) => line.from + index <= position && position <= line.from + index + word.length,
  );
  if (!name) return null;
  const text = await kernel.inspect(view.state.doc.toString(), position);
  if (!text) return null;
  return {
    pos: line.from + name.index,
    end: line.from + name.index + name[0].length,
    create: () => {
      const dom = document.createElement("div");
      dom.className = "cm-about";
      dom.textContent = text;
      return { dom };
    },
  };
}

const setFault = StateEffect.define<{ line: number; column: number } | undefined>();

/** The line of the last error, and in it the word where it happened. Any change of the text takes the mark away. */
const fault = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    const effect = transaction.effects.find((one) => one.is(setFault));
    if (!effect) return transaction.docChanged ? Decoration.none : marks;
    const place = effect.value as { line: number; column: number } | undefined;
    const { doc } = transaction.state;
    if (!place || place.line > doc.lines) return Decoration.none;
    const line = doc.line(place.line);
    const from = Math.min(line.from + place.column - 1, line.to);
    const word = /^[\w$]+|^./.exec(line.text.slice(from - line.from))?.[0] ?? "";
    const ranges = [Decoration.line({ class: "cm-fault-line" }).range(line.from)];
    if (word) ranges.push(Decoration.mark({ class: "cm-fault" }).range(from, from + word.length));
    return Decoration.set(ranges);
  },
  provide: (field) => EditorView.decorations.from(field),
});

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
  ".cm-fault-line": { backgroundColor: "var(--bad-paper)" },
  ".cm-fault": { textDecoration: "underline wavy var(--bad)", textUnderlineOffset: "3px" },
  ".cm-tooltip": {
    border: "1px solid var(--sl-color-gray-5)",
    borderRadius: "6px",
    backgroundColor: "var(--paper)",
    color: "var(--code-ink)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--code-font)", maxHeight: "14em" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.2rem 0.6rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": {
    background: "var(--code-selection)",
    color: "var(--code-ink)",
  },
  ".cm-completionDetail": { color: "var(--code-comment)", fontStyle: "normal", marginLeft: "1rem" },
  ".cm-about": {
    padding: "0.4rem 0.7rem",
    maxWidth: "36rem",
    maxHeight: "16rem",
    overflow: "auto",
    fontFamily: "var(--code-font)",
    fontSize: "var(--sl-text-xs)",
    whiteSpace: "pre-wrap",
  },
  ".cm-panels": { backgroundColor: "var(--paper)", color: "var(--code-ink)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--paper-edge)" },
  ".cm-textfield, .cm-button": {
    background: "var(--sl-color-black)",
    color: "var(--code-ink)",
    border: "1px solid var(--paper-edge)",
    borderRadius: "4px",
  },
});
