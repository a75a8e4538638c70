import { word } from "./words.ts";

/** One entry of a cell's menu. */
export interface MenuEntry {
  label: string;
  /** May return words to say when it is done. */
  act(): unknown;
}

/**
 * The button with three dots and the list of what else can be done with a cell. Closed by Escape, by a click elsewhere
 * and by any of its entries.
 */
export function cellMenu(entries: readonly MenuEntry[], say: (words: string) => void): HTMLElement {
  const menu = document.createElement("details");
  menu.className = "cell-menu";
  const summary = document.createElement("summary");
  summary.ariaLabel = word("More for this cell");
  summary.title = word("More for this cell");
  summary.textContent = "⋯";
  const list = document.createElement("ul");
  for (const { label, act } of entries) {
    const item = document.createElement("li");
    const choice = document.createElement("button");
    choice.type = "button";
    choice.textContent = label;
    choice.addEventListener("click", async () => {
      menu.open = false;
      summary.focus();
      try {
        const words = await act();
        if (typeof words === "string") say(words);
      } catch (error) {
        say(`${word("That did not work:")} ${(error as Error).message}`);
      }
    });
    item.append(choice);
    list.append(item);
  }
  menu.append(summary, list);
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    summary.focus();
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !menu.contains(relatedTarget as Node)) menu.open = false;
  });
  const outside = (event: Event) => {
    if (!menu.contains(event.target as Node)) menu.open = false;
  };
  menu.addEventListener("toggle", () => {
    if (menu.open) addEventListener("pointerdown", outside);
    else removeEventListener("pointerdown", outside);
  });
  return menu;
}
