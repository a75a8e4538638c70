import type { Locator, Page } from "playwright-core";

/** For end-to-end tests of English pages: the n-th cell of a page, from 1, and its parts. */
export function cell(page: Page, n: number) {
  const root = page.locator("hmap-cell").nth(n - 1);
  const output = root.locator(".cell-output");
  return {
    root,
    run: root.getByRole("button", { name: "Run", exact: true }),
    edit: root.getByRole("button", { name: "Edit" }),
    stop: root.getByRole("button", { name: "Stop" }),
    reset: root.getByRole("button", { name: /reset/i }),
    editor: root.getByRole("textbox"),
    count: root.locator(".cell-count"),
    output,
    diagram: output.locator("svg"),
    error: output.locator(".output-error"),
  };
}

/** The label of a cell that has run. */
export const isDone = /^In \[\d+\]$/;

/** Waits until the n-th cell has run. */
export const runs = (page: Page, n: number, label = isDone): Promise<void> =>
  cell(page, n).root.locator(".cell-count", { hasText: label }).waitFor();

/** Replaces the text of a cell by keyboard, as a reader would. */
export async function write(page: Page, n: number, text: string): Promise<void> {
  const { edit, editor } = cell(page, n);
  if (await edit.isVisible()) await edit.click();
  await editor.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

/** The lines of an open editor, as one text. */
export async function textOf(editor: Locator): Promise<string> {
  const lines = editor.locator(".cm-line");
  await lines.first().waitFor();
  return (await lines.allTextContents()).join("\n");
}

/** How a cell of the page ended; from 0. */
export interface CellEnd {
  cell: number;
  status: string;
  error: string;
}

/** Does something that runs cells, and gives how the given number of runs ended, or all up to the first that failed. */
export async function endsOf(page: Page, count: number, act: () => Promise<void>): Promise<CellEnd[]> {
  await page.evaluate(() => {
    const ends: CellEnd[] = [];
    Object.assign(window, { ends });
    window.stopEnds?.();
    const note = (event: Event) => {
      const { status, error } = (event as CustomEvent<{ status: string; error?: { message: string } }>)
        .detail;
      const cells = [...document.querySelectorAll("hmap-cell")];
      ends.push({ cell: cells.indexOf(event.target as Element), status, error: error?.message ?? "" });
    };
    addEventListener("cellrun", note);
    window.stopEnds = () => removeEventListener("cellrun", note);
  });
  await act();
  await page.waitForFunction(
    (count) => window.ends!.length >= count || window.ends!.some(({ status }) => status !== "ok"),
    count,
  );
  return page.evaluate(() => window.ends!);
}

declare global {
  interface Window {
    ends?: CellEnd[];
    stopEnds?: () => void;
  }
}
