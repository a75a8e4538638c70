import { Draft, pageStore } from "./drafts.ts";
import type { CellEditor } from "./editor.ts";
import { PageKernel, type RunResult } from "./kernel.ts";
import { showKernelBar } from "./kernelbar.ts";

const kernel = new PageKernel();
let kernelBarShown = false;

/**
 * A cell: code that runs where it stands. The page holds it as plain HTML (docs/markdown/code.ts); this element adds
 * Run, Edit and the rest. All cells of a page share one kernel, which loads with the first run; the editor loads
 * with the first edit. Shift-Enter runs and goes on to the next cell, Ctrl-Enter runs and stays.
 */
export class HmapCell extends HTMLElement {
  #original = "";
  #draft!: Draft;
  #editor: CellEditor | undefined;
  /** The text a Reset threw away, for Undo. */
  #undo: string | undefined;
  #running = false;
  /** Whether this cell has run to its end on the present kernel. */
  #ran = false;
  #stopTimer: ReturnType<typeof setTimeout> | undefined;

  readonly #run = button("Run", "Run this cell (Ctrl+Enter)");
  readonly #stop = button("Stop", "Stop the running cell");
  readonly #edit = button("Edit", "Edit this cell");
  readonly #reset = button("Reset", "Bring back the lesson's code");

  connectedCallback(): void {
    if (this.#original) return;
    this.#original = this.#pre.textContent ?? "";
    const index = cells().indexOf(this);
    this.#draft = new Draft(pageStore(), location.pathname, index, this.#original);

    const actions = document.createElement("span");
    actions.className = "cell-actions";
    this.#run.classList.add("cell-run");
    this.#stop.hidden = true;
    actions.append(this.#reset, this.#edit, this.#stop, this.#run);
    this.#part("bar").append(actions);
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", `Code cell ${index + 1}`);
    const output = this.#part("output");
    output.setAttribute("aria-live", "polite");
    output.setAttribute("role", "region");
    output.setAttribute("aria-label", `Output of code cell ${index + 1}`);

    const draft = this.#draft.read();
    if (draft !== undefined) this.#showText(draft);
    this.#showEdited();

    this.#run.addEventListener("click", () => void this.run());
    this.#stop.addEventListener("click", () => void this.#interrupt());
    this.#edit.addEventListener("click", () => void this.edit());
    this.#reset.addEventListener("click", () => this.#resetOrUndo());
    for (const sign of ["pointerenter", "focus"]) {
      this.#run.addEventListener(sign, () => kernel.prefetch(), { once: true });
      this.#edit.addEventListener(sign, () => void loadEditor().catch(() => undefined), { once: true });
    }
    this.addEventListener("keydown", (event) => this.#key(event));
    kernel.addEventListener("lost", () => this.#forget());
  }

  /** The code as it stands: edited or not. */
  get code(): string {
    return this.#editor?.text ?? this.#draft.read() ?? this.#original;
  }

  /** Whether the cell has run to its end since the kernel was started. */
  get ran(): boolean {
    return this.#ran;
  }

  /** Runs the cell and shows its output. A cell that is running already is left alone. */
  async run(): Promise<RunResult | undefined> {
    if (this.#running) return undefined;
    if (!kernelBarShown) showKernelBar(kernel, runAll);
    kernelBarShown = true;
    this.#setRunning(true);
    this.#count("*");
    const output = this.#part("output");
    let result: RunResult;
    try {
      result = await kernel.run(this.code, output, () => {
        // Stop is offered to what takes long, not flashed at what does not.
        this.#stopTimer = setTimeout(() => {
          this.#stop.hidden = false;
        }, 250);
      });
    } catch {
      result = { status: "aborted", count: null };
    }
    this.#setRunning(false);
    this.#ran = result.status === "ok";
    this.#count(result.count ?? " ");
    if (result.error === "ReferenceError") this.#offerRunAbove(output);
    return result;
  }

  /** Opens the editor in place of the listing and puts the cursor into it. */
  async edit(): Promise<void> {
    if (this.#editor) {
      this.#editor.focus();
      return;
    }
    this.#edit.ariaBusy = "true";
    try {
      const { openEditor } = await loadEditor();
      const index = cells().indexOf(this);
      const text = this.code;
      this.#pre.hidden = true;
      this.#editor = openEditor(this.#part("code"), text, {
        label: `Code of cell ${index + 1}. Ctrl+Enter runs it, Escape leaves the editor.`,
        onChange: (changed) => this.#changed(changed),
        onLeave: () => this.#run.focus(),
      });
      this.#edit.hidden = true;
      this.#editor.focus();
    } catch {
      this.#edit.title = "The editor could not be loaded. Check the connection and press Edit again.";
      this.#edit.textContent = "Edit: try again";
    } finally {
      this.#edit.ariaBusy = null;
    }
  }

  /** Puts the keyboard into this cell: into its editor when that is open, else on Run. */
  enter(): void {
    if (this.#editor) this.#editor.focus();
    else this.#run.focus();
    this.scrollIntoView({ block: "nearest" });
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey || event.shiftKey)) return;
    event.preventDefault();
    event.stopPropagation();
    void this.run();
    if (event.shiftKey) {
      const all = cells();
      all[all.indexOf(this) + 1]?.enter();
    }
  }

