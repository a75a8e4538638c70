import { Drawing } from "../diagram/drawing.ts";
import { mapDrawing } from "../diagram/mapdrawing.ts";
import { readSnapshot } from "../diagram/readsnapshot.ts";
import { snapshotDrawing } from "../diagram/snapshotdrawing.ts";
import type { SnapshotJson } from "../diagram/snapshotjson.ts";
import { grouped } from "../grouped.ts";
import type { MapSnapshot } from "../snapshot.ts";
import { LANDMARKS, type Landmark } from "../trace/events.ts";
import { frameOf, frameSvg } from "../trace/frame.ts";
import { readRecording } from "../trace/readrecording.ts";
import { Recording } from "../trace/recording.ts";
import type { RecordingJson } from "../trace/recordingjson.ts";
import { choice, h, iconButton, setIcon } from "./controls.ts";
import { Overview } from "./overview.ts";
import { playerStyle } from "./style.ts";
import { placesOf, travel } from "./travel.ts";
import { views } from "./views.ts";

/** What a player shows: a recording, which can be played, or a single state, drawn. */
export type PlayerData = Recording | RecordingJson | Drawing | SnapshotJson | MapSnapshot;

/** Steps a second. */
const SPEEDS = [
  ["1", "1 step a second"],
  ["3", "3 steps a second"],
  ["10", "10 steps a second"],
  ["60", "60 steps a second"],
  ["operation", "an operation at a time"],
  ["all", "all of it in 10 seconds"],
] as const;

/** Steps that are listed at most: more would slow the page down, and nobody reads them. */
const LISTED = 400;
/** Pixels below which no drawing can be read. */
const LEAST_WIDTH = 260;
/** From so many pixels on a drawing may be wider than its place by this factor: it is made smaller. */
const ROOMY = { width: 520, factor: 1.25 };
/** Buckets that a drawing shows. */
const BUCKETS = { few: 4, many: 16 };
/** From so many buckets on a map is seen as a whole in the overview, and the drawing shows few. */
const MANY = 64;

/**
 * `<hmap-player>`: goes through a recording step by step, forwards and backwards, and draws the map at each.
 *
 * Give it its {@link data}; or put a `<script type="application/json">` with a recording into it. It follows the
 * page's `color-scheme`, and the page may give it other colours by the custom properties `--diagram-*`. Where scripts
 * do not run, what is inside the element is shown instead: put the drawing there.
 *
 * Arrow keys step, with Shift by operations; Home and End go to the ends, and Space plays.
 */
export class HmapPlayer extends HTMLElement {
  readonly #stage = h("div", { class: "stage", tabindex: "0", role: "group", "aria-label": "The map" });
  readonly #operation = h("code");
  readonly #where = h("span");
  readonly #sentence = h("p", { class: "sentence", "aria-live": "polite" });
  readonly #slider = h("input", { type: "range", min: "0", step: "1", "aria-label": "Step" });
  readonly #steps = h("ol");
  readonly #error = h("p", { class: "error", role: "alert", hidden: "" });
  readonly #panel: HTMLElement;
  readonly #foot: HTMLElement;
  readonly #play = iconButton("play", "Play", () => this.toggle());
  readonly #first = iconButton("first", "To the beginning", () => this.seek(0));
  readonly #back = iconButton("back", "One step back", () => this.step(-1));
  readonly #forward = iconButton("forward", "One step on", () => this.step(1));
  readonly #last = iconButton("last", "To the end", () => this.seek(Infinity));
  readonly #speed = choice("Speed", SPEEDS, "3");
  readonly #landmark = choice("", [["growth", "growth"]], "growth");
  readonly #jumps: HTMLElement;
  readonly #listed = h("details", {}, h("summary", {}, "Steps of this operation"), this.#steps);
  readonly #views = views();
  readonly #overview = new Overview((bucket) => this.#look(bucket));
  readonly #resizing = new ResizeObserver(() => this.#draw());
  #recording: Recording | null = null;
  #drawing: Drawing | null = null;
  #playing = 0; // the animation frame that is asked for
  #since = 0;
  #drawnWidth = 0;
  #dragged = false; // whether it is the slider that moves
  #listedOperation = -2;
  #from: number | undefined; // the first bucket that is drawn, when the reader has chosen it

