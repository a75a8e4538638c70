import type { KernelMessage } from "@jupyterlab/services";
import DOMPurify from "dompurify";
import type { PlayerData } from "../../engine/player/index.ts";
import diagramCss from "../styles/diagram.css?inline";
import { plainText } from "./ansi.ts";
import { word } from "./words.ts";

type Bundle = Record<string, unknown>;

/** A recording of map operations, which the player goes through (engine/trace/recordingjson.ts). */
const recordingType = "application/vnd.hmap.recording.v1+json";

/** Representations the page can show, best first. */
const preferred = [
  recordingType,
  // Before HTML: what has both shows the same, and an SVG in the page takes its colours.
  "image/svg+xml",
  "text/html",
  "image/png",
  "image/jpeg",
  "text/plain",
] as const;

// Nothing may be fetched from elsewhere: a picture in an output must not tell anybody that it was looked at. The hook
// sees the elements while they are still in an inert document, which loads nothing.
DOMPurify.addHook("afterSanitizeAttributes", (element) => {
  for (const { name, value } of [...element.attributes]) {
    const loads =
      /^(?:src|srcset|poster|background)$/.test(name) ||
      (/href$/.test(name) && element.nodeName.toLowerCase() !== "a");
    const harmless = /^\s*(?:#|data:image\/)/i.test(value);
    if ((loads && !harmless) || /url\((?!\s*["']?#)/i.test(value)) element.removeAttribute(name);
  }
});

/** Outputs that may be updated from another cell, by display id. */
const displays = new Map<string, HTMLElement>();

/** Empties a cell's output for a new run. What the last run showed stays until something new comes. */
export function openArea(place: HTMLElement): OutputArea {
  return new OutputArea(place);
}

/** The place under a cell where its outputs appear, fed with the messages of one run. */
export class OutputArea {
  readonly #place: HTMLElement;
  /** Clear before the next output: at the start of a run, and after `clear_output(wait=True)`. */
  #clearFirst = true;
  #stream: { name: string; element: HTMLElement } | undefined;

  constructor(place: HTMLElement) {
    this.#place = place;
    // As tall as the last run's output until this one ends: what stands below does not move up and down again.
    place.style.minHeight = `${place.getBoundingClientRect().height}px`;
  }

  /** Shows what an iopub message carries; messages without output are ignored. */
  handle(message: KernelMessage.IIOPubMessage): void {
    const content = message.content as Bundle;
    switch (message.header.msg_type) {
      case "stream":
        this.#text(String(content.name), String(content.text));
        break;
      case "execute_result":
      case "display_data":
        this.#display(content.data as Bundle, displayId(content));
        break;
      case "update_display_data": {
        const shown = displays.get(displayId(content) ?? "");
        shown?.replaceChildren(render(content.data as Bundle));
        break;
      }
      case "error":
        this.#add(errorElement(content));
        break;
      case "clear_output":
        if (content.wait) this.#clearFirst = true;
        else this.#clear();
        break;
    }
  }

  /** Shows a line to type into, and answers with what was typed. It goes when the cell ends before that. */
  ask(prompt: string, password: boolean, answer: (text: string) => void): void {
    const form = document.createElement("form");
    form.className = "output-input";
    const label = document.createElement("label");
    label.textContent = plainText(prompt) || word("Input");
    const field = document.createElement("input");
    field.type = password ? "password" : "text";
    field.autocomplete = "off";
    label.append(field);
    const send = document.createElement("button");
    send.textContent = word("Enter");
    form.append(label, send);
    form.addEventListener("keydown", (event) => event.stopPropagation());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      form.replaceWith(
        pre(`${plainText(prompt)}${password ? "•".repeat(field.value.length) : field.value}`, "output-text"),
      );
      answer(field.value);
    });
    this.#add(form);
    field.focus();
  }

  /** The run is over: a run without output leaves none of the last one's. */
  finish(): void {
    this.#place.querySelector(".output-input")?.remove();
    if (this.#clearFirst) this.#clear();
    this.#place.style.minHeight = "";
  }

  #text(name: string, text: string): void {
    if (this.#stream?.name === name && !this.#clearFirst) {
      this.#stream.element.append(plainText(text));
      return;
    }
    const element = pre(text, name === "stderr" ? "output-text output-stderr" : "output-text");
    this.#add(element);
    this.#stream = { name, element };
  }

  #display(data: Bundle, id: string | undefined): void {
    const element = document.createElement("div");
    element.append(render(data));
    if (id) displays.set(id, element);
    this.#add(element);
  }

  #add(element: HTMLElement): void {
    this.#stream = undefined;
    if (this.#clearFirst) {
      this.#clearFirst = false;
      // One step, so that the page does not jump up and down between two runs.
      this.#place.replaceChildren(element);
    } else {
      this.#place.append(element);
    }
  }

  #clear(): void {
    this.#clearFirst = false;
    this.#stream = undefined;
    this.#place.replaceChildren();
  }
}

function displayId(content: Bundle): string | undefined {
  const id = (content.transient as Bundle | undefined)?.display_id;
  return typeof id === "string" ? id : undefined;
}

