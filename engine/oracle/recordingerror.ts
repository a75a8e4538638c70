/** A file that is no recording, or a recording that says something impossible. `message` is one sentence. */
export class RecordingError extends Error {
  override readonly name = "RecordingError";
}

/** A part of a recording as an error message quotes it: JSON, of long ones the beginning. */
export function quoted(part: unknown): string {
  const json = JSON.stringify(part) ?? "nothing";
  return json.length <= 120 ? json : `${json.slice(0, 117)}...`;
}
