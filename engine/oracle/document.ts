import type { Dump, DumpedBucket } from "./dump.ts";
import type { Recording, TypeFacts } from "./recording.ts";
import { quoted, RecordingError } from "./recordingerror.ts";

const FORMAT = "bucketmap-trace/1";

/** How many parts an operation has at least, its name counted. */
const LEAST_PARTS: Readonly<Record<string, number>> = { s: 3, d: 2, g: 3, c: 1, k: 1, i: 2, n: 3, "!": 4 };

const FACTS: Readonly<Record<keyof TypeFacts, "number" | "string" | "boolean">> = {
  variant: "string",
  keySize: "number",
  elemSize: "number",
  keySlot: "number",
  elemSlot: "number",
  bucketSize: "number",
  flags: "number",
  bucketHasPointers: "boolean",
};

/** Numbers in a checkpoint, the digest not counted. */
const CHECKPOINT_NUMBERS = 11;
/** Which of them may be -1: the next spare bucket. */
const NEXT_OVERFLOW = 8;

/**
 * Refuses a document that is no recording in the format of README.md beside this file. Keys and elems are not looked
 * at: whether they are values of their types shows when they are used.
 *
 * @throws RecordingError a sentence that lacks its subject, the file
 */
export function checkDocument(document: unknown): asserts document is Recording {
  const format = (document as { format?: unknown } | null)?.format;
  if (format === undefined) throw new RecordingError(`has no "format": this reads ${FORMAT}`);
  if (format !== FORMAT) throw new RecordingError(`has the format ${quoted(format)}: this reads ${FORMAT}`);
  const recording = document as Partial<Record<keyof Recording, unknown>>;
  for (const field of ["hashkey", "draws", "ops", "check"] as const) {
    if (!Array.isArray(recording[field])) throw incomplete(`no list "${field}"`);
  }
  if (recording.full !== undefined && !Array.isArray(recording.full)) throw incomplete(`no list "full"`);
  checkNumbers("hashkey", recording.hashkey as unknown[]);
  if ((recording.hashkey as unknown[]).length !== 4) throw incomplete(`no four numbers in "hashkey"`);
  checkNumbers("draws", recording.draws as unknown[]);
  checkType(recording.type);
  const { hint, hash0 } = recording;
  if (hint !== null && !Number.isInteger(hint)) throw incomplete(`no "hint", a whole number or null`);
  if (hash0 !== undefined && !isCount(hash0)) {
    throw new RecordingError(`has ${quoted(hash0)} as "hash0": it must be a number of 32 bits`);
  }
  for (const [i, operation] of (recording.ops as unknown[]).entries()) checkOperation(operation, i + 1);
  const { heap } = recording;
  const counts = (recording.ops as unknown[]).length + 1;
  if (heap !== undefined && !(Array.isArray(heap) && heap.length === counts && heap.every(isCount))) {
    throw new RecordingError(`has a "heap" that is no list of ${counts} numbers, one more than operations`);
  }
  checkCheckpoints(recording.check as unknown[], (recording.ops as unknown[]).length);
  for (const [i, dump] of ((recording.full ?? []) as unknown[]).entries()) {
    checkDump(dump, i + 1, (recording.ops as unknown[]).length);
  }
}

function incomplete(what: string): RecordingError {
  return new RecordingError(`has ${what}: it is not a whole recording`);
}

function checkNumbers(field: string, numbers: readonly unknown[]): void {
  const wrong = numbers.findIndex((n) => typeof n !== "string" || !/^[0-9a-f]{16}$/i.test(n));
  if (wrong !== -1) {
    throw new RecordingError(
      `has ${quoted(numbers[wrong])} as number ${wrong + 1} of "${field}": it must be a string of 16 hex digits`,
    );
  }
}

function checkType(type: unknown): void {
  const facts = type as (TypeFacts & { key?: unknown; elem?: unknown }) | null | undefined;
  if (typeof facts?.key !== "string" || typeof facts.elem !== "string") {
    throw incomplete(`no "type" with a key and an elem`);
  }
  for (const [fact, kind] of Object.entries(FACTS)) {
    const given = facts[fact as keyof TypeFacts];
    if (given !== undefined && typeof given !== kind) {
      throw new RecordingError(`has ${quoted(given)} as "${fact}" of its "type": it must be a ${kind}`);
    }
  }
}