  async #interrupt(): Promise<void> {
    this.#stop.disabled = true;
    await kernel.interrupt();
    this.#stop.disabled = false;
  }

  #changed(text: string): void {
    this.#undo = undefined;
    this.#draft.write(text);
    this.#showEdited();
  }

  #resetOrUndo(): void {
    const undo = this.#undo;
    const before = this.code;
    this.#showText(undo ?? this.#original);
    this.#undo = undo === undefined ? before : undefined;
    this.#draft.write(undo ?? this.#original);
    this.#showEdited();
  }

  #showText(text: string): void {
    if (this.#editor) {
      this.#editor.text = text;
      return;
    }
    const code = this.#pre.querySelector("code");
    if (!code) return;
    // The lesson's own code keeps its colours; a reader's text gets them back in the editor.
    this.#coloured ??= code.innerHTML;
    if (text === this.#original) code.innerHTML = this.#coloured;
    else code.textContent = text;
  }
  #coloured: string | undefined;

  #showEdited(): void {
    const edited = this.code !== this.#original;
    this.toggleAttribute("data-edited", edited);
    this.#reset.hidden = !edited && this.#undo === undefined;
    this.#reset.textContent = this.#undo === undefined ? "Reset" : "Undo reset";
    this.#reset.title =
      this.#undo === undefined ? "Bring back the lesson's code" : "Bring back what you had written";
  }

  #setRunning(running: boolean): void {
    this.#running = running;
    this.toggleAttribute("data-running", running);
    this.#run.setAttribute("aria-disabled", String(running));
    this.#part("output").ariaBusy = String(running);
    if (running) return;
    clearTimeout(this.#stopTimer);
    if (document.activeElement === this.#stop) this.#run.focus();
    this.#stop.hidden = true;
  }

  #count(count: number | string): void {
    this.#part("count").textContent = `In [${count}]`;
  }

  /** The variables are gone: the numbers of earlier runs would claim otherwise. */
  #forget(): void {
    this.#ran = false;
    if (!this.#running) this.#count(" ");
  }

  #offerRunAbove(output: HTMLElement): void {
    const all = cells();
    const above = all.slice(0, all.indexOf(this)).filter((cell) => !cell.ran);
    if (above.length === 0) return;
    const offer = button(
      above.length === 1
        ? "Run the cell above, then this one"
        : `Run the ${above.length} cells above, then this one`,
    );
    offer.classList.add("cell-offer");
    offer.addEventListener("click", () => {
      this.#run.focus();
      void runInOrder([...above, this]);
    });
    output.append(offer);
  }

  get #pre(): HTMLElement {
    return this.querySelector<HTMLElement>(".cell-code > pre")!;
  }

  #part(name: "bar" | "count" | "code" | "output"): HTMLElement {
    return this.querySelector<HTMLElement>(`.cell-${name}`)!;
  }
}

/** Runs cells one after the other; stops at the first that fails. */
async function runInOrder(list: readonly HmapCell[]): Promise<void> {
  for (const cell of list) {
    const result = await cell.run();
    if (result?.status !== "ok") return;
  }
}

const runAll = () => runInOrder(cells());

const cells = (): HmapCell[] => [...document.querySelectorAll<HmapCell>("hmap-cell")];

const loadEditor = () => import("./editor.ts");

function button(label: string, title = ""): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  if (title) made.title = title;
  return made;
}

customElements.define("hmap-cell", HmapCell);
