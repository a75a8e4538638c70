import { cells } from "../cells/cell.ts";
import { pageStore } from "../cells/drafts.ts";
import type { RunResult } from "../cells/kernel.ts";
import { type Word, word } from "../cells/words.ts";
import { isDone, Progress } from "./progress.ts";

/**
 * Keeps the account of a lesson: exercises whose check was satisfied, questions answered right, and the heading a reader
 * has come to. Works on the plain markup of lessons (CONTRIBUTING.md, "How a lesson is written").
 */
const progress = new Progress(pageStore());
const base = import.meta.env.BASE_URL.replace(/\/?$/, "/");
const path = location.pathname.slice(base.length);

const checks = cells().filter((cell) => cell.is("check"));
const questions = findQuestions();
const of = { exercises: checks.length, questions: questions.length };

for (const [n, check] of checks.entries()) {
  check.addEventListener("cellrun", (event) => {
    if ((event as CustomEvent<RunResult>).detail.status === "ok") done({ exercises: [n + 1] });
  });
}
for (const [n, answers] of questions.entries()) {
  for (const answer of answers) {
    // The browser closes the others of one name.
    answer.name = `question-${n + 1}`;
    answer.addEventListener("toggle", () => {
      if (answer.open && answer.classList.contains("right")) done({ questions: [n + 1] });
    });
  }
}
for (const hint of document.querySelectorAll<HTMLDetailsElement>("details.hint")) {
  hint.addEventListener("toggle", () => {
    if (hint.open) hint.dataset.seen = "";
  });
}
if (of.exercises + of.questions > 0) done({});
watchPlace();
markSidebar();

function done(add: { exercises?: number[]; questions?: number[] }): void {
  progress.record(path, add, of);
  show();
  markSidebar();
}

function show(): void {
  const lesson = progress.lesson(path);
  const line = document.querySelector<HTMLElement>(".progress-line");
  if (!lesson || !line) return;
  const finished = lesson.exercises.length + lesson.questions.length;
  const all = of.exercises + of.questions;
  const bar = document.createElement("progress");
  bar.max = all;
  bar.value = finished;
  bar.ariaLabel = word("Done in this lesson");
  const words = [
    of.exercises > 0 && part(lesson.exercises.length, of.exercises, ["exercise", "exercises"]),
    of.questions > 0 && part(lesson.questions.length, of.questions, ["question", "questions"]),
  ].filter(Boolean);
  const text = document.createElement("span");
  text.textContent = `${isDone(lesson) ? `${word("Done:")} ` : ""}${words.join(", ")}`;
  line.replaceChildren(bar, text);
  for (const [n, check] of checks.entries())
    check.toggleAttribute("data-done", lesson.exercises.includes(n + 1));
}

/** `1 of 2 exercises` */
function part(done: number, all: number, [one, several]: readonly [Word, Word]): string {
  return `${done} ${word("of")} ${all} ${word(all === 1 ? one : several)}`;
}

function markSidebar(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>(".sidebar-content a")) {
    const lesson = progress.lesson(link.pathname.slice(base.length));
    link.toggleAttribute("data-done", lesson !== undefined && isDone(lesson));
  }
}

/** Remembers the last heading that came into view. */
function watchPlace(): void {
  if (!path.startsWith("lessons/")) return;
  const title = document.querySelector("h1")?.textContent?.trim() ?? "";
  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      progress.stopAt({ path, title, heading: target.tagName === "H1" ? "" : target.id });
    }
  });
  for (const heading of document.querySelectorAll("h1[id], .sl-markdown-content :is(h2, h3)[id]"))
    observer.observe(heading);
}

/** The answers of each question: the runs of `details.answer`. */
function findQuestions(): HTMLDetailsElement[][] {
  const found: HTMLDetailsElement[][] = [];
  for (const answer of document.querySelectorAll<HTMLDetailsElement>("details.answer")) {
    if (answer.previousElementSibling?.matches("details.answer")) found.at(-1)?.push(answer);
    else found.push([answer]);
  }
  return found;
}