function render(data: Bundle): HTMLElement {
  const type = preferred.find((mime) => mime in data);
  if (type === undefined) return pre(word("(nothing this page can show)"), "output-text");
  if (type === recordingType) return player(data);
  const value = joined(data[type]);
  switch (type) {
    case "text/html":
      return rich(value, { USE_PROFILES: { html: true, svg: true } }, "");
    case "image/svg+xml":
      return rich(value, { USE_PROFILES: { svg: true } }, joined(data["text/plain"]));
    case "text/plain":
      return pre(value, "output-text");
    default:
      return picture(type, value.replace(/\s/g, ""));
  }
}

/** The player, which is loaded when a recording is first shown; until then, and when it cannot be, its picture. */
function player(data: Bundle): HTMLElement {
  const { [recordingType]: recording, ...still } = data;
  const place = document.createElement("div");
  place.className = "output-player";
  place.append(render(still));
  void import("../../engine/player/index.ts").then(({ HmapPlayer }) => {
    const element = new HmapPlayer();
    element.data = recording as PlayerData;
    place.replaceChildren(element);
  });
  return place;
}

/**
 * Markup from a cell, cleaned of everything that runs or loads, in a shadow root of its own: its ids and styles
 * cannot meet the page's or another output's. An SVG that does not survive cleaning is shown as an image.
 */
function rich(markup: string, profile: object, alternative: string): HTMLElement {
  const clean = DOMPurify.sanitize(withoutHandlers(markup), {
    ...profile,
    FORBID_TAGS: ["style", "form", "input", "button", "textarea", "select"],
    RETURN_DOM_FRAGMENT: true,
  });
  const isSvg = markup.trimStart().startsWith("<svg") || markup.trimStart().startsWith("<?xml");
  if (isSvg && !clean.querySelector("svg")) {
    return image(`data:image/svg+xml;charset=utf-8,${encodeURIComponent(markup)}`);
  }
  const host = document.createElement("div");
  host.className = isSvg ? "output-figure" : "output-rich";
  const svg = clean.querySelector("svg");
  if (isSvg && svg) nameFigure(svg, alternative);
  // A wide figure scrolls inside its frame; the keyboard must be able to scroll it too.
  host.tabIndex = 0;
  host.setAttribute("role", "group");
  host.setAttribute("aria-label", word(isSvg ? "Diagram" : "Output"));
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [figureStyles()];
  root.append(clean);
  return host;
}

/**
 * The sanitizer takes event handlers away, but only after a parser has seen them, of which Chromium complains to the console
 * under a strict policy. This takes away what looks like one; what it misses, the sanitizer and the policy do not.
 */
const withoutHandlers = (markup: string): string =>
  markup.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/[\s/"']on\w+\s*=/gi, " data-no="));

/** Made once: constructed style sheets need no inline style, and all outputs share one. */
function figureStyles(): CSSStyleSheet {
  if (styleSheet === undefined) {
    styleSheet = new CSSStyleSheet();
    styleSheet.replaceSync(diagramCss);
  }
  return styleSheet;
}
let styleSheet: CSSStyleSheet | undefined;

function nameFigure(svg: SVGSVGElement, alternative: string): void {
  if (!svg.hasAttribute("role")) svg.setAttribute("role", "img");
  if (!svg.querySelector("title") && !svg.hasAttribute("aria-label")) {
    svg.setAttribute("aria-label", alternative || word("Diagram"));
  }
}

/** How the message of a check begins that is not satisfied yet (CONTRIBUTING.md): no fault, so it does not look like one. */
const notYet = "Not yet: ";

function errorElement(content: Bundle): HTMLElement {
  const box = document.createElement("div");
  box.className = "output-error";
  const headline = document.createElement("p");
  box.append(headline);
  if (String(content.evalue).startsWith(notYet)) {
    box.className = "output-notyet";
    headline.textContent = String(content.evalue);
    return box;
  }
  const lines = Array.isArray(content.traceback) ? content.traceback.map(String) : [];
  const heading = `${String(content.ename)}: ${String(content.evalue)}`;
  const traceback = plainText(lines.join("\n"));
  headline.textContent = heading;
  // Most tracebacks open with the headline: say it once.
  const rest = traceback.startsWith(heading)
    ? traceback.slice(heading.length).replace(/^\n+/, "")
    : traceback;
  if (rest.trim()) box.append(pre(rest, "output-text"));
  return box;
}

function pre(text: string, className: string): HTMLElement {
  const element = document.createElement("pre");
  element.className = className;
  element.textContent = plainText(text);
  element.tabIndex = 0;
  return element;
}

function picture(type: string, base64: string): HTMLElement {
  const whole = base64.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(base64);
  return whole
    ? image(`data:${type};base64,${base64}`)
    : pre(word("(a picture that cannot be read)"), "output-text");
}

function image(source: string): HTMLElement {
  const element = document.createElement("img");
  element.src = source;
  element.alt = word("Output of the cell");
  return element;
}

/** nbformat allows a text to be a list of lines. */
function joined(value: unknown): string {
  return Array.isArray(value) ? value.join("") : String(value ?? "");
}