  constructor() {
    super();
    this.#landmark.select.setAttribute("aria-label", "What to jump to");
    const previous = h("button", { type: "button" }, "Previous");
    const next = h("button", { type: "button" }, "Next");
    previous.addEventListener("click", () => this.jump(this.#landmark.select.value as Landmark, -1));
    next.addEventListener("click", () => this.jump(this.#landmark.select.value as Landmark, 1));
    this.#jumps = h("span", { class: "jump" }, previous, this.#landmark.select, next);
    this.#slider.addEventListener("input", () => {
      this.#dragged = true;
      this.seek(Number(this.#slider.value));
      this.#dragged = false;
    });
    this.#listed.addEventListener("toggle", () => this.#list());
    this.#panel = h(
      "div",
      { class: "panel" },
      this.#error,
      h("p", { class: "operation" }, this.#operation, this.#where),
      this.#sentence,
      h(
        "div",
        { class: "controls", role: "group", "aria-label": "Player" },
        this.#first,
        this.#back,
        this.#play,
        this.#forward,
        this.#last,
        this.#slider,
      ),
      h("div", { class: "more" }, this.#jumps, this.#speed.label),
    );
    this.#foot = h(
      "div",
      { class: "foot" },
      this.#overview.element,
      this.#listed,
      ...this.#views.map(({ element }) => element),
    );
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(playerStyle);
    root.adoptedStyleSheets = [sheet];
    root.append(this.#panel, this.#stage, this.#foot); // the drawing's height changes: what is above it stays put
    root.addEventListener("keydown", (event) => this.#key(event as KeyboardEvent));
  }

  connectedCallback(): void {
    this.#resizing.observe(this);
    if (this.#recording === null && this.#drawing === null) this.#readChild();
    this.#show();
  }

  disconnectedCallback(): void {
    this.#resizing.disconnect();
    this.pause();
  }

  /**
   * What it shows. A recording begins at its beginning.
   *
   * @throws TypeError when it is nothing that can be shown
   */
  set data(data: PlayerData) {
    this.pause();
    this.#listedOperation = -2;
    if (data instanceof Recording) this.#recording = data;
    else if ("tape" in data) this.#recording = readRecording(data);
    else {
      this.#recording = null;
      if (data instanceof Drawing) this.#drawing = data;
      else if ("format" in data) this.#drawing = snapshotDrawing(readSnapshot(data));
      else this.#drawing = mapDrawing(data);
    }
    this.#recording?.seek(0);
    this.#show();
  }

  /** The recording that it plays; null for a single state. */
  get recording(): Recording | null {
    return this.#recording;
  }

  /** Goes to a position, or to the nearest that there is. */
  seek(position: number): void {
    const recording = this.#recording;
    if (recording === null) return;
    const target = Math.max(0, Math.min(recording.length, Math.round(position)));
    const distance = target - recording.position;
    this.#from = undefined;
    if (distance === 0) {
      this.#label();
      return;
    }
    const moving = Math.abs(distance) === 1 && !this.#still;
    const undone = distance === -1 ? recording.event : null;
    if (distance === 1 && moving) {
      // What the step is about is known only after it; the drawing of before is still on the stage.
      recording.seek(target);
      const before = placesOf(this.#stage, recording.event);
      this.#draw(true);
      if (recording.event !== null) travel(this.#stage, recording.event, before, true);
    } else {
      const before = moving ? placesOf(this.#stage, undone) : new Map<string, DOMRect>();
      recording.seek(target);
      this.#draw(true);
      if (undone !== null && moving) travel(this.#stage, undone, before, false);
    }
    this.#label();
  }

  /** Goes some steps on, or back when the number is negative. */
  step(steps: number): void {
    if (this.#recording !== null) this.seek(this.#recording.position + steps);
  }

  /** Goes to the end of this operation, or of the next one; or to the beginning of this one, or of the one before. */
  stepOperation(direction: 1 | -1): void {
    const recording = this.#recording;
    if (recording === null) return;
    const { operation, position } = recording;
    if (direction === 1) {
      const end = operation < 0 ? 0 : recording.endOf(operation);
      this.seek(position < end ? end : recording.endOf(Math.min(operation + 1, recording.operations - 1)));
    } else if (operation >= 0) {
      this.seek(recording.startOf(operation));
    }
  }

  /** Goes to the next growth, overflow bucket, evacuation... in a direction. Says so when there is none. */
  jump(landmark: Landmark, direction: 1 | -1): void {
    const recording = this.#recording;
    if (recording === null) return;
    const position = recording.find(landmark, direction);
    if (position >= 0) this.seek(position);
    else
      this.#sentence.textContent = `There is no ${landmark} ${direction === 1 ? "after" : "before"} this step.`;
  }

  /** Plays, or pauses. At the end it begins again. */
  toggle(): void {
    if (this.#playing !== 0) this.pause();
    else this.play();
  }

  /** Plays on from here. */
  play(): void {
    const recording = this.#recording;
    if (recording === null || recording.length === 0) return;
    if (recording.position === recording.length) this.seek(0);
    setIcon(this.#play, "pause", "Pause");
    this.#sentence.setAttribute("aria-live", "off");
    this.#since = performance.now();
    this.#playing = requestAnimationFrame(this.#tick);
  }

  /** Stops where it is. */
  pause(): void {
    cancelAnimationFrame(this.#playing);
    if (this.#playing !== 0) setIcon(this.#play, "play", "Play");
    this.#playing = 0;
    this.#sentence.setAttribute("aria-live", "polite");
  }

  readonly #tick = (now: number): void => {
    const recording = this.#recording;
    if (recording === null || recording.position >= recording.length) {
      this.pause();
      return;
    }
    const seconds = (now - this.#since) / 1000;
    const speed = this.#speed.select.value;
    if (speed === "operation") {
      if (seconds >= 0.5) {
        this.#since = now;
        this.stepOperation(1);
      }
    } else {
      const rate = speed === "all" ? Math.max(1, recording.length / 10) : Number(speed);
      const steps = Math.floor(seconds * rate);
      if (steps >= 1) {
        this.#since += (steps / rate) * 1000;
        this.step(steps);
      }
    }
    this.#playing = requestAnimationFrame(this.#tick);
  };

  /** Whether nothing should travel: the reader does not want it, or there is no time for it. */
  get #still(): boolean {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return true;
    return this.#playing !== 0 && !["1", "3"].includes(this.#speed.select.value);
  }

  #key(event: KeyboardEvent): void {
    const target = event.composedPath()[0] as Element;
    if (event.altKey || event.ctrlKey || event.metaKey || target.closest("select, summary, pre, ol") !== null)
      return;
    const onSlider = target === this.#slider;
    const act = (() => {
      switch (event.key) {
        case "ArrowRight":
          return () => (event.shiftKey ? this.stepOperation(1) : this.step(1));
        case "ArrowLeft":
          return () => (event.shiftKey ? this.stepOperation(-1) : this.step(-1));
        case "Home":
          return () => this.seek(0);
        case "End":
          return () => this.seek(Infinity);
        case " ":
          return target.closest("button") === null ? () => this.toggle() : null;
        default:
          return null;
      }
    })();
    if (act === null || (onSlider && !event.shiftKey && event.key !== " ")) return; // a slider knows its keys itself
    event.preventDefault();
    act();
  }

  #readChild(): void {
    const script = this.querySelector('script[type="application/json"]');
    if (script === null) return;
    try {
      this.data = JSON.parse(script.textContent ?? "") as PlayerData;
    } catch (error) {
      this.#error.hidden = false;
      this.#error.textContent = `This recording cannot be read: ${(error as Error).message}`;
    }
  }

  #show(): void {
    const recording = this.#recording;
    this.#panel.hidden = recording === null && this.#error.hidden;
    this.#foot.hidden = recording === null;
    if (recording !== null) {
      this.#slider.max = String(recording.length);
      const present = (Object.keys(LANDMARKS) as Landmark[]).filter((landmark) => {
        for (let i = 0; i < recording.operations; i++) if (recording.has(i, landmark)) return true;
        return false;
      });
      this.#landmark.select.replaceChildren(...present.map((value) => h("option", { value }, value)));
      this.#jumps.hidden = present.length === 0;
      this.#error.hidden = recording.error === undefined;
      if (recording.error !== undefined) {
        this.#error.textContent = `The program ended with: ${recording.error.message}`;
      }
    }
    this.#draw(true);
    this.#label();
  }

  #draw(changed = false): void {
    const width = Math.max(LEAST_WIDTH, Math.floor(this.#stage.clientWidth) - 24);
    if (!this.isConnected || (!changed && width === this.#drawnWidth)) return;
    this.#drawnWidth = width;
    const recording = this.#recording;
    const across = width < ROOMY.width ? width : Math.floor(ROOMY.factor * width);
    if (recording === null) {
      if (this.#drawing !== null) this.#stage.innerHTML = this.#drawing.svgIn(across);
      return;
    }
    const buckets = this.#buckets;
    const frame = frameOf(recording, buckets, this.#from);
    this.#stage.innerHTML = frameSvg(frame, { width: across });
    this.#overview.show(recording, frame, buckets, this.#dragged);
    for (const view of this.#views) view.show(recording, frame, width);
  }

  /** How many buckets the drawing shows. */
  get #buckets(): number {
    if (this.#drawnWidth < ROOMY.width) return BUCKETS.few;
    const map = this.#recording?.map ?? null;
    return map !== null && (this.#recording?.mainBuckets(map) ?? 0) > MANY ? BUCKETS.few : BUCKETS.many;
  }

  /** Draws the part of the map that has a bucket, until the next step. */
  #look(bucket: number): void {
    this.#from = Math.floor(bucket / this.#buckets) * this.#buckets;
    this.#draw(true);
    this.#stage.scrollIntoView({ block: "nearest" });
  }

  #label(): void {
    const recording = this.#recording;
    if (recording === null) return;
    const { operation, position, length, sentence } = recording;
    this.#operation.textContent = operation < 0 ? "the beginning" : recording.label(operation);
    this.#where.textContent =
      `operation ${grouped(operation + 1)} of ${grouped(recording.operations)}, ` +
      `step ${grouped(position)} of ${grouped(length)}`;
    this.#sentence.textContent = `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
    this.#slider.value = String(position);
    this.#slider.setAttribute("aria-valuetext", `step ${position} of ${length}: ${sentence}`);
    for (const button of [this.#first, this.#back]) button.disabled = position === 0;
    for (const button of [this.#forward, this.#last]) button.disabled = position === length;
    this.#list();
  }

  /** Lists the steps of the present operation, and marks the present one. */
  #list(): void {
    const recording = this.#recording;
    if (!this.#listed.open || recording === null) return;
    const { operation, position } = recording;
    const start = operation < 0 ? 0 : recording.startOf(operation);
    if (operation !== this.#listedOperation) {
      this.#listedOperation = operation;
      this.#steps.replaceChildren(
        ...this.#sentences(recording, operation).map((words, i) => {
          const button = h("button", { type: "button" }, h("span", {}, grouped(start + i + 1)), words);
          button.addEventListener("click", () => this.seek(start + i + 1));
          return h("li", {}, button);
        }),
      );
    }
    for (const [i, item] of [...this.#steps.children].entries()) {
      if (start + i + 1 !== position) {
        item.removeAttribute("aria-current");
        continue;
      }
      item.setAttribute("aria-current", "step");
      const { offsetTop, offsetHeight } = item as HTMLElement;
      this.#steps.scrollTop = offsetTop - (this.#steps.clientHeight - offsetHeight) / 2;
    }
  }

  /** The steps of an operation in sentences; the recording is where it was afterwards. */
  #sentences(recording: Recording, operation: number): string[] {
    if (operation < 0) return [];
    const { position } = recording;
    const end = Math.min(recording.endOf(operation), recording.startOf(operation) + LISTED);
    const sentences: string[] = [];
    for (let at = recording.startOf(operation) + 1; at <= end; at++) {
      recording.seek(at);
      sentences.push(recording.sentence);
    }
    recording.seek(position);
    return sentences;
  }
}

/** Makes `<hmap-player>` known to the page, once. */
export function definePlayer(): void {
  if (customElements.get("hmap-player") === undefined) customElements.define("hmap-player", HmapPlayer);
}
