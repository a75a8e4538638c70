import type { KernelState, PageKernel } from "./kernel.ts";
import { type Word, word } from "./words.ts";

const states: Record<KernelState, Word> = {
  none: "Kernel not started",
  starting: "Kernel starting",
  idle: "Kernel ready",
  busy: "Kernel busy",
  restarting: "Kernel restarting",
  dead: "Kernel dead",
};

/** What the strip can do with the page. */
export interface PageActions {
  /** Runs every cell of the page in order. */
  runAll(): Promise<void>;
  /** Saves the page's cells as a notebook. */
  downloadNotebook(): Promise<void>;
}

/** Adds the strip at the foot of the page that says how the kernel is and holds what concerns the whole page. */
export function showKernelBar(kernel: PageKernel, page: PageActions): void {
  const bar = document.createElement("section");
  bar.className = "kernel-bar not-content";
  bar.ariaLabel = "Kernel";
  const status = statusLine("kernel-status");
  const note = statusLine("kernel-note");
  const interrupt = action("Interrupt", "Stop the running cell", () => kernel.interrupt());
  const back = action("Bring them back", "Run the cells that had run again, without output", async () => {
    note.textContent = word("The cells that had run are run again.");
    note.textContent = (await kernel.bringBack()) ?? word("The variables are back.");
  });
  bar.append(
    note,
    status,
    action("Run all", "Run every cell of this page, from the top", page.runAll),
    interrupt,
    action("Restart", "Start the kernel again, without variables", () => kernel.restart()),
    action("Notebook", "Download this page as a Jupyter notebook, with your changes", page.downloadNotebook),
  );
  document.body.append(bar);
  document.documentElement.classList.add("has-kernel-bar");

  const show = () => {
    const { state, reason } = kernel;
    status.dataset.state = state;
    status.textContent = word(states[state]);
    interrupt.disabled = state !== "busy";
    if (state === "dead") note.textContent = `${reason} ${word("Press Restart to go on.")}`;
  };
  kernel.addEventListener("state", show);
  kernel.addEventListener("run", () => {
    if (kernel.state !== "dead") note.textContent = "";
  });
  kernel.addEventListener("lost", () => {
    note.textContent = word("All variables are gone: run the cells again from the top.");
    if (kernel.cellsToBringBack > 0) note.append(" ", back);
  });
  show();
}

function statusLine(className: string): HTMLElement {
  const line = document.createElement("span");
  line.className = className;
  line.setAttribute("role", "status");
  return line;
}

function action(label: Word, title: Word, run: () => Promise<void>): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = word(label);
  button.title = word(title);
  button.addEventListener("click", () => void run());
  return button;
}
