import { cellMenu } from "./cellmenu.ts";
import { Draft, pageStore } from "./drafts.ts";
import type { CellEditor } from "./editor.ts";
import { PageKernel, type RunResult } from "./kernel.ts";
import { showKernelBar } from "./kernelbar.ts";
import { type Word, word } from "./words.ts";

const kernel = new PageKernel();
let kernelBarShown = false;

/**
 * A cell: code that runs where it stands. The page holds it as plain HTML (docs/markdown/code.ts); this element adds
 * Run, Edit and the rest. All cells of a page share one kernel, which loads with the first run; the editor loads
 * with the first edit. Shift-Enter runs and goes on to the next cell, Ctrl-Enter runs and stays.
 *
 * Events, which bubble: `cellrun` with the {@link RunResult} as its detail.
 */
export class HmapCell extends HTMLElement {
  #original: string | undefined;
  #draft!: Draft;
  #editor: CellEditor | undefined;
  /** The text a Reset threw away, or the reader's own behind that of a link: for Undo. */
  #undo: string | undefined;
  /** Code that came with a link, as long as the reader has not changed it. */
  #shared: string | undefined;
  #running = false;
  #underWay: Promise<RunResult> | undefined;
  /** The code of the last run that came to its end on the present kernel. */
  #ranCode: string | undefined;
  /** What {@link #ranCode} was on the kernel before. */
  #ranBefore: string | undefined;
  #stopTimer: ReturnType<typeof setTimeout> | undefined;

  readonly #run = button("Run", "Run this cell (Ctrl+Enter)");
  readonly #stop = button("Stop", "Stop the running cell");
  readonly #edit = button("Edit", "Edit this cell");
  readonly #reset = button("Reset", "Bring back the lesson's code");
  readonly #note = document.createElement("p");

  connectedCallback(): void {
    if (this.#original !== undefined) return;
    this.#original = this.#pre.textContent ?? "";
    const number = cells().indexOf(this) + 1;
    this.#draft = new Draft(pageStore(), location.pathname, number - 1, this.#original);
    this.#build(number);
    const draft = this.#draft.read();
    if (draft !== undefined) this.#showText(draft);
    this.#showEdited();

    this.#run.addEventListener("click", () => void (this.is("check") ? this.check() : this.run()));
    this.#stop.addEventListener("click", () => void this.#interrupt());
    this.#edit.addEventListener("click", () => void this.edit());
    this.#reset.addEventListener("click", () => this.#resetOrUndo());
    for (const sign of ["pointerenter", "focus"]) {
      this.#run.addEventListener(sign, () => kernel.prefetch(), { once: true });
      this.#edit.addEventListener(sign, () => void loadEditor().catch(() => undefined), { once: true });
    }
    this.addEventListener("keydown", (event) => this.#key(event));
    kernel.addEventListener("lost", () => this.#forget());
    kernel.addEventListener("found", () => {
      this.#ranCode ??= this.#ranBefore;
    });
  }

  /** The code as it stands: edited or not. */
  get code(): string {
    return this.#editor?.text ?? this.#shared ?? this.#draft.read() ?? this.original;
  }

  /** The code as the page has it. */
  get original(): string {
    return this.#original ?? "";
  }

  /** Whether the cell, as it stands, has run to its end since the kernel was started. */
  get ran(): boolean {
    return this.#ranCode === this.code;
  }

  /** Whether the cell has a tag: `exercise`, `check`, `solution`. */
  is(tag: string): boolean {
    return this.dataset.tags?.split(" ").includes(tag) === true;
  }

  /** Runs the cell and shows its output. A cell that runs already does not run twice: its end is waited for. */
  run(): Promise<RunResult> {
    this.#underWay ??= this.#runOnce().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #runOnce(): Promise<RunResult> {
    if (!kernelBarShown) showKernelBar(kernel, { runAll, downloadNotebook });
    kernelBarShown = true;
    this.#setRunning(true);
    this.#count("*");
    this.#showFault(undefined);
    const { code } = this;
    const output = this.#part("output");
    let result: RunResult;
    try {
      result = await kernel.run(code, output, () => {
        // Stop is offered to what takes long, not flashed at what does not.
        this.#stopTimer = setTimeout(() => {
          this.#stop.hidden = false;
        }, 250);
      });
    } catch {
      result = { status: "aborted", count: null };
    }
    this.#setRunning(false);
    this.#ranCode = result.status === "ok" ? code : undefined;
    this.#count(result.count ?? " ");
    this.#showFault(result.error?.place);
    if (result.error?.name === "ReferenceError") this.#offerRunAbove(output);
    this.dispatchEvent(new CustomEvent("cellrun", { bubbles: true, detail: result }));
    return result;
  }

  /** For a check: runs what it looks at, if that has not run as it stands, and then the check itself. */
  async check(): Promise<void> {
    await runInOrder([...this.#notYetRun(), this]);
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
      const number = cells().indexOf(this) + 1;
      const text = this.code;
      this.#pre.hidden = true;
      this.#editor = openEditor(this.#part("code"), text, {
        label: `${word("Code of cell")} ${number}. ${word("Ctrl+Enter runs it, Escape leaves the editor.")}`,
        kernel,
        onChange: (changed) => this.#changed(changed),
        onLeave: () => this.#run.focus(),
      });
      this.#edit.hidden = true;
      this.#editor.focus();
    } catch {
      this.#edit.title = word("The editor could not be loaded. Check the connection and press Edit again.");
      this.#edit.textContent = word("Edit: try again");
    } finally {
      this.#edit.ariaBusy = null;
    }
  }

