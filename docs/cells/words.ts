/** What cells and lessons say to a reader, in English. docs/content/i18n has the other languages, under `hmap:` and these. */
export const words = [
  "Run",
  "Stop",
  "Edit",
  "Reset",
  "Undo reset",
  "Check",
  "More for this cell",
  "Run this and all above",
  "Copy the code",
  "Copy a link to this code",
  "Download as notebook",
  "Open in the playground",
  "The code is on the clipboard.",
  "The link is on the clipboard. The code is in it, and nowhere else.",
  "This code came with the link. It has not run: read it, then press Run.",
  "Run the cell above, then this one",
  "Run the cells above, then this one",
  "Kernel not started",
  "Kernel starting",
  "Kernel ready",
  "Kernel busy",
  "Kernel restarting",
  "Kernel dead",
  "Run all",
  "Interrupt",
  "Restart",
  "Notebook",
  "All variables are gone: run the cells again from the top.",
  "Bring them back",
  "The cells that had run are run again.",
  "The variables are back.",
  "Press Restart to go on.",
  "of",
  "exercises",
  "questions",
  "Done:",
] as const;

/** One of {@link words}. */
export type Word = (typeof words)[number];

let table: Readonly<Record<string, string>> | undefined;

/** A word in the language of the page (docs/components/Head.astro puts the table into it), or else in English. */
export function word(english: Word): string {
  table ??= JSON.parse(document.getElementById("hmap-words")?.textContent ?? "{}") as Record<string, string>;
  return table[english] ?? english;
}