function checkOperation(operation: unknown, number: number): void {
  const wrong = (what: string) => new RecordingError(`: operation ${number}, ${quoted(operation)}, ${what}`);
  const parts: readonly unknown[] = Array.isArray(operation) ? operation : [];
  const [op, first, second, third] = parts;
  const least = typeof op === "string" && Object.hasOwn(LEAST_PARTS, op) ? LEAST_PARTS[op] : undefined;
  if (least === undefined) throw wrong(`is not of the format ${FORMAT}`);
  if (parts.length < least) throw wrong(`wants ${least} parts`);
  if (op === "i" && first !== null && !(isCount(first) && isCount(second) && parts.length > 3)) {
    throw wrong("wants the bucket and the cell where the iteration begins, and what it produces");
  }
  if (op === "n" && !isCount(first)) throw wrong("wants the number of an iterator");
  const ended = op === "n" ? second === null : op === "i" && (first === null || third === null);
  if ((op === "n" || op === "i") && !ended && parts.length < (op === "n" ? 4 : 5)) {
    throw wrong("wants a key and an elem, or null at the end");
  }
  if (
    op === "!" &&
    !(/^[sgd]$/.test(String(first)) && typeof second === "string" && typeof third === "string")
  ) {
    throw wrong("wants the kind of operation (s, g or d), a type and a text");
  }
}

function checkCheckpoints(checkpoints: readonly unknown[], operations: number): void {
  let before = 0;
  for (const [i, checkpoint] of checkpoints.entries()) {
    const wrong = (what: string) =>
      new RecordingError(`: checkpoint ${i + 1}, ${quoted(checkpoint)}, ${what}`);
    const parts: readonly unknown[] = Array.isArray(checkpoint) ? checkpoint : [];
    const digest = parts[CHECKPOINT_NUMBERS];
    const numbers = parts.slice(0, CHECKPOINT_NUMBERS);
    const areNumbers = numbers.every((n, at) => isCount(n) || (at === NEXT_OVERFLOW && n === -1));
    if (numbers.length < CHECKPOINT_NUMBERS || !areNumbers || !/^[0-9a-f]{16}$/i.test(String(digest))) {
      throw wrong(`wants ${CHECKPOINT_NUMBERS} numbers and a digest of 16 hex digits`);
    }
    const n = numbers[0] as number;
    if (n < before) throw wrong("comes too late: checkpoints stand in the order of their operations");
    if (n > operations) throw wrong(`is behind the last operation: there are ${operations}`);
    before = n;
  }
}

/** Numbers in a dump; the lists' and arrays' lengths may be null. */
const DUMP_NUMBERS = [
  "op",
  "count",
  "flags",
  "B",
  "noverflow",
  "hash0",
  "nevacuate",
  "freeOverflow",
] as const;
const DUMP_LENGTHS = ["overflowList", "oldoverflowList", "nbuckets", "noldbuckets"] as const;
const CELLS = 8;

function checkDump(dump: unknown, number: number, operations: number): void {
  const wrong = (what: string) => new RecordingError(`: dump ${number} of "full" ${what}`);
  const fields = (dump ?? {}) as Partial<Record<keyof Dump, unknown>>;
  for (const field of DUMP_NUMBERS) if (!isCount(fields[field])) throw wrong(`has no number "${field}"`);
  for (const field of DUMP_LENGTHS) {
    const length = fields[field];
    if (length !== undefined && length !== null && !isCount(length))
      throw wrong(`has ${quoted(length)} as "${field}": it must be a number or null`);
  }
  if ((fields.op as number) > operations)
    throw wrong(`is behind the last operation: there are ${operations}`);
  for (const field of ["buckets", "oldbuckets"] as const) {
    const chains = fields[field];
    const isArray =
      Array.isArray(chains) && Number.isInteger(Math.log2(chains.length)) && chains.every(isChain);
    if (chains !== null && !isArray)
      throw wrong(`has no list of chains, a power of two of them, in "${field}"`);
  }
}

/** Whether it is a list of buckets: each with its place, tophashes, and eight keys and elems in hexadecimal. */
function isChain(chain: unknown): boolean {
  const isSlots = (slots: unknown) =>
    Array.isArray(slots) &&
    slots.length === CELLS &&
    slots.every((slot) => /^([0-9a-f]{2})*$/i.test(String(slot)));
  const isBucket = (bucket: Partial<DumpedBucket> | null) =>
    Number.isInteger(bucket?.at) && typeof bucket?.top === "string" && isSlots(bucket.k) && isSlots(bucket.e);
  return Array.isArray(chain) && chain.every(isBucket);
}

/** Whether it is a whole number from 0 on. */
function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
