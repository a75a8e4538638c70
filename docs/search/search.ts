/** The search button: opens its dialog and then loads the search itself (panel.ts), once. */
class SiteSearch extends HTMLElement {
  #loading: Promise<void> | undefined;

  connectedCallback(): void {
    const open = this.querySelector<HTMLButtonElement>("[data-open-modal]")!;
    const dialog = this.querySelector("dialog")!;
    open.addEventListener("click", () => void this.#open(dialog));
    for (const sign of ["pointerenter", "focus"])
      open.addEventListener(sign, () => void this.#load(), { once: true });
    this.querySelector("[data-close-modal]")!.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => {
      // A click on the backdrop is one on the dialog itself; a link leads away, perhaps to this very page.
      if (event.target === dialog || (event.target as Element).closest("a")) dialog.close();
    });
    addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== "k") return;
      event.preventDefault();
      if (dialog.open) dialog.close();
      else void this.#open(dialog);
    });
  }

  async #open(dialog: HTMLDialogElement): Promise<void> {
    dialog.showModal();
    await this.#load();
    this.querySelector("input")?.focus();
  }

  async #load(): Promise<void> {
    const note = this.querySelector(".search-note")!;
    this.#loading ??= import("./panel.ts").then(({ openPanel }) =>
      openPanel(
        this.querySelector<HTMLElement>("#site-search")!,
        JSON.parse(this.dataset.translations ?? "{}"),
      ),
    );
    try {
      await this.#loading;
      note.textContent = "";
    } catch {
      this.#loading = undefined;
      note.textContent = "The search could not be loaded. Check the connection and open it again.";
    }
  }
}

customElements.define("site-search", SiteSearch);
