import { pageStore } from "../cells/drafts.ts";
import { isDone, Progress } from "./progress.ts";

const base = import.meta.env.BASE_URL.replace(/\/?$/, "/");

/** The list of lessons: adds where to go on, what is done, and taking progress to another browser. */
class HmapCourse extends HTMLElement {
  readonly #progress = new Progress(pageStore());

  connectedCallback(): void {
    this.#show();
    this.querySelector<HTMLElement>(".keep")!.hidden = false;
    this.querySelector("[data-export]")!.addEventListener("click", () => this.#export());
    const file = this.querySelector<HTMLInputElement>("input[type=file]")!;
    this.querySelector("[data-import]")!.addEventListener("click", () => file.click());
    file.addEventListener("change", () => void this.#import(file));
  }

  #show(): void {
    for (const item of this.querySelectorAll<HTMLElement>("[data-lesson]")) {
      const lesson = this.#progress.lesson(item.dataset.lesson ?? "");
      if (!lesson) continue;
      const finished = lesson.exercises.length + lesson.questions.length;
      const all = lesson.of.exercises + lesson.of.questions;
      item.toggleAttribute("data-done", isDone(lesson));
      item.querySelector(".state")!.textContent = isDone(lesson) ? "done ✓" : `${finished} of ${all}`;
    }
    const { place } = this.#progress;
    if (!place) return;
    const resume = this.querySelector<HTMLElement>(".resume")!;
    const link = resume.querySelector("a")!;
    link.href = `${base}${place.path}${place.heading && `#${encodeURIComponent(place.heading)}`}`;
    link.textContent = `Go on: ${place.title}`;
    resume.hidden = false;
  }

  #export(): void {
    const url = URL.createObjectURL(new Blob([this.#progress.export()], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = "hmap-progress.json";
    link.click();
    URL.revokeObjectURL(url);
  }

  async #import(input: HTMLInputElement): Promise<void> {
    const said = this.querySelector(".keep p")!;
    const file = input.files?.[0];
    if (!file) return;
    try {
      this.#progress.import(await file.text());
      said.textContent = "The progress was added.";
      this.#show();
    } catch (error) {
      said.textContent = (error as Error).message;
    }
    input.value = "";
  }
}

customElements.define("hmap-course", HmapCourse);
