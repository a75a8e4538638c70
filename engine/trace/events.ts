/**
 * What each kind of step says besides its kind: names of numbers, with the bits each takes on the tape. Fields of less
 * than 32 bits share the 24 bits beside the kind; each of the others takes a word. The names and their meanings are
 * those of `Recorder` (engine/map/recorder.ts): `b` and `to` are addresses of buckets, `cell` and `toCell` 0 to 7.
 */
const FIELDS = {
  begun: {},
  resumed: {},
  made: { B: 5, h: 32, array: 32 },
  firstBucketMade: { b: 32 },
  mapIsEmpty: {},
  hashed: { B: 5, high: 32, low: 32 },
  writeBegun: {},
  writeEnded: {},
  bucketChosen: { old: 1, number: 32, b: 32 },
  tophashCompared: { cell: 3, found: 8, wanted: 8, b: 32 },
  keyCompared: { cell: 3, equal: 1, b: 32 },
  emptyCellSeen: { cell: 3, b: 32 },
  emptyRestMet: { cell: 3, b: 32 },
  chainFollowed: { b: 32, next: 32 },
  keyFound: { cell: 3, b: 32 },
  keyAbsent: {},
  keyUpdated: { cell: 3, b: 32 },
  cellTaken: { cell: 3, top: 8, b: 32 },
  elemStored: { a: 32, size: 32 },
  overflowLinked: { spare: 1, b: 32, added: 32 },
  growthStarted: { reason: 1, oldB: 5, B: 5, array: 32 },
  evacuationStarted: { reason: 1, oldbucket: 32, b: 32 },
  entryMoved: { cell: 3, toCell: 3, half: 1, b: 32, to: 32, newbit: 32 },
  oldBucketCleared: { b: 32 },
  evacuationMarkMoved: { nevacuate: 32, oldBuckets: 32 },
  growthEnded: {},
  cellEmptied: { cell: 3, b: 32 },
  emptyRestSet: { cell: 3, b: 32 },
  seedRenewed: { hash0: 32 },
  cleared: { array: 32, buckets: 32 },
  iteratorBegun: { offset: 3, it: 32, startBucket: 32 },
  iteratorMoved: { old: 1, it: 32, number: 32, b: 32 },
  iteratorWrapped: { it: 32 },
  entrySkipped: { cell: 3, reason: 1, b: 32 },
  entryLookedUp: { cell: 3, b: 32 },
  entryProduced: { cell: 3, it: 32, b: 32 },
  iteratorEnded: { it: 32 },
  entryCopied: { cell: 3, toCell: 3, b: 32, to: 32 },
  collected: { before: 32, after: 32 },
} as const satisfies Record<string, Record<string, number>>;

type Fields = typeof FIELDS;

/** The kinds of steps: the names of what `Recorder` is told. */
export type EventKind = keyof Fields;

/** All kinds of steps. The place of a kind here is its number on the tape. */
export const EVENT_KINDS = Object.keys(FIELDS) as EventKind[];

/** One step of an operation: its kind, and the numbers that its kind has. Yes and no are 1 and 0. */
export type TraceEvent = {
  [Kind in EventKind]: { readonly kind: Kind } & { readonly [Field in keyof Fields[Kind]]: number };
}[EventKind];

/** How many words each kind has behind its header. */
export const operandWords: readonly number[] = EVENT_KINDS.map(
  (kind) => Object.values<number>(FIELDS[kind]).filter((bits) => bits === 32).length,
);

/** The number of each kind on the tape. */
const numbers = Object.fromEntries(EVENT_KINDS.map((kind, number) => [kind, number])) as Record<
  EventKind,
  number
>;

/**
 * The first word of a step: negative, with its kind and its small fields.
 *
 * @param small the fields of less than 32 bits, the first one in the lowest bits
 */
export function pack(kind: EventKind, small = 0): number {
  return (0x80 << 24) | (numbers[kind] << 24) | small;
}

/** The step that a tape has, given its first word and a way to read those behind it. */
export function unpack(header: number, operand: (index: number) => number): TraceEvent {
  const kind = EVENT_KINDS[(header >>> 24) & 0x7f] as EventKind;
  const event: Record<string, string | number> = { kind };
  let shift = 0;
  let word = 0;
  for (const [name, bits] of Object.entries<number>(FIELDS[kind])) {
    if (bits === 32) {
      event[name] = operand(word++);
    } else {
      event[name] = (header >>> shift) & ((1 << bits) - 1);
      shift += bits;
    }
  }
  return event as TraceEvent;
}

/** What one may want to jump to, and the kinds of steps that are it. */
export const LANDMARKS = {
  growth: ["growthStarted"],
  overflow: ["overflowLinked"],
  evacuation: ["evacuationStarted"],
  deletion: ["cellEmptied", "cleared"],
  iteration: ["iteratorBegun"],
  collection: ["collected"],
} as const satisfies Record<string, readonly EventKind[]>;
/** One of {@link LANDMARKS}. */
export type Landmark = keyof typeof LANDMARKS;

const landmarkBits = new Map<EventKind, number>(
  Object.values(LANDMARKS).flatMap((kinds, bit) => kinds.map((kind) => [kind, 1 << bit] as const)),
);

/** A bit for the landmark that a kind of step is, or 0. */
export function landmarkBit(kind: EventKind): number {
  return landmarkBits.get(kind) ?? 0;
}

/** The bit of a landmark. */
export function bitOf(landmark: Landmark): number {
  return 1 << Object.keys(LANDMARKS).indexOf(landmark);
}
