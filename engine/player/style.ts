import { themeCss } from "../diagram/theme.ts";

/** The style sheet of the player's shadow root. */
export const playerStyle = `
${themeCss}
:host {
  display: block;
  container-type: inline-size;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
  color: var(--diagram-ink);
  background: var(--diagram-paper);
  border: 1px solid var(--diagram-edge);
  border-radius: 10px;
}
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; }
.stage { overflow-x: auto; padding: 12px; min-height: 220px; border-radius: 10px; }
@container (min-width: 520px) { .stage svg { max-width: 100%; height: auto; } }
.stage:focus-visible, button:focus-visible, select:focus-visible, input:focus-visible, summary:focus-visible {
  outline: 2px solid var(--diagram-focus);
  outline-offset: 1px;
}
.panel {
  border-bottom: 1px solid var(--diagram-edge);
  border-radius: 10px 10px 0 0;
  padding: 12px 14px;
  background: var(--diagram-paper);
}
/* The controls stay in sight while a long drawing is scrolled, where they leave room for it. */
@media (min-height: 600px) { .panel { position: sticky; top: 0; z-index: 1; } }
.foot { padding: 0 14px 12px; }
.operation { margin: 0; display: flex; flex-wrap: wrap; gap: 2px 12px; align-items: baseline; }
.operation code {
  overflow-wrap: anywhere;
  font: 600 14px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
.operation span { color: var(--diagram-dim); font-size: 13px; font-variant-numeric: tabular-nums; }
/* Room for two lines, so that controls stay where they are from step to step. */
.sentence { margin: 2px 0 8px; min-height: 3em; max-width: 75ch; }
.controls { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; }
.controls input[type="range"] { flex: 1 1 180px; min-width: 120px; accent-color: light-dark(#0072b2, #56b4e9); }
button, select {
  font: inherit;
  font-size: 14px;
  min-height: 34px;
  min-width: 34px;
  padding: 2px 9px;
  color: inherit;
  background: var(--diagram-card);
  border: 1px solid var(--diagram-line);
  border-radius: 6px;
}
button { cursor: pointer; }
button:hover:not(:disabled) { border-color: var(--diagram-ink); }
button:disabled { color: var(--diagram-dim); border-color: var(--diagram-edge); cursor: default; }
button svg { display: block; width: 16px; height: 16px; fill: currentColor; margin: auto; }
.play { min-width: 46px; }
.more { display: flex; flex-wrap: wrap; gap: 6px 14px; align-items: center; margin-top: 8px; font-size: 14px; }
.more label, .more .jump { display: inline-flex; gap: 6px; align-items: center; }
details { margin-top: 8px; font-size: 14px; }
summary { cursor: pointer; color: var(--diagram-dim); width: fit-content; border-radius: 4px; }
details ol { position: relative; list-style: none; margin: 6px 0 0; padding: 0; max-height: 260px; overflow: auto; }
details ol button {
  all: unset;
  cursor: pointer;
  display: grid;
  grid-template-columns: auto 1fr;
  gap: 10px;
  padding: 1px 6px;
  border-radius: 4px;
  box-sizing: border-box;
  width: 100%;
}
details ol button span { color: var(--diagram-dim); min-width: 4ch; text-align: end; font-variant-numeric: tabular-nums; }
details ol button:hover { text-decoration: underline; }
details ol button:focus-visible { outline: 2px solid var(--diagram-focus); outline-offset: -2px; }
details ol [aria-current="step"] button { background: var(--diagram-live); }
details ol [aria-current="step"] span { color: inherit; }
details pre {
  margin: 6px 0 0;
  overflow-x: auto;
  font: 13px/1.25 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
.error { color: var(--diagram-focus); margin: 0 0 6px; }
.drawing { overflow-x: auto; padding: 8px 0; }
.overview { margin-top: 4px; }
.overview p { margin: 0 0 4px; font-size: 13px; color: var(--diagram-dim); }
.overview canvas {
  display: block;
  width: 100%;
  height: auto;
  max-height: 60vh;
  cursor: crosshair;
  border-radius: 4px;
}
@container (max-width: 520px) {
  .stage { padding: 6px; }
  .panel { padding: 10px; }
  .foot { padding: 0 10px 10px; }
  .controls input[type="range"] { flex-basis: 100%; order: 2; }
  .controls .play { flex: 1; }
}
@media print {
  .controls, .more { display: none; }
  :host { border: none; }
}
@media (forced-colors: active) {
  details ol [aria-current="step"] button { outline: 2px solid Highlight; }
}
`;
