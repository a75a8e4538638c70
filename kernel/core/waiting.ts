/**
 * How a cell's thread waits for a line that the other thread brings, without leaving the cell: through memory that both
 * have. It holds two numbers, how the wait ended and how long the text is, and the text, in UTF-16.
 */

const ends = { waiting: 0, answered: 1, refused: 2, interrupted: 3 };
const headerBytes = 8;

/** How long an answer may be, in UTF-16 units. */
const longestAnswer = 2 ** 23;

/**
 * Keeps the thread until somebody calls {@link endWaiting} with the memory that `ask` is given.
 *
 * @returns the answer
 * @throws Error when the answer is refused, when the cell is interrupted (then its name is Interrupted), and where
 *   threads share no memory (a page that is not cross-origin isolated)
 */
export function waitForAnswer(ask: (answer: SharedArrayBuffer) => void): string {
  if (typeof SharedArrayBuffer === "undefined") {
    throw new Error("prompt cannot wait in this page: use `await input()`, which asks the same");
  }
  const shared = new SharedArrayBuffer(headerBytes, { maxByteLength: headerBytes + 2 * longestAnswer });
  ask(shared);
  const header = new Int32Array(shared, 0, 2);
  while (Atomics.load(header, 0) === ends.waiting) Atomics.wait(header, 0, ends.waiting);
  const units = new Uint16Array(shared, headerBytes, header[1]!);
  let text = "";
  // In parts, as a call takes only so many arguments.
  for (let at = 0; at < units.length; at += 4096)
    text += String.fromCharCode(...units.subarray(at, at + 4096));
  if (header[0] === ends.answered) return text;
  const error = new Error(text);
  if (header[0] === ends.interrupted) error.name = "Interrupted";
  throw error;
}

/** Ends a wait of {@link waitForAnswer}, if nobody has: with the answer, or with the sentence of the error. */
export function endWaiting(
  shared: SharedArrayBuffer,
  end: "answered" | "refused" | "interrupted",
  text: string,
): void {
  const header = new Int32Array(shared, 0, 2);
  if (Atomics.load(header, 0) !== ends.waiting) return;
  if (text.length > longestAnswer) {
    endWaiting(
      shared,
      "refused",
      `an answer may have ${longestAnswer} characters, and this has ${text.length}`,
    );
    return;
  }
  shared.grow(headerBytes + 2 * text.length);
  const units = new Uint16Array(shared, headerBytes, text.length);
  for (let at = 0; at < text.length; at++) units[at] = text.charCodeAt(at);
  header[1] = text.length;
  Atomics.store(header, 0, ends[end]);
  Atomics.notify(header, 0);
}