  /** Shows code that came with a link. It does not run, and is not kept unless the reader changes it. */
  showShared(code: string): void {
    const own = this.#draft.read();
    this.#shared = code;
    this.#undo = own;
    this.#showText(code);
    this.#showEdited();
    this.say(word("This code came with the link. It has not run: read it, then press Run."));
    this.scrollIntoView({ block: "center" });
  }

  /** Puts other code into the cell, as if the reader had typed it. */
  replaceCode(code: string): void {
    this.#showText(code);
    this.#changed(code);
  }

  /** Says something in the cell's bar, to the eye and to the ear. */
  say(words: string): void {
    this.#note.textContent = words;
  }

  /** Puts the keyboard into this cell: into its editor when that is open, else on Run. */
  enter(): void {
    if (this.#editor) this.#editor.focus();
    else this.#run.focus();
    this.scrollIntoView({ block: "nearest" });
  }

  #build(number: number): void {
    const actions = document.createElement("span");
    actions.className = "cell-actions";
    this.#run.classList.add("cell-run");
    if (this.is("check")) {
      this.#run.textContent = word("Check");
      this.#run.title = word("Look whether the exercise is done (Ctrl+Enter)");
      this.#edit.hidden = true;
    }
    this.#stop.hidden = true;
    const entries = [
      { label: word("Run this and all above"), act: () => runInOrder([...this.#above(), this]) },
      { label: word("Copy the code"), act: () => copy(this.code, word("The code is on the clipboard.")) },
      { label: word("Copy a link to this code"), act: () => this.#copyLink(number) },
      { label: word("Download as notebook"), act: downloadNotebook },
      { label: word("Open in the playground"), act: () => openPlayground([...this.#above(), this]) },
    ];
    // Stop lies over Run, so that nothing moves when it comes.
    const slot = document.createElement("span");
    slot.className = "cell-run-slot";
    this.#stop.classList.add("cell-stop");
    slot.append(this.#run, this.#stop);
    actions.append(
      this.#reset,
      this.#edit,
      slot,
      cellMenu(entries, (words) => this.say(words)),
    );
    this.#part("bar").append(actions);
    this.#note.className = "cell-note";
    this.#note.setAttribute("role", "status");
    this.#part("bar").after(this.#note);
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", `${word("Code cell")} ${number}`);
    const output = this.#part("output");
    output.setAttribute("aria-live", "polite");
    output.setAttribute("role", "region");
    output.setAttribute("aria-label", `${word("Output of code cell")} ${number}`);
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey || event.shiftKey)) return;
    event.preventDefault();
    event.stopPropagation();
    void (this.is("check") ? this.check() : this.run());
    if (event.shiftKey) {
      const all = cells();
      const next = all.slice(all.indexOf(this) + 1).find((cell) => cell.checkVisibility());
      next?.enter();
    }
  }

  async #interrupt(): Promise<void> {
    this.#stop.disabled = true;
    await kernel.interrupt();
    this.#stop.disabled = false;
  }

  #changed(text: string): void {
    // What stood behind a link's code is the reader's own, and stays to be had.
    if (this.#shared === undefined) this.#undo = undefined;
    this.#shared = undefined;
    this.#draft.write(text);
    this.#showFault(undefined);
    this.#showEdited();
  }

  #resetOrUndo(): void {
    const undo = this.#undo;
    const before = this.code;
    this.#shared = undefined;
    this.#showText(undo ?? this.original);
    this.#undo = undo === undefined ? before : undefined;
    this.#draft.write(undo ?? this.original);
    this.say("");
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
    if (text === this.original) code.innerHTML = this.#coloured;
    else code.textContent = text;
  }
  #coloured: string | undefined;

  #showEdited(): void {
    const edited = this.code !== this.original;
    this.toggleAttribute("data-edited", edited);
    this.#reset.hidden = !edited && this.#undo === undefined;
    this.#reset.textContent = word(this.#undo === undefined ? "Reset" : "Undo reset");
    this.#reset.title = word(
      this.#undo === undefined ? "Bring back the lesson's code" : "Bring back what you had written",
    );
  }

  /** Marks the place of an error, in the editor or the listing. */
  #showFault(place: { line: number; column: number } | undefined): void {
    this.#editor?.markFault(place);
    const lines = this.#pre.querySelectorAll(".line");
    for (const [n, line] of lines.entries()) line.classList.toggle("line-fault", n + 1 === place?.line);
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
    this.#ranBefore = this.#ranCode;
    this.#ranCode = undefined;
    if (!this.#running) this.#count(" ");
  }

  /** The cells above that are part of the text: not checks, and not solutions, which would do the reader's work. */
  #above(): HmapCell[] {
    const all = cells();
    return all.slice(0, all.indexOf(this)).filter((cell) => !cell.is("check") && !cell.is("solution"));
  }

  #notYetRun(): HmapCell[] {
    return this.#above().filter((cell) => !cell.ran);
  }

