import { expect, test } from "vitest";
import { SNAPSHOT_MIME } from "../../engine/diagram/snapshotjson.ts";
import type { Drawing } from "../../engine/index.ts";
import { Runtime } from "../../engine/index.ts";
import type { Recording } from "../../engine/trace/recording.ts";
import { RECORDING_MIME, type RecordingJson } from "../../engine/trace/recordingjson.ts";
import { outputs } from "./outputs.ts";

/** The bundle that a notebook gets. */
const shownBy = (value: object) => (value as Record<symbol, () => unknown>)[Symbol.for("Jupyter.display")]!();

/** A recording as a notebook file holds it. */
function saved(): RecordingJson {
  const go = new Runtime({ seed: 3 });
  const m = go.make("map[string]int");
  const recording = go.record(() => {
    for (let i = 0; i < 9; i++) m.set(`key ${i}`, i);
    m.delete("key 3");
    for (const [key] of m) m.get(key);
  });
  return JSON.parse(JSON.stringify(shownBy(recording)))[RECORDING_MIME];
}

test("a saved recording passes, and can be played", () => {
  const json = saved();
  expect((outputs[RECORDING_MIME]!(json) as Recording).length).toBe(json.steps);
});

test("a saved snapshot passes", () => {
  const m = new Runtime({ seed: 3 }).literal("map[int]int", [[1, 2]]);
  const json = JSON.parse(JSON.stringify(shownBy(m)))[SNAPSHOT_MIME];
  expect((outputs[SNAPSHOT_MIME]!(json) as Drawing).svg).toBe(m.draw().svg);
});

test.each<[string, (json: Record<string, unknown>) => unknown]>([
  ["format", (json) => Object.assign(json, { format: "hmap-recording/2" })],
  ["size", (json) => Object.assign(json, { size: 2 ** 40 })],
  ["image", (json) => Object.assign(json, { image: [["<b>", ""]] })],
  ["steps", (json) => Object.assign(json, { steps: "<img src=x onerror=alert(1)>" })],
  ["iterators", (json) => Object.assign(json, { iterators: ["<b>"] })],
  ["maps", (json) => Object.assign(json, { maps: [{ type: "map[int]int", address: "<b>", from: 0 }] })],
  ["operations", (json) => Object.assign(json, { operations: [{ label: "m[1]" }] })],
  ["error", (json) => Object.assign(json, { error: 5 })],
])("a recording whose %s is not as it should be is refused", (member, change) => {
  const json = saved() as unknown as Record<string, unknown>;
  change(json);
  expect(() => outputs[RECORDING_MIME]!(json)).toThrow(member);
});

test.each([null, 5, "text", {}])("%j is no recording", (json) => {
  expect(() => outputs[RECORDING_MIME]!(json)).toThrow("this is not an hmap recording");
});
