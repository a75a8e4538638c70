import { cells, type HmapCell } from "../cells/cell.ts";
import { readShared, sharedFragment } from "../cells/share.ts";
import { type FormState, formCode, formTypes, type Operation } from "./form.ts";
import { programs } from "./programs.ts";

/**
 * The playground: a picker of programs and a form, both of which write into the first cell. What is shown is in the
 * address: `#program=ID`, or `#code=` for code of the reader's own. Nothing in an address runs by itself.
 */
class HmapPlayground extends HTMLElement {
  #operations: Operation[] = [];

  connectedCallback(): void {
    const picker = this.#field<HTMLSelectElement>("program");
    picker.addEventListener("change", () => this.#open(picker.value));
    this.querySelector("form")!.addEventListener("submit", (event) => event.preventDefault());
    for (const name of ["type", "hint", "seed"])
      this.#field(name).addEventListener("change", () => this.#write());
    const count = this.#field<HTMLInputElement>("count");
    count.addEventListener("input", () => {
      this.#operations = [{ do: "fill", count: count.valueAsNumber }];
      this.querySelector("output")!.textContent = count.value;
      this.#write();
    });
    count.addEventListener("change", () => void this.#first.run());
    for (const button of this.querySelectorAll<HTMLButtonElement>("button[data-do]")) {
      button.addEventListener("click", () => this.#do(button.dataset.do ?? ""));
    }
    this.addEventListener("input", (event) => {
      if ((event.target as Element).closest("hmap-cell")) this.#address();
    });
    addEventListener("hashchange", () => void this.#read());
    void this.#read();
  }

  /** Takes what the address says into the page; runs nothing. */
  async #read(): Promise<void> {
    const program = new URLSearchParams(location.hash.slice(1)).get("program");
    if (program !== null) {
      this.#open(program);
      return;
    }
    try {
      const shared = await readShared(location.hash);
      if (!shared) return;
      const [first = "", ...rest] = shared.cells;
      for (const extra of cells().slice(1)) extra.remove();
      this.#first.showShared(first);
      for (const code of rest) this.#append().showShared(code);
    } catch (error) {
      this.#first.say((error as Error).message);
    }
  }

  #open(id: string): void {
    const program = programs.find((one) => one.id === id);
    if (!program) return;
    this.#field<HTMLSelectElement>("program").value = id;
    this.querySelector(".question")!.textContent = program.question;
    for (const extra of cells().slice(1)) extra.remove();
    this.#first.replaceCode(program.code);
    history.replaceState(null, "", `#program=${id}`);
  }

  #do(what: string): void {
    const key = this.#field<HTMLInputElement>("key").value;
    const value = this.#field<HTMLInputElement>("value").value;
    if (what === "reset") this.#operations = [];
    else if (what === "set") this.#operations.push({ do: "set", key, value });
    else if (what === "delete") this.#operations.push({ do: "delete", key });
    else if (what === "clear" || what === "gc") this.#operations.push({ do: what });
    this.#write();
    void this.#first.run();
  }

  #write(): void {
    const hint = this.#field<HTMLInputElement>("hint").value;
    const state: FormState = {
      type: this.#field<HTMLSelectElement>("type").value || formTypes[0]!.type,
      hint: hint === "" ? undefined : Number(hint),
      seed: this.#field<HTMLInputElement>("seed").valueAsNumber,
      operations: this.#operations,
    };
    this.#first.replaceCode(formCode(state));
    this.#address();
  }

  /** Puts the code into the address, for the reader to copy or to come back to. */
  #address(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(async () => {
      const fragment = await sharedFragment({ cells: cells().map(({ code }) => code), cell: 1 });
      history.replaceState(null, "", `#${fragment}`);
    }, 300);
  }
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Another cell below the last: a copy of the first one's markup, without code. */
  #append(): HmapCell {
    const made = document.createElement("hmap-cell") as HmapCell;
    made.className = "not-content";
    made.innerHTML =
      '<div class="cell-bar"><span class="cell-count">In [ ]</span><span class="cell-language">TypeScript</span></div><div class="cell-code"><pre class="astro-code" tabindex="0"><code></code></pre></div><div class="cell-output"></div>';
    cells().at(-1)!.after(made);
    return made;
  }

  get #first(): HmapCell {
    return cells()[0]!;
  }

  #field<T extends HTMLElement = HTMLElement>(name: string): T {
    return this.querySelector<T>(`[name="${name}"]`)!;
  }
}

customElements.define("hmap-playground", HmapPlayground);