  #offerRunAbove(output: HTMLElement): void {
    const above = this.#notYetRun();
    if (above.length === 0) return;
    const offer = button(
      above.length === 1 ? "Run the cell above, then this one" : "Run the cells above, then this one",
    );
    offer.classList.add("cell-offer");
    offer.addEventListener("click", () => {
      this.#run.focus();
      void runInOrder([...above, this]);
    });
    output.append(offer);
  }

  async #copyLink(number: number): Promise<string> {
    const { sharedFragment } = await import("./share.ts");
    const url = new URL(location.href);
    url.hash = await sharedFragment({ cells: [this.code], cell: number });
    return copy(url.href, word("The link is on the clipboard. The code is in it, and nowhere else."));
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
    if (result.status !== "ok") return;
  }
}

const runAll = () => runInOrder(cells().filter((cell) => !cell.is("check") && !cell.is("solution")));

/** The cells of the page, in order. */
export const cells = (): HmapCell[] => [...document.querySelectorAll<HmapCell>("hmap-cell")];

const loadEditor = () => import("./editor.ts");

async function copy(text: string, done: string): Promise<string> {
  try {
    await navigator.clipboard.writeText(text);
    return done;
  } catch {
    return `${word("The browser does not let this page use the clipboard. Copy it here:")} ${text}`;
  }
}

async function downloadNotebook(): Promise<void> {
  const file = await import("./notebookfile.ts");
  await file.downloadNotebook(cells());
}

async function openPlayground(list: readonly HmapCell[]): Promise<void> {
  const { sharedFragment } = await import("./share.ts");
  const fragment = await sharedFragment({ cells: list.map(({ code }) => code), cell: 1 });
  location.assign(`${import.meta.env.BASE_URL.replace(/\/?$/, "/")}playground/#${fragment}`);
}

function button(label: Word, title?: Word): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = word(label);
  if (title) made.title = word(title);
  return made;
}

/** Shows the code of a share link in the cell it is for, on pages that do not themselves take such code. */
async function showLinked(): Promise<void> {
  if (!/[#&]code=/.test(location.hash) || document.querySelector("hmap-playground")) return;
  const { readShared } = await import("./share.ts");
  try {
    const shared = await readShared(location.hash);
    if (shared) cells()[shared.cell - 1]?.showShared(shared.cells[0]!);
  } catch (error) {
    cells()[0]?.say(word((error as Error).message as Word));
  }
}

customElements.define("hmap-cell", HmapCell);
void showLinked();
addEventListener("hashchange", () => void showLinked());
